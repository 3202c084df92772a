"""The page of the guidance."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from critical_friend.conditions import Condition
from critical_friend.guidance import default_folder, plain
from critical_friend.guidance.entries import anchor, signals_of
from critical_friend.guidance.page import render

PACKAGE = default_folder().parent / "critical_friend" / "guidance"
SECTIONS = {
    "phase": "phases",
    "mode": "modes",
    "role": "roles",
    "signal": "signals",
    "step": "steps",
    "rule": "rules",
    "finding": "findings",
    "caution": "cautions",
    "urgency": "urgency",
    "source": "sources",
}
VOID = {"meta", "br", "hr", "img", "input", "link", "rect", "path"}


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.tags.append((tag, about))
        if about.get("id"):
            self.ids.append(about["id"])
        if tag == "a":
            self.links.append((about["href"], ""))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.words += data
        if "a" in self.open:
            href, words = self.links[-1]
            self.links[-1] = (href, words + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [about for name, about in self.tags if name == tag]


@pytest.fixture(scope="module")
def text(guidance):
    return render(guidance)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_everything_has_one_anchor(page, guidance):
    assert len(page.ids) == len(set(page.ids))
    for kind, section in SECTIONS.items():
        for id_ in getattr(guidance, section):
            assert anchor(kind, id_) in page.ids


def test_every_link_leads_to_an_anchor_of_the_page_and_has_a_name(page):
    assert len(page.links) > 500
    for href, words in page.links:
        assert href.startswith("#") and href[1:] in page.ids, href
        assert words.strip(), href


def test_every_step_signal_and_rule_is_linked_to_its_neighbours(text, guidance):
    def entry(kind, id_):
        return text.partition(f'id="{anchor(kind, id_)}"')[2].partition("</article>")[0]

    for rule in guidance.rules.values():
        told = entry("rule", rule.id)
        for signal in signals_of(rule):
            assert f'#{anchor("signal", signal)}"' in told
            assert f'#{anchor("rule", rule.id)}"' in entry("signal", signal)
        for finding in rule.findings:
            assert f'#{anchor("finding", finding)}"' in told
            assert f'#{anchor("rule", rule.id)}"' in entry("finding", finding)
    for rule in guidance.advice_rules:
        for step in (*rule.advise, *rule.withhold):
            assert f'#{anchor("rule", rule.id)}"' in entry("step", step)
            assert f'#{anchor("step", step)}"' in entry("rule", rule.id)


def test_the_page_says_all_words_of_the_guidance(page, guidance):
    words = page.words
    for phase in guidance.phases.values():
        for said in (phase.means, phase.needs, phase.ends_when, phase.danger):
            assert said in words
    for step in guidance.steps.values():
        for said in (step.title, step.do, step.who, step.sign):
            assert said in words
    for signal in guidance.signals.values():
        assert signal.question in words and signal.matters in words
    for rule in guidance.rules.values():
        assert rule.reason in words
    assert guidance.version in words
    for source in guidance.sources.values():
        assert source.title in words and source.authors in words


def test_headings_stand_in_order(page):
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    for before, after in zip(page.headings, page.headings[1:]):
        assert after <= before + 1


def test_landmarks_language_tables_and_the_skip_link(page):
    assert page.all("html")[0]["lang"] == "en-NZ"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    assert page.links[0] == ("#content", "Skip to the content")
    assert page.all("main")[0]["id"] == "content"
    for section in (*page.all("section"), *page.all("nav")):
        assert section["aria-labelledby"] in page.ids
    assert len(page.all("caption")) == len(page.all("table")) > 0
    assert all(about["scope"] in ("col", "row") for about in page.all("th"))


def test_the_page_needs_no_network_and_no_script(text, page):
    assert not page.all("script") and not page.all("link") and not page.all("img")
    assert not re.search(r"https?://|@import|url\(|\son\w+=", text)


def test_the_diagram_is_told_in_words(page, guidance):
    svg = page.all("svg")[0]
    assert svg["role"] == "img"
    assert all(id_ in page.ids for id_ in svg["aria-labelledby"].split())
    for rule in (*guidance.phase_rules, *guidance.role_rules):
        assert plain.text(plain.sentence(guidance, rule)) in page.words


BAD = '<script>alert("x")</script> & <b>'
IDS = {
    "id",
    "source",
    "section",
    "firmness",
    "group",
    "phase",
    "mode",
    "role",
    "urgency",
    "good",
    "reach",
    "step",
    "caution",
}


def spoilt(value, name=""):
    """The guidance with markup in all its words; ids stay as they are."""
    if isinstance(value, Condition) or (isinstance(value, str) and name in IDS):
        return value
    if isinstance(value, str):
        return value + BAD
    if isinstance(value, tuple):
        return tuple(spoilt(item, "id") for item in value)
    if isinstance(value, dict):
        return {key: spoilt(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        fields = {f.name: spoilt(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
        return type(value)(**fields)
    return value


def test_nothing_is_left_unescaped(guidance):
    text = render(spoilt(guidance))
    page = Page(text)
    assert not page.all("script") and not page.all("b") and "<script" not in text
    assert page.words.count(BAD) > 1000


def test_colours_have_contrast_enough():
    css = (PACKAGE / "templates" / "page.css").read_text(encoding="utf-8")
    schemes = [dict(re.findall(r"--(\w+): (#\w+)", told)) for told in re.findall(r":root \{[^}]*\}", css)]
    assert len(schemes) == 3
    for colours in schemes:
        for ground in ("paper", "card"):
            for ink in ("ink", "act"):
                assert contrast(colours[ink], colours[ground]) >= 4.5
            assert contrast(colours["line"], colours[ground]) >= 3
        assert contrast(colours["ink"], colours["soft"]) >= 4.5


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        wide = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
        parts = [int(wide[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
