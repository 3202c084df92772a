"""The properties that every guidance has to have, each as a question to the solver.

Each looks for what would break it. What is found is replayed through the real reasoning before it is
told, so that a fault of the encoding shows as one (``EncodingFault``) and is never told as a fault of
the guidance, or hidden.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from critical_friend.conditions import Condition
from critical_friend.guidance.model import Guidance, Rule
from critical_friend.proving import asking
from critical_friend.proving.cases import Known, conclude, in_words, told
from critical_friend.proving.encoding import fact, quoted
from critical_friend.proving.solver import Found, Solver, read
from critical_friend.reading import Reader


class EncodingFault(Exception):
    """The solver and the real reasoning do not agree on a case."""


@dataclass(frozen=True)
class Failure:
    """What breaks a property: the smallest case, what happens in it, the rules, and what to do."""

    what: str
    remedy: str
    case: Known | None = None
    rules: tuple[str, ...] = ()


@dataclass
class Bench:
    """One guidance with its real reader and a solver over its cases."""

    guidance: Guidance
    reader: Reader = field(init=False)
    solver: Solver = field(init=False)
    #: What a property adds to its line.
    note: str = ""

    def __post_init__(self) -> None:
        self.reader = Reader(self.guidance)
        self.solver = Solver.of_cases(self.guidance, "effects")

    def witness(self, name: str, *terms: str) -> Found | None:
        """A smallest case in which something known makes an atom of the world ``case`` true."""
        return self.solver.find((name, *terms, "case"), ("something_known", "case"))

    def breaking(self, *wanted: tuple[str, ...], absent: tuple[tuple[str, ...], ...] = ()) -> Found | None:
        """The smallest case with all of ``wanted`` and none of ``absent``; none costs no search for it."""
        atoms = [(*atom, "case") for atom in wanted]
        without = [(*atom, "case") for atom in absent]
        if self.solver.find(*atoms, absent=without) is None:
            return None
        return self.solver.find(*atoms, absent=without, fewest=True)

    def agrees(self, found: Found, right: bool) -> None:
        """Raise ``EncodingFault`` unless the real reasoning agrees."""
        if not right:
            raise EncodingFault(f"the solver and the reasoning differ on the case {dict(found.case)}")


def rules_behind(bench: Bench, known: Known) -> tuple[str, ...]:
    """The rules at work in a case: those that speak in its reading."""
    conclusions = conclude(bench.reader.reasoner, known)
    rules: list[Rule] = [*conclusions.phase_rules, *(r for _, of_step in conclusions.steps for r in of_step)]
    if conclusions.mode_rule:
        rules.append(conclusions.mode_rule)
    return tuple(dict.fromkeys(rule.id for rule in rules))


def something_is_advised(bench: Bench) -> Iterator[Failure]:
    """Every case of which anything is known gets a next step, or is told what to keep up."""
    found = bench.breaking(("something_known",), absent=(("some_advice",),))
    if found:
        bench.agrees(found, not bench.reader.read(told(found.case))["next_steps"])
        yield Failure(
            "no step is advised",
            "Let a rule advise a step here; if all is well, one of urgency 'upkeep'.",
            found.case,
            rules_behind(bench, found.case),
        )


def what_matters_is_asked(bench: Bench) -> Iterator[Failure]:
    """While answers could change phases, mode, roles, the first step or the steps shown, a question is put.

    Proved by the argument in docs/proofs.md. Here its terms are checked, and the one step of it that speaks
    of cases is put to the solver.
    """
    for exception in asking.exceptions(bench.reader.reasoner):
        yield Failure(
            f"{exception}, so that a question may stay unasked",
            "Join the rules in one, or put the condition another way.",
        )
    found = asking.falling_behind(bench.guidance)
    if found:
        before, after = found.worlds.get("before", {}), found.worlds["after"]
        answers = {signal: value for signal, value in after.items() if signal not in before}
        reasoner = bench.reader.reasoner
        advised, still = (dict(conclude(reasoner, world).steps) for world in (before, after))
        fallen = [
            (rule.id, step)
            for rule in bench.guidance.advice_rules
            for step in list(advised)[: bench.guidance.shown_at_once]
            if found.holds("behind", rule.id, step) and rule not in still.get(step, ())
        ]
        bench.agrees(found, bool(fallen))
        steps = " and ".join(dict.fromkeys(f"'{step}'" for _, step in fallen))
        yield Failure(
            f"the answers {in_words(answers)} let {steps} fall behind, which no part of them that is tried "
            "shows, so that a question may stay unasked",
            "Let one rule advise the step, or name the signals of both rules in one 'unless'.",
            before,
            tuple(dict.fromkeys(rule for rule, _ in fallen)),
        )


def _firing(guidance: Guidance) -> Iterator[tuple[Rule, str, str]]:
    """Each rule with the atoms that say that it fires, and that it makes a difference by itself."""
    for phase_rule in guidance.phase_rules:
        if phase_rule.reached_when:
            yield phase_rule, "reaches", "reaches_alone"
        if phase_rule.excluded_when:
            yield phase_rule, "excludes", "excludes_alone"
    for mode_rule in guidance.mode_rules:
        yield mode_rule, "fits", "settles"
        yield mode_rule, "leans", "names_while_open"
    for rule in guidance.advice_rules:
        yield rule, "fires", ""


def every_rule_can_fire(bench: Bench) -> Iterator[Failure]:
    """Every rule holds in some case and not in every case."""
    for rule, fires, _ in _firing(bench.guidance):
        if not bench.witness(fires, rule.id):
            yield Failure(
                f"the rule '{rule.id}' never {fires}",
                "Take it out, or loosen its condition.",
                None,
                (rule.id,),
            )
        if not bench.solver.find(("something_known", "case"), absent=[(fires, rule.id, "case")]):
            yield Failure(
                f"the rule '{rule.id}' always {fires}",
                "Give it a condition that some case does not meet.",
                None,
                (rule.id,),
            )
    for role in bench.guidance.role_rules:
        for value, status in (("true", "played"), ("false", "missing")):
            if not bench.witness("role", role.id, value):
                yield Failure(
                    f"the role of '{role.id}' can never be {status}", "Mend its condition.", None, (role.id,)
                )


def no_rule_is_subsumed(bench: Bench) -> Iterator[Failure]:
    """Every rule, and each step it advises or withholds, adds in some case what the rest do not."""
    remedy = "Take it out, or say what it is to add."
    for rule, _, alone in _firing(bench.guidance):
        if alone and not bench.witness(alone, rule.id):
            yield Failure(
                f"whatever '{rule.id}' says, other rules say whenever it holds", remedy, None, (rule.id,)
            )
    for advice in bench.guidance.advice_rules:
        for atom, verb, steps in (
            ("advises_alone", "advises", advice.advise),
            ("withholds_alone", "withholds", advice.withhold),
        ):
            for step in steps:
                if not bench.witness(atom, advice.id, step):
                    yield Failure(
                        f"that '{advice.id}' {verb} '{step}' never makes a difference: "
                        "other rules do so, or it is never advised",
                        remedy,
                        None,
                        (advice.id,),
                    )


def all_can_be_reached(bench: Bench) -> Iterator[Failure]:
    """Every step can come first, every phase and mode can be named and settled."""
    for step in bench.guidance.steps:
        found = bench.solver.find(("position", step, 1, "case"), ("something_known", "case"))
        if found is None:
            yield Failure(f"the step '{step}' never comes first", "Raise its urgency, or take it out.")
            continue
        first = bench.reader.read(told(found.case))["next_steps"][0]["id"]
        bench.agrees(found, first == step)
    for kind, named, settled, ids in (
        ("phase", "named", "settled_in", bench.guidance.phases),
        ("mode", "mode", "settled_mode", bench.guidance.modes),
    ):
        for id_ in ids:
            for atom, verb in ((named, "named"), (settled, "settled")):
                found = bench.witness(atom, id_)
                if found is None:
                    what = f"the {kind} '{id_}' can never be {verb}"
                    yield Failure(what, "Loosen the rules that lead to it.")
                    continue
                part = bench.reader.read(told(found.case))[kind]
                bench.agrees(found, part["id"] == id_ and (verb == "named" or part["status"] == "settled"))


def a_phase_is_left(bench: Bench) -> Iterator[Failure]:
    """No case rules out every phase."""
    found = bench.breaking(("nothing_left",))
    if found:
        with contextlib.suppress(IndexError):  # with no phase to name, the real reasoning breaks down
            bench.agrees(found, not conclude(bench.reader.reasoner, found.case).candidates)
        yield Failure("every phase is ruled out", "Loosen one of the rules that rule phases out.", found.case)


def complete_cases_settle(bench: Bench) -> Iterator[Failure]:
    """A case in which every signal is a plain yes or no settles on exactly one phase."""
    found = bench.breaking(("complete",), absent=(("phase_settled",), ("some_contested",)))
    if found:
        conclusions = conclude(bench.reader.reasoner, found.case)
        bench.agrees(found, not conclusions.settled)
        yield Failure(
            f"all is known and these phases are left: {', '.join(conclusions.candidates) or 'none'}",
            "Let a rule exclude all but one of them.",
            found.case,
            tuple(rule.id for rule in conclusions.phase_rules),
        )


def opposed_steps_stay_apart(bench: Bench) -> Iterator[Failure]:
    """No two steps that the guidance declares to be opposed are advised together."""
    for opposed in bench.guidance.opposed:
        for other in opposed.to:
            found = bench.breaking(("advised", opposed.step), ("advised", other), ("something_known",))
            if not found:
                continue
            advised = dict(conclude(bench.reader.reasoner, found.case).steps)
            bench.agrees(found, opposed.step in advised and other in advised)
            yield Failure(
                f"'{opposed.step}' and '{other}' are advised together. {opposed.reason}",
                "Let one of the rules withhold the other step, or give it an 'unless'.",
                found.case,
                tuple(rule.id for step in (opposed.step, other) for rule in advised[step]),
            )


def cautions_go_with_steps(bench: Bench) -> Iterator[Failure]:
    """A caution that must be said beside a step is said wherever that step is shown."""
    for promise in bench.guidance.cautioned:
        says = bench.guidance.cautions[promise.caution].says
        for step in promise.steps:
            found = bench.witness("shown", step)
            if found is None:
                continue  # ``all_can_be_reached`` says so
            shown = {s["id"]: s for s in bench.reader.read(told(found.case))["next_steps"]}
            bench.agrees(found, step in shown)
            if says not in shown[step]["cautions"]:
                found = bench.breaking(("shown", step), ("something_known",)) or found
                yield Failure(
                    f"'{step}' is shown without the caution '{promise.caution}'. {promise.reason}",
                    "List the caution under 'cautions' of the step.",
                    found.case,
                    rules_behind(bench, found.case),
                )


def nothing_is_silently_withdrawn(bench: Bench) -> Iterator[Failure]:
    """When one more thing is learned, what goes was supported, or is now opposed, by a rule that names it.

    A conclusion is a phase that is left, the phase named, the mode named, a role's state or an advised
    step. A rule explains a step's going when its conditions name the learned signal, or when it is
    limited to phases and the named phase has changed by a phase rule whose condition names it.
    """
    guidance = bench.guidance
    names = [
        fact("names", quoted(rule.id), quoted(signal))
        for rule, conditions in _conditions(guidance)
        for signal in (
            guidance.signals
            if any(_any_signal(condition) for condition in conditions)
            else dict.fromkeys(s for condition in conditions for s in condition.signals())
        )
    ]
    solver = Solver({"guidance": guidance}, ("case", "learning"), "\n".join(names))
    solver.ground(
        ("learning",),
        *(part for world in ("before", "after") for part in (*read(world), ("allowed", world, "guidance"))),
    )
    if solver.find(("some_silent",)) is None:
        return
    found = solver.find(("some_silent",), fewest=True)
    if found:
        before, after = found.worlds.get("before", {}), found.worlds["after"]
        learned = {s: v for s, v in after.items() if before.get(s) != v}
        reasoner = bench.reader.reasoner
        bench.agrees(found, conclude(reasoner, before) != conclude(reasoner, after))
        gone = sorted(atom for atom in found.atoms if atom.startswith("silent("))
        yield Failure(
            f"learning {in_words(learned)} withdraws {', '.join(gone)} with no rule that names it",
            "Look for a condition that reads more than the signals it names.",
            before,
            rules_behind(bench, before),
        )


def _conditions(guidance: Guidance) -> Iterator[tuple[Rule, tuple[Condition, ...]]]:
    for phase in guidance.phase_rules:
        yield phase, tuple(filter(None, (phase.reached_when, phase.excluded_when)))
    for mode in guidance.mode_rules:
        yield mode, (mode.fits_when, mode.leans_when)
    for role in guidance.role_rules:
        yield role, (role.played_when,)
    for advice in guidance.advice_rules:
        yield advice, tuple(filter(None, (advice.when, advice.unless)))


def _any_signal(condition: Condition) -> bool:
    return condition.kind == "any_signal" or any(map(_any_signal, condition.parts))


def questions_end(bench: Bench) -> Iterator[Failure]:
    """A question is only put on an open signal and its answer closes it, so talks end.

    So there are never more questions than signals. That is by construction; two whole talks are run to
    hold the program to it and to show how near it they come.
    """
    most = len(bench.guidance.signals)
    unsure, answered = asking.longest_talk(bench.reader.reasoner)
    bench.note = (
        f"at most {most} questions; one talk has {unsure} when all is answered 'don't know', "
        f"and the longest found with yes and no has {answered}"
    )
    if max(unsure, answered) > most:
        yield Failure(f"a talk had more questions than the {most} signals", "Mend the search for questions.")


Property = Callable[[Bench], Iterator[Failure]]

#: Every property with the line that says what is proved.
PROPERTIES: tuple[tuple[str, Property], ...] = (
    ("Every case gets a next step, or is told what to keep up", something_is_advised),
    ("A question is put while answers could change the reading", what_matters_is_asked),
    ("Every rule can fire, and none always does", every_rule_can_fire),
    ("No rule is subsumed by others, and nothing it advises or withholds is idle", no_rule_is_subsumed),
    ("Every step can come first; every phase and mode can be named and settled", all_can_be_reached),
    ("No case rules out every phase", a_phase_is_left),
    ("A complete case settles on exactly one phase", complete_cases_settle),
    ("Opposed steps are never advised together", opposed_steps_stay_apart),
    ("A caution that must go with a step always does", cautions_go_with_steps),
    ("Nothing that is learned withdraws a conclusion silently", nothing_is_silently_withdrawn),
    ("The questions end", questions_end),
)
