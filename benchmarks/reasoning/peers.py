"""The rule set in the peers' own forms. Each is compiled once and then asked case by case."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import clingo
import rule_engine  # type: ignore[import-untyped]
import zen

from benchmarks.reasoning.rules import CONTESTED, FALSE, NO, TRUE, YES, Formula, RuleSet
from critical_friend.logic import Value

Values = Mapping[str, Value]


class Peer(Protocol):
    """One engine with the rule set compiled in it."""

    name: str

    def given(self, values: Values) -> Any:
        """A case in the engine's own form. Made before time is taken."""

    def run(self, given: Any) -> Any:
        """All that follows from a case, in the engine's own form. This is what is timed."""

    def true(self, result: Any) -> set[str]:
        """The names that are true in a result."""


def _text(formula: Formula, signal: Any, ref: str) -> str:
    """A formula in the form that zen-engine and rule-engine share; ``signal`` writes what a signal is."""
    if formula in (TRUE, FALSE):
        return "true" if formula == TRUE else "false"
    if formula.kind == "is":
        return str(signal(formula.name, formula.values))
    if formula.kind == "ref":
        return ref.format(formula.name)
    parts = [_text(part, signal, ref) for part in formula.parts]
    if formula.kind == "not":
        return f"(not {parts[0]})"
    if formula.kind == "least":
        return f"(({' + '.join(f'({part} ? 1 : 0)' for part in parts)}) >= {formula.count})"
    return f"({f' {formula.kind} '.join(parts)})"


class Zen:
    """zen-engine: one compiled expression. A case is the known signals with their values as words.

    What comes out is an array of booleans: an object with their names takes it half as long again.
    """

    name = "zen-engine, one expression"

    def __init__(self, rules: RuleSet) -> None:
        lines = [f"{name} = {_text(f, _zen_signal, '{}')}" for name, f in rules.definitions.items()]
        self._names = rules.compared
        self._compiled = zen.compile_expression("; ".join([*lines, f"[{', '.join(self._names)}]"]))

    def given(self, values: Values) -> dict[str, str]:
        """The known signals with their values as words."""
        return {signal: value.word for signal, value in values.items()}

    def run(self, given: dict[str, str]) -> Any:
        """Evaluate all definitions."""
        return self._compiled.evaluate(given)

    def true(self, result: Any) -> set[str]:
        """The names of the values that are true."""
        return {name for name, value in zip(self._names, result, strict=True) if value}


class ZenGraph:
    """zen-engine as it is made to be used: a decision graph, here of one node with all definitions."""

    name = "zen-engine, decision graph"

    def __init__(self, rules: RuleSet) -> None:
        expressions = [
            {"id": name, "key": name, "value": _text(f, _zen_signal, "$.{}")}
            for name, f in rules.definitions.items()
        ]
        nodes = [
            {"id": "in", "name": "in", "type": "inputNode"},
            {
                "id": "rules",
                "name": "rules",
                "type": "expressionNode",
                "content": {"expressions": expressions},
            },
            {"id": "out", "name": "out", "type": "outputNode"},
        ]
        edges = [
            {"id": f"to-{to}", "sourceId": source, "targetId": to, "type": "edge"}
            for source, to in (("in", "rules"), ("rules", "out"))
        ]
        self._names = rules.compared
        self._decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def given(self, values: Values) -> dict[str, str]:
        """The known signals with their values as words."""
        return {signal: value.word for signal, value in values.items()}

    def run(self, given: dict[str, str]) -> Any:
        """Evaluate the decision."""
        return self._decision.evaluate(given)["result"]

    def true(self, result: Any) -> set[str]:
        """The names with the value true."""
        return {name for name in self._names if result[name]}


def _zen_signal(signal: str, values: tuple[Value, ...]) -> str:
    return "(" + " or ".join(f'{signal} == "{value.word}"' for value in values) + ")"


class RuleEngine:
    """rule-engine: one compiled rule for each definition, two booleans for each signal."""

    name = "rule-engine"

    def __init__(self, rules: RuleSet) -> None:
        self._names = rules.compared
        self._none = {f"{signal}_{side}": False for signal in rules.places for side in ("yes", "no")}
        self._rules = [
            (name, rule_engine.Rule(_text(formula, self._signal, "{}")))
            for name, formula in rules.definitions.items()
        ]

    @staticmethod
    def _signal(signal: str, values: tuple[Value, ...]) -> str:
        yes, no = f"{signal}_yes", f"{signal}_no"
        forms = {
            (YES,): f"({yes} and not {no})",
            (NO,): f"({no} and not {yes})",
            (CONTESTED,): f"({yes} and {no})",
            (YES, CONTESTED): yes,
            (NO, CONTESTED): no,
            (YES, NO): f"({yes} != {no})",
        }
        return forms[values]

    def given(self, values: Values) -> dict[str, bool]:
        """Every signal's two sides: told true and told false."""
        told = {f"{signal}_yes": True for signal, value in values.items() if value & YES}
        return {**self._none, **told, **{f"{s}_no": True for s, value in values.items() if value & NO}}

    def run(self, given: dict[str, bool]) -> dict[str, bool]:
        """Match every rule, in order; what came out is there for the later ones."""
        facts, result = dict(given), {}
        for name, rule in self._rules:
            facts[name] = result[name] = rule.matches(facts)
        return result

    def true(self, result: dict[str, bool]) -> set[str]:
        """The names of the rules that matched."""
        return {name for name in self._names if result[name]}


class Clingo:
    """clingo: one grounding; what is told of a signal are two free atoms, assumed in each case."""

    name = "clingo"

    def __init__(self, rules: RuleSet) -> None:
        self._lines = [f"{{{s}_{side}}}." for s in rules.places for side in ("yes", "no")]
        self._atoms: dict[Formula, str] = {}
        for name, formula in rules.definitions.items():
            self._write(name, formula)
        self._lines += [f"#show {name}/0." for name in rules.compared]
        self._control = clingo.Control(["--warn=none"])
        self._control.add("base", [], "\n".join(self._lines))
        self._control.ground([("base", [])])
        symbols = self._control.symbolic_atoms
        self._literals = [
            (symbols[clingo.Function(f"{signal}_{side.word}")].literal, signal, side)
            for signal in rules.places
            for side in (YES, NO)
        ]

    def _write(self, head: str, formula: Formula) -> None:
        """The rules that make ``head`` true just when the formula is."""
        if formula.kind == "or":
            self._lines += [f"{head} :- {self._literal(part)}." for part in formula.parts]
        elif formula.kind == "and":
            self._lines.append(f"{head} :- {', '.join(map(self._literal, formula.parts)) or '#true'}.")
        elif formula.kind == "least":
            parts = "; ".join(f"{n} : {self._literal(part)}" for n, part in enumerate(formula.parts))
            self._lines.append(f"{head} :- {formula.count} #count {{ {parts} }}.")
        elif formula.kind == "is" and len(formula.values) == 1:
            yes, no = (
                f"{'' if formula.values[0] & side else 'not '}{formula.name}_{side.word}"
                for side in (YES, NO)
            )
            self._lines.append(f"{head} :- {yes}, {no}.")
        elif formula.kind == "is" and CONTESTED not in formula.values:
            self._lines += [f"{head} :- {formula.name}_{a}, not {formula.name}_{b}." for a, b in _SIDES]
        else:
            self._lines.append(f"{head} :- {self._literal(formula)}.")

    def _literal(self, formula: Formula) -> str:
        """A formula as one literal; a new atom where it takes one."""
        if formula.kind == "ref":
            return formula.name
        if formula.kind == "is" and CONTESTED in formula.values and len(formula.values) == 2:
            return f"{formula.name}_{formula.values[0].word}"
        if formula.kind == "not":
            return f"not {self._literal(formula.parts[0])}"
        if formula not in self._atoms:
            self._atoms[formula] = f"part_{len(self._atoms)}"
            self._write(self._atoms[formula], formula)
        return self._atoms[formula]

    def given(self, values: Values) -> list[int]:
        """What is assumed: each of the free atoms, or that it is false."""
        return [
            literal if values.get(signal, 0) & side else -literal for literal, signal, side in self._literals
        ]

    def run(self, given: list[int]) -> Any:
        """Solve, and take the shown atoms of the one answer set."""
        with self._control.solve(assumptions=given, yield_=True) as handle:
            model = handle.model()
            return model.symbols(shown=True) if model else ()

    def true(self, result: Any) -> set[str]:
        """The names of the shown atoms of the answer set."""
        return {symbol.name for symbol in result}


_SIDES = (("yes", "no"), ("no", "yes"))
PEERS: tuple[Callable[[RuleSet], Peer], ...] = (Zen, ZenGraph, RuleEngine, Clingo)
