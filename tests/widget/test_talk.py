"""The conversation in the widget, with the real servers and the real model."""

from __future__ import annotations

import requests
from browsing import CASE, expect


def test_nothing_is_sent_before_the_terms_are_agreed_to(visit):
    here = visit()
    consent = here.page.locator(".consent")
    for words in (
        "machine with rules",
        "not come back for 365 days",
        "the people who run this service",
        "Do not name clients",
        "Official Information Act",
    ):
        expect(consent).to_contain_text(words)
    expect(here.message).to_be_hidden()
    assert not [url for url in here.requested if "conversations" in url]
    here.agree().say("Kia ora")
    assert [url for url in here.requested if "conversations" in url]


def test_a_talk_with_buttons(visit):
    here = visit().agree().say(CASE[0])
    expect(here.lines("bot").first).to_contain_text("I heard that somebody has seen that the normal way")
    expect(here.lines("user").last).to_contain_text("Delivered")
    here.answer(here.lines("bot").last.get_by_role("button", name="No", exact=True))
    expect(here.lines("user").last).to_contain_text("No")
    expect(here.role("Fellow-travellers")).to_contain_text("Missing")
    assert (
        here.page.locator(".line .choices").count()
        == here.lines("user").last.locator("~ li .choices").count()
    )


def test_an_opener_can_be_taken_and_changed_before_it_is_sent(visit):
    here = visit().agree()
    here.button("Nobody senior is covering for us.").click()
    expect(here.message).to_have_value("Nobody senior is covering for us.")
    expect(here.message).to_be_focused()
    assert here.lines("user").count() == 0


def test_a_reload_takes_up_the_talk(visit):
    here = visit().agree().say(CASE[2])
    here.message.fill("half a thou")
    said = here.page.locator("li.line .bubble").all_inner_texts()
    buttons = here.page.locator(".line .choices button").all_inner_texts()
    here.page.reload()
    here.ready()
    expect(here.page.locator("li.line .bubble")).to_have_text(said, use_inner_text=True)
    assert here.page.locator(".line .choices button").all_inner_texts() == buttons
    expect(here.role("Guardian angel")).to_contain_text("Missing")
    expect(here.message).to_have_value("half a thou")
    expect(here.page.locator("[role=log]")).to_be_empty()  # what is old is not read out again
    here.answer(here.page.locator(".line .choices").last.get_by_role("button", name="Yes"))


def test_tokens_stay_in_the_session_and_out_of_addresses(visit):
    here = visit().agree().say("Kia ora")
    here.button("Brief").click()
    with here.page.expect_download():
        here.button("Text (Markdown)").click()
    token = here.kept()["token"]
    assert len(token) > 30 and not [url for url in here.requested if token in url]
    assert here.page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    other = here.tab("/")
    expect(other.get_by_role("button", name="I understand")).to_be_visible()


def test_forgetting_asks_first_and_deletes_on_both_sides(visit, servers):
    here = visit().agree().say(CASE[2])
    kept = here.kept()
    address = f"{servers.url}/api/conversations/{kept['conversation']}"
    headers = {"Authorization": f"Bearer {kept['token']}"}
    here.button("Forget").click()
    here.button("No, keep it").click()
    expect(here.button("Forget")).to_be_focused()
    assert requests.get(address, headers=headers, timeout=30).ok
    here.button("Forget").click()
    here.button("Yes, delete it").click()
    expect(here.page.locator("dialog[open]")).to_have_count(0)
    expect(here.page.locator("li.line")).to_have_count(0)
    expect(here.role("Guardian angel")).to_contain_text("Not known yet")
    assert requests.get(address, headers=headers, timeout=30).status_code == 404
    assert "token" not in here.kept()
    here.say("Kia ora")  # and one can begin again


def test_forgetting_by_words_empties_the_widget(visit):
    here = visit().agree().say(CASE[2], "forget this")
    here.button("Yes, delete it").click()
    expect(here.page.locator("li.line .bubble")).to_have_count(1)
    expect(here.role("Guardian angel")).to_contain_text("Not known yet")


def test_what_the_server_says_is_never_html(visit):
    nasty = "<img src=x onerror=\"document.title='owned'\"><b>nobody senior is covering for us</b>"
    here = visit().agree().say(nasty)
    expect(here.lines("user").first).to_contain_text("<b>nobody senior")
    expect(here.part("heard")).to_contain_text("<b>")
    here.hear([{"text": nasty, "buttons": [{"title": "<i>x</i>", "payload": "greet"}]}])
    here.say("hello")
    expect(here.button("<i>x</i>")).to_be_visible()
    inside = "document.querySelector('critical-friend').shadowRoot"
    assert here.page.evaluate(f"{inside}.querySelectorAll('img, b, script').length") == 0
    assert here.page.title() != "owned"


def test_the_start_of_the_answer_is_in_view_however_long_the_message_was(visit):
    for width, height in ((1280, 860), (390, 844), (640, 430)):  # the last as a page at 200 per cent has it
        here = visit(width=width, height=height).agree()
        here.say(CASE[0], "Kia ora", "Meeting after meeting after meeting " * 50)
        # A page scrolls by whole pixels, so that a part of one may be outside.
        expect(here.lines("user").last.locator("+ li p").first).to_be_in_viewport(ratio=0.95)


def test_one_gets_from_the_talk_to_the_map_and_back_on_a_small_screen(visit):
    here = visit(width=390, height=844).agree().say(CASE[2])
    here.button("To the map: before starting").click()
    expect(here.part("phases")).to_be_in_viewport()
    assert here.focused() == "Your case so far"
    here.button("To the talk").click()
    expect(here.message).to_be_in_viewport()
    expect(here.message).to_be_focused()


def test_too_long_a_message_is_not_sent_and_not_lost(visit):
    here = visit().agree()
    here.message.fill("x" * 4020)
    expect(here.page.locator("#count")).to_have_text("20 characters too many. Send it in parts.")
    here.message.press("Enter")
    assert here.lines("user").count() == 0 and len(here.message.input_value()) == 4020


def test_te_reo_labels_fall_back_to_english(visit):
    here = visit("/demo")
    here.page.evaluate("document.querySelector('critical-friend').remove()")
    here.page.evaluate(
        "() => { const w = document.createElement('critical-friend'); w.lang = 'mi'; document.body.append(w); }"
    )
    here.button("Talk it through").click()
    heading = here.page.get_by_role("heading", name="Kia ora. Nau mai, haere mai")
    expect(heading).to_have_attribute("lang", "mi")
    here.agree()
    expect(here.button("Tukuna").locator("span")).to_have_attribute("lang", "mi")
    assert here.button("Brief").locator("[lang]").count() == 0
