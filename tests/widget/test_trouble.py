"""A server that is away, slow or gone: nothing is lost, nothing is posted twice, and it says what to do."""

from __future__ import annotations

import requests
from browsing import CASE, expect


def said(url, kept):
    """What the server has of the user's words."""
    address = f"{url}/api/conversations/{kept['conversation']}"
    talk = requests.get(address, headers={"Authorization": f"Bearer {kept['token']}"}, timeout=30).json()
    return [line["text"] for line in talk["transcript"] if line["by"] == "user"]


def test_a_server_that_goes_and_comes_back(visit, own_gateway):
    here = visit(url=own_gateway.url).agree().say("Kia ora")
    own_gateway.stop()
    here.message.fill(CASE[2])
    here.message.press("Enter")
    notice = here.page.locator(".notice")
    expect(notice).to_contain_text("Critical Friend is away just now.")
    expect(here.lines("user").last).to_contain_text("Not delivered yet")
    expect(here.page.locator("[role=status]").first).to_contain_text("Nothing is lost.")
    own_gateway.start()
    expect(here.role("Guardian angel")).to_contain_text("Missing", timeout=30_000)
    expect(notice).to_be_hidden()
    expect(here.lines("user").last).to_contain_text("Delivered")
    assert said(own_gateway.url, here.kept()) == ["Kia ora", CASE[2]]


def test_an_answer_that_is_lost_is_asked_for_again_and_counts_once(visit, relay, servers):
    here = visit(url=relay.url).agree().say("Kia ora")
    before = here.lines("bot").count()
    relay.lose_an_answer()
    here.message.fill(CASE[2])
    here.message.press("Enter")
    expect(here.page.locator(".notice")).to_contain_text("Critical Friend is away just now.")
    relay.mend()
    here.button("Try again").click()
    here.lines("bot").nth(before).wait_for()
    here.ready()
    assert relay.lost == 1 and said(servers.url, here.kept()) == ["Kia ora", CASE[2]]
    expect(here.lines("bot").nth(before)).to_contain_text("nobody senior is covering for you")


def test_a_message_under_way_survives_a_reload_and_counts_once(visit, relay, servers):
    here = visit(url=relay.url).agree().say("Kia ora")
    relay.lose_an_answer()
    here.message.fill(CASE[2])
    here.message.press("Enter")
    expect(here.lines("user").last).to_contain_text("Not delivered yet")
    relay.mend()
    here.page.reload()
    expect(here.role("Guardian angel")).to_contain_text("Missing")
    here.ready()
    assert said(servers.url, here.kept()) == ["Kia ora", CASE[2]]


def test_an_answer_that_takes_long_is_spoken_of(visit):
    here = visit().agree()
    here.page.clock.install()
    here.page.route("**/messages", lambda route: None)  # never answered
    here.message.fill("Kia ora")
    here.message.press("Enter")
    thinking = here.page.locator(".typing")
    expect(thinking).to_have_text("Thinking")
    here.page.clock.fast_forward(10_000)
    expect(thinking).to_have_text("This takes longer than usual. It is still under way.")
    here.page.unroute_all(behavior="ignoreErrors")


def test_too_many_messages_wait_and_go_on(visit):
    here = visit().agree().say("Kia ora")
    problem = {"status": 429, "detail": "That is a lot of messages. Wait 1 second and go on."}
    here.page.route(
        "**/messages",
        lambda route: route.fulfill(status=429, json=problem, headers={"Retry-After": "1"}),
        times=1,
    )
    here.say(CASE[2])
    assert said(here.url, here.kept()) == ["Kia ora", CASE[2]]


def test_a_message_that_is_refused_can_be_changed(visit):
    here = visit().agree()
    problem = {"status": 422, "detail": "The message has something in it that cannot be read."}
    here.page.route("**/messages", lambda route: route.fulfill(status=422, json=problem), times=1)
    here.message.fill("Kia ora")
    here.message.press("Enter")
    expect(here.lines("user").last).to_contain_text(
        "Not taken. The message has something in it that cannot be read."
    )
    here.button("Change it").click()
    expect(here.message).to_have_value("Kia ora")
    here.say("Kia ora koutou")


def test_a_conversation_that_is_gone_can_be_begun_anew(visit):
    here = visit().agree().say("Kia ora")
    kept = here.kept()
    requests.delete(
        f"{here.url}/api/conversations/{kept['conversation']}",
        headers={"Authorization": f"Bearer {kept['token']}"},
        timeout=30,
    )
    here.message.fill("Are you there?")
    here.message.press("Enter")
    expect(here.page.locator(".notice")).to_contain_text("This conversation is no longer there.")
    here.button("Start a new conversation").click()
    here.say(CASE[2])
    assert here.kept()["conversation"] != kept["conversation"]


def test_what_cannot_be_deleted_or_made_now_says_so(visit, relay):
    here = visit(url=relay.url).agree().say("Kia ora")
    relay.cut()
    here.button("Forget").click()
    here.button("Yes, delete it").click()
    expect(here.page.get_by_role("alert")).to_contain_text(
        "could not be deleted just now, so it is still there"
    )
    here.page.keyboard.press("Escape")
    here.button("Brief").click()
    here.button("Text (Markdown)").click()
    expect(here.page.locator("dialog[open]")).to_contain_text("The brief could not be made just now.")
    assert here.kept()["token"]


def test_a_page_opened_while_the_server_starts_goes_on_by_itself(visit, relay):
    here = visit(url=relay.url)
    relay.cut()
    here.button("I understand").click()
    relay.mend()
    here.ready().say("Kia ora")
