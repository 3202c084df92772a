"""The case as a picture: the phases as a path with where the case stands, and the roles.

Each state has a word and a shape of its own, so that no colour is needed to read it.
"""

from __future__ import annotations

import textwrap
from importlib import resources
from xml.etree import ElementTree

from critical_friend.brief.content import Brief
from critical_friend.brief.words import as_we, sentence

WIDTH, MARGIN = 800, 24
_STATIONS = ((112, 208), (304, 184), (496, 160), (688, 136))
#: Where the part with the roles begins.
_ROLES = 314
_CARD_WIDTH, _CARD_HEIGHT, _CARD_GAP = 370, 116, 12
#: Letters that fit on a line in a card and across the picture, with room for wide fonts.
_IN_CARD, _ACROSS = 42, 82


def draw(brief: Brief) -> str:
    """The picture as an SVG document."""
    return ElementTree.tostring(_Map(brief).root, encoding="unicode")


def style() -> str:
    """The picture's own style sheet."""
    return resources.files("critical_friend.brief").joinpath("map.css").read_text(encoding="utf-8")


class _Map:
    def __init__(self, brief: Brief) -> None:
        self.brief, self.words = brief, brief.words["map"]
        self.phase = brief.reading["phase"]
        self.root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "map",
                "role": "img",
                "aria-labelledby": "map-title map-desc",
            },
        )
        self._add("title", id="map-title").text = self.words["title"]
        self._add("desc", id="map-desc").text = self._description()
        self._add("style").text = style()
        paper = self._add("rect", "paper", x=0, y=0, width=WIDTH, rx=16)
        self._heading()
        self._path()
        self._roles(_ROLES)
        bottom = self._below(_ROLES + 24 + 2 * _CARD_HEIGHT + _CARD_GAP + 34)
        paper.set("height", str(bottom))
        for key, value in (
            ("viewBox", f"0 0 {WIDTH} {bottom}"),
            ("width", str(WIDTH)),
            ("height", str(bottom)),
        ):
            self.root.set(key, value)

    def _heading(self) -> None:
        here = self.phase["id"]
        phases = self.brief.guidance.phases
        told = sentence(phases[here].name)[:-1] if here else self.words["nothing"]
        self._text("title", told, MARGIN, 52)
        if here:
            self._text("under", sentence(self._standing(here))[:-1], MARGIN, 78)

    def _path(self) -> None:
        names = list(self.brief.guidance.phases.values())
        here = next((i for i, phase in enumerate(names) if phase.id == self.phase["id"]), -1)
        self._add("path", "way ahead", d=_curve(_STATIONS))
        if here > 0:
            self._add("path", "way", d=_curve(_STATIONS[: here + 1]))
        for place, (phase, (x, y)) in enumerate(zip(names, _STATIONS)):
            standing = self._standing(phase.id)
            kind = {self.words["here"]: "here", self.words["guess"]: "here guess"}.get(
                standing,
                {self.words["possible"]: "possible", self.words["behind"]: "behind"}.get(standing, "notyet"),
            )
            size = 27 if "here" in kind else 20
            self._add("circle", f"station {kind}", cx=x, cy=y, r=size)
            if "here" in kind:
                self._pin(x, y - size - 5)
            self._text(f"number {kind}", str(place + 1), x, y + 7, middle=True)
            self._text(f"name {kind}", phase.name, x, y + size + 25, middle=True)
            self._text(f"word {kind}", standing, x, y + size + 45, middle=True)

    def _standing(self, phase: str) -> str:
        """The word for one phase: where the case stands, what is open, what is not."""
        order = list(self.brief.guidance.phases)
        here = self.phase["id"]
        if phase == here:
            key = "here" if self.phase["status"] == "settled" else "guess"
        elif phase in self.phase["candidates"]:
            key = "possible"
        else:
            key = "behind" if here is not None and order.index(phase) < order.index(here) else "ahead"
        return str(self.words[key])

    def _pin(self, x: int, tip: int) -> None:
        shape = f"M{x} {tip}c-5 -12 -16 -18 -16 -31a16 16 0 1 1 32 0c0 13 -11 19 -16 31z"
        self._add("path", "pin", d=shape)
        self._add("circle", "eye", cx=x, cy=tip - 31, r=6)

    def _roles(self, top: int) -> None:
        self._text("heading", self.words["roles"], MARGIN, top)
        for place, (id_, role) in enumerate(self.brief.guidance.roles.items()):
            x = MARGIN + (place % 2) * (_CARD_WIDTH + _CARD_GAP)
            y = top + 16 + (place // 2) * (_CARD_HEIGHT + _CARD_GAP)
            status = self.brief.reading["roles"][id_]
            self._add("rect", f"card {status}", x=x, y=y, width=_CARD_WIDTH, height=_CARD_HEIGHT, rx=12)
            self._shape(status, x + 32, y + 34)
            self._text("name role", sentence(role.name)[:-1], x + 64, y + 30)
            self._text(f"word {status}", self.words[status], x + 64, y + 50)
            what = as_we(role.means.partition(". ")[0]).rstrip(".")
            for line, words in enumerate(textwrap.wrap(what, _IN_CARD, max_lines=3, placeholder=" …")):
                self._text("small", words, x + 64, y + 70 + 17 * line)

    def _shape(self, status: str, x: int, y: int) -> None:
        """A full disc with a tick, an empty square with a cross, a disc in two halves, a dotted ring."""
        kind = f"mark {status}"
        if status == "present":
            self._add("circle", f"{kind} full", cx=x, cy=y, r=18)
            self._add("path", "sign inside", d=f"M{x - 8} {y + 1}l6 6l11 -13")
        elif status == "missing":
            self._add("rect", kind, x=x - 16, y=y - 16, width=32, height=32, rx=3)
            self._add("path", f"sign {status}", d=f"M{x - 8} {y - 8}l16 16m0 -16l-16 16")
        elif status == "contested":
            self._add("path", f"{kind} full", d=f"M{x - 3} {y - 18}a18 18 0 0 0 0 36z")
            self._add("path", kind, d=f"M{x + 3} {y - 18}a18 18 0 0 1 0 36z")
        else:
            self._add("circle", f"{kind} dotted", cx=x, cy=y, r=17)
            self._text(f"ask {status}", "?", x, y + 7, middle=True)

    def _below(self, y: int) -> int:
        """How closely to work, and the question at hand. Returns where the picture ends."""
        reading, guidance = self.brief.reading, self.brief.guidance
        told = []
        if reading["mode"]["id"]:
            mode = guidance.modes[reading["mode"]["id"]]
            told.append((self.words["mode"], f"{sentence(mode.name)} {mode.means}"))
        if reading["question"]:
            told.append((self.words["question"], as_we(reading["question"]["text"])))
        for label, text in told:
            self._text("heading", label, MARGIN, y)
            for words in textwrap.wrap(text, _ACROSS):
                y += 22
                self._text("line", words, MARGIN, y)
            y += 34
        return y - (12 if told else 34)

    def _description(self) -> str:
        guidance, reading = self.brief.guidance, self.brief.reading
        phases = "; ".join(f"{phase.name}: {self._standing(phase.id)}" for phase in guidance.phases.values())
        roles = "; ".join(
            f"{role.name}: {self.words[reading['roles'][id_]]}" for id_, role in guidance.roles.items()
        )
        return f"{self.words['phases']}: {phases}. {self.words['roles']}: {roles}."

    def _text(self, kind: str, words: str, x: int, y: int, *, middle: bool = False) -> None:
        more = {"text-anchor": "middle"} if middle else {}
        self._add("text", kind, x=x, y=y, **more).text = words

    def _add(self, tag: str, kind: str = "", **attributes: object) -> ElementTree.Element:
        written = {key: str(value) for key, value in attributes.items()}
        return ElementTree.SubElement(self.root, tag, {**({"class": kind} if kind else {}), **written})


def _curve(points: tuple[tuple[int, int], ...]) -> str:
    """A smooth way through the points."""
    (x, y), *others = points
    way = f"M{x} {y}"
    for to_x, to_y in others:
        middle = (x + to_x) // 2
        way += f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"
        x, y = to_x, to_y
    return way
