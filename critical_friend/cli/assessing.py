"""``assess``: whole cases from a file through understanding, dialogue and reasoning, without servers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

import yaml

from critical_friend.case import Case
from critical_friend.cli.serving import MODEL, ROOT
from critical_friend.dialogue import Dialogue, Said, Talk
from critical_friend.guidance import load
from critical_friend.understanding.message import from_parse


class AssessError(Exception):
    """Nothing could be assessed; the message says why."""


def assess(lines: Iterable[str], out: TextIO) -> int:
    """Print one line for each case line. Returns the exit status: 1 if a line was malformed."""
    understander = understanding()
    dialogue = Dialogue(load())
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            id_, messages = parse(line)
        except ValueError as error:
            status = 1
            answer: dict[str, Any] = {"id": _id_of(line), "error": f"Line {number}: {error}"}
        else:
            answer = {"id": id_, **assessed(messages, understander, dialogue)}
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
    return status


def lines_of(file: TextIO) -> Iterable[str]:
    """The lines of a file of cases. A YAML file (by its name) has one case, or a list of cases or of single
    texts, as in ``tests/``; those without an ``id`` get their number. Raises ``AssessError`` for broken YAML.
    """
    if not str(file.name).endswith((".yml", ".yaml")):
        return file
    try:
        found = yaml.safe_load(file)
    except yaml.YAMLError as error:
        raise AssessError(f"{file.name} is not YAML: {error}") from None
    cases = found if isinstance(found, list) else [found]
    return [json.dumps(_case(case, number), ensure_ascii=False) for number, case in enumerate(cases, 1)]


def _case(case: Any, number: int) -> Any:
    if not isinstance(case, dict):
        return case
    return {"id": case.get("id", number), "messages": case.get("messages", [case.get("text")])}


def _id_of(line: str) -> Any:
    try:
        data = json.loads(line)
    except ValueError:
        return None
    return data.get("id") if isinstance(data, dict) else None


def parse(line: str) -> tuple[Any, list[tuple[str, str | None]]]:
    """The id, and the messages with who said them. Raises ``ValueError`` with what is wrong."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON ({error.msg} at character {error.pos + 1}).") from None
    if not isinstance(data, dict):
        raise ValueError('this is not an object such as {"id": "a", "messages": ["…"]}.')
    messages = data.get("messages")
    if not isinstance(messages, list):
        raise ValueError("'messages' should be a list of texts.")
    said = []
    for place, message in enumerate(messages, 1):
        about = message if isinstance(message, dict) else {"text": message}
        text = about.get("text")
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"message {place} should be a text that is not empty.")
        said.append((text, about.get("by")))
    if "id" not in data:
        raise ValueError("'id' is missing.")
    return data["id"], said


def understanding() -> Any:
    """The trained model. Raises ``AssessError`` when there is none."""
    if not MODEL.exists():
        raise AssessError(f"There is no trained model at {MODEL.relative_to(ROOT)}. Run 'make train' first.")
    from assistant.reader import Understander

    return Understander(MODEL)


def assessed(messages: list[tuple[str, str | None]], understander: Any, dialogue: Dialogue) -> dict[str, Any]:
    """The reading of a case by its ``messages``, and what each turn added."""
    case, talk, turns = Case(), Talk(), []
    for text, by in messages:
        said: Said = from_parse(understander.parse(text, talk.to_data()), text, {"by": by})
        before = case
        turn = dialogue.respond([said], case, talk)
        case, talk = turn.case, turn.talk
        turns.append({"intent": said.intent, "signals": _noted(before, case)})
    return {"reading": dialogue.partner.reader.read(case), "turns": turns}


def _noted(before: Case, after: Case) -> dict[str, str]:
    """What the turn added: for each signal the value noted."""
    old = set(before.evidence)
    sides: dict[str, set[str]] = {}
    for piece in after.evidence:
        if piece not in old:
            sides.setdefault(piece.signal, set()).add(piece.value)
    return {signal: values.pop() if len(values) == 1 else "contested" for signal, values in sides.items()}
