"""A diagram of the phases in order, with what leads to each and what rules it out, and of the roles.

Drawn as SVG in the width of a phone, so that its words stay readable there. Colours come from the page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from critical_friend.conditions import Condition
from critical_friend.guidance.model import Guidance
from critical_friend.guidance.plain import capital

WIDTH, EDGE, PAD, LINE = 360, 4, 12, 18
#: Letters that fit on a line inside a box, at the size of letters in the page's style.
LETTERS = 42
GAP = 34
#: SVG folds ordinary spaces, so these stand at the start of lines and keep a mark with its word.
INDENT, HARD_SPACE = "\u2003", "\u00a0"
TITLE = "The four phases and the roles"
DESCRIPTION = (
    "The phases stand below one another in their order, joined by arrows. Each box lists the signs that "
    "show that work has come to the phase, and those that rule it out. Below stand the roles, each with "
    "the sign that it is played. The same is told in words beside the picture."
)


@dataclass
class Picture:
    """An SVG drawing that grows downwards. ``y`` is where the next thing goes."""

    root: ElementTree.Element
    y: int = EDGE

    def box(self, name: str, lines: list[str]) -> None:
        """A box with a name and small lines below it."""
        height = PAD * 2 + LINE * (len(lines) + 1)
        size = {"x": EDGE, "y": self.y, "width": WIDTH - 2 * EDGE, "height": height, "rx": 8}
        self._add("rect", "box", size)
        self.text("name", name, self.y + PAD + 13)
        for place, line in enumerate(lines):
            kind = "sign" if line.startswith(INDENT) else "what"
            self.text(kind, line, self.y + PAD + 13 + LINE * (place + 1))
        self.y += height

    def arrow(self) -> None:
        """An arrow down to the next box."""
        middle, tip = WIDTH // 2, self.y + GAP - 4
        shaft, head = f"M{middle} {self.y + 3}V{tip}", f"M{middle - 7} {tip - 8}L{middle} {tip}l7 -8"
        self._add("path", "arrow", {"d": shaft + head})
        self.y += GAP

    def text(self, kind: str, words: str, y: int) -> None:
        """A line of text."""
        self._add("text", kind, {"x": EDGE + PAD, "y": y}).text = words

    def _add(self, tag: str, kind: str, attributes: Mapping[str, object]) -> ElementTree.Element:
        written = {key: str(value) for key, value in attributes.items()}
        return ElementTree.SubElement(self.root, tag, {"class": kind, **written})


def draw(guidance: Guidance) -> str:
    """The diagram as an ``svg`` element to stand in a page."""
    root = ElementTree.Element("svg", {"role": "img", "aria-labelledby": "diagram-title diagram-desc"})
    ElementTree.SubElement(root, "title", {"id": "diagram-title"}).text = TITLE
    ElementTree.SubElement(root, "desc", {"id": "diagram-desc"}).text = DESCRIPTION
    picture = Picture(root)
    for place, phase in enumerate(guidance.phases.values()):
        if place:
            picture.arrow()
        picture.box(f"{place + 1}. {capital(phase.name)}", _signs_of_phase(guidance, phase.id))
    picture.y += GAP
    picture.text("name", "Roles that the work needs", picture.y)
    picture.y += PAD
    for role in guidance.roles.values():
        rules = [rule for rule in guidance.role_rules if rule.role == role.id]
        picture.box(
            capital(role.name), _listed("Played", [signs(guidance, rule.played_when, 1) for rule in rules])
        )
        picture.y += 8
    root.set("viewBox", f"0 0 {WIDTH} {picture.y}")
    return ElementTree.tostring(root, encoding="unicode")


def signs(guidance: Guidance, said: Condition, depth: int = 0) -> list[str]:
    """A condition in few words, a line for each sign: a tick or a cross before the signal's name."""
    if said.kind == "signal":
        mark = {"yes": "✓", "no": "✗"}.get(said.value, "≠")
        return _wrapped(f"{mark}{HARD_SPACE}{guidance.signals[said.signal].name}", depth)
    if said.kind == "any_signal":
        return _wrapped(f"≠{HARD_SPACE}anything at all", depth)
    if len(said.parts) == 1 and said.kind != "not":
        return signs(guidance, said.parts[0], depth)
    lead = {"all": "all of:", "any": "any of:", "not": "not:"}.get(said.kind, f"at least {said.count} of:")
    below = [line for part in said.parts for line in signs(guidance, part, depth + 1)]
    return _wrapped(lead if said.parts else "always", depth) + below


def _wrapped(words: str, depth: int) -> list[str]:
    margin = INDENT * depth
    return textwrap.wrap(words, LETTERS, initial_indent=margin, subsequent_indent=margin + INDENT)


def _signs_of_phase(guidance: Guidance, phase: str) -> list[str]:
    rules = [rule for rule in guidance.phase_rules if rule.phase == phase]
    reached = [signs(guidance, rule.reached_when, 1) for rule in rules if rule.reached_when]
    excluded = [signs(guidance, rule.excluded_when, 1) for rule in rules if rule.excluded_when]
    return _listed("Work has come here on", reached) + _listed("Ruled out by", excluded)


def _listed(label: str, told: list[list[str]]) -> list[str]:
    """The label, and below it the lines of each of ``told``, with 'or' between them."""
    lines = [label] if told else []
    for place, below in enumerate(told):
        lines += ([f"{INDENT}or by"] if place else []) + below
    return lines
