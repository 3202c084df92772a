"""The guidance of a running assistant: a changed rule set is taken up on the next turn, if it is sound."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from critical_friend.guidance.faults import BrokenGuidance
from critical_friend.guidance.loader import default_folder, load
from critical_friend.guidance.model import Guidance

Made = TypeVar("Made")
#: Name, size and time of change of every file.
State = tuple[tuple[str, int, int], ...]
logger = logging.getLogger(__name__)


class Watched(Generic[Made]):
    """What ``make`` makes of the guidance in ``folder``, made again whenever the files change.

    While a change is broken the sound guidance before it stays in force, and its faults are logged
    once. Raises ``BrokenGuidance`` when it is broken from the start.
    """

    def __init__(self, make: Callable[[Guidance], Made], folder: Path | None = None) -> None:
        self._make, self._folder = make, folder or default_folder()
        self._state = self._look()
        self._guidance = load(self._folder)
        self._made = make(self._guidance)
        self._trained = frozenset(self._guidance.signals)

    def current(self) -> Made:
        """What was made of the guidance that is in force now."""
        state = self._look()
        if state != self._state:
            self._state = state
            self._take_up()
        return self._made

    def _look(self) -> State:
        found = []
        for file in sorted(self._folder.rglob("*.yml")):
            about = file.stat()
            found.append((str(file), about.st_size, about.st_mtime_ns))
        return tuple(found)

    def _take_up(self) -> None:
        before = self._guidance.version
        try:
            self._guidance = load(self._folder)
        except (BrokenGuidance, OSError) as fault:
            logger.error("The changed guidance is not taken up; version %s stays in force. %s", before, fault)
            return
        self._made = self._make(self._guidance)
        logger.warning("The changed guidance is in force: version %s.", self._guidance.version)
        for signal in sorted(set(self._guidance.signals) - self._trained):
            logger.warning(
                "The signal '%s' is new. It is asked about from now on, but it is heard in what people "
                "write only after examples of it are in data/nlu/signals/ and 'make train' has run.",
                signal,
            )
