"""A script as a diagram: Mermaid text, and SVG that needs no other program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from xml.etree import ElementTree

from critical_friend.roleplay.model import Scene, Script

WIDTH, GAP, PAD, LINE, LETTERS = 250, 60, 12, 18, 34
_COLOURS = {"good": "#d8efdc", "fair": "#fdf1cc", "poor": "#f6d9d5", "": "#e8eef7"}


def ways(script: Script, scene: Scene) -> Iterator[tuple[str, str]]:
    """What leads on from a scene, and where to; each pair once."""
    found = [(move.button, e.goes) for move in scene.moves for e in move.effects if e.goes]
    found += [(f"after {after.turns} turns", after.effect.goes) for after in scene.after if after.effect.goes]
    yield from dict.fromkeys(found)


def anywhere(script: Script) -> list[tuple[str, str]]:
    """What leads away from every scene, and the clock."""
    found = [(move.button, e.goes) for move in script.anywhere for e in move.effects if e.goes]
    return list(dict.fromkeys([*found, (f"after {script.clock.turns} turns in all", script.clock.goes)]))


def mermaid(script: Script) -> str:
    """The diagram as Mermaid text."""
    lines = ["flowchart TD", '  any(("any scene"))']
    lines += [f'  {_id(scene.id)}["{_quoted(scene.title)}"]' for scene in script.scenes.values()]
    lines += [f'  {_id(e.id)}(["{_quoted(e.title)}"]):::{e.kind}' for e in script.endings.values()]
    for scene in script.scenes.values():
        lines += [f'  {_id(scene.id)} -->|"{_quoted(by)}"| {_id(to)}' for by, to in ways(script, scene)]
    lines += [f'  any -.->|"{_quoted(by)}"| {_id(to)}' for by, to in anywhere(script)]
    lines += [f"  classDef {kind} fill:{colour}" for kind, colour in _COLOURS.items() if kind]
    return "\n".join(lines) + "\n"


def _id(id_: str) -> str:
    return "s_" + id_.replace("-", "_")


def _quoted(text: str) -> str:
    return text.replace('"', "'")


def svg(script: Script) -> str:
    """The diagram as SVG: scenes in rows by how far they are from the first, endings below."""
    rows = _rows(script)
    width = max(len(row) for row in rows) * (WIDTH + GAP) + GAP
    places: dict[str, tuple[int, int, int]] = {}
    root = ElementTree.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": "sans-serif"}
    )
    ElementTree.SubElement(root, "title").text = script.title
    arrows = ElementTree.SubElement(root, "g", {"fill": "none", "stroke": "#5a6b80", "stroke-width": "1.5"})
    boxes = ElementTree.SubElement(root, "g")
    y = GAP // 2
    for row in rows:
        left = (width - len(row) * (WIDTH + GAP) + GAP) // 2
        heights = [_box(boxes, script, id_, left + n * (WIDTH + GAP), y) for n, id_ in enumerate(row)]
        for n, id_ in enumerate(row):
            places[id_] = (left + n * (WIDTH + GAP), y, heights[n])
        y += max(heights) + GAP
    for scene in script.scenes.values():
        for to in dict.fromkeys(to for _, to in ways(script, scene)):
            _arrow(arrows, places[scene.id], places[to])
    root.set("viewBox", f"0 0 {width} {y}")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _rows(script: Script) -> list[list[str]]:
    depth = {script.first: 0}
    queue = [script.first]
    for id_ in queue:
        for _, to in ways(script, script.scenes[id_]):
            if to in script.scenes and to not in depth:
                depth[to] = depth[id_] + 1
                queue.append(to)
    for id_ in script.scenes:
        depth.setdefault(id_, max(depth.values()) + 1)
    rows: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for id_, row in depth.items():
        rows[row].append(id_)
    return [*rows, list(script.endings)]


def _box(parent: ElementTree.Element, script: Script, id_: str, x: int, y: int) -> int:
    if id_ in script.scenes:
        scene = script.scenes[id_]
        name, kind = scene.title, ""
        small = [f"{by} → {title_of(script, to)}" for by, to in ways(script, scene)]
    else:
        name, kind, small = script.endings[id_].title, script.endings[id_].kind, []
        small = [f"from any scene: {by}" for by, to in anywhere(script) if to == id_]
    heads = textwrap.wrap(name, LETTERS - 6)
    lines = [line for text in small for line in textwrap.wrap(text, LETTERS, subsequent_indent="\u2003")]
    height = PAD * 2 + LINE * (len(heads) + len(lines))
    box = {
        "x": x,
        "y": y,
        "width": WIDTH,
        "height": height,
        "rx": 10,
        "fill": _COLOURS[kind],
        "stroke": "#5a6b80",
    }
    ElementTree.SubElement(parent, "rect", {key: str(value) for key, value in box.items()})
    for n, line in enumerate([*heads, *lines]):
        about = {"x": x + PAD, "y": y + PAD + 13 + n * LINE, "font-size": 15 if n < len(heads) else 12}
        if n < len(heads):
            about["font-weight"] = 700
        ElementTree.SubElement(parent, "text", {key: str(value) for key, value in about.items()}).text = line
    return height


def title_of(script: Script, id_: str) -> str:
    """The title of a scene or an ending."""
    return script.scenes[id_].title if id_ in script.scenes else script.endings[id_].title


def _arrow(parent: ElementTree.Element, start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    x1, y1, x2, y2 = start[0] + WIDTH // 2, start[1] + start[2], end[0] + WIDTH // 2, end[1]
    middle = (y1 + y2) // 2
    path = f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2 - 2}m-6 -8l6 8l6 -8"
    ElementTree.SubElement(parent, "path", {"d": path})
