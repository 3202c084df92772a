"""The words said in Slack, from ``words.yml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml


@lru_cache(maxsize=1)
def _all() -> dict[str, str]:
    words: dict[str, str] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    return words


def words(name: str, /, **values: object) -> str:
    """The sentence called ``name`` with ``values`` filled in. Raises ``KeyError`` for an unknown name."""
    return _all()[name].format(**values)
