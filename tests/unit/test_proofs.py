"""What must hold of the rule set in all cases, and that the solver reads cases as the program does."""

from __future__ import annotations

import dataclasses
import random
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from critical_friend.cli.main import main
from critical_friend.conditions import Condition
from critical_friend.guidance import load
from critical_friend.guidance.model import Constraint, Opposed
from critical_friend.logic import Value
from critical_friend.proving import properties
from critical_friend.proving.cases import allowed, conclude, how_many
from critical_friend.proving.expectations import load_expectations
from critical_friend.proving.mutants import changed_conditions
from critical_friend.proving.mutation import apart, notices, run
from critical_friend.proving.proofs import prove
from critical_friend.proving.solver import Solver
from critical_friend.questions import next_question, points

CASES = Path(__file__).parents[1] / "cases"
GUIDANCE = load()
BENCH = properties.Bench(GUIDANCE)
SOLVER = Solver.of_cases(GUIDANCE)
EXPECTATIONS = load_expectations(CASES, GUIDANCE)
MAY_BE = allowed(GUIDANCE)

knowledge = st.dictionaries(
    st.sampled_from(list(GUIDANCE.signals)), st.sampled_from([Value(1), Value(2), Value(3)])
)


def silent_though_it_matters(reasoner, known, answers):
    """Whether ``answers`` would change the reading, and nothing is asked of all that they answer."""
    not_asked = [s for s in reasoner.signals if s not in answers]
    before, after = conclude(reasoner, known), conclude(reasoner, {**known, **answers})
    return bool(
        points(reasoner, before, after) and next_question(reasoner, reasoner.known(known), not_asked) is None
    )


@given(knowledge, knowledge)
@settings(max_examples=150, deadline=None)
def test_a_question_is_put_while_answers_could_change_the_reading(known, answers):
    answers = {s: v for s, v in answers.items() if s not in known and v != Value.CONTESTED}
    assert not silent_though_it_matters(BENCH.reader.reasoner, known, answers)


@pytest.mark.parametrize("seed", range(20))
def test_at_the_end_of_a_talk_no_answers_could_change_the_reading(seed):
    # Where the argument would fail, if it did: nothing that can be tried by itself is left to ask.
    chance, reasoner, plain = random.Random(seed), BENCH.reader.reasoner, (Value.YES, Value.NO)
    told = chance.sample(reasoner.signals, chance.randint(8, 24))
    known = {signal: chance.choice((*plain, *plain, Value.CONTESTED)) for signal in told}
    unsure = []
    while question := next_question(reasoner, reasoner.known(known), unsure):
        if chance.random() < 0.2:
            unsure.append(question.signal)
        else:
            known[question.signal] = chance.choice(plain)
    still_open = [s for s in reasoner.signals if s not in known and s not in unsure]
    for _ in range(200 if still_open else 0):
        some = chance.sample(still_open, chance.randint(1, len(still_open)))
        assert not silent_though_it_matters(reasoner, known, {s: chance.choice(plain) for s in some})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mode_rules": (*GUIDANCE.mode_rules, GUIDANCE.mode_rules[0])}, "2 rules lead to the mode"),
        ({"question_points": {**GUIDANCE.question_points, "role": 0}}, "a change of the role has no points"),
        ({"question_points": {**GUIDANCE.question_points, "first_step": 0}}, "the first step has no points"),
        (
            {
                "advice_rules": tuple(
                    dataclasses.replace(rule, unless=Condition("signal", "trust", "yes"))
                    if rule.withhold
                    else rule
                    for rule in GUIDANCE.advice_rules
                )
            },
            "an answer can stop 'lighter-way-fits' from withholding",
        ),
    ],
)
def test_what_the_argument_on_questions_does_not_cover_is_told(changes, told):
    failures = list(
        properties.what_matters_is_asked(properties.Bench(dataclasses.replace(GUIDANCE, **changes)))
    )
    assert failures and told in failures[0].what


def test_a_step_that_goes_only_when_two_rules_stop_is_told_and_is_left_unasked():
    first = next(rule for rule in GUIDANCE.advice_rules if rule.id == "six-meetings")
    twins = tuple(
        dataclasses.replace(first, id=id_, unless=Condition("signal", signal, "yes"))
        for id_, signal in (("one", "silo_budget"), ("two", "boundary_mismatch"))
    )
    rest = tuple(
        rule
        for rule in GUIDANCE.advice_rules
        if not {"silo_budget", "boundary_mismatch"} & {*rule.when.signals()} and rule is not first
    )
    bench = properties.Bench(dataclasses.replace(GUIDANCE, advice_rules=(*rest, *twins)))
    [failure] = properties.what_matters_is_asked(bench)
    assert "'make-or-break-meeting' fall behind" in failure.what
    assert set(failure.rules) == {"one", "two"}
    answers = {"silo_budget": Value.YES, "boundary_mismatch": Value.YES}
    assert silent_though_it_matters(bench.reader.reasoner, failure.case, answers)


def solved(known):
    """The one answer of the solver on one case."""
    bits = [(s, word, bit) for s in GUIDANCE.signals for word, bit in (("yes", 1), ("no", 2))]
    heard = [("heard", s, word, "case") for s, word, bit in bits if known.get(s, 0) & bit]
    silent = [("heard", s, word, "case") for s, word, bit in bits if not known.get(s, 0) & bit]
    return SOLVER.find(*heard, absent=silent)


@given(knowledge)
@settings(max_examples=150, deadline=None)
def test_the_solver_reads_a_case_as_the_program_does(known):
    found, real = solved(known), conclude(BENCH.reader.reasoner, known)
    assert (found is not None) == MAY_BE(known)
    if found is None:
        return

    def told(name, *terms):
        return found.holds(name, *terms, "case")

    assert [p for p in GUIDANCE.phases if told("left", p)] == list(real.candidates)
    assert [p for p in GUIDANCE.phases if told("named", p)] == ([real.phase] if real.phase else [])
    assert [m for m in GUIDANCE.modes if told("mode", m)] == ([real.mode] if real.mode else [])
    assert told("mode_settled") == real.mode_settled
    assert told("phase_settled") == real.settled
    for rule, value in zip(GUIDANCE.role_rules, real.roles, strict=True):
        assert (told("role", rule.id, "true"), told("role", rule.id, "false")) == (
            value & 1 > 0,
            value & 2 > 0,
        )
    steps = [step for step, _ in real.steps]
    assert {s for s in GUIDANCE.steps if told("advised", s)} == set(steps)
    shown = steps[: GUIDANCE.shown_at_once]
    assert [(s, i + 1) for i, s in enumerate(shown)] == [
        (s, i) for i in range(1, len(shown) + 1) for s in GUIDANCE.steps if told("position", s, i)
    ]
    firing = {rule.id for _, rules in real.steps for rule in rules}
    assert all(told("fires", rule) for rule in firing)


def test_every_property_holds():
    for proof in prove(GUIDANCE):
        print("\n".join(proof.lines()))
        assert not proof.failures, "\n".join(proof.lines())


def without_rule(id_):
    rules = tuple(rule for rule in GUIDANCE.advice_rules if rule.id != id_)
    return dataclasses.replace(GUIDANCE, advice_rules=rules)


def test_a_gap_is_told_as_the_smallest_case_with_its_rules():
    bench = properties.Bench(without_rule("learning-is-in-place"))
    [failure] = properties.something_is_advised(bench)
    assert failure.case == {"group_learning": Value.YES}
    assert failure.rules == ("phase-working-together-reached",)
    assert failure.remedy


def test_opposed_steps_together_are_told_with_the_rules_that_advise_them():
    opposed = Opposed("rebuild-trust", ("get-leave-to-try",), "For this test.")
    bench = properties.Bench(dataclasses.replace(GUIDANCE, opposed=(opposed,)))
    [failure] = properties.opposed_steps_stay_apart(bench)
    assert failure.case == {"trust": Value.NO, "permission": Value.NO}
    assert failure.rules == ("trust-is-missing", "no-leave-to-try")


def test_a_rule_that_adds_nothing_and_one_that_cannot_hold_are_told():
    first = next(rule for rule in GUIDANCE.advice_rules if rule.id == "trust-is-missing")
    never = Condition("all", parts=(Condition("signal", "trust", "yes"), Condition("signal", "trust", "no")))
    more = (dataclasses.replace(first, id="twin"), dataclasses.replace(first, id="dead", when=never))
    bench = properties.Bench(dataclasses.replace(GUIDANCE, advice_rules=(*GUIDANCE.advice_rules, *more)))
    assert {f.rules for f in properties.no_rule_is_subsumed(bench)} >= {("twin",), ("trust-is-missing",)}
    assert ("dead",) in {f.rules for f in properties.every_rule_can_fire(bench)}


def test_a_missing_caution_is_told():
    step = dataclasses.replace(GUIDANCE.steps["plan-to-go-public"], cautions=("hard-limits",))
    bench = properties.Bench(dataclasses.replace(GUIDANCE, steps={**GUIDANCE.steps, step.id: step}))
    [failure] = properties.cautions_go_with_steps(bench)
    assert "not-forever-quiet" in failure.what and failure.case == {"below_radar": Value.YES}


def test_constraints_limit_the_cases():
    assert how_many(dataclasses.replace(GUIDANCE, constraints=())) == 4 ** len(GUIDANCE.signals)
    never = Constraint("no-trust", Condition("signal", "trust", "no"), "For this test.")
    fewer = dataclasses.replace(GUIDANCE, constraints=(never,))
    assert how_many(fewer) == 3 * 4 ** (len(GUIDANCE.signals) - 1)
    assert properties.Bench(fewer).witness("fires", "trust-is-missing") is None


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda e: e.name)
def test_small_cases_are_read_rightly(expectation):
    assert not expectation.differences(BENCH.reader.reasoner), expectation.why


def test_mutation_negates_drops_swaps_and_moves():
    parts = tuple(Condition("signal", s, "yes") for s in ("trust", "stalled", "evaluator"))
    changes = [change for change, _ in changed_conditions(Condition("at_least", parts=parts, count=2))]
    assert sum("dropped" in change for change in changes) == 3
    assert {"'at_least 2' made 1", "'at_least 2' made 3"} <= set(changes)
    changes = [change for change, _ in changed_conditions(Condition("all", parts=parts))]
    assert sum("swapped" in change for change in changes) == 1
    assert sum("negated" in change for change in changes) == 4


def test_cases_notice_a_dropped_rule_and_the_solver_shows_where():
    changed = without_rule("six-meetings")
    assert notices(changed, EXPECTATIONS)
    found = apart(GUIDANCE, changed)
    assert found and found.worlds["case"] == {"stalled": Value.YES}
    assert apart(GUIDANCE, GUIDANCE) is None


def test_every_small_mistake_in_a_rule_is_noticed_or_proved_to_change_nothing():
    outcome = run(GUIDANCE, EXPECTATIONS, lambda done, total: None)
    assert not outcome.survivors, [
        (s.mutant.rule, s.mutant.change, s.found.worlds["case"]) for s in outcome.survivors
    ]
    assert outcome.killed > 400
    assert len(outcome.equivalent) <= 5


def test_without_the_solver_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "clingo", None)
    result = CliRunner().invoke(main, ["guidance", "prove"])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "make setup" in result.output
