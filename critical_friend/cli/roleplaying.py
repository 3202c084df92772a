"""``critical-friend roleplay …``: what trainers do with scripts."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

if TYPE_CHECKING:
    from critical_friend.roleplay.model import Script
    from critical_friend.roleplay.session import Told

File = click.Path(path_type=Path, dir_okay=False)


@click.group()
def roleplay() -> None:
    """Rehearsals: write, check, play and print trainers' scripts. The guide is docs/trainers.md."""


def _load(file: Path) -> Script:
    from critical_friend.guidance import load as load_guidance
    from critical_friend.roleplay.loader import load
    from critical_friend.roleplay.problems import BrokenScript

    try:
        return load(file, load_guidance())
    except BrokenScript as broken:
        click.echo(str(broken), err=True)
        click.echo("This script cannot be used as it is. 'roleplay check' tells all.", err=True)
        raise SystemExit(1) from None


@roleplay.command()
@click.argument("files", nargs=-1, required=True, type=File)
def check(files: tuple[Path, ...]) -> None:
    """Check scripts: form, references, ways through, wordings that collide, and their own rehearsals."""
    from critical_friend.guidance import load as load_guidance
    from critical_friend.roleplay.checking import check as check_one
    from critical_friend.understanding.sentences import encoder

    guidance, faults, warnings = load_guidance(), 0, 0
    for file in files:
        script, problems = check_one(file, guidance, encoder())
        for problem in problems:
            click.echo(str(problem))
        found = sum(not problem.warning for problem in problems)
        faults, warnings = faults + found, warnings + len(problems) - found
        if script is not None and not found:
            click.echo(
                f"{file}: sound. {len(script.scenes)} scenes, {len(script.every_move)} moves, "
                f"{len(script.endings)} endings, {len(script.rehearsals)} rehearsals."
            )
    click.echo(f"{_count(faults, 'fault')}, {_count(warnings, 'warning')}.".capitalize())
    raise SystemExit(int(faults > 0))


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


@roleplay.command()
@click.argument("file", type=File)
@click.option("--svg", is_flag=True, help="As a picture, and not as Mermaid text.")
@click.option("--out", type=File, default=None, help="Write there and not to the terminal.")
def graph(file: Path, svg: bool, out: Path | None) -> None:
    """Draw the scenes and what leads from one to the next."""
    from critical_friend.roleplay import drawing

    script = _load(file)
    _give(drawing.svg(script) if svg else drawing.mermaid(script), out)


@roleplay.command()
@click.argument("file", type=File)
@click.option("--out", type=File, default=None, help="Write there and not to the terminal.")
def script(file: Path, out: Path | None) -> None:
    """Print the play for a session face to face, as Markdown."""
    from critical_friend.roleplay.printing import printed

    _give(printed(_load(file)), out)


def _give(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"critical-friend: {out} cannot be written ({error.strerror}).", err=True)
        raise SystemExit(1) from None
    click.echo(f"Written to {out}")


@roleplay.command()
@click.argument("file", type=File)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same walks.")
@click.option("--times", default=700, show_default=True, type=click.IntRange(1), help="How many walks.")
def walk(file: Path, seed: int, times: int) -> None:
    """Walk through a script many times, by chance and against the grain: what is seen, how it scores."""
    from critical_friend.roleplay import walking

    loaded = _load(file)
    walks = walking.walk(loaded, seed, times)
    click.echo(walking.told(loaded, walks))
    raise SystemExit(int(bool(walks.stuck)))


@roleplay.command()
@click.argument("file", type=File)
@click.option(
    "--by", default=None, help="Your name: at the end you are asked whether to share it with a trainer."
)
def play(file: Path, by: str | None) -> None:
    """Play a script here. Nothing is kept, unless you give your name and agree to share it."""
    from critical_friend.guidance import load as load_guidance
    from critical_friend.roleplay import words
    from critical_friend.roleplay.matching import Matcher
    from critical_friend.roleplay.session import Player
    from critical_friend.storage import Storage
    from critical_friend.understanding.sentences import encoder

    loaded = _load(file)
    click.echo("Getting ready …")
    player = Player(loaded, load_guidance(), Matcher(loaded, encoder()).hear)
    kept, told = player.begin()
    choices = _show(told)
    while kept.status != "ended":
        try:
            typed = click.prompt("you", prompt_suffix="> ").strip()
        except click.Abort:
            click.echo()
            return
        chosen = choices[int(typed) - 1] if typed.isdigit() and 0 < int(typed) <= len(choices) else None
        text, payload = (chosen[0], chosen[1].removeprefix("play:")) if chosen else (typed, "")
        kept, told = player.reply(kept, text, payload)
        if kept.status == "ended" and player.state(kept).ending:
            told = told[:-1]  # sharing is asked about below
        choices = _show(told, kept.status != "ended")
    if by and player.state(kept).ending and click.confirm(words.say("share"), default=False):
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        Storage().share(f"terminal-{uuid4()}", player.record(kept, by, at))
        click.echo(words.say("shared_here", by=by))


def _show(told: list[Told], choosing: bool = True) -> list[tuple[str, str]]:
    choices: list[tuple[str, str]] = []
    for reply in told:
        click.echo(f"\n{reply.text}")
        for title, payload in reply.choices if choosing else ():
            if payload.startswith("play:"):
                choices.append((title, payload))
                click.echo(f"  {len(choices)} {title}")
    click.echo()
    return choices


@roleplay.command()
@click.argument("file", type=File)
@click.option("--defaults", is_flag=True, help="Ask nothing and fill in examples.")
def new(file: Path, defaults: bool) -> None:
    """Begin a new script from the template, after a few questions."""
    from critical_friend.roleplay.creating import QUESTIONS, CannotCreate, create

    answers = {
        key: default if defaults else click.prompt(question, default=default)
        for key, question, default in QUESTIONS
    }
    try:
        create(file, answers)
    except CannotCreate as error:
        click.echo(f"critical-friend: {error}", err=True)
        raise SystemExit(1) from None
    click.echo(f"{file} is there. Try it: critical-friend roleplay play {file}")


@roleplay.command()
@click.option("--script", "id_", default=None, help="Only rehearsals of this scenario.")
@click.option("--by", multiple=True, help="Only this trainee; can be given several times.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for a spreadsheet, and not Markdown.")
@click.option("--out", type=File, default=None, help="Write there and not to the terminal.")
@click.option("--forget", default=None, metavar="NAME", help="Delete what this trainee shared.")
def report(id_: str | None, by: tuple[str, ...], as_csv: bool, out: Path | None, forget: str | None) -> None:
    """What trainees have shared of their rehearsals: scores, moments that mattered, what was said."""
    from critical_friend.roleplay import reports, words
    from critical_friend.storage import Storage

    if forget is not None:
        count = Storage().take_back(forget)
        click.echo(words.say("taken_back", by=forget, count=_count(count, "rehearsal")), err=not count)
        raise SystemExit(int(not count))
    records = [
        record
        for record in Storage().shared()
        if (id_ is None or record["script"] == id_) and (not by or record["by"] in by)
    ]
    if not records:
        click.echo("Nobody has shared such a rehearsal yet. Trainees are asked at the end of each.", err=True)
        raise SystemExit(1)
    _give(reports.table(records) if as_csv else reports.markdown(records), out)
