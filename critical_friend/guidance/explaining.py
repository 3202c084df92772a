"""One thing of the guidance told in the terminal: the same as on the page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from critical_friend.guidance.entries import Entries, Entry
from critical_friend.guidance.faults import did_you_mean
from critical_friend.guidance.model import Guidance
from critical_friend.guidance.plain import Line, Link, Words

WIDTH = 88


class UnknownId(Exception):
    """Nothing in the guidance has the id; the message says which are near."""


def explain(guidance: Guidance, id_: str) -> str:
    """Everything with that id. Raises ``UnknownId``."""
    entries = Entries(guidance)
    found = entries.of_id(id_)
    if not found:
        known = {entry.id for of_kind in entries.by_kind.values() for entry in of_kind}
        near = did_you_mean(id_, known)
        if not near.startswith("Did you mean"):
            near = "'critical-friend guidance docs' makes a page that lists them all."
        raise UnknownId(f"'{id_}' is not the id of anything. {near}")
    return "\n\n".join("\n".join(_told(entry)) for entry in found)


def _told(entry: Entry) -> Iterator[str]:
    yield f"{entry.kind.capitalize()}: {entry.title} ({entry.id})"
    for words in entry.said:
        yield from _lines(words, "")
    for fact in entry.facts:
        if len(fact.said) == 1 and not fact.said[0].items:
            yield ""
            yield from _wrapped(f"{fact.label}: {_text(fact.said[0].line)}", "", "  ")
        else:
            yield from ("", f"{fact.label}:")
            for words in fact.said:
                yield from _lines(words, "- ")


def _lines(words: Words, bullet: str, depth: int = 0) -> Iterator[str]:
    """A line and the list below it, each item with a bullet and further in."""
    margin = "  " * depth + bullet
    yield from _wrapped(_text(words.line), margin, " " * len(margin))
    for item in words.items:
        yield from _lines(item, "- ", depth + 1)


def _text(line: Line) -> str:
    """A line with the ids of the rules and steps in it, so that they can be asked about in turn."""
    named = (p.text + f" [{p.id}]" * (p.kind in ("rule", "step")) if isinstance(p, Link) else p for p in line)
    return "".join(named)


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)
