"""The map: what it shows, and answering, correcting and removing on it."""

from __future__ import annotations

import pytest
from browsing import CASE, expect


@pytest.fixture
def own(visit):
    """A talk of the test's own, which it may change."""
    return visit().agree().say(CASE[2])


def test_the_map_shows_the_case(here):
    at = here.part("phases").locator("[aria-current=step]")
    expect(at).to_have_count(1)
    expect(at).to_contain_text("Getting together")
    expect(here.part("phases").locator("li", has_text="Before starting")).to_contain_text("Ruled out")
    expect(here.part("phases").locator("li", has_text="Sustaining")).to_contain_text("Could be")
    for role, state in (
        ("Public entrepreneur", "Not known yet"),
        ("Fellow-travellers", "Played"),
        ("Guardian angel", "Missing"),
        ("Active client", "Missing"),
    ):
        expect(here.role(role)).to_contain_text(state)
    shapes = {here.role(role).locator("svg").inner_html() for role in ("Public", "Fellow", "Guardian")}
    assert len(shapes) == 3, "each state has a shape of its own"
    expect(here.part("heard")).to_contain_text("“nah, nobody senior is covering for us”".replace("nah, ", ""))
    here.part("phases").get_by_text("Why I think so").click()
    expect(here.part("phases")).to_contain_text("the way we do this just isn't working.”")


def test_a_step_says_why_and_where_it_comes_from(here):
    step = here.part("steps").locator("li.step").first
    expect(step).to_contain_text("Sit down with the people it is for")
    expect(step).to_contain_text("Take care.")
    expect(step.get_by_text("Managing for Joint Outcomes").first).to_be_hidden()
    step.get_by_text("Why, and where it comes from").click()
    expect(step).to_contain_text("have no real part in it")
    expect(step).to_contain_text("“the whānau themselves have no say in it at all, to be honest”")
    expect(step.get_by_text("Managing for Joint Outcomes").first).to_be_visible()


def test_the_question_is_answered_on_the_map_and_in_the_talk(own):
    asked = own.part("question").locator(".ask").inner_text()
    own.answer(own.part("question").get_by_role("button", name="No", exact=True))
    said = own.lines("user").last.locator(".bubble")
    expect(said).to_contain_text(": No")
    noted = [
        known
        for known in own.reading()["signals"].values()
        if known["evidence"][0]["text"] == said.inner_text()
    ]
    assert [known["value"] for known in noted] == ["no"]
    expect(own.part("question").locator(".ask")).not_to_have_text(asked)


def test_a_step_is_talked_about(own):
    step = own.part("steps").locator("li.step").first
    titles = own.part("steps").locator("h4").all_inner_texts()
    step.get_by_text("Why, and where it comes from").click()
    own.answer(step.get_by_role("button", name="Talk about this"))
    expect(own.lines("user").last.locator(".bubble")).to_have_text(titles[0])
    expect(own.lines("bot").filter(has_text="How you will know it worked:").first).to_be_visible()


def test_a_role_is_answered_for_on_the_map(own):
    role = own.role("Public entrepreneur")
    role.get_by_text("Answer").click()
    own.answer(role.get_by_role("button", name="Yes"))
    expect(role).to_contain_text("Played")
    expect(role.locator("details")).not_to_have_attribute("open", "")
    assert own.reading()["signals"]["public_entrepreneur"]["value"] == "yes"


def test_what_was_heard_is_corrected_and_taken_out(own):
    item = own.part("heard").locator("li.item", has_text="nobody senior is covering")
    item.get_by_text("Correct").click()
    own.answer(item.get_by_role("button", name="Yes"))
    expect(own.role("Guardian angel")).to_contain_text("Played")
    expect(own.lines("bot").filter(has_text="Put right").first).to_be_visible()
    own.answer(own.part("heard").get_by_role("button", name="Take out: somebody senior shelters it"))
    expect(own.role("Guardian angel")).to_contain_text("Not known yet")
    assert "guardian_angel" not in own.reading()["signals"]


def test_anything_still_open_can_be_answered(own):
    own.part("open").get_by_text("What is still open").click()
    trust = own.part("open").locator("li", has_text="Do people in the group trust one another")
    own.answer(trust.get_by_role("button", name="Yes"))
    expect(own.part("heard")).to_contain_text("People in the group trust one another.")
    expect(trust).to_have_count(0)
    expect(own.part("open").get_by_text("Are people slipping back")).to_be_visible()  # it stays open


GUESSES = {
    "no": ("trust in the group is missing", [("Yes", "note:trust:no"), ("No", "drop:trust")]),
    "mixed": (
        "people in the group trust one another, and trust in the group is missing",
        [("Both", "note:trust:mixed"), ("Neither", "drop:trust")],
    ),
}


@pytest.mark.parametrize("value", GUESSES)
def test_a_guess_is_put_to_the_user_on_the_map_too(own, value):
    heard, choices = GUESSES[value]
    reading = own.reading()
    reading["confirm"] = {
        "signal": "trust",
        "value": value,
        "heard": heard,
        "choices": [{"title": title, "payload": payload} for title, payload in choices],
    }
    own.hear([{"text": f"I took that as: {heard}. Right?", "custom": reading}])
    own.say("hmm")
    question = own.part("question")
    expect(question).to_contain_text("Did I hear that right?")
    expect(question.locator(".ask")).to_have_text(heard.capitalize() + ".")
    expect(question.get_by_role("button")).to_have_text([title for title, _ in choices])
    own.answer(question.get_by_role("button", name=choices[0][0]))
    expect(own.part("heard")).to_contain_text({"no": "No", "mixed": "Views differ"}[value])


def test_the_map_alone(here):
    here.button("Map alone").click()
    expect(here.message).to_be_hidden()
    expect(here.role("Guardian angel")).to_be_visible()
    here.button("Map alone").click()
    expect(here.message).to_be_visible()


def test_the_brief_comes_in_three_forms_with_notes_and_without_the_talk(here):
    here.button("Brief").click()
    here.page.get_by_label("Your notes").fill("Ask <b>finance</b> first.")

    def brief(button):
        with here.page.expect_download() as got:
            here.button(button).click()
        with open(got.value.path(), encoding="utf-8") as file:
            return got.value.suggested_filename, file.read()

    name, text = brief("Text (Markdown)")
    assert name == "critical-friend-brief.md" and "finance" in text and "I've rung round" not in text
    name, page = brief("Web page (HTML)")
    assert name.endswith(".html") and "Ask &lt;b&gt;finance" in page
    name, drawing = brief("The map (SVG)")
    assert name.endswith(".svg") and drawing.lstrip().startswith(("<svg", "<?xml"))
    here.page.get_by_label("Put in the whole talk").check()
    assert "I've rung round" in brief("Text (Markdown)")[1]


def test_printing_prints_the_brief_with_the_map_and_nothing_of_the_page(visit):
    here = visit()
    here.context.add_init_script(
        "window.print = () => { top.printed = [document.body.innerText, document.images[0].naturalWidth,"
        " document.title] }"
    )
    here.page.reload()
    here.agree().say(CASE[2])
    here.button("Brief").click()
    here.page.get_by_label("Your notes").fill("Ask <b>finance</b> first.")
    here.button("Print").click()
    here.page.locator("iframe").wait_for(state="attached")
    text, width, title = here.page.evaluate(
        "() => new Promise((on) => { const look = () => top.printed ? on(top.printed) : setTimeout(look, 50); look(); })"
    )
    assert "Find a sponsor who will cover for us" in text and "Ask <b>finance</b> first." in text
    assert width > 300 and title and "Your message" not in text and "**" not in text
