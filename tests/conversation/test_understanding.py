"""How well the trained model hears, held to what was measured: a fall is a fault somewhere.

The figures themselves, with what they mean, are made by `make eval` (docs/understanding.md).
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
import yaml

from critical_friend.cli.serving import ROOT
from critical_friend.understanding.model import Understanding

TEXTS = Path(__file__).parents[1] / "understanding"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(ROOT / "models" / "critical-friend.tar.gz") as archive:
        archive.extractall(folder)
    return Understanding.load(next(folder.rglob("network.onnx")).parent)


def load(name):
    return yaml.safe_load((TEXTS / f"{name}.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def heard(model):
    return {
        name: [(item["facts"], model.understand(item["text"]).hearings) for item in load(name)]
        for name in ("messages", "passages")
    }


def f1(pairs, noted=False):
    right = found = said = 0
    for facts, hearings in pairs:
        taken = [h for h in hearings if h.sure or not noted]
        right += sum(facts.get(h.signal) == h.value for h in taken)
        found, said = found + len(taken), said + len(facts)
    return 2 * right / (found + said)


def test_messages(heard):
    assert f1(heard["messages"]) > 0.80


def test_passages(heard):
    assert f1(heard["passages"]) > 0.80


def test_what_is_noted_is_right(heard):
    noted = [(facts, h) for facts, hearings in heard["messages"] for h in hearings if h.sure]
    right = sum(facts.get(h.signal) == h.value for facts, h in noted)
    wrong_way = sum({facts.get(h.signal), h.value} == {"yes", "no"} for facts, h in noted)
    assert len(noted) > 200
    assert right / len(noted) > 0.85
    assert wrong_way / len(noted) < 0.04


def test_nothing_is_noted_where_nothing_is_said(heard):
    silent = [hearings for facts, hearings in heard["messages"] if not facts]
    assert len(silent) >= 80
    assert sum(any(h.sure for h in hearings) for hearings in silent) / len(silent) < 0.08


def test_intents(model):
    items = load("intents")
    right = sum(model.understand(item["text"]).intents[0][0] == item["intent"] for item in items)
    assert right / len(items) > 0.85


def test_the_words_that_carried_it_are_quoted(model):
    text = "We have met since March and the biscuits are good. Nobody senior is covering for us at all."
    (found,) = (h for h in model.understand(text).hearings if h.signal == "guardian_angel")
    assert found.value == "no"
    assert text[found.start : found.end].startswith("Nobody senior")


def test_what_is_supposed_is_heard_as_if_it_were_so(model):
    understood = model.understand("what if we had a sponsor?")
    assert understood.intents[0][0] == "ask_what_if"
    assert ("guardian_angel", "yes") in {(h.signal, h.value) for h in understood.hearings}


def test_what_bears_on_the_question_is_noted_sooner(model):
    texts = [item["text"] for item in load("messages")]
    unsure = next(
        (text, h)
        for text in texts
        for h in model.understand(text).hearings
        if not h.sure and h.value != "mixed"
    )
    text, hearing = unsure
    (again,) = (
        h for h in model.understand(text, asked=hearing.signal).hearings if h.signal == hearing.signal
    )
    assert again.sure


@pytest.mark.parametrize(
    "text, signal, value",
    [
        ("no, we do have a sponsor", "guardian_angel", "yes"),
        ("that's wrong, we don't trust each other at all", "trust", "no"),
        ("the families have no say in this", "active_client", "no"),
        ("we have stalled", "stalled", "yes"),
    ],
)
def test_what_is_said_outright_is_heard(model, text, signal, value):
    assert (signal, value) in {(h.signal, h.value) for h in model.understand(text).hearings}
