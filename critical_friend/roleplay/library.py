"""The scenarios of a running assistant: a changed or new script is there on the next turn, if it is sound."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from critical_friend.guidance.model import Guidance
from critical_friend.roleplay.engine import NOTHING, State, Turn
from critical_friend.roleplay.loader import default_folder, load
from critical_friend.roleplay.model import LEVELS, Script
from critical_friend.roleplay.problems import BrokenScript
from critical_friend.roleplay.session import Kept, Player

logger = logging.getLogger(__name__)
#: Getting ready in the background leaves the machine to others.
GENTLY = 10


class Library:
    """The scripts in ``folder``, each read again when its file changes. Safe for several threads."""

    def __init__(self, guidance: Guidance, folder: Path | None = None) -> None:
        self.guidance, self.folder = guidance, folder or default_folder()
        self._read: dict[Path, tuple[tuple[int, int], Script | None]] = {}
        self._players: dict[str, Player] = {}
        self._lock = threading.Lock()

    def scripts(self) -> dict[str, Script]:
        """All that can be played now, the easier first."""
        found = [script for file in sorted(self.folder.glob("*.yml")) if (script := self._script(file))]
        found.sort(key=lambda script: (LEVELS.index(script.level), script.title))
        return {script.id: script for script in found}

    def _script(self, file: Path) -> Script | None:
        try:
            about = file.stat()
            state = (about.st_size, about.st_mtime_ns)
            known = self._read.get(file)
            if known and known[0] == state:
                return known[1]
            script: Script | None = load(file, self.guidance)
        except OSError:
            return None
        except BrokenScript as broken:
            logger.error("%s cannot be played as it is:\n%s", file.name, broken)
            script = None
        self._read[file] = (state, script)
        return script

    def player(self, id_: str) -> Player | None:
        """What plays the script with that id; the first time it takes a second or two to get ready."""
        script = self.scripts().get(id_)
        if script is None:
            return None
        # Not under the lock: who plays what is ready does not wait while another script gets ready.
        if ready := self._ready(script):
            return ready
        with self._lock:
            return self._ready(script) or self._make(script)

    def _ready(self, script: Script) -> Player | None:
        player = self._players.get(script.id)
        return player if player and player.script.mark == script.mark else None

    def _make(self, script: Script) -> Player:
        from critical_friend.roleplay.matching import Matcher
        from critical_friend.understanding.sentences import encoder

        player = Player(script, self.guidance, Matcher(script, encoder()).hear)
        self._players[script.id] = player
        return player

    def reading(self, kept: Kept) -> dict[str, Any] | None:
        """Where a play stands, for a reading's ``rehearsal``; needs nothing that takes long to get ready."""
        script = self.scripts().get(kept.script)
        return Player(script, self.guidance, _deaf).reading(kept) if script else None

    def suited(self, known: Mapping[str, str]) -> list[tuple[Script, str, str]]:
        """The scripts that a case calls for by what is ``known`` (signal → value), each with what says so."""
        found = []
        for script in self.scripts().values():
            says = next((suit for suit in script.suits if known.get(suit[0]) == suit[1]), None)
            if says:
                found.append((script, *says))
        return found

    def get_ready(self) -> threading.Thread:
        """Get every script ready in the background, so that nobody waits for it."""
        thread = threading.Thread(target=self._get_ready, name="rehearsals")
        thread.start()
        return thread

    def _get_ready(self) -> None:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GENTLY)
        for id_ in self.scripts():
            if threading.main_thread().is_alive():  # else the program is ending
                self.player(id_)


def _deaf(_state: State, text: str) -> Turn:
    return Turn(text, NOTHING)
