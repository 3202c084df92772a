"""Conditions and rules in plain words, made from the clauses in which signals are said back (``heard``).

Words come as lines, in which some pieces lead to another part of the guidance, with lists below them
where one line would grow too long. ``text`` makes one running text of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch

from critical_friend.conditions import Condition
from critical_friend.guidance.model import AdviceRule, Guidance, ModeRule, PhaseRule, RoleRule, Rule

#: As many clauses as one line holds.
FEW = 3


@dataclass(frozen=True)
class Link:
    """Words that lead to the ``kind`` of thing (signal, step, rule …) with that ``id``."""

    kind: str
    id: str
    text: str


Line = tuple[str | Link, ...]


@dataclass(frozen=True)
class Words:
    """A line and, where it introduces a list, the list; ``link`` is 'and' or 'or' between its items."""

    line: Line
    items: tuple[Words, ...] = ()
    link: str = ""


def text(words: Words | Line) -> str:
    """Running text without links."""
    line = flat(words) if isinstance(words, Words) else words
    return "".join(piece if isinstance(piece, str) else piece.text for piece in line)


def flat(words: Words, *, inside: bool = False) -> Line:
    """One line of a line and its list: 'any one of these is so: a; b; or c' (``inside``: in brackets)."""
    if not words.items:
        return words.line
    items = [flat(item, inside=True) for item in words.items]
    link = f"; {words.link} " if words.link else "; "
    listed = joined(items, "; ", link)
    return (*words.line, " (", *listed, ")") if inside else (*words.line, ": ", *listed)


def joined(lines: Sequence[Line], comma: str, last: str) -> Line:
    """``lines`` as one, with ``comma`` between them and ``last`` before the last."""
    out: list[str | Link] = []
    for place, line in enumerate(lines):
        if place:
            out.append(last if place == len(lines) - 1 else comma)
        out += line
    return tuple(out)


def capital(words: str) -> str:
    """``words`` with a capital at the start."""
    return words[:1].upper() + words[1:]


def listed(links: Iterable[Link], last: str = "and") -> Line:
    """``a``, ``a and b``, ``a, b and c``."""
    return joined([(link,) for link in links], ", ", f" {last} ")


def condition(guidance: Guidance, said: Condition) -> Words:
    """A condition as a clause that can follow 'when'. The empty 'all' is always so."""
    if said.kind == "signal":
        return Words((_clause(guidance, said.signal, said.value),))
    if said.kind == "any_signal":
        return Words(("views differ on anything at all",))
    parts = [condition(guidance, part) for part in said.parts]
    if said.kind == "not":
        denied = flat(parts[0], inside=True)
        if said.parts[0].kind != "signal":
            denied = ("(", *denied, ")")
        return Words(("it is not so that ", *denied))
    if len(parts) == 1:
        return parts[0]
    link = {"all": "and", "any": "or"}.get(said.kind, "")
    if not parts:
        return Words(("it is any case at all" if said.kind == "all" else "it is never so",))
    if link and len(parts) <= FEW and all(part.kind == "signal" for part in said.parts):
        return Words(joined([part.line for part in parts], ", ", f", {link} "))
    lead = {"all": "all of these are so", "any": "any one of these is so"}.get(
        said.kind, f"at least {said.count} of these are so"
    )
    return Words((lead,), tuple(parts), link)


def _clause(guidance: Guidance, signal: str, value: str) -> Link:
    heard = guidance.signals[signal].heard
    words = f"views differ on whether {heard['yes']}" if value == "contested" else heard[value]
    return Link("signal", signal, words)


def always(said: Condition | None) -> bool:
    """Whether it is the empty 'all', which holds in every case."""
    return said is not None and said.kind == "all" and not said.parts


def step(guidance: Guidance, id_: str) -> Link:
    """A step by its title."""
    return Link("step", id_, f"“{guidance.steps[id_].title}”")


def phase(guidance: Guidance, id_: str) -> Link:
    """A phase by its name."""
    return Link("phase", id_, f"“{guidance.phases[id_].name}”")


@singledispatch
def outcome(rule: Rule, guidance: Guidance) -> Line:
    """What a rule does, without when: 'advises “Hold a learning hour”'."""
    raise TypeError(f"a rule of no known kind: {rule!r}")


@outcome.register
def _(rule: PhaseRule, guidance: Guidance) -> Line:
    says = "shows that the work has come to the phase " if rule.reached_when else "rules out the phase "
    return (says, phase(guidance, rule.phase))


@outcome.register
def _(rule: RoleRule, guidance: Guidance) -> Line:
    return ("tells whether the ", Link("role", rule.role, guidance.roles[rule.role].name), " role is played")


@outcome.register
def _(rule: ModeRule, guidance: Guidance) -> Line:
    name = Link("mode", rule.mode, guidance.modes[rule.mode].name)
    return ("tells whether ", name, " is the way of working")


@outcome.register
def _(rule: AdviceRule, guidance: Guidance) -> Line:
    does: list[Line] = []
    if rule.advise:
        does.append(("advises ", *listed(step(guidance, id_) for id_ in rule.advise)))
    if rule.withhold:
        does.append(("holds back ", *listed(step(guidance, id_) for id_ in rule.withhold)))
    return joined(does, ", ", " and ")


def circumstances(guidance: Guidance, rule: AdviceRule) -> tuple[Words, ...]:
    """When an advising rule speaks: 'when …, unless …, in the phase …'."""
    phases = listed((phase(guidance, id_) for id_ in rule.in_phase), "or")
    where: Line = ("in the phase ", *phases, ", ") if rule.in_phase else ()
    when = condition(guidance, rule.when)
    start: Line = ("whatever the case",) if always(rule.when) else ("when ", *when.line)
    first = Words((*where, *start), () if always(rule.when) else when.items, when.link)
    if rule.unless is None:
        return (first,)
    unless = condition(guidance, rule.unless)
    second = Words(("unless ", *unless.line), unless.items, unless.link)
    if first.items or second.items:
        return first, second
    return (Words((*first.line, ", ", *second.line)),)


@singledispatch
def statement(rule: Rule, guidance: Guidance) -> tuple[Words, ...]:
    """A rule in whole sentences but for the full stops: when it speaks, and what it says."""
    raise TypeError(f"a rule of no known kind: {rule!r}")


@statement.register
def _(rule: PhaseRule, guidance: Guidance) -> tuple[Words, ...]:
    name = phase(guidance, rule.phase)
    said = []
    if rule.reached_when:
        said.append(_when(("The work has come to the phase ", name), condition(guidance, rule.reached_when)))
    if rule.excluded_when:
        said.append(_when(("The phase cannot be ", name), condition(guidance, rule.excluded_when)))
    return tuple(said)


@statement.register
def _(rule: RoleRule, guidance: Guidance) -> tuple[Words, ...]:
    name = Link("role", rule.role, guidance.roles[rule.role].name)
    return (_when(("The ", name, " role is played"), condition(guidance, rule.played_when)),)


@statement.register
def _(rule: ModeRule, guidance: Guidance) -> tuple[Words, ...]:
    name = Link("mode", rule.mode, guidance.modes[rule.mode].name)
    return (
        _when(("The way of working that fits is ", name), condition(guidance, rule.fits_when)),
        _when(
            ("While that is still open, ", name, " is named as the likely one"),
            condition(guidance, rule.leans_when),
        ),
    )


@statement.register
def _(rule: AdviceRule, guidance: Guidance) -> tuple[Words, ...]:
    first, *more = circumstances(guidance, rule)
    does = outcome(rule, guidance)
    opened: Line = (capital(str(does[0])), *does[1:])
    return (Words((*opened, ", " if rule.in_phase else " ", *first.line), first.items, first.link), *more)


def _when(start: Line, words: Words) -> Words:
    return Words((*start, " when ", *words.line), words.items, words.link)


def paragraphs(guidance: Guidance, rule: Rule) -> tuple[Words, ...]:
    """The whole rule, its long conditions as lists, with the marks at the ends of its lines."""
    said = statement(rule, guidance)
    between = "," if isinstance(rule, AdviceRule) else "."
    ends = [between] * (len(said) - 1) + ["."]
    return tuple(_ended(words, end) for words, end in zip(said, ends))


def _ended(words: Words, end: str = "") -> Words:
    """``words`` with a colon wherever a list follows, else with ``end``."""
    items = tuple(_ended(item) for item in words.items)
    return Words((*words.line, ":" if items else end), items, words.link)


def sentence(guidance: Guidance, rule: Rule) -> Line:
    """The whole rule as running text with its full stops."""
    said = statement(rule, guidance)
    if isinstance(rule, AdviceRule):
        return (*run_on(said), ".")
    return joined([(*flat(words), ".") for words in said], " ", " ")


def run_on(said: Sequence[Words]) -> Line:
    """Circumstances in one line: 'when any one of these is so (a; b; c; or d), unless e'."""
    *before, last = said
    return joined([*(flat(words, inside=True) for words in before), flat(last)], ", ", ", ")
