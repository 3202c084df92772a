"""Shares, pairs and tables as Markdown, and the document they are written into."""

from __future__ import annotations

from benchmarks.understanding.data import DOCUMENT, ROOT
from benchmarks.understanding.figures import Pair


def percent(share: float | None) -> str:
    """A share as a percentage."""
    return "–" if share is None else f"{100 * share:.1f} %"


def of(count: int, total: int) -> str:
    """A share with its counts."""
    return f"{percent(count / total)} ({count} of {total})" if total else "–"


def named(pair: Pair | None) -> str:
    """A pair as it is shown."""
    return "nothing (more)" if pair is None else f"`{pair[0]}` {pair[1]}"


def short(text: str, most: int = 110) -> str:
    """A text cut to a length, safe inside a table."""
    text = " ".join(text.split()).replace("|", "/")
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def table(rows: list[list[str]]) -> list[str]:
    """Rows as a Markdown table; the first is its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def around(marker: str) -> tuple[str, str]:
    """What stands before and after the content between the markers, with the markers."""
    document = DOCUMENT.read_text(encoding="utf-8")
    start, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    before, _, rest = document.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"benchmarks.understanding: {DOCUMENT.relative_to(ROOT)} lacks {start} or {end}")
    return before + start, end + after


def put(marker: str, content: str) -> None:
    """Write content between the markers of docs/understanding.md."""
    before, after = around(marker)
    DOCUMENT.write_text(f"{before}\n{content.strip()}\n{after}", encoding="utf-8")
