"""``critical-friend guidance prove``: the proofs and the mutation, with progress."""

from __future__ import annotations

from pathlib import Path

import click

from critical_friend.guidance import BrokenGuidance, Guidance, load
from critical_friend.proving.cases import in_words
from critical_friend.proving.expectations import load_expectations
from critical_friend.proving.mutation import run
from critical_friend.proving.proofs import prove as prove_each
from critical_friend.proving.solver import NoSolver
from critical_friend.reasoner import Reasoner


class ProvingError(Exception):
    """Why nothing can be proved, in a sentence."""


def prove(folder: Path | None, cases: Path | None) -> int:
    """Prove the guidance in ``folder``, and mutate it against ``cases`` when given. Exit status."""
    try:
        guidance = load(folder)
        return max(_proofs(guidance), _mutation(guidance, cases) if cases else 0)
    except (BrokenGuidance, NoSolver, ValueError) as error:
        raise ProvingError(str(error)) from None


def _proofs(guidance: Guidance) -> int:
    failed = 0
    for proof in prove_each(guidance):
        click.echo("\n".join(proof.lines()))
        failed += bool(proof.failures)
    click.echo(f"{failed} of the properties failed." if failed else "Every property holds.")
    return int(failed > 0)


def _mutation(guidance: Guidance, folder: Path) -> int:
    expectations = load_expectations(folder, guidance)
    reasoner = Reasoner(guidance)
    wrong = {e.name: found for e in expectations if (found := e.differences(reasoner))}
    for name, found in wrong.items():
        click.echo(f"{name} is not read as expected: {'; '.join(found)}.")
    if wrong:
        return 1
    with click.progressbar(length=1000, label="Changing rules") as bar:
        outcome = run(guidance, expectations, lambda done, total: _show(bar, done, total))
    for survivor in outcome.survivors:
        click.echo(f"not noticed  {survivor.mutant.rule}: {survivor.mutant.change}")
        click.echo(f"             It would show in the case {in_words(survivor.found.case)}.")
    for mutant in outcome.equivalent:
        click.echo(f"no change    {mutant.rule}: {mutant.change}")
    click.echo(
        f"Of {outcome.total} small mistakes in rules, {len(expectations)} cases notice {outcome.killed}, "
        f"{len(outcome.equivalent)} change no reading of any case (proved), "
        f"and {len(outcome.survivors)} are not noticed."
    )
    return int(bool(outcome.survivors))


def _show(bar: click._termui_impl.ProgressBar[int], done: int, total: int) -> None:
    bar.update(1000 * done // total - bar.pos)
