"""Rules and conditions in plain words."""

from __future__ import annotations

import pytest

from critical_friend.conditions import Condition
from critical_friend.guidance import plain
from critical_friend.guidance.entries import signals_of


def test_a_rule_names_the_words_of_each_of_its_signals(guidance):
    for rule in guidance.rules.values():
        said = plain.text(plain.sentence(guidance, rule))
        assert said.endswith(".") and "  " not in said and ".." not in said
        for signal in signals_of(rule):
            heard = guidance.signals[signal].heard
            assert heard["yes"] in said or heard["no"] in said, (rule.id, signal)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "nobody-covers",
            "Advises “Find a sponsor who will cover for you” when nobody senior is covering for you.",
        ),
        (
            "window-is-open",
            "Advises “Use the open window this week” when something has opened a window for you, unless the new way is now part of how you work.",
        ),
        (
            "phase-sustaining-reached",
            "The work has come to the phase “sustaining” when the new way is now part of how you work, or people are slipping back to the old ways.",
        ),
        ("views-differ", "Advises “Talk about where views differ” when views differ on anything at all."),
        (
            "centre-holds-the-decision",
            "Advises “Bring the doubters out to see it” when views differ on whether leaders back the work.",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(guidance, rule, said):
    assert plain.text(plain.sentence(guidance, guidance.rules[rule])) == said


TRUST, QUIET = Condition("signal", "trust", "yes"), Condition("signal", "below_radar", "no")
STUCK, CLIENT = Condition("signal", "stalled", "yes"), Condition("signal", "active_client", "yes")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            Condition("all", parts=(TRUST, QUIET)),
            "people in the group trust one another, and the work is out in the open",
        ),
        (
            Condition("any", parts=(TRUST, QUIET)),
            "people in the group trust one another, or the work is out in the open",
        ),
        (
            Condition("at_least", parts=(TRUST, QUIET, STUCK), count=2),
            "at least 2 of these are so: people in the group trust one another; the work is out in the open; meetings go by without money or movement",
        ),
        (Condition("not", parts=(TRUST,)), "it is not so that people in the group trust one another"),
        (
            Condition("not", parts=(Condition("any", parts=(TRUST, QUIET)),)),
            "it is not so that (people in the group trust one another, or the work is out in the open)",
        ),
        (
            Condition("all", parts=(CLIENT, Condition("any", parts=(TRUST, QUIET)))),
            "all of these are so: the people it is for are taking part; and people in the group trust one another, or the work is out in the open",
        ),
        (
            Condition("signal", "trust", "contested"),
            "views differ on whether people in the group trust one another",
        ),
    ],
)
def test_a_condition_in_plain_words(guidance, condition, said):
    assert plain.text(plain.condition(guidance, condition)) == said
