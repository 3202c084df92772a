"""Belnap's four-valued logic: what is told for a statement and what is told against it.

A value is a pair of bits, *told true* and *told false*, so that silence (neither) is never taken for
a no, and evidence on both sides is kept as such. The order of the connectives is the one of Belnap
(1977), 'A useful four-valued logic'; on yes and no alone they are the ordinary ones.

========= === === ========= =========
and       yes no  unknown   contested
========= === === ========= =========
yes       yes no  unknown   contested
no        no  no  no        no
unknown   unk no  unknown   no
contested con no  no        contested
========= === === ========= =========

========= === ========= ========= =========
or        yes no        unknown   contested
========= === ========= ========= =========
yes       yes yes       yes       yes
no        yes no        unknown   contested
unknown   yes unknown   unknown   yes
contested yes contested yes       contested
========= === ========= ========= =========

``not`` swaps yes and no, and leaves unknown and contested as they are.

The two entries that surprise: *unknown and contested* is no, because a contested part has been told
false and a conjunction is told false as soon as one part is; *unknown or contested* is yes for the
mirror reason. What this buys is that every connective is monotonic in information: learning more
never turns a yes into an unknown, only, at the most, into contested.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Value(enum.IntEnum):
    """What is known of a statement: bit 1 is 'told true', bit 2 is 'told false'."""

    UNKNOWN = 0
    YES = 1
    NO = 2
    CONTESTED = 3

    @property
    def word(self) -> str:
        """The value as data and readings spell it."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Value:
        """The value that ``word`` spells; ``KeyError`` when there is none."""
        return cls[word.upper()]


_VALUES = (Value.UNKNOWN, Value.YES, Value.NO, Value.CONTESTED)


def negate(a: int) -> Value:
    """Swap what is told for and against."""
    return _VALUES[((a & 1) << 1) | (a >> 1)]


def conjoin(a: int, b: int) -> Value:
    """Told true when both are; told false when either is."""
    return _VALUES[(a & b & 1) | ((a | b) & 2)]


def disjoin(a: int, b: int) -> Value:
    """Told true when either is; told false when both are."""
    return _VALUES[((a | b) & 1) | (a & b & 2)]


def at_least(count: int, values: Iterable[int]) -> Value:
    """``count`` or more of ``values`` hold: the disjunction of all conjunctions of ``count`` of them."""
    told_true = told_false = total = 0
    for value in values:
        total += 1
        told_true += value & 1
        told_false += value >> 1
    return _VALUES[(told_true >= count) | ((told_false > total - count) << 1)]


def merge(a: int, b: int) -> Value:
    """What is known when ``b`` is learnt beside ``a`` (the join of the order of information)."""
    return _VALUES[a | b]


def knows_no_less(more: int, less: int) -> bool:
    """Whether ``more`` holds all that ``less`` was told (the order of information)."""
    return (more & less) == less
