"""The page of the guidance, the same in the terminal, rules in plain words, and the schema for editors."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from critical_friend.cli.main import main
from critical_friend.conditions import Condition
from critical_friend.guidance import BrokenGuidance, default_folder, load, plain
from critical_friend.guidance.entries import anchor, signals_of
from critical_friend.guidance.page import render

PACKAGE = default_folder().parent / "critical_friend" / "guidance"
SCHEMA = json.loads((PACKAGE / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(default_folder().rglob("*.yml"))
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


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(default_folder(), tmp_path / "guidance")


# The page


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


# Plain words


def test_a_rule_names_the_words_of_each_of_its_signals(guidance):
    for rule in guidance.rules.values():
        said = plain.text(plain.sentence(guidance, rule))
        assert said.endswith(".") and "  " not in said and ".." not in said
        for signal in signals_of(rule):
            heard = guidance.signals[signal].heard
            assert heard["yes"] in said or heard["no"] in said, (rule.id, signal)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "nobody-covers",
            "Advises “Find a sponsor who will cover for you” when nobody senior is covering for you.",
        ),
        (
            "window-is-open",
            "Advises “Use the open window this week” when something has opened a window for you, unless the new way is now part of how you work.",
        ),
        (
            "phase-sustaining-reached",
            "The work has come to the phase “sustaining” when the new way is now part of how you work, or people are slipping back to the old ways.",
        ),
        ("views-differ", "Advises “Talk about where views differ” when views differ on anything at all."),
        (
            "centre-holds-the-decision",
            "Advises “Bring the doubters out to see it” when views differ on whether leaders back the work.",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(guidance, rule, said):
    assert plain.text(plain.sentence(guidance, guidance.rules[rule])) == said


TRUST, QUIET = Condition("signal", "trust", "yes"), Condition("signal", "below_radar", "no")
STUCK, CLIENT = Condition("signal", "stalled", "yes"), Condition("signal", "active_client", "yes")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            Condition("all", parts=(TRUST, QUIET)),
            "people in the group trust one another, and the work is out in the open",
        ),
        (
            Condition("any", parts=(TRUST, QUIET)),
            "people in the group trust one another, or the work is out in the open",
        ),
        (
            Condition("at_least", parts=(TRUST, QUIET, STUCK), count=2),
            "at least 2 of these are so: people in the group trust one another; the work is out in the open; meetings go by without money or movement",
        ),
        (Condition("not", parts=(TRUST,)), "it is not so that people in the group trust one another"),
        (
            Condition("not", parts=(Condition("any", parts=(TRUST, QUIET)),)),
            "it is not so that (people in the group trust one another, or the work is out in the open)",
        ),
        (
            Condition("all", parts=(CLIENT, Condition("any", parts=(TRUST, QUIET)))),
            "all of these are so: the people it is for are taking part; and people in the group trust one another, or the work is out in the open",
        ),
        (
            Condition("signal", "trust", "contested"),
            "views differ on whether people in the group trust one another",
        ),
    ],
)
def test_a_condition_in_plain_words(guidance, condition, said):
    assert plain.text(plain.condition(guidance, condition)) == said


# The commands


def run(*words: str):
    return CliRunner().invoke(main, ["guidance", *words])


def test_docs_writes_the_page_and_says_where(tmp_path, text):
    out = tmp_path / "deep" / "rules.html"
    result = run("docs", "--out", str(out))
    assert result.exit_code == 0 and str(out) in result.output
    assert out.read_text(encoding="utf-8") == text


def test_docs_of_broken_guidance_says_what_is_wrong(copy):
    (copy / "zz.yml").write_text("rules: 7\n", encoding="utf-8")
    result = run("docs", str(copy), "--out", str(copy / "x.html"))
    assert result.exit_code == 1 and "guidance/zz.yml:1" in result.output
    assert not (copy / "x.html").exists()


def test_explain_tells_of_everything(guidance):
    for section in ("rules", "steps", "signals", "phases", "roles"):
        for id_ in list(getattr(guidance, section))[:4]:
            result = run("explain", id_)
            assert result.exit_code == 0 and f"({id_})" in result.output
            assert max(map(len, result.output.splitlines())) <= 88


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        (
            "nobody-covers",
            [
                "Rule: Nobody covers",
                "when nobody senior is covering for you.",
                "Why:",
                "Urgency: role, 4 of 10",
                "Guardian angel:",
            ],
        ),
        (
            "find-a-guardian-angel",
            [
                "Step: Find a sponsor",
                "With:",
                "Sign that it worked:",
                "Hard limits:",
                "[nobody-covers]",
                "Held back:",
            ],
        ),
        (
            "trust",
            [
                "Signal: Trust",
                "The question:",
                "No means: Trust in the group is missing.",
                "[trust-is-missing]",
            ],
        ),
        (
            "sustaining",
            [
                "Phase: Sustaining",
                "What it needs:",
                "What ends it:",
                "Its danger:",
                "is now part of how you work",
            ],
        ),
        ("guardian_angel", ["Role: Guardian angel", "Signal: Somebody senior shelters it"]),
    ],
)
def test_explain_has_the_words(id_, words):
    said = " ".join(run("explain", id_).output.split())
    for word in words:
        assert word in said


def test_explain_helps_with_a_misspelt_id():
    result = run("explain", "nobody-cover")
    assert result.exit_code == 1 and "Did you mean 'nobody-covers'" in result.output
    result = run("explain", "zzzz")
    assert result.exit_code == 1 and "is not the id of anything" in result.output


# Editors


def test_every_file_names_the_schema_on_its_first_line():
    for file in FILES:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, f"{file}: the first line should name the schema, as in the files beside it"
        assert (file.parent / named[1]).resolve() == PACKAGE / "schema.json"


def test_the_schema_is_valid():
    assert SCHEMA["$schema"] == jsonschema.Draft7Validator.META_SCHEMA["$schema"]
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_property_of_the_schema_is_described():
    def look(schema, place):
        for name, part in schema.get("properties", {}).items():
            assert part.get("description"), f"{place}/{name}"
            look(part, f"{place}/{name}")
        if "items" in schema:
            look(schema["items"], place)

    look(SCHEMA, "")
    look(SCHEMA["definitions"]["condition"], "condition")


def as_editors_read(file: Path):
    """YAML 1.2, as editors read it: yes and no are words."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {
            first: [(tag, form) for tag, form in forms if not tag.endswith("bool")]
            for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return yaml.load(file.read_text(encoding="utf-8"), Loader)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_editors_find_no_fault_with_the_guidance(file):
    jsonschema.validate(as_editors_read(file), SCHEMA, jsonschema.Draft7Validator)


@pytest.mark.parametrize(
    "condition",
    ["{}", "3", "{trust: maybe}", "{all: 3}", "{any: []}", "{any: [{trust: 1}]}", "{not: yes}", "{at_least: 1}",
     "{of: [{trust: yes}]}", "{at_least: x, of: [{trust: yes}]}", "{any_signal: yes}", "{all: [{not: {trust: perhaps}}]}"],
)  # fmt: skip
def test_what_editors_refuse_of_a_condition_is_refused_by_the_checks(copy, condition):
    file = copy / "topics" / "3-the-roles.yml"
    words = file.read_text(encoding="utf-8")
    file.write_text(words.replace("{guardian_angel: no}", condition, 1), encoding="utf-8")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_editors_read(file), SCHEMA, jsonschema.Draft7Validator)
    with pytest.raises(BrokenGuidance, match="nobody-covers"):
        load(copy)


def test_what_editors_suggest_exists(guidance):
    parts = {
        name: part["items"]["properties"] for name, part in SCHEMA["properties"].items() if "items" in part
    }
    for suggested, known in (
        (parts["rules"]["urgency"], guidance.urgency),
        (parts["rules"]["in_phase"]["items"], guidance.phases),
        (parts["steps"]["cautions"]["items"], guidance.cautions),
        (parts["signals"]["group"], guidance.groups),
        (parts["findings"]["firmness"], guidance.firmness),
        (parts["findings"]["source"], guidance.sources),
    ):
        assert suggested["examples"] == list(known)


# docs/rules.md


def test_the_worked_example_goes_as_told(copy):
    told = (default_folder().parent / "docs" / "rules.md").read_text(encoding="utf-8")
    rule = re.search(r"```yaml\n(     - id: stuck.*?)\n   ```", told, re.S)[1]
    rule = re.sub(r"^   ", "", rule, flags=re.M)
    file = copy / "topics" / "5-support-and-learning.yml"
    before = file.read_text(encoding="utf-8")
    place = "  - id: leaders-do-not-back-it\n"
    file.write_text(before.replace(place, f"{rule}\n{place}"), encoding="utf-8")
    result = run("check", str(copy))
    assert result.exit_code == 1
    assert all(line.strip() in told for line in result.output.splitlines())
    file.write_text(
        file.read_text(encoding="utf-8").replace("evaluators: no", "evaluator: no"), encoding="utf-8"
    )
    assert run("check", str(copy)).exit_code == 0
    result = run("explain", "stuck-and-nobody-says-so", str(copy))
    assert all(line.strip() in told for line in result.output.splitlines()[:3])
