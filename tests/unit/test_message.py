"""From the pipeline's output to what the dialogue takes in."""

from __future__ import annotations

import pytest

from critical_friend.understanding.message import from_parse

SIGNAL = {"signal": "trust", "value": "yes", "confidence": 0.9, "start": 0, "end": 8, "sure": True}


@pytest.mark.parametrize(
    ("intent", "confidence", "signals", "read"),
    [
        ("affirm", 0.9, [], "affirm"),
        ("affirm", 0.49, [], ""),
        ("restart", 0.4, [], ""),
        ("deny", 0.4, [SIGNAL], "tell"),
        ("ask_why", 0.4, [], "ask_why"),
    ],
)
def test_what_changes_the_case_has_to_be_heard_well(intent, confidence, signals, read):
    said = from_parse({"intent": {"name": intent, "confidence": confidence}, "signals": signals}, "we trust")
    assert said.intent == read


def test_a_button_is_what_it_is():
    parse = {"intent": {"name": "affirm", "confidence": 0.1}}
    assert from_parse(parse, "Yes", {"button": "affirm"}).intent == "affirm"


def test_the_words_that_carried_a_signal_come_with_it():
    (heard,) = from_parse({"intent": {"name": "tell"}, "signals": [SIGNAL]}, "we trust them").hearings
    assert (heard.signal, heard.value, heard.text, heard.sure) == ("trust", "yes", "we trust", True)
