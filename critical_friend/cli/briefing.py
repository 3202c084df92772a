"""``brief``: a case from a file as a page to hand on, without servers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from critical_friend import brief
from critical_friend.cli.assessing import assessed, parse, understanding
from critical_friend.dialogue import Dialogue
from critical_friend.guidance import load


class BriefError(Exception):
    """There is nothing to write a brief of; the message says why and what to do."""


def write(
    lines: Iterable[str], form: str, *, id_: str | None = None, notes: str = "", with_talk: bool = False
) -> str:
    """The brief of the one case in ``lines``, or of the one with ``id_``, in one of ``brief.FORMS``.

    A line is a case (``{"id", "messages"}``), or what ``assess`` printed of it (``{"id", "reading"}``).
    Raises ``BriefError``.
    """
    case = _chosen(list(_cases(lines)), id_)
    dialogue = Dialogue(load())
    talk: list[dict[str, Any]] = []
    if "reading" in case:
        reading = case["reading"]
    else:
        messages = case["messages"]
        talk = [{"by": "user", "text": text, "speaker": by} for text, by in messages]
        reading = assessed(messages, understanding(), dialogue)["reading"]
    try:
        made = brief.make(reading, dialogue.partner.guidance, notes=notes, talk=talk if with_talk else None)
        return brief.FORMS[form].write(made)
    except (KeyError, TypeError, AttributeError):
        raise BriefError(
            f"The reading of case '{case['id']}' is not one that 'critical-friend assess' prints now. "
            "Run 'assess' again, or give the case itself."
        ) from None


def _cases(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError:
            data = None
        if isinstance(data, dict) and "id" in data and isinstance(data.get("reading"), dict):
            yield data
            continue
        try:
            id_, messages = parse(line)
        except ValueError as error:
            raise BriefError(f"Line {number}: {error}") from None
        yield {"id": id_, "messages": messages}


def _chosen(cases: list[dict[str, Any]], id_: str | None) -> dict[str, Any]:
    ids = ", ".join(str(case["id"]) for case in cases)
    if id_ is not None:
        found = [case for case in cases if str(case["id"]) == id_]
        if not found:
            raise BriefError(f"There is no case with the id '{id_}'. There are: {ids or 'none'}.")
        return found[0]
    if len(cases) != 1:
        what = f"has {len(cases)} cases ({ids}). Say which one with --id" if cases else "has no case in it"
        raise BriefError(f"The file {what}.")
    return cases[0]
