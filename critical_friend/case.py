"""A case: what people have said about one piece of joint work, signal by signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from critical_friend.logic import Value

#: Evidence keeps the words that carried it; longer ones are cut, so that a case stays small.
LONGEST_QUOTE = 280


@dataclass(frozen=True)
class Evidence:
    """One thing that one person said: ``value`` is ``yes`` or ``no``, ``at`` is ISO 8601."""

    signal: str
    value: str
    text: str
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Case:
    """Evidence that stands now, and the signals of which people said that they do not know.

    A case never grows with the length of a talk: a person's later word on a signal replaces the
    earlier one, so there are at most two pieces for each person and signal.
    """

    evidence: tuple[Evidence, ...] = ()
    unsure: tuple[str, ...] = ()
    _values: Mapping[str, Value] = field(init=False, repr=False, compare=False)
    _heard: Mapping[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values: dict[str, Value] = {}
        heard: dict[str, dict[str, Any]] = {}
        for piece in self.evidence:
            signal, value = piece.signal, piece.value
            said = {"value": value, "text": piece.text, "by": piece.by, "at": piece.at}
            if signal not in heard:
                values[signal] = Value.of(value)
                heard[signal] = {"value": value, "evidence": [said]}
                continue
            if heard[signal]["value"] != value:
                values[signal] = Value.CONTESTED
                heard[signal]["value"] = Value.CONTESTED.word
            heard[signal]["evidence"].append(said)
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_heard", heard)

    def value(self, signal: str) -> Value:
        """What is known of ``signal``."""
        return self._values.get(signal, Value.UNKNOWN)

    def values(self) -> Mapping[str, Value]:
        """All signals of which something is known."""
        return self._values

    def heard(self) -> Mapping[str, Any]:
        """All signals of which something is known, with value and evidence as they stand in a reading."""
        return self._heard

    def words(self, signal: str) -> tuple[Evidence, ...]:
        """The evidence on one signal."""
        return tuple(piece for piece in self.evidence if piece.signal == signal)

    def note(self, pieces: Iterable[Evidence]) -> Case:
        """The case with ``pieces``, said at one time, taken in.

        What a person said before on the same signals is replaced; what others said stays beside it.
        Both sides said at once by one person stand as contested.
        """
        fresh = tuple(dict.fromkeys(replace(piece, text=piece.text[:LONGEST_QUOTE]) for piece in pieces))
        spoken = {(piece.signal, piece.by) for piece in fresh}
        kept = tuple(p for p in self.evidence if (p.signal, p.by) not in spoken)
        named = {piece.signal for piece in fresh}
        return Case(kept + fresh, tuple(s for s in self.unsure if s not in named))

    def withdraw(self, signal: str, by: str | None = None) -> Case:
        """The case without what ``by`` said on ``signal``."""
        return Case(tuple(p for p in self.evidence if not (p.signal == signal and p.by == by)), self.unsure)

    def not_known(self, signal: str) -> Case:
        """The case with 'don't know' noted for ``signal``, so that it is not asked again."""
        return replace(self, unsure=tuple(dict.fromkeys((*self.unsure, signal))))

    def to_data(self) -> dict[str, Any]:
        """Plain data for storage."""
        return {
            "evidence": [[p.signal, p.value, p.text, p.by, p.at] for p in self.evidence],
            "unsure": list(self.unsure),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Case:
        """The case that ``to_data`` wrote; an empty case from ``None``."""
        if not data:
            return cls()
        return cls(
            tuple(Evidence(*piece) for piece in data.get("evidence", ())),
            tuple(data.get("unsure", ())),
        )
