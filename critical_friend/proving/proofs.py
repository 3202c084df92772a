"""All proofs of a guidance, one after the other, and their outcome in plain lines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from critical_friend.guidance.model import Guidance
from critical_friend.proving.cases import how_many, in_words
from critical_friend.proving.properties import PROPERTIES, Bench, Failure


@dataclass(frozen=True)
class Proof:
    """One property: what it says, over what it was proved, and what breaks it."""

    says: str
    over: str
    seconds: float
    note: str
    failures: tuple[Failure, ...]

    def lines(self) -> Iterator[str]:
        """The outcome: one line, and for each failure the case, what happens, the rules, what to do."""
        verdict = "FAILED" if self.failures else "proved"
        note = f" ({self.note})" if self.note else ""
        yield f"{verdict:7} {self.says}{note}: {self.over}, {self.seconds:.1f} s"
        for failure in self.failures:
            if failure.case is not None:
                yield f"        Case: {in_words(failure.case)}."
            yield f"        What happens: {failure.what}."
            if failure.rules:
                yield f"        Rules: {', '.join(failure.rules)}."
            yield f"        What to do: {failure.remedy}"


def prove(guidance: Guidance) -> Iterator[Proof]:
    """Every property in turn, so that what is done can be shown while the rest runs."""
    bench = Bench(guidance)
    cases = f"{how_many(guidance):.2e} cases"
    for says, check in PROPERTIES:
        bench.note = ""
        start = time.perf_counter()
        failures = tuple(check(bench))
        took = time.perf_counter() - start
        yield Proof(says, cases, took, bench.note, failures)
