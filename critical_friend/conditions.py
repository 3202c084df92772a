"""Conditions of rules: data in the guidance, compiled once to functions of what is known.

A condition is one of ``{signal: yes|no|contested}``, ``{any_signal: contested}``, ``{all: [...]}``,
``{any: [...]}``, ``{not: ...}`` and ``{at_least: n, of: [...]}``. Nothing in it is code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from critical_friend.logic import Value, at_least, negate

#: What is known, by the signal's place in the guidance: one value of ``logic.Value`` each.
Known = Sequence[int]
Evaluate = Callable[[Known], int]


@dataclass(frozen=True)
class Condition:
    """One condition.

    ``kind`` is ``signal``, ``any_signal``, ``all``, ``any``, ``not`` or ``at_least``; ``signal`` and
    ``value`` are set for the first two, ``parts`` for the others and ``count`` for ``at_least``.
    """

    kind: str
    signal: str = ""
    value: str = ""
    parts: tuple[Condition, ...] = ()
    count: int = 0

    def signals(self) -> tuple[str, ...]:
        """The signals it names, in order, each once."""
        own = (self.signal,) if self.kind == "signal" else ()
        named = own + tuple(s for part in self.parts for s in part.signals())
        return tuple(dict.fromkeys(named))

    def bears_on(self, known: Mapping[str, int]) -> tuple[str, ...]:
        """The known signals it names: those that carried it. All contested ones for ``any_signal``."""
        found: list[str] = []
        if self.kind == "any_signal":
            found += [s for s, value in known.items() if value == Value.CONTESTED]
        elif self.kind == "signal" and known.get(self.signal):
            found.append(self.signal)
        for part in self.parts:
            found += part.bears_on(known)
        return tuple(dict.fromkeys(found))

    def asks_of_any(self) -> bool:
        """Whether it, or a part of it, asks about any signal and not about one that it names."""
        return self.kind == "any_signal" or any(part.asks_of_any() for part in self.parts)

    def compile(self, places: Mapping[str, int], *, plain: bool = False) -> Evaluate:
        """A function of what is known. ``places`` gives each signal's place in it.

        With ``plain``, a contested signal counts as unknown wherever yes or no is asked about, so that
        it carries nothing. (In Belnap's logic 'contested or unknown' is yes.)
        """
        if self.kind == "signal":
            return _literal(places[self.signal], self.value, plain)
        if self.kind == "any_signal":
            return lambda known: Value.YES if Value.CONTESTED in known else Value.NO
        parts = tuple(part.compile(places, plain=plain) for part in self.parts)
        if self.kind == "not":
            only = parts[0]
            return lambda known: negate(only(known))
        if self.kind == "all":
            return lambda known: _all(parts, known)
        if self.kind == "any":
            return lambda known: _any(parts, known)
        return lambda known: at_least(self.count, (part(known) for part in parts))


def _literal(place: int, value: str, plain: bool) -> Evaluate:
    if plain and value != "contested":
        values = (Value.UNKNOWN, Value.YES, Value.NO, Value.UNKNOWN)
        if value == "no":
            values = (Value.UNKNOWN, Value.NO, Value.YES, Value.UNKNOWN)
        return lambda known: values[known[place]]
    if value == "yes":
        return lambda known: known[place]
    if value == "no":
        return lambda known: negate(known[place])
    # 'contested' asks about the evidence and not about the world: it is told of whatever is known.
    by_value = (Value.UNKNOWN, Value.NO, Value.NO, Value.YES)
    return lambda known: by_value[known[place]]


def _all(parts: tuple[Evaluate, ...], known: Known) -> int:
    told_true, told_false = 1, 0
    for part in parts:
        value = part(known)
        told_true &= value
        told_false |= value
    return (told_true & 1) | (told_false & 2)


def _any(parts: tuple[Evaluate, ...], known: Known) -> int:
    told_true, told_false = 0, 2
    for part in parts:
        value = part(known)
        told_true |= value
        told_false &= value
    return (told_true & 1) | (told_false & 2)
