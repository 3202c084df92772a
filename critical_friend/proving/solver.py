"""Questions to the solver about cases of a guidance: grounded once, asked many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from critical_friend.guidance.model import Guidance
from critical_friend.logic import Value
from critical_friend.proving.encoding import encode, encode_signals

#: One thing asked for: an atom (its name and terms) that is to be true, or false with ``absent``.
Atom = tuple[Any, ...]


class NoSolver(Exception):
    """The solver is not installed."""


def clingo() -> Any:
    """The solver's module, which is a development dependency."""
    try:
        import clingo as module
    except ImportError:
        raise NoSolver(
            "Proofs need the solver clingo: run 'make setup', or install it with 'pip install clingo'."
        ) from None
    return module


@dataclass(frozen=True)
class Found:
    """A case that the solver found: what is known in each world, and all atoms that are true."""

    worlds: dict[str, dict[str, Value]]
    atoms: frozenset[str]

    @property
    def case(self) -> dict[str, Value]:
        """What is known in the world ``case``."""
        return self.worlds.get("case", {})

    def holds(self, *atom: Any) -> bool:
        """Whether an atom is true."""
        return str(_symbol(atom)) in self.atoms


#: One part of a program to ground: its name and the values of its parameters.
Part = tuple[Any, ...]


def read(world: str | int, label: str = "guidance") -> tuple[Part, ...]:
    """The part that reads one world by one guidance."""
    return (("read", world, label),)


class Solver:
    """The solver with one or more guidances by their labels, and the programs it may ground from."""

    def __init__(self, guidances: Mapping[str, Guidance], programs: Iterable[str], facts: str = "") -> None:
        first = next(iter(guidances.values()))
        self.signals = tuple(first.signals)
        self._control = clingo().Control(["--warn=none"])
        self.add("base", encode_signals(first))
        for label, guidance in guidances.items():
            self.add("base", encode(guidance, label))
        self.add("base", facts)
        for name in ("reasoning", *programs):
            self._control.load(str(Path(__file__).with_name(f"{name}.lp")))
        self.ground(("base",))

    @classmethod
    def of_cases(cls, guidance: Guidance, *programs: str) -> Solver:
        """A solver over all cases that the constraints of one guidance allow.

        Each of ``programs`` must have a part of its own name with the case's world as parameter.
        """
        solver = cls({"guidance": guidance}, ("case", *programs))
        solver.ground(
            ("case",), *read("case"), ("allowed", "case", "guidance"), *((name, "case") for name in programs)
        )
        return solver

    def add(self, part: str, program: str) -> None:
        """Add rules and facts, to be grounded as ``part``."""
        self._control.add(part, [], program)

    def ground(self, *parts: Part) -> None:
        """Ground parts of the programs."""
        self._control.ground([(name, [_term(value) for value in values]) for name, *values in parts])

    def find(self, *wanted: Atom, absent: Iterable[Atom] = (), fewest: bool = False) -> Found | None:
        """A case in which all of ``wanted`` is true and none of ``absent``; ``None`` when there is none.

        With ``fewest`` it is one with as few known signals as can be.
        """
        self._control.configuration.solve.opt_mode = "opt" if fewest else "ignore"
        assumptions = [(_symbol(atom), True) for atom in wanted] + [(_symbol(atom), False) for atom in absent]
        found: Found | None = None
        with self._control.solve(assumptions=assumptions, yield_=True) as handle:
            for model in handle:
                found = self._read(model)
        return found

    def _read(self, model: Any) -> Found:
        heard: dict[str, dict[str, int]] = {}
        for atom in model.symbols(atoms=True):
            if atom.name == "heard":
                signal, value, world = atom.arguments
                known = heard.setdefault(str(world), {})
                known[signal.string] = known.get(signal.string, 0) | Value.of(value.name)
        worlds = {
            world: {signal: Value(known[signal]) for signal in self.signals if signal in known}
            for world, known in heard.items()
        }
        return Found(worlds, frozenset(map(str, model.symbols(atoms=True))))


def _symbol(atom: Atom) -> Any:
    """The solver's form of an atom: ids of the guidance are strings, the programs' own words are not."""
    module = clingo()
    name, *terms = atom
    return module.Function(name, [_term(term) for term in terms])


def _term(term: Any) -> Any:
    module = clingo()
    if isinstance(term, int):
        return module.Number(term)
    if term in _CONSTANTS:
        return module.Function(term)
    return module.String(term)


#: Words of the programs themselves; every other word is an id of the guidance.
_CONSTANTS = frozenset(("case", "before", "after", "rest", "yes", "no", "true", "false", "none"))
