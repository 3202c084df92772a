"""The brief: what it tells, what it leaves out, and that nothing of it can do harm."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from xml.etree import ElementTree

import pytest
import textstat
from browsing import CHROMIUM, NO_CHROMIUM, chromium
from support import CI

from critical_friend import brief
from critical_friend.brief.words import as_we, words
from critical_friend.case import Case, Evidence
from critical_friend.guidance.model import Guidance
from critical_friend.reading import Reader

SVG = "{http://www.w3.org/2000/svg}"
HARM = "<script>alert(1)</script> <img src=//evil.example/x> *bold* [a](http://evil.example) & more"
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=timezone.utc)  # the morning of the 25th in New Zealand


def case(*known: str, text: str = "a particular pelican") -> Case:
    """A case of 'signal=value' with perhaps '@name' of who said it."""
    pieces = []
    for one in known:
        what, _, by = one.partition("@")
        signal, _, value = what.partition("=")
        pieces.append(Evidence(signal, value, text, by or None))
    return Case(tuple(pieces))


QUIET = case("fellow_travellers=yes", "guardian_angel=no", "below_radar=yes", "silo_budget=yes")
DIFFERING = case(
    "fellow_travellers=yes",
    "trust=yes@Aroha",
    "trust=no@Graham",
    "active_client=yes@Aroha",
    "active_client=no@Graham",
)


@pytest.fixture
def write(guidance: Guidance, reader: Reader):
    def written(of: Case, form: str = "md", **more) -> str:
        return brief.FORMS[form].write(brief.make(reader.read(of), guidance, now=NOW, **more))

    return written


def test_it_tells_where_we_are_what_we_have_and_what_comes_next(write, guidance, reader):
    text = write(QUIET)
    step = reader.read(QUIET)["next_steps"][0]
    for told in (
        "Made on 25 November 2026",
        "Our best guess is the phase called getting together. It could still be working together or sustaining.",
        "Why we think so",
        "## What we have\n\n- Like-minded people from elsewhere have joined in.",
        "## What is missing\n\n- Guardian angel: Somebody senior or well placed",
        "## What makes it harder\n\n- Budget or contract rules are in the way.",
        "## What else we know\n\n- The work is being kept out of sight.",
        f"### 1. {as_we(step['title'])}\n\n{as_we(step['do'])}",
        "- Who with: ",
        "- How we will know it worked: ",
        f"- Take care: {as_we(step['cautions'][0])}",
        "## What we still have to find out\n\n- ",
        "“A 'guardian angel'”",
    ):
        assert told in text
    assert "nobody senior" not in text.lower().split("what makes it harder")[0].split("what is missing")[1]


@pytest.mark.parametrize("form", ["md", "html", "svg"])
def test_what_people_said_and_their_names_are_left_out_unless_asked_for(write, form):
    text = write(DIFFERING, form)
    assert not re.search("pelican|Aroha|Graham", text)


def test_the_talk_is_there_when_asked_for(write):
    talk = [{"by": "user", "text": "a heron", "speaker": "Mele"}, {"by": "bot", "text": "I heard that."}]
    text = write(DIFFERING, talk=talk)
    assert "**Mele:** a heron" in text and "**Critical Friend:** I heard that." in text
    assert "**Aroha:** a particular pelican" in write(DIFFERING, talk=[])


def test_views_that_differ_stand_side_by_side(write):
    text = write(DIFFERING).partition("Where people see it differently")[2]
    assert (
        "Some say that people in the group trust one another. Some say that trust in the group is missing."
        in text
    )
    assert "Trust" not in write(DIFFERING).partition("## What we have")[2].partition("##")[0]


def test_nothing_known(write):
    for form in ("md", "html"):
        assert "Nothing is known of this work yet" in write(Case(), form)
    assert "We do not know yet where we are" in write(Case(), "svg")


def test_what_people_wrote_can_do_nothing(write):
    harmful = case("fellow_travellers=yes", text=HARM)
    talk = [{"by": "user", "text": HARM, "speaker": HARM}]
    page = write(harmful, "html", notes=HARM, talk=talk)
    assert page.count("&lt;script&gt;") == 3 and "<script" not in page and "<img" not in page
    text = write(harmful, notes=f"{HARM}\n# not a heading\n1. not a list\n- nor this", talk=talk)
    assert "<script" not in text.replace("\\<script", "") and "\\[a\\](" in text
    assert "\n\\# not a heading\n1\\. not a list\n\\- nor this" in text


def test_a_caution_is_told_once(write):
    limits = "Keep inside the law and the public money rules."
    text = write(
        case("below_radar=yes", "accountability_line=no", "guardian_angel=no", "fellow_travellers=yes")
    )
    assert text.count(limits) == 1


def test_notes_stand_in_it(write):
    assert "## Notes\n\nRing Mele" in write(QUIET, notes=" Ring Mele ")
    assert "## Notes" not in write(QUIET)


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_the_map_names_every_phase_and_role_with_its_state_in_words(write, guidance):
    known = case("fellow_travellers=yes", "guardian_angel=no", "active_client=yes@A", "active_client=no@B")
    root = drawn(write(known, "svg"))
    told = [text.text for text in root.iter(f"{SVG}text")]
    for phase in guidance.phases.values():
        assert phase.name in told
    for word in ("played", "missing", "views differ", "not yet known", "our best guess", "still possible"):
        assert word in told
    description = root.find(f"{SVG}desc").text
    assert "guardian angel: missing" in description and "working together: our best guess" in description
    assert root.get("role") == "img" and root.get("aria-labelledby") == "map-title map-desc"
    assert {root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")} == {"map-title", "map-desc"}


def test_the_map_tells_states_by_shape_too(write):
    """Every state is drawn with marks that no other state has, colours aside."""
    shapes = {}
    for status, known in {
        "present": ["guardian_angel=yes"],
        "missing": ["guardian_angel=no"],
        "contested": ["guardian_angel=yes@A", "guardian_angel=no@B"],
        "unknown": [],
    }.items():
        root = drawn(write(case("trust=yes", *known), "svg"))
        shapes[status] = [
            (e.tag, e.get("d"), "full" in e.get("class"))
            for e in root
            if f"mark {status}" in e.get("class", "")
        ][-2:]
    assert len({str(shape) for shape in shapes.values()}) == 4


@pytest.mark.parametrize(
    ("known", "here"),
    [
        (["moment_of_recognition=no"], "before starting"),
        (["routine_adopted=yes", "fellow_travellers=yes"], "sustaining"),
    ],
)
def test_the_map_shows_where_the_case_stands(write, known, here):
    description = drawn(write(case(*known), "svg")).find(f"{SVG}desc").text
    assert re.search(rf"{here}: (we are here|our best guess)", description)


def test_nothing_is_loaded_and_no_script_runs(write):
    for form in ("html", "svg"):
        text = write(QUIET, form)
        assert not re.search(r"@import|url\(|<script|<link|\son\w+=|src=", text)
        assert "default-src 'none'" in brief.FORMS[form].policy()
        assert "unsafe" not in brief.FORMS[form].policy()
    assert re.search(r'Content-Security-Policy" content="default-src', write(QUIET, "html"))


def own_words(told) -> list[str]:
    return [w for v in told.values() for w in (own_words(v) if isinstance(v, dict) else [v])]


def test_its_own_words_are_plain():
    everything = [re.sub(r"\{\w+\}", "it", text) for text in own_words(words())]
    sentences = " ".join(text for text in everything if text.endswith("."))
    assert textstat.flesch_kincaid_grade(sentences) <= 9


def test_a_whole_brief_reads_at_grade_nine_or_lower(write):
    for known in (QUIET, DIFFERING):
        text = write(known).partition("Where this comes from")[0]
        assert textstat.flesch_kincaid_grade(re.sub(r"[#*\-\\]", "", text)) <= 9


def test_it_speaks_as_we_and_not_to_you(guidance):
    said = [rule.reason for rule in guidance.rules.values()]
    said += [text for step in guidance.steps.values() for text in (step.title, step.do, step.who, step.sign)]
    said += [t for signal in guidance.signals.values() for t in (signal.question, *signal.heard.values())]
    for text in map(as_we, said):
        assert not re.search(r"\b(you|your|yours|yourselves)\b", text, re.I), text
        assert not re.search(r"\b(for|to|of|gives|told|tell|let|help|asked|wants|with) we\b(?! \w+)", text), (
            text
        )
    assert as_we("Nobody senior is covering for you.") == "Nobody senior is covering for us."
    assert (
        as_we("I do not know of anybody in your team whom you trust.")
        == "we do not know of anybody in our team whom we trust."
    )


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        (pytest.fail if CI else pytest.skip)(
            f"The brief was not printed and drawn in a browser: {NO_CHROMIUM}."
        )
    with chromium() as running:
        yield running


def test_even_a_case_of_which_all_is_known_prints_on_two_pages(write, guidance, browser, tmp_path):
    everything = case(*(f"{id_}={'no' if i % 2 else 'yes'}" for i, id_ in enumerate(guidance.signals)))
    file = tmp_path / "brief.html"
    file.write_text(write(everything, "html", notes="x"), encoding="utf-8")
    page = browser.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
    assert complaints == []  # such as of the page's own security policy
    assert page.locator("svg .title").evaluate("e => getComputedStyle(e).fontWeight") == "700"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_the_map_fit_and_stand_out(write, guidance, browser, tmp_path, scheme):
    """No text leaves its picture or card, and all text has the contrast that WCAG AA asks for."""
    contested = [f"{role}={value}@{value}" for role in ("active_client",) for value in ("yes", "no")]
    file = tmp_path / "map.svg"
    file.write_text(
        write(case("fellow_travellers=yes", "guardian_angel=no", "complex_problem=yes", *contested), "svg"),
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 900, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    texts = page.evaluate(
        """() => {
          const lit = (c) => c.match(/\\d+(\\.\\d+)?/g).slice(0, 3).map(Number)
            .map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const solid = [...document.querySelectorAll('rect, circle')].filter((e) => !['none', ''].includes(getComputedStyle(e).fill));
          return [...document.querySelectorAll('text')].map((text) => {
            const box = text.getBBox(), x = box.x + box.width / 2, y = box.y + box.height / 2;
            const under = solid.filter((e) => { const b = e.getBBox(); return b.x <= x && x <= b.x + b.width && b.y <= y && y <= b.y + b.height; }).pop();
            const around = under.tagName === 'circle' ? document.querySelector('.paper').getBBox() : under.getBBox();
            const [a, b] = [lit(getComputedStyle(text).fill), lit(getComputedStyle(under).fill)].sort((m, n) => n - m);
            return { text: text.textContent, contrast: (a + 0.05) / (b + 0.05),
              fits: box.x >= around.x && box.x + box.width <= around.x + around.width && box.y + box.height <= around.y + around.height };
          });
        }"""
    )
    assert len(texts) > 25
    assert [t for t in texts if not t["fits"]] == []
    assert [t for t in texts if t["contrast"] < 4.5] == []
