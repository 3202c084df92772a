"""Properties of the reasoning over the real guidance."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from critical_friend import brief
from critical_friend.case import Case, Evidence
from critical_friend.dialogue import Dialogue, Said, Talk
from critical_friend.guidance import load
from critical_friend.logic import Value, knows_no_less
from critical_friend.questions import Supposing, next_question
from critical_friend.reading import Reader

READER = Reader(load())
REASONER = READER.reasoner
SIGNALS = REASONER.signals
CONTRACT = Path(__file__).parents[1] / "contract"
SCHEMA = json.loads((CONTRACT / "reading.schema.json").read_text())

signals = st.sampled_from(SIGNALS)
knowledge = st.dictionaries(signals, st.sampled_from([1, 2, 3]), max_size=14)
complete = st.tuples(*[st.sampled_from([Value.YES, Value.NO]) for _ in SIGNALS])
evidence = st.lists(
    st.builds(
        Evidence,
        signals,
        st.sampled_from(["yes", "no"]),
        st.just("words"),
        st.sampled_from(["Ana", "Tama", None]),
    ),
    max_size=10,
)


@given(evidence)
@settings(max_examples=150, deadline=None)
def test_every_reading_keeps_to_the_contract(pieces):
    case = Case()
    for piece in pieces:
        case = case.note([piece])
    reading = READER.read(case)
    jsonschema.validate(reading, SCHEMA)
    assert len(reading["next_steps"]) <= 3
    for step in reading["next_steps"]:
        known = {rule.id for rule in READER.guidance.rules.values()}
        assert {reason["rule"] for reason in step["because"]} <= known


@given(complete)
@settings(max_examples=400, deadline=None)
def test_a_complete_case_settles_on_one_phase(values):
    assert REASONER.conclude(REASONER.known(dict(zip(SIGNALS, values, strict=True)))).settled


@given(knowledge)
@settings(max_examples=300, deadline=None)
def test_some_phase_is_always_left_and_the_named_one_is_among_those(known):
    conclusions = REASONER.conclude(REASONER.known(known))
    assert conclusions.candidates
    assert conclusions.phase is None or conclusions.phase in conclusions.candidates
    assert (conclusions.phase is None) == (not any(known.values()))


@given(knowledge, signals)
@settings(max_examples=200, deadline=None)
def test_what_is_contested_excludes_no_phase_and_settles_no_mode(known, signal):
    known = {signal: Value.CONTESTED, **known}
    plain = {s: value for s, value in known.items() if value != Value.CONTESTED}
    with_it = REASONER.conclude(REASONER.known(known))
    without = REASONER.conclude(REASONER.known(plain))
    assert with_it.candidates == without.candidates
    assert (with_it.mode, with_it.mode_settled) == (without.mode, without.mode_settled)


@given(knowledge, knowledge)
@settings(max_examples=300, deadline=None)
def test_conditions_are_monotonic_in_evidence(known, more):
    less = [known.get(s, 0) for s in SIGNALS]
    joined = [known.get(s, 0) | more.get(s, 0) for s in SIGNALS]
    for rule in READER.guidance.phase_rules:
        condition = (rule.reached_when or rule.excluded_when).compile(REASONER.places)
        assert knows_no_less(condition(joined), condition(less))
    for rule in READER.guidance.role_rules:
        condition = rule.played_when.compile(REASONER.places)
        assert knows_no_less(condition(joined), condition(less))


@given(st.dictionaries(signals, st.sampled_from(["yes", "no"]), max_size=8), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_different_signals_does_not_matter(facts, random):
    pieces = [Evidence(signal, value, "words") for signal, value in facts.items()]
    shuffled = list(pieces)
    random.shuffle(shuffled)
    cases = []
    for order in (pieces, shuffled):
        case = Case()
        for piece in order:
            case = case.note([piece])
        cases.append(REASONER.conclude(REASONER.known(case.values())))
    assert cases[0] == cases[1]


@given(signals)
def test_contested_is_symmetric(signal):
    one = Case().note([Evidence(signal, "yes", "a", "Ana")]).note([Evidence(signal, "no", "b", "Tama")])
    two = Case().note([Evidence(signal, "no", "b", "Tama")]).note([Evidence(signal, "yes", "a", "Ana")])
    assert one.values() == two.values()
    assert READER.read(one)["next_steps"] == READER.read(two)["next_steps"]


@given(knowledge)
@settings(max_examples=40, deadline=None)
def test_a_question_is_open_matters_and_is_not_asked_twice(known):
    state = REASONER.known(known)
    question = next_question(REASONER, state)
    if question is None:
        return
    assert REASONER.value(state, question.signal) == Value.UNKNOWN
    other = next_question(REASONER, state, [question.signal])
    assert other is None or other.signal != question.signal


@given(st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_questions_come_to_an_end_and_then_nothing_single_would_change_the_advice(random):
    state = REASONER.known({})
    for _ in range(len(SIGNALS) + 1):
        question = next_question(REASONER, state)
        if question is None:
            break
        state = REASONER.replaced(state, {question.signal: random.choice([Value.YES, Value.NO])})
    else:
        raise AssertionError("the questions do not end")
    shown = [step for step, _ in REASONER.conclude(state).steps[:3]]
    for signal in SIGNALS:
        if REASONER.value(state, signal) == Value.UNKNOWN:
            for answer in (Value.YES, Value.NO):
                changed = REASONER.replaced(state, {signal: answer})
                assert [step for step, _ in REASONER.conclude(changed).steps[:3]] == shown


def test_nothing_known_gives_no_phase_no_steps_and_a_question():
    reading = READER.read(Case())
    assert reading["phase"]["id"] is None
    assert reading["next_steps"] == []
    assert reading["question"] is not None
    assert set(reading["roles"].values()) == {"unknown"}


def test_slipping_back_moves_a_case_to_an_earlier_phase():
    well = Case().note([Evidence("routine_adopted", "yes", "a"), Evidence("fellow_travellers", "yes", "b")])
    assert READER.read(well)["phase"]["id"] == "sustaining"
    gone = well.note([Evidence("fellow_travellers", "no", "c"), Evidence("falling_back", "yes", "d")])
    assert READER.read(gone)["phase"]["id"] == "getting_together"


def test_reasons_carry_the_signals_that_made_them():
    case = Case().note([Evidence("guardian_angel", "no", "nobody upstairs knows us")])
    step = READER.read(case)["next_steps"][0]
    assert step["id"] == "find-a-guardian-angel"
    assert step["because"] == [{"rule": "nobody-covers", "signals": ["guardian_angel"]}]
    assert any("hard limits" in c or "law" in c for c in step["cautions"])


def test_ids_are_those_of_the_contract():
    vocabulary = yaml.safe_load((CONTRACT / "vocabulary.yml").read_text())
    guidance = READER.guidance
    for section, ours in (
        ("phases", guidance.phases),
        ("modes", guidance.modes),
        ("roles", guidance.roles),
        ("signals", guidance.signals),
    ):
        ids = {item if isinstance(item, str) else next(iter(item)) for item in vocabulary[section]}
        assert set(ours) >= ids, section


@given(knowledge, st.dictionaries(signals, st.sampled_from([1, 2]), min_size=1, max_size=3))
@settings(max_examples=400, deadline=None)
def test_supposing_comes_to_the_same_as_concluding_anew(values, answers):
    answers = {signal: value for signal, value in answers.items() if signal not in values}
    supposed = Supposing(REASONER, REASONER.known(values)).with_answers(
        {REASONER.places[signal]: value for signal, value in answers.items()}
    )
    assert supposed == REASONER.conclude(REASONER.known({**values, **answers}))


def test_what_readings_share_is_not_changed_by_those_who_use_them():
    # Parts are kept and shared between readings, so a dialogue or a brief that changed one would change all.
    dialogue = Dialogue(READER.guidance)
    dialogue.partner.reader = READER
    case = Case().note(
        [
            Evidence("trust", "yes", "we do", "Ana", None),
            Evidence("trust", "no", "we do not", "Tama", None),
            Evidence("guardian_angel", "no", "nobody covers", "Ana", None),
            Evidence("public_entrepreneur", "yes", "I began", "Ana", None),
        ]
    )
    before = copy.deepcopy(dialogue.reading(case, Talk()))
    for intent in (
        "ask_next_step ask_summary ask_why ask_why ask_why ask_sources ask_what_it_takes ask_what_if".split()
    ):
        dialogue.respond([Said("and a sponsor?", intent)], case, Talk(topic="steps"))
    brief.make(dialogue.reading(case, Talk()), READER.guidance)
    assert dialogue.reading(case, Talk()) == before
