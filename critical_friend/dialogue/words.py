"""Filling the guidance's words into sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from critical_friend.dialogue.turn import Button
from critical_friend.guidance.model import Guidance, Named, Signal


def listed(items: Sequence[str], link: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {link} {items[-1]}"


def small(title: str) -> str:
    """A title as it stands inside a sentence."""
    return title[:1].lower() + title[1:]


def capital(clause: str) -> str:
    """A clause as it stands at the start of a sentence."""
    return clause[:1].upper() + clause[1:]


LIKE_ENOUGH = 85.0
"""How alike, of 100, a misspelt name must be to the name it is taken for."""
LEAST_LETTERS = 6
"""Shorter pieces of a message resemble too many names to be taken for a misspelt one."""


class Words:
    """The replies of one guidance, and the names by which users ask for things."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self._names = self._all_names()
        # The longest first, so that of two names that begin alike the longer one is found.
        names = sorted(self._names, key=len, reverse=True)
        self._named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def __call__(self, reply: str, **filled: object) -> str:
        """The reply with that id, filled."""
        return self.guidance.replies[reply].format(**filled)

    def button(self, reply: str, payload: str, **filled: object) -> Button:
        """A button with the title of that reply."""
        return Button(self(f"button_{reply}", **filled), payload)

    def heard(self, signal: str, value: str) -> str:
        """What was heard, as a clause: 'nobody senior is covering for you'. ``mixed`` is both sides."""
        heard = self.guidance.signals[signal].heard
        return self("both_sides", **heard) if value == "mixed" else heard[value]

    def named(self, id_: str) -> Named | Signal:
        """The phase, mode, role, term or signal with that id. Roles go before signals."""
        g = self.guidance
        for section in (g.roles, g.phases, g.modes, g.terms):
            if id_ in section:
                return section[id_]
        return g.signals[id_]

    def _all_names(self) -> dict[str, str]:
        g = self.guidance
        names: dict[str, str] = {}
        for signal in g.signals.values():
            names[signal.name.lower()] = signal.id
        for section in (g.terms, g.modes, g.phases, g.roles):
            for item in section.values():
                names[item.name.lower()] = item.id
        names.update(g.also)
        names.update({id_.replace("_", " "): id_ for id_ in g.signals})
        return names

    def find(self, text: str) -> str | None:
        """The id of what ``text`` names: the longest name in it, else the nearest in spelling."""
        return next(iter(self.find_all(text)), None)

    def find_all(self, text: str) -> list[str]:
        """The ids of all that ``text`` names, the longest name first; else of the nearest in spelling."""
        plain = re.sub(r"[^\w\s'’-]", " ", text.lower())
        found: list[str] = self._named.findall(plain)
        if found:
            return [self._names[name] for name in sorted(found, key=len, reverse=True)]
        words = plain.split()
        for size in (3, 2, 1):
            pieces = (" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
            for piece in pieces:
                if len(piece) >= LEAST_LETTERS:
                    near = process.extractOne(
                        piece, self._names.keys(), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH
                    )
                    if near:
                        return [self._names[near[0]]]
        return []
