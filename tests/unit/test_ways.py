"""What is worked out ahead of conditions comes to the same as their evaluation in four-valued logic."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from critical_friend.conditions import Condition
from critical_friend.guidance import load
from critical_friend.logic import Value
from critical_friend.ways import Statements, lacking, together, ways

NAMES = "abcdef"
PLACES = {name: place for place, name in enumerate(NAMES)}

literals = st.one_of(
    st.builds(
        Condition, st.just("signal"), st.sampled_from(NAMES), st.sampled_from(["yes", "no", "contested"])
    ),
    st.just(Condition("any_signal", value="contested")),
)


def _of_parts(conditions):
    parts = st.lists(conditions, max_size=4).map(tuple)
    some = st.lists(conditions, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(lambda kind, of: Condition(kind, parts=of), st.sampled_from(["all", "any"]), parts),
        conditions.map(lambda part: Condition("not", parts=(part,))),
        some.flatmap(
            lambda of: st.integers(1, len(of)).map(lambda n: Condition("at_least", parts=of, count=n))
        ),
    )


conditions = st.recursive(literals, _of_parts, max_leaves=8)


def _told(condition, values, places, plain):
    """Both sides of a condition by its ways, as one value of the logic."""
    statements = Statements(len(places))
    sides = [statements.add(ways(condition, side, places, plain=plain)) for side in (Value.YES, Value.NO)]
    known = sum(value << 2 * place for place, value in enumerate(values))
    borne_out = statements.borne_out(known)
    return bool(borne_out & sides[0]) | bool(borne_out & sides[1]) << 1


@given(conditions, st.tuples(*[st.sampled_from(Value)] * len(NAMES)), st.booleans())
@settings(max_examples=1500, deadline=None)
def test_ways_say_what_the_evaluator_says(condition, values, plain):
    assert _told(condition, values, PLACES, plain) == condition.compile(PLACES, plain=plain)(values)


@given(conditions, conditions, st.tuples(*[st.sampled_from(Value)] * len(NAMES)))
@settings(max_examples=500, deadline=None)
def test_statements_together_and_what_is_lacking_are_worked_out_ahead_too(one, other, values):
    statements = Statements(len(NAMES))
    both = [ways(condition, Value.YES, PLACES) for condition in (one, other)]
    first, second, together_, neither = (
        statements.add(found) for found in (*both, together(*both), together(*map(lacking, both)))
    )
    told = statements.borne_out(sum(value << 2 * place for place, value in enumerate(values)))
    assert bool(told & together_) == bool(told & first and told & second)
    assert bool(told & neither) == (not told & first and not told & second)


GUIDANCE = load()
SIGNALS = {signal: place for place, signal in enumerate(GUIDANCE.signals)}
CONDITIONS = [
    condition
    for rule in GUIDANCE.rules.values()
    for key in ("reached_when", "excluded_when", "played_when", "fits_when", "leans_when", "when", "unless")
    if (condition := getattr(rule, key, None))
]


@given(st.tuples(*[st.sampled_from(Value)] * len(SIGNALS)))
@settings(max_examples=40, deadline=None)
def test_every_condition_of_the_guidance_weighed_together_is_what_the_evaluator_says(values):
    statements = Statements(len(SIGNALS))
    rows = [
        (
            condition,
            plain,
            [statements.add(ways(condition, side, SIGNALS, plain=plain)) for side in (Value.YES, Value.NO)],
        )
        for condition in CONDITIONS
        for plain in (True, False)
    ]
    told = statements.borne_out(sum(value << 2 * place for place, value in enumerate(values)))
    for condition, plain, (true, false) in rows:
        evaluated = condition.compile(SIGNALS, plain=plain)(values)
        assert bool(told & true) | bool(told & false) << 1 == evaluated, (condition, plain)


def test_a_way_asks_for_no_more_than_it_has_to():
    a, b = (Condition("signal", name, "yes") for name in "ab")
    either_or_both = Condition("any", parts=(a, Condition("all", parts=(a, b))))
    assert ways(either_or_both, Value.YES, PLACES) == [{0: {Value.YES}}]
    neither = Condition("all", parts=(a, Condition("not", parts=(a,))))
    assert ways(neither, Value.YES, PLACES) == []
