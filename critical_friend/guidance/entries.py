"""What there is to say of each thing in the guidance, with what leads to what.

The page (``page``) and the terminal (``explaining``) show the same entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from critical_friend.conditions import Condition
from critical_friend.guidance import plain
from critical_friend.guidance.model import AdviceRule, Guidance, Rule
from critical_friend.guidance.plain import Line, Link, Words, capital

_GOOD = {
    "yes": "A yes helps the work along.",
    "no": "A no helps the work along.",
    "either": "Neither answer is better in itself.",
}
_REACH = {
    "soon": "It can change for the better within weeks.",
    "later": "To change it for the better takes months.",
    "others": "It is for people above or outside to change.",
    "given": "Nobody can make it so.",
}


@dataclass(frozen=True)
class Fact:
    """Something said of an entry: a label, and one or more lines."""

    label: str
    said: tuple[Words, ...]


@dataclass(frozen=True)
class Entry:
    """A thing of the guidance: what it is, and the facts about it."""

    kind: str
    id: str
    title: str
    said: tuple[Words, ...]
    facts: tuple[Fact, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page. No other entry has the same."""
        return anchor(self.kind, self.id)


def anchor(kind: str, id_: str) -> str:
    """The anchor of the thing of that kind with that id: kinds have no hyphen, so it is unique."""
    return f"{kind}-{id_}"


def title_of(id_: str) -> str:
    """An id as a heading: 'nobody-covers' becomes 'Nobody covers'."""
    return capital(id_.replace("-", " ").replace("_", " "))


class Entries:
    """Every entry of one guidance, by kind and in the order of the files."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = g = guidance
        self.by_kind: dict[str, tuple[Entry, ...]] = {
            "phase": tuple(map(self._phase, g.phases)),
            "mode": tuple(self._named("mode", id_) for id_ in g.modes),
            "role": tuple(self._named("role", id_) for id_ in g.roles),
            "signal": tuple(map(self._signal, g.signals)),
            "step": tuple(map(self._step, g.steps)),
            "rule": tuple(map(self._rule, g.rules.values())),
            "finding": tuple(map(self._finding, g.findings)),
            "caution": tuple(map(self._caution, g.cautions)),
        }

    def of_id(self, id_: str) -> list[Entry]:
        """The entries with that id: a role and a signal can share one."""
        return [entry for entries in self.by_kind.values() for entry in entries if entry.id == id_]

    def rules_of(self, kind: str, id_: str) -> list[Rule]:
        """The rules that tell of a phase, mode or role."""
        return [rule for rule in self.guidance.rules.values() if getattr(rule, kind, None) == id_]

    def _phase(self, id_: str) -> Entry:
        phase = self.guidance.phases[id_]
        only_here = [rule for rule in self.guidance.advice_rules if id_ in rule.in_phase]
        return Entry(
            "phase",
            id_,
            capital(phase.name),
            (_words(phase.means),),
            (
                *_fact("What it needs", phase.needs),
                *_fact("What ends it", phase.ends_when),
                *_fact("Its danger", phase.danger),
                *_facts("How to tell", map(self._told, self.rules_of("phase", id_))),
                *_facts("Steps that go first here", (Words((self._step_link(s),)) for s in phase.priorities)),
                *_facts("Rules that wait for this phase", map(self._does, only_here)),
            ),
        )

    def _named(self, kind: str, id_: str) -> Entry:
        named = (self.guidance.modes if kind == "mode" else self.guidance.roles)[id_]
        told = self.rules_of(kind, id_)
        return Entry(
            kind,
            id_,
            capital(named.name),
            (_words(named.means),),
            _facts("When it fits" if kind == "mode" else "How to tell", map(self._told, told)),
        )

    def _signal(self, id_: str) -> Entry:
        g, signal = self.guidance, self.guidance.signals[id_]
        hang = [rule for rule in g.rules.values() if id_ in signals_of(rule)]
        return Entry(
            "signal",
            id_,
            capital(signal.name),
            (_words(signal.means),),
            (
                *_fact("The question", signal.question),
                *_fact("Why it is asked", signal.matters),
                *_fact("Yes means", f"{capital(signal.heard['yes'])}."),
                *_fact("No means", f"{capital(signal.heard['no'])}."),
                *_fact("For the better", f"{_GOOD[signal.good]} {_REACH[signal.reach]}"),
                *_facts("Rules that hang on it", map(self._does, hang), "None yet."),
            ),
        )

    def _step(self, id_: str) -> Entry:
        g, step = self.guidance, self.guidance.steps[id_]
        advised = [rule for rule in g.advice_rules if id_ in rule.advise]
        withheld = [rule for rule in g.advice_rules if id_ in rule.withhold]
        first_in = [plain.phase(g, phase.id) for phase in g.phases.values() if id_ in phase.priorities]
        return Entry(
            "step",
            id_,
            step.title,
            (_words(step.do),),
            (
                *_fact("With", f"{step.who}."),
                *_fact("Sign that it worked", step.sign),
                *_facts("Take care", (self._caution_words(c) for c in step.cautions)),
                *_facts("Advised", map(self._circumstances, advised)),
                *_facts("Held back", map(self._circumstances, withheld)),
                *_facts("Goes first in", [Words(plain.listed(first_in))] if first_in else []),
            ),
        )

    def _rule(self, rule: Rule) -> Entry:
        ranked: tuple[Fact, ...] = ()
        if isinstance(rule, AdviceRule) and rule.urgency:
            why = self.guidance.urgency[rule.urgency].why
            ranked = _facts("Urgency", [Words((*self._urgency(rule), f". {why}"))])
        return Entry(
            "rule",
            rule.id,
            title_of(rule.id),
            plain.paragraphs(self.guidance, rule),
            (
                *_fact("Why", rule.reason),
                *ranked,
                *_facts("Rests on", map(self._cited, rule.findings)),
            ),
        )

    def _finding(self, id_: str) -> Entry:
        g, finding = self.guidance, self.guidance.findings[id_]
        cited = g.citation(id_)
        rules = [rule for rule in g.rules.values() if id_ in rule.findings]
        cautions = [c for c in g.cautions.values() if id_ in c.findings]
        source = Link("source", finding.source, cited["title"])
        return Entry(
            "finding",
            id_,
            title_of(id_),
            (_words(finding.says),),
            (
                *_facts("Where it stands", [Words((source, ", section: ", cited["section"]))]),
                *_fact("How firm", cited["firmness"]),
                *_facts("Rules that rest on it", (Words((_rule_link(rule),)) for rule in rules)),
                *_facts("Cautions that rest on it", (Words((_caution_link(c.id),)) for c in cautions)),
            ),
        )

    def _caution(self, id_: str) -> Entry:
        g, caution = self.guidance, self.guidance.cautions[id_]
        steps = [self._step_link(s.id) for s in g.steps.values() if id_ in s.cautions]
        return Entry(
            "caution",
            id_,
            title_of(id_),
            (_words(caution.says),),
            (
                *_facts("Said beside", (Words((link,)) for link in steps)),
                *_facts("Rests on", map(self._cited, caution.findings)),
            ),
        )

    def _told(self, rule: Rule) -> Words:
        """A rule by its name, with its reason and when it speaks."""
        said = plain.paragraphs(self.guidance, rule)
        start: Line = (_rule_link(rule), f": {rule.reason} ")
        if len(said) == 1:
            return Words((*start, *said[0].line), said[0].items, said[0].link)
        return Words((*start, *plain.sentence(self.guidance, rule)))

    def _does(self, rule: Rule) -> Words:
        return Words((_rule_link(rule), ": ", *plain.outcome(rule, self.guidance), "."))

    def _circumstances(self, rule: AdviceRule) -> Words:
        """When a rule speaks, with how pressing it is."""
        said = plain.run_on(plain.circumstances(self.guidance, rule))
        opened = (capital(said[0]), *said[1:]) if isinstance(said[0], str) else said
        urgency = ("; urgency: ", *self._urgency(rule)) if rule.urgency else ()
        return Words((*opened, " (rule: ", _rule_link(rule), *urgency, ")."))

    def _urgency(self, rule: AdviceRule) -> Line:
        ranks = list(self.guidance.urgency)
        place = ranks.index(rule.urgency) + 1
        return (Link("urgency", rule.urgency, rule.urgency), f", {place} of {len(ranks)}")

    def _cited(self, id_: str) -> Words:
        cited = self.guidance.citation(id_)
        says = self.guidance.findings[id_].says
        where = f": {says} Section “{cited['section']}”. {cited['firmness']}"
        return Words((Link("finding", id_, title_of(id_)), where))

    def _step_link(self, id_: str) -> Link:
        return Link("step", id_, self.guidance.steps[id_].title)

    def _caution_words(self, id_: str) -> Words:
        return Words((_caution_link(id_), f": {self.guidance.cautions[id_].says}"))


def signals_of(rule: Rule) -> set[str]:
    """The signals that a rule names in any of its conditions."""
    conditions = (value for value in vars(rule).values() if isinstance(value, Condition))
    return {signal for condition in conditions for signal in condition.signals()}


def _rule_link(rule: Rule) -> Link:
    return Link("rule", rule.id, title_of(rule.id))


def _caution_link(id_: str) -> Link:
    return Link("caution", id_, title_of(id_))


def _words(text: str) -> Words:
    return Words((text,))


def _fact(label: str, text: str) -> tuple[Fact, ...]:
    return (Fact(label, (_words(text),)),)


def _facts(label: str, said: Iterable[Words], none: str = "") -> tuple[Fact, ...]:
    """A fact with several lines; without any, ``none`` is said, or nothing at all."""
    lines = tuple(said) or ((_words(none),) if none else ())
    return (Fact(label, lines),) if lines else ()
