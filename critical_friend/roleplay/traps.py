"""What YAML does behind a writer's back: words that other readers take for something else, text cut short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from critical_friend.roleplay.problems import Problem

_OTHER = {
    "tag:yaml.org,2002:bool": "yes or no",
    "tag:yaml.org,2002:null": "nothing at all",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:float": "a number",
}
#: Keys whose values are words of YAML on purpose.
_ON_PURPOSE = frozenset({"suits"})
_CUT = re.compile(r"\s+#")


def find_traps(file: Path, name: str) -> list[Problem]:
    """The traps that a file has fallen into. A file that is not YAML has none: its reader says so."""
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return []
    return sorted(_in(node, text.splitlines(), name, "")) if node is not None else []


def _in(node: yaml.Node, lines: list[str], name: str, under: str) -> Iterator[Problem]:
    if under in _ON_PURPOSE:
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag in _OTHER:
                yield _taken_for(key, name, "The key")
            yield from _in(value, lines, name, str(key.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _in(item, lines, name, under)
    elif isinstance(node, yaml.ScalarNode) and not node.style:
        if node.tag in _OTHER:
            yield _taken_for(node, name, "The value")
        elif _is_prose(node) and _CUT.match(lines[node.end_mark.line][node.end_mark.column :]):
            yield Problem(
                name,
                node.end_mark.line + 1,
                "yaml-cut-short",
                f"YAML ends this text at the '#': “{node.value[-40:]}”.",
                "Put the whole text into double quotes if the '#' belongs to it.",
                warning=True,
            )


def _is_prose(node: yaml.ScalarNode) -> bool:
    return " " in str(node.value)


def _taken_for(node: yaml.ScalarNode, name: str, what: str) -> Problem:
    line = node.start_mark.line + 1
    if not node.value:
        return Problem(name, line, "yaml-trap", "There is nothing after the colon.", "Fill it in.")
    return Problem(
        name,
        line,
        "yaml-trap",
        f"{what} '{node.value}' is read as {_OTHER[node.tag]} by YAML and not as text.",
        f'Write "{node.value}" with double quotes, or choose another word.',
    )
