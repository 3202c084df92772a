"""All conditions of a guidance at once: which of many statements a case bears out.

Each statement ('this condition is told true') is written as its *ways*: sets of what may be known of some
signals, so that it is borne out as soon as one of its ways is open. Each way is one bit. What is known of a
signal, and be it nothing, rules out the ways that need something else of it; the ways that no signal rules
out are open. So a whole rule set is weighed with a handful of 'or's of long numbers, four signals at a time.

What a condition means is defined by ``conditions.py`` in four-valued logic. This is the same worked out
ahead, and tests hold the two together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from critical_friend.conditions import Condition
from critical_friend.logic import Value

#: What is known of a case: two bits for each signal by its place, told true (low) and told false.
Known = int
#: One way to bear a statement out: the values that each of some signals may have, by their places.
Way = Mapping[int, frozenset[int]]

_EVERY = frozenset(Value)
_FOUR_SIGNALS = range(256)


def ways(condition: Condition, side: Value, places: Mapping[str, int], *, plain: bool = True) -> list[Way]:
    """The ways in which ``condition`` is told true (``side`` yes) or told false (``side`` no).

    ``places`` gives each signal's place. With ``plain`` a contested signal is told neither way wherever
    yes or no is asked about, as in ``Condition.compile``.
    """
    if condition.kind == "signal":
        return [{places[condition.signal]: _values(condition.value, side, plain)}]
    if condition.kind == "any_signal":
        if side == Value.YES:
            return [{place: frozenset((Value.CONTESTED,))} for place in places.values()]
        return [dict.fromkeys(places.values(), _EVERY - {Value.CONTESTED})]
    if condition.kind == "not":
        return ways(condition.parts[0], _other(side), places, plain=plain)
    parts = [ways(part, side, places, plain=plain) for part in condition.parts]
    least = {"all": len(parts), "any": 1}.get(condition.kind, condition.count)
    if side == Value.NO:
        least = len(parts) - least + 1
    return _smallest(way for some in itertools.combinations(parts, least) for way in _joined(some))


def _values(asked: str, side: Value, plain: bool) -> frozenset[int]:
    """The values of a signal by which a literal is told true or false."""
    if asked == "contested":
        return frozenset((Value.CONTESTED,) if side == Value.YES else (Value.YES, Value.NO))
    bare = side if asked == "yes" else _other(side)
    return frozenset((bare,) if plain else (bare, Value.CONTESTED))


def _other(side: Value) -> Value:
    return Value.NO if side == Value.YES else Value.YES


def together(*statements: Sequence[Way]) -> list[Way]:
    """The ways in which all statements are borne out that have these ways."""
    return _smallest(_joined(statements))


def lacking(statement: Sequence[Way]) -> list[Way]:
    """The ways in which the statement that has these ways is not borne out, whatever of it is known."""
    found: list[Way] = [{}]
    for way in statement:
        found = together(found, [{place: _EVERY - values} for place, values in way.items()])
    return found


def _joined(statements: Iterable[Sequence[Way]]) -> Iterator[Way]:
    """One way of each statement taken together, wherever they do not need different things."""
    for chosen in itertools.product(*statements):
        joined: dict[int, frozenset[int]] = {}
        for way in chosen:
            for place, values in way.items():
                joined[place] = joined.get(place, _EVERY) & values
        if all(joined.values()):
            yield joined


def _smallest(found: Iterable[Way]) -> list[Way]:
    """``found`` without those that ask for more than another does."""
    kept: list[Way] = []
    for way in sorted(found, key=len):
        if not any(all(way.get(p, _EVERY) <= values for p, values in less.items()) for less in kept):
            kept.append(way)
    return kept


class Statements:
    """Statements that are weighed together. Each is known by a bit of its own."""

    def __init__(self, signals: int) -> None:
        """``signals`` is how many there are."""
        self._signals = signals
        self._bytes = (signals + 3) // 4
        self._width = 0
        self._open = self._flags = 0
        self._ruled_out: list[list[int]] = [[0] * 4 for _ in range(self._bytes * 4)]
        self._tables: list[list[int]] = []

    def add(self, found: Sequence[Way]) -> int:
        """Add the statement that has these ways; its bit in what ``borne_out`` returns."""
        flag = 1 << (self._width + len(found))
        for number, way in enumerate(found):
            bit = 1 << (self._width + number)
            self._open |= bit
            for place, values in way.items():
                for value in _EVERY - values:
                    self._ruled_out[place][value] |= bit
        self._flags |= flag
        self._width += len(found) + 1
        self._tables = []
        return flag

    def borne_out(self, known: Known) -> int:
        """The bits of all statements that what is known bears out."""
        tables = self._tables or self._tabulate()
        ruled_out = 0
        for table, told in zip(tables, known.to_bytes(self._bytes, "little")):
            ruled_out |= table[told]
        # A statement's ways are neighbouring bits, and its own bit is the next. Adding ones at all ways
        # carries into a statement's bit exactly when one of its ways is open.
        return ((self._open ^ ruled_out) + self._open) & self._flags

    def _tabulate(self) -> list[list[int]]:
        """For each four signals and all that can be known of them, the ways that this rules out."""
        for first in range(0, self._bytes * 4, 4):
            a, b, c, d = self._ruled_out[first : first + 4]
            self._tables.append([a[t & 3] | b[t >> 2 & 3] | c[t >> 4 & 3] | d[t >> 6] for t in _FOUR_SIGNALS])
        return self._tables
