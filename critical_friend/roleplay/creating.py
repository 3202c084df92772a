"""A new script from the template, with a few answers filled in. It is sound and can be played at once."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, StrictUndefined

#: What is asked: the key in the template, the question, and what stands there if nothing is answered.
QUESTIONS = (
    ("title", "What is rehearsed, in one line?", "A first talk with a colleague from another agency"),
    (
        "about",
        "What does the trainee have to win, in one sentence?",
        "You have ten minutes to win a colleague for a small first step.",
    ),
    (
        "you",
        "Who is the trainee? Begin with 'You are …'",
        "You are a team leader who needs help from another agency.",
    ),
    ("name", "The name of the person they talk to?", "Mereana Pohatu"),
    ("position", "Her or his position?", "team manager at another agency"),
    ("wants", "What does this person want?", "To get through the week without another new project."),
    ("worries", "What worries this person?", "That it all ends up on one desk."),
)


class CannotCreate(Exception):
    """The script cannot be written; the message says why."""


def create(file: Path, answers: Mapping[str, str]) -> None:
    """Write a new script. Raises ``CannotCreate`` when the file is there already or cannot be written."""
    if file.exists():
        raise CannotCreate(f"{file} is there already. Choose another name.")
    if not re.fullmatch(r"[a-z][a-z0-9-]*\.yml", file.name):
        raise CannotCreate(
            f"'{file.name}' will not do: small letters, numbers and '-', and '.yml' at the end."
        )
    folder = Path(__file__).parent
    template = (folder / "template.yml").read_text(encoding="utf-8")
    filled = {key: json.dumps(answers[key], ensure_ascii=False) for key, _, _ in QUESTIONS}
    schema = os.path.relpath(folder / "schema.json", file.resolve().parent)
    made = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False).from_string(
        template
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = made.render(filled, id=_id(answers["name"]), schema=Path(schema).as_posix())
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotCreate(f"{file} cannot be written ({error.strerror}).") from None


def _id(name: str) -> str:
    """A person's id from the first word of their name."""
    plain = unicodedata.normalize("NFD", (name.split() or ["person"])[0].lower())
    letters = re.sub(r"[^a-z]", "", plain)
    return (
        letters
        if letters and letters not in ("no", "yes", "on", "off", "cold", "wary", "open", "won", "done")
        else "person"
    )
