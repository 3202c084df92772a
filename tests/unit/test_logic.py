from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_friend import logic
from critical_friend.logic import Value, at_least, conjoin, disjoin, knows_no_less, negate

U, Y, N, C = Value.UNKNOWN, Value.YES, Value.NO, Value.CONTESTED
values = st.sampled_from(list(Value))
SHORT = {"yes": Y, "no": N, "unknown": U, "unk": U, "contested": C, "con": C}


def tables():
    """The truth tables as the docstring prints them: (operation, left, right, result)."""
    blocks = re.findall(r"^(and|or) +(.+)\n=[= ]+\n((?:\w+ .+\n)+)=", logic.__doc__, re.M)
    assert [name for name, _, _ in blocks] == ["and", "or"]
    for name, head, rows in blocks:
        columns = head.split()
        for row in rows.strip().splitlines():
            left, *results = row.split()
            for right, result in zip(columns, results, strict=True):
                yield name, SHORT[left], SHORT[right], SHORT[result]


@pytest.mark.parametrize(("name", "left", "right", "result"), tables())
def test_tables_of_the_docstring_are_what_is_computed(name, left, right, result):
    assert {"and": conjoin, "or": disjoin}[name](left, right) == result


def test_the_docstring_has_all_entries():
    assert len(list(tables())) == 32


@pytest.mark.parametrize(("value", "result"), [(Y, N), (N, Y), (U, U), (C, C)])
def test_not(value, result):
    assert negate(value) == result


@given(values, values)
def test_de_morgan(a, b):
    assert negate(conjoin(a, b)) == disjoin(negate(a), negate(b))


@given(values, values, values, values)
def test_connectives_are_monotonic_in_information(a, b, c, d):
    for op in (conjoin, disjoin):
        if knows_no_less(c, a) and knows_no_less(d, b):
            assert knows_no_less(op(c, d), op(a, b))


@given(st.lists(values, min_size=1, max_size=5), st.integers(1, 5))
def test_at_least_is_a_disjunction_of_conjunctions(parts, count):
    expected = N
    for chosen in itertools.combinations(parts, count):
        part = Y
        for value in chosen:
            part = conjoin(part, value)
        expected = disjoin(expected, part)
    assert at_least(count, parts) == expected
