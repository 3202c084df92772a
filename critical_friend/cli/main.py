"""The commands. Exit status: 0 done, 1 something is wrong with what was given, 2 wrong usage."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

import click

from critical_friend.cli.roleplaying import roleplay


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Critical Friend: a rules-based adviser for officials who work across agencies."""


main.add_command(roleplay)


@main.command()
@click.option("--port", default=5005, envvar="PORT", show_default=True, help="Where to serve.")
def serve(port: int) -> None:
    """Start the servers and serve the page and the interface."""
    from critical_friend.cli.serving import ServingError, run

    try:
        run(port)
    except ServingError as error:
        raise SystemExit(f"critical-friend: {error}") from None


@main.command()
@click.option("--url", default=None, help="A running server; by default the one on PORT or 5005.")
@click.option("--new", is_flag=True, help="Delete the talk that was kept and begin another.")
def chat(url: str | None, new: bool) -> None:
    """Talk in the terminal. Starts the servers for the talk if none runs.

    The talk is kept, and taken up again the next time, until you forget it or begin a new one.
    """
    from critical_friend.cli.chatting import ChatError
    from critical_friend.cli.chatting import chat as talk

    try:
        talk(url, new=new)
    except ChatError as error:
        raise SystemExit(f"critical-friend: {error}") from None


@main.command()
def slack() -> None:
    """Be in Slack (docs/slack.md). Starts the servers beside it if none run."""
    from critical_friend.cli.serving import ServingError
    from critical_friend.cli.slacking import slack as run
    from critical_friend.slack.settings import SettingsError

    try:
        run()
    except (SettingsError, ServingError) as error:
        raise SystemExit(f"critical-friend: {error}") from None
    except KeyboardInterrupt:
        click.echo("\nStopped.")


@main.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
def assess(file: TextIO) -> None:
    """Read cases from FILE (JSON lines or YAML, '-' for standard input) and print their readings."""
    # Rasa and the libraries below it print to standard output. Only readings belong there, so they
    # get a standard output of their own, and everything else goes to standard error.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    from critical_friend.cli.assessing import AssessError, lines_of
    from critical_friend.cli.assessing import assess as read_all

    try:
        raise SystemExit(read_all(lines_of(file), out))
    except AssessError as error:
        click.echo(f"critical-friend: {error}", err=True)
        raise SystemExit(1) from None


@main.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--form", type=click.Choice(["md", "html", "svg"]), default="md", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write there; '-' prints.")
@click.option("--id", "id_", default=None, help="Which case, if FILE has several.")
@click.option("--notes", default="", help="Your own notes, to stand in it.")
@click.option("--talk", is_flag=True, help="Show the words that were said, too.")
def brief(file: TextIO, form: str, out: Path | None, *, id_: str | None, notes: str, talk: bool) -> None:
    """Write a case as a page or two to hand on.

    FILE holds cases as 'assess' takes them, or the lines that it prints ('-' for standard input).
    """
    printed = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # as in 'assess': only the brief goes to standard output
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    from critical_friend.cli.assessing import AssessError
    from critical_friend.cli.briefing import BriefError, write

    try:
        text = write(file, form, id_=id_, notes=notes, with_talk=talk)
        if out is None or str(out) == "-":
            printed.write(text)
            printed.flush()
        else:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(text, encoding="utf-8")
            click.echo(f"The brief is in {out.resolve()}", err=True)
    except (AssessError, BriefError, OSError) as error:
        click.echo(f"critical-friend: {error}", err=True)
        raise SystemExit(1) from None


@main.group()
def guidance() -> None:
    """The rule set."""


@guidance.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def check(folder: Path | None) -> None:
    """Check form, references and citations of the rule set (this checkout's by default)."""
    from critical_friend.guidance import BrokenGuidance, load

    try:
        loaded = load(folder)
    except BrokenGuidance as broken:
        click.echo(str(broken))
        raise SystemExit(1) from None
    click.echo(
        f"The guidance is sound: {len(loaded.signals)} signals, {len(loaded.rules)} rules, "
        f"{len(loaded.steps)} steps, {len(loaded.findings)} findings, version {loaded.version}."
    )


@guidance.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default="var/guidance.html",
    show_default=True,
    help="Write there.",
)
def docs(folder: Path | None, out: Path) -> None:
    """Make a page of the whole rule set, to read in a browser (this checkout's by default)."""
    from critical_friend.guidance import BrokenGuidance, load
    from critical_friend.guidance.page import render

    try:
        page = render(load(folder))
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8")
    except (BrokenGuidance, OSError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    click.echo(f"The page of the guidance is in {out.resolve()}")


@guidance.command()
@click.argument("id_", metavar="ID")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def explain(id_: str, folder: Path | None) -> None:
    """Tell all about one rule, step, signal, phase, mode, role, finding or caution."""
    from critical_friend.guidance import BrokenGuidance, load
    from critical_friend.guidance.explaining import UnknownId
    from critical_friend.guidance.explaining import explain as told

    try:
        click.echo(told(load(folder), id_))
    except (BrokenGuidance, UnknownId) as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None


@guidance.command()
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write there.")
def findings(out: Path | None) -> None:
    """Print the table of findings and the rules that carry them (docs/findings.md)."""
    from critical_friend.guidance import load
    from critical_friend.guidance.tables import findings_table

    text = findings_table(load())
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@guidance.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--mutate",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="Also change every rule a little and see whether the cases in this folder notice.",
)
def prove(folder: Path | None, mutate: Path | None) -> None:
    """Prove what must hold of the rule set in all cases (this checkout's by default)."""
    from critical_friend.cli.proving import ProvingError
    from critical_friend.cli.proving import prove as prove_all

    try:
        raise SystemExit(prove_all(folder, mutate))
    except ProvingError as error:
        click.echo(f"critical-friend: {error}", err=True)
        raise SystemExit(1) from None
