"""Run with ``.venv/bin/python -m benchmarks.reasoning``; takes well under a minute.

All contenders get the same cases, in their own forms made beforehand. They are timed in turn, round by
round, so what is compared is ratios within one run; single times depend on the machine. Our reading has
its reasons, the order of the steps and their words in it; the peers tell which rules hold, phase, mode,
roles and the advised steps, and no more. Before any time is taken, all must agree on every case.

What we work out ahead or keep: the ways in which each statement can hold, and the order of advice in each
phase; which phase, mode and roles follow from their few statements; reasons and steps by the values of just
the signals that their rules name. A case has its evidence in a reading's form since it was made. No whole
case is kept.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from benchmarks.reasoning.peers import PEERS, Peer, Values
from benchmarks.reasoning.rules import RuleSet
from critical_friend import reading
from critical_friend.case import Case, Evidence
from critical_friend.guidance import load
from critical_friend.logic import Value
from critical_friend.proving.cases import allowed, in_words
from critical_friend.questions import next_question
from critical_friend.reasoner import Reasoner

CASES, MOST_KNOWN, ROUNDS, SEED = 300, 20, 5, 2008
READING_MICROSECONDS, QUESTION_MICROSECONDS, TIMES_FASTER = 100, 3000, 5
WIDTH = 60


@dataclass
class Contender:
    """What is timed, with the cases in its form and its microseconds: a row a round, a column a case."""

    name: str
    run: Callable[[Any], Any]
    cases: Sequence[Any]
    rounds: list[list[float]] = field(default_factory=list)

    def time(self) -> None:
        """One round over all cases."""
        run, times = self.run, []
        for case in self.cases:
            started = time.perf_counter_ns()
            run(case)
            times.append((time.perf_counter_ns() - started) / 1000)
        self.rounds.append(times)

    @property
    def each(self) -> list[float]:
        """The microseconds of each case: the median of its rounds."""
        return [statistics.median(times) for times in zip(*self.rounds, strict=True)]

    @property
    def median(self) -> float:
        """The median over the cases."""
        return statistics.median(self.each)

    @property
    def most(self) -> float:
        """The 95th percentile over the cases."""
        return statistics.quantiles(self.each, n=20)[-1]

    def ratios(self, other: Contender) -> list[float]:
        """How many times as long as ``other`` it took, round by round."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return [statistics.median(mine) / statistics.median(theirs) for mine, theirs in pairs]


def seeded_cases(reasoner: Reasoner) -> Iterator[Values]:
    """Cases of 1 to 20 known signals that the guidance's constraints allow, always the same ones."""
    chance = random.Random(SEED)
    may_be = allowed(reasoner.guidance)
    left = CASES
    while left:
        signals = chance.sample(reasoner.signals, chance.randint(1, min(MOST_KNOWN, len(reasoner.signals))))
        values = {signal: chance.choice((Value.YES, Value.NO, Value.CONTESTED)) for signal in signals}
        if may_be(values):
            left -= 1
            yield values


def case_of(values: Values) -> Case:
    """The case in which that was said; contested by two people."""
    return Case(
        tuple(
            Evidence(signal, side.word, f"What was said of {signal}.", by)
            for signal, value in values.items()
            for side, by in ((Value.YES, "one"), (Value.NO, "another"))
            if value & side
        )
    )


def check(peer: Peer, rules: RuleSet, reasoner: Reasoner, cases: Sequence[Values]) -> None:
    """Stop the benchmark at the first case in which a peer does not agree with the reasoner."""
    for number, values in enumerate(cases):
        ours = rules.concluded(values, reasoner.conclude(reasoner.known(values)))
        theirs = peer.true(peer.run(peer.given(values)))
        if ours != theirs:
            sys.exit(
                f"{peer.name} disagrees on case {number + 1} of {len(cases)}: {in_words(values)}.\n"
                f"True only with us: {', '.join(sorted(ours - theirs)) or 'nothing'}.\n"
                f"True only there: {', '.join(sorted(theirs - ours)) or 'nothing'}."
            )
    print(f"{peer.name}: {len(cases)} of {len(cases)} cases agree in {len(rules.compared)} results each.")


def table(rows: Sequence[Contender], ours: Contender) -> None:
    """Medians and 95th percentiles, and how many times as long as our reading each takes."""
    print("\n| what | median | 95th percentile | : our reading (lowest to highest of rounds) |")
    print("| --- | --- | --- | --- |")
    for row in rows:
        ratios = row.ratios(ours)
        print(
            f"| {row.name} | {row.median:.0f} µs | {row.most:.0f} µs | {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}) |"
        )


def draw(rows: Sequence[Contender]) -> None:
    """The medians as bars, all to one scale from zero."""
    longest = max(row.median for row in rows)
    print("\nMedian time of one case:")
    for row in sorted(rows, key=lambda row: row.median):
        whole, eighths = divmod(round(8 * WIDTH * row.median / longest), 8)
        bar = "█" * whole + " ▏▎▍▌▋▊▉"[eighths].strip()
        print(f"  {row.name:<{max(len(r.name) for r in rows)}}  {bar} {row.median:.0f} µs")


def aims(ours: Contender, question: Contender, peers: Sequence[Contender]) -> None:
    """Whether the aims are met, in plain words."""
    fastest = min(peers, key=lambda peer: peer.median)
    factor = statistics.median(fastest.ratios(ours))
    late = sum(time > QUESTION_MICROSECONDS for time in question.each)
    print("\nAims:")
    for met, text in (
        (
            ours.median <= READING_MICROSECONDS,
            f"a full reading with all reasons takes {ours.median:.0f} µs at the median, and at most "
            f"{READING_MICROSECONDS} µs is the aim",
        ),
        (
            question.median <= QUESTION_MICROSECONDS,
            f"choosing the next question takes {question.median / 1000:.1f} ms at the median, and at most "
            f"{QUESTION_MICROSECONDS / 1000:.0f} ms is the aim; {late} of {CASES} cases took longer",
        ),
        (
            factor >= TIMES_FASTER,
            f"the fastest peer ({fastest.name}) takes {factor:.1f} times as long as our reading, and at "
            f"least {TIMES_FASTER} times is the aim",
        ),
    ):
        print(f"  {'met:   ' if met else 'MISSED:'} {text}.")


def main() -> None:
    """Check that all agree, time all, and print what came out."""
    guidance = load()
    reader = reading.Reader(guidance)
    reasoner, rules = reader.reasoner, RuleSet(guidance)
    cases = list(seeded_cases(reasoner))
    print(
        f"{len(guidance.rules)} rules over {len(guidance.signals)} signals, {len(cases)} cases of 1 to "
        f"{MOST_KNOWN} known signals (yes, no or contested; the rest unknown), {ROUNDS} rounds in turn."
    )
    print(
        "Kept by us between cases: what follows for phase, mode and roles from their own rules, and reasons\n"
        "and steps by the few signals that their rules name; no whole case. Cases are in each engine's form\n"
        "beforehand, ours with its evidence."
    )
    known = [reasoner.known(values) for values in cases]
    ours = Contender("Critical Friend, a reading with all reasons", reader.read, [*map(case_of, cases)])
    made = Contender(
        "Critical Friend, making the case of its evidence and reading it",
        lambda evidence: reader.read(Case(evidence)),
        [case_of(values).evidence for values in cases],
    )
    bare = Contender("Critical Friend, its conclusions alone", reasoner.conclude, known)
    question = Contender(
        "Critical Friend, choosing the next question", lambda known: next_question(reasoner, known), known
    )
    peers = []
    for make in PEERS:
        peer = make(rules)
        check(peer, rules, reasoner, cases)
        peers.append(Contender(peer.name, peer.run, [peer.given(values) for values in cases]))
    rows = [ours, made, bare, *peers, question]
    # Readings made here have no question in them: its search is timed by itself.
    with patch.object(reading, "next_question", lambda *_: None):
        for turn in range(ROUNDS):
            for row in (*rows[turn % len(rows) :], *rows[: turn % len(rows)]):
                row.time()
    table(rows, ours)
    draw([ours, made, bare, *peers])
    aims(ours, question, peers)


if __name__ == "__main__":
    main()
