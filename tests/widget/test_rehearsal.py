"""A rehearsal in the widget, from a real script, played to its end."""

from __future__ import annotations

import yaml
from browsing import CASE, expect

from critical_friend.cli.serving import ROOT

SCRIPT = yaml.safe_load((ROOT / "roleplays" / "guardian-angel.yml").read_text(encoding="utf-8"))
ANGER = next(move for move in SCRIPT["anywhere"] if move["id"] == "lose-temper")["examples"]


def test_a_rehearsal_is_played_from_the_map_to_its_debrief_and_back(visit):
    here = visit().agree().say(CASE[2])
    here.answer(here.part("steps").get_by_role("button", name=SCRIPT["title"]))
    play = here.part("rehearsal")
    expect(play.get_by_role("heading")).to_have_text(f"Rehearsal: {SCRIPT['title']} ")
    expect(play).to_contain_text("In the room:")
    expect(here.page.locator(".banner")).to_be_visible()
    expect(here.part("question")).to_be_hidden()  # nothing goes into the case now
    here.say("There is one family in our town, no names. They had seven workers and now they have one.")
    expect(here.lines("bot").last.locator(".speaker")).to_contain_text("Helen Faleolo")
    for text in ANGER:
        if here.say(text).page.locator(".banner").is_hidden():
            break

    expect(here.page.locator(".banner")).to_be_hidden()
    expect(here.part("question")).to_be_visible()
    expect(play.get_by_role("heading", level=3)).to_have_text(f"Looking back: {SCRIPT['title']} ")
    found = here.reading()["rehearsal"]["debrief"]
    assert found["ending"]["id"] == "door-closed"
    expect(play.locator(".ask")).to_have_text(found["ending"]["title"])
    expect(play.locator(".care")).to_have_text(f"One thing to try next time: {found['next_time']}")
    worked = play.locator("h4:text-is('What you did that worked') + ul > li")
    assert worked.count() == len(found["worked"]) > 0
    for shown, moment in zip(worked.all(), found["worked"], strict=True):
        source = moment["source"]
        expect(shown.locator("blockquote")).to_have_text(f"“{moment['text']}”")
        expect(shown).to_contain_text(moment["why"])
        expect(shown).to_contain_text(f"Source: {source['title']}, {source['section']}")
    assert play.get_by_text("Not yet").count() == len(found["missed"]) > 0

    expect(play).to_contain_text("In your own case: Nobody senior is covering for you.")
    here.answer(play.get_by_role("button", name="Back to my own case"))
    expect(here.lines("user").last).to_contain_text("Back to my own case")
    assert here.lines("bot").last.locator(".speaker").count() == 0
    expect(here.role("Guardian angel")).to_contain_text("Missing")
