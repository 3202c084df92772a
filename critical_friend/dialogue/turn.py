"""What goes into a turn of the conversation and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from critical_friend.case import Case, Evidence

Guess = tuple[str, str, str]
"""A hearing that waits for a yes: signal, value and the words that carried it."""


@dataclass(frozen=True)
class Hearing:
    """One signal heard in a message: ``value`` is yes, no or mixed; ``sure`` when it is noted
    without asking; ``text`` the words that carried it."""

    signal: str
    value: str
    text: str
    sure: bool

    def evidence(self, by: str | None, at: str | None) -> tuple[Evidence, ...]:
        """As evidence: one piece, or one for each side when mixed."""
        sides = ("yes", "no") if self.value == "mixed" else (self.value,)
        return tuple(Evidence(self.signal, side, self.text, by, at) for side in sides)


@dataclass(frozen=True)
class Said:
    """One message as understood; without an ``intent`` where none was heard for certain. ``button`` is the
    payload when a button was pressed, not typed."""

    text: str
    intent: str
    hearings: tuple[Hearing, ...] = ()
    button: str | None = None
    by: str | None = None
    at: str | None = None

    @property
    def sure(self) -> tuple[Hearing, ...]:
        """What is noted without asking."""
        return tuple(hearing for hearing in self.hearings if hearing.sure)


@dataclass(frozen=True)
class Talk:
    """Where the conversation stands, of a size that does not grow.

    ``asked`` is the signal of the open question, ``put`` how often it was put, and ``unanswered`` how
    often no answer to it was heard; ``guesses`` what waits for a yes, the first as it was put to the user;
    ``sure_about`` is ``forget`` or ``restart`` while that waits for a yes; ``topic`` what 'why' is
    about (``question``, ``steps`` or ``phase``), ``depth`` how often it was asked; ``noted`` the
    signals noted last; ``questions`` how many were asked since steps were shown; ``told`` the phase
    and the roles as last told; ``shown`` the steps last shown, and ``step`` the place of the one told in
    full; ``last_at`` when the last message came,
    ``version`` the guidance it was read by, and ``story`` the phases so far, each with its time;
    ``rehearsal`` what is kept of the last rehearsal (``critical_friend.roleplay.session.Kept`` as data),
    ``rehearsed`` the ids of all that were begun, which are not put forward again beside the advice, and
    ``offered`` the one last put forward.
    """

    asked: str | None = None
    guesses: tuple[Guess, ...] = ()
    sure_about: str | None = None
    topic: str | None = None
    depth: int = 0
    noted: tuple[str, ...] = ()
    questions: int = 0
    put: int = 0
    unanswered: int = 0
    told: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    step: int = 0
    greeted: bool = False
    forgotten: bool = False
    last_at: str | None = None
    version: str = ""
    story: tuple[tuple[str, str], ...] = ()
    rehearsal: Mapping[str, Any] | None = None
    rehearsed: tuple[str, ...] = ()
    offered: str = ""

    def to_data(self) -> dict[str, Any]:
        """Plain data for storage, without what has its default."""
        plain = Talk()
        return {k: v for k, v in asdict(self).items() if v != getattr(plain, k)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Talk:
        """The talk that ``to_data`` wrote; a new one from ``None``."""
        kept: dict[str, Any] = {
            k: tuple(tuple(i) if isinstance(i, list) else i for i in v) if isinstance(v, list) else v
            for k, v in (data or {}).items()
            if k in cls.__dataclass_fields__
        }
        return cls(**kept)


@dataclass(frozen=True)
class Button:
    """A choice. ``payload`` is sent back by a route of its own and is never read as typed text."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to the user. ``speaker`` is who says it in a rehearsal."""

    text: str
    buttons: tuple[Button, ...] = ()
    speaker: str = ""


@dataclass(frozen=True)
class Turn:
    """A turn as it stands: handlers take it and give it back changed.

    ``shared`` is a finished rehearsal that the user gives to their trainer.
    """

    said: Said
    case: Case
    talk: Talk
    replies: tuple[Reply, ...] = field(default=())
    shared: Mapping[str, Any] | None = None

    def say(self, text: str, *buttons: Button) -> Turn:
        """With one more reply; nothing is added for empty text."""
        return replace(self, replies=(*self.replies, Reply(text, buttons))) if text else self

    def talking(self, **changes: Any) -> Turn:
        """With the talk changed."""
        return replace(self, talk=replace(self.talk, **changes))

    def with_case(self, case: Case) -> Turn:
        """With the case changed."""
        return replace(self, case=case)
