"""The words around a play, from ``words.yml``."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_LEFT_OUT = frozenset({"please", "pls", "ok", "okay"})


@lru_cache
def _data() -> dict[str, Any]:
    text = (Path(__file__).parent / "words.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def say(id_: str, **filled: object) -> str:
    """The sentence with that id, filled."""
    return str(_data()["says"][id_]).format(**filled)


def button(id_: str) -> str:
    """The title of a button."""
    return str(_data()["buttons"][id_])


def level(id_: str) -> str:
    """A level in words."""
    return str(_data()["levels"][id_])


def typed(text: str) -> str | None:
    """The word outside the play that somebody typed: ``stop``, ``hint`` …, or ``None``."""
    plain = re.sub(r"[^\w\s]", "", text.casefold())
    words = " ".join(word for word in plain.split() if word not in _LEFT_OUT)
    return next((id_ for id_, phrases in _data()["typed"].items() if words in phrases), None)
