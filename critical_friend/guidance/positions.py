"""YAML with the line of every value, and with scalars as they are written.

PyYAML's ordinary loading turns ``yes`` and ``no`` into booleans and forgets lines. Here words stay
words, whole numbers become ``int``, and ``lines`` gives the line of each value by its path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from critical_friend.guidance.faults import Fault

Path_ = tuple[str | int, ...]
#: Real guidance nests less; a list that holds itself (by an anchor) nests without end.
DEEPEST = 24
_WHOLE_NUMBER = re.compile(r"-?\d+")


@dataclass
class Document:
    """One file: its ``data``, and the ``lines`` (from 1) of all values by their paths in it."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """The line of the value at ``path``, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


#: What the parser says most often to people who do not program, put plainly, each with the remedy.
_PLAINLY = {
    "mapping values are not allowed": (
        "a colon stands in a text without quotes, or this line is indented too far",
        "Put the text into double quotes, or begin the line as far in as the one above.",
    ),
    "found character '\\t'": ("this line begins with a tab", "Put spaces in its place."),
    "expected <block end>": (
        "a text goes on after its quotes, a quote is missing on the line above, or this line does not begin "
        "as far in as those it belongs to",
        "Within double quotes write ' and not \". Begin the lines of one list equally far in.",
    ),
    "found unexpected end of stream": (
        "a text in quotes is never closed",
        "Put the second quote at its end.",
    ),
    "could not find expected ':'": (
        "this line, or the one above, is neither 'key: text' nor an item of a list",
        "Put the colon after the key and a space after the colon.",
    ),
}


def _plainly(problem: str) -> tuple[str, str]:
    """A parser's problem in plain words, and what to do."""
    remedy = "Check the indentation, the quotes and the colons on this line and the one above."
    return next((told for sign, told in _PLAINLY.items() if sign in problem), (problem, remedy))


def read(file: Path, name: str) -> Document:
    """Read one YAML file; what cannot be read becomes a fault of the document."""
    document = Document(name)
    try:
        raw = file.read_bytes()
    except OSError as error:
        remedy = "See that it is a file, and that you may read it."
        document.faults.append(Fault(name, 1, f"This cannot be read: {error.strerror}.", remedy))
        return document
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = "This line has a character that is not UTF-8."
        document.faults.append(Fault(name, line, what, "Save the file as UTF-8 text."))
        return document
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what, remedy = _plainly(error.problem or "")
        document.faults.append(
            Fault(name, mark.line + 1 if mark else 1, f"This is not YAML: {what}.", remedy)
        )
        return document
    except yaml.YAMLError as error:
        document.faults.append(
            Fault(name, 1, f"This is not YAML: {error}.", "Take out any unusual characters.")
        )
        return document
    document.data = None if node is None else _build(node, (), document)
    return document


def _build(node: yaml.Node, path: Path_, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if len(path) > DEEPEST:
        document.faults.append(
            Fault(
                document.file,
                node.start_mark.line + 1,
                f"Lists here stand {DEEPEST} deep in one another, or hold themselves.",
                "Take out the anchor ('&' and '*'), or write it more plainly.",
            )
        )
        return None
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in mapping:
                document.faults.append(
                    Fault(
                        document.file,
                        key_node.start_mark.line + 1,
                        f"The key '{key}' stands here twice.",
                        "Keep one of the two.",
                    )
                )
            mapping[key] = _build(value_node, (*path, key), document)
            place = (*path, key)
            document.lines[place] = key_node.start_mark.line + 1
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, i), document) for i, item in enumerate(node.value)]
    value = str(node.value)
    if node.tag == "tag:yaml.org,2002:int" and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    return value
