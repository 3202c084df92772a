"""What a trainer gets of rehearsals that were shared: Markdown to read, CSV to count."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

Record = dict[str, Any]


def named(records: Sequence[Record]) -> list[tuple[str, Record]]:
    """Each record with its trainee's name; those who gave none are numbered."""
    return [(record["by"] or f"trainee {n}", record) for n, record in enumerate(records, 1)]


def markdown(records: Sequence[Record]) -> str:
    """All of them: the scores side by side for each scenario, then each one's moments and transcript."""
    return "\n".join(_markdown(records)) + "\n"


def _markdown(records: Sequence[Record]) -> Iterator[str]:
    everyone = named(records)
    yield "# Rehearsals\n"
    for script in dict.fromkeys(record["script"] for record in records):
        group = [(name, record) for name, record in everyone if record["script"] == script]
        yield f"## {group[0][1]['title']}\n"
        yield f"| goal | enough | {' | '.join(_cell(name) for name, _ in group)} |"
        yield f"| --- | --- | {' | '.join('---' for _ in group)} |"
        for n, goal in enumerate(group[0][1]["debrief"]["goals"]):
            points = [record["debrief"]["goals"][n]["points"] for _, record in group]
            yield f"| {_cell(goal['name'])} | {goal['enough']} | {' | '.join(map(str, points))} |"
        endings = [_cell(record["debrief"]["ending"]["title"]) for _, record in group]
        yield f"| ending | | {' | '.join(endings)} |\n"
        for name, record in group:
            yield from _one(name, record)


def _one(name: str, record: Record) -> Iterator[str]:
    found = record["debrief"]
    yield f"### {name}, {record['at'] or 'no date'}\n"
    yield f"{found['ending']['title']}, after {record['turns']} turns.\n"
    for title, moments in (("What worked", found["worked"]), ("What set them back", found["hurt"])):
        if moments:
            yield f"**{title}**\n"
            yield "\n".join(f"- “{moment['text']}”: {moment['why']}" for moment in moments) + "\n"
    if found["missed"]:
        yield "**What was missing**\n"
        yield "\n".join(f"- {missed['text']}" for missed in found["missed"]) + "\n"
    if found["turned"]:
        yield f"**Where it turned:** “{found['turned']['text']}”\n"
    yield "**What was said**\n"
    for line in record["transcript"]:
        if line["who"] is None:
            yield f"*{line['text']}*\n"
        else:
            yield f"> **{line['who'] or name}:** {line['text']}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(records: Sequence[Record]) -> str:
    """A line for each trainee and goal, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["trainee", "at", "scenario", "ending", "kind", "turns", "goal", "points", "enough", "reached"]
    )
    for name, record in named(records):
        found = record["debrief"]
        for goal in found["goals"]:
            row = [
                name,
                record["at"] or "",
                record["script"],
                found["ending"]["title"],
                found["ending"]["kind"],
            ]
            row += [
                record["turns"],
                goal["name"],
                goal["points"],
                goal["enough"],
                "yes" if goal["reached"] else "no",
            ]
            writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula is kept as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
