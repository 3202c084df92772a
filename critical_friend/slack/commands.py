"""``/critical-friend …``, and the buttons that stand for such commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from critical_friend.slack import blocks, picture, rendering
from critical_friend.slack.blocks import Choice
from critical_friend.slack.inbox import Job
from critical_friend.slack.office import Office, Replies
from critical_friend.slack.places import CHANNEL, DIRECT, REHEARSAL, THREAD, Place
from critical_friend.slack.trouble import Refused
from critical_friend.slack.words import words

#: The commands that are turns of a case, each with the button that it is.
TURNS = {"summary": "ask_summary", "next": "ask_next_step", "why": "ask_why", "forget": "forget"}
ABOUT_A_CASE = (*TURNS, "brief")
KNOWN = (*ABOUT_A_CASE, "start", "rehearse", "settings", "help")
MOST_OFFERED = 10


def run(office: Office, job: Job) -> None:
    """Do the command; who gave it is told in private when it could not be done."""
    word = job.payload["word"]
    try:
        _BY_WORD.get(word, _about_a_case)(office, job)
    except Refused as refused:
        if refused.error not in ("not_in_channel", "channel_not_found", "is_archived"):
            raise
        _tell(office, job, words("not_in_channel"))


def start(office: Office, job: Job) -> None:
    """Open a case: a thread of its own, or the whole channel where its people chose that."""
    did = job.payload
    channel, person = did["channel"], did["person"]
    if did["direct"]:
        place, thread = office.places.make(channel, "", DIRECT, person), None
    else:
        opened = office.post(job, channel, None, rendering.letter(words("case_opened")), part="root")
        whole = office.places.whole_channel(channel)
        place = office.places.make(channel, "" if whole else opened, CHANNEL if whole else THREAD, person)
        office.places.make_own(channel, opened)
        thread = opened
    if did["rest"] or did["direct"]:
        replies = office.turn(job, place, person, did["rest"] or "Kia ora")
        office.post(job, channel, thread, rendering.turn(replies, place, job.id))
    office.places.takes_part(place, person)


def rehearse(office: Office, job: Job) -> None:
    """Open a private thread for a rehearsal, with a case of its own: the shared one stays as it is.

    What the case calls for from which it was asked is put first.
    """
    did = job.payload
    direct = office.direct(did["person"])
    root = office.post(job, direct.channel, None, rendering.letter(words("rehearsal_open")), part="root")
    place = office.places.make(direct.channel, root, REHEARSAL, did["person"])
    replies = office.turn(job, place, did["person"], did["rest"] or words("button_rehearse"), "rehearse")
    suited = _called_for(office, job)
    lead = ""
    if suited:
        heard = office.names().heard(suited[0]["signal"], suited[0]["value"])
        lead = words("rehearse_first", heard=heard, title=suited[0]["title"])
    posts = rendering.turn(rendering.suited_first(replies, suited), place, job.id, lead)
    office.post(job, direct.channel, root, posts)
    if did["channel"] != direct.channel:
        _tell(office, job, words("done_private"))


def _called_for(office: Office, job: Job) -> list[dict[str, str]]:
    """The rehearsals that the case calls for from which one was asked for; in a channel the one used last."""
    did = job.payload
    cases = office.places.in_channel(did["channel"]) if did["channel"] else []
    case = office.place(did["place"]) if did["place"] else next(iter(cases), None)
    reading = office.reading(case) if case else None
    return list(reading.get("rehearsals", ())) if reading else []


def brief(office: Office, job: Job, place: Place, channel: str, thread: str | None) -> None:
    """The case as a page to hand on, and its map, as files."""
    if place.conversation is None:
        _tell(office, job, words("headline_none"))
        return
    page = office.assistant.brief(place.conversation, "html").encode()
    drawn = picture.png(office.assistant.brief(place.conversation, "svg"))
    today = f"{datetime.now(rendering.ZONE):%Y-%m-%d}"
    files: list[dict[str, Any]] = [
        {"filename": f"brief-{today}.html", "file": page, "title": words("brief_title")},
        {
            "filename": f"map-{today}.png",
            "file": drawn,
            "title": words("brief_map"),
            "alt_txt": words("brief_map"),
        },
    ]
    office.poster.upload(f"{job.key}/files", channel, thread, files, words("brief_comment"))


def private_brief(office: Office, job: Job) -> None:
    """The brief, asked for on the Home tab: it goes to the one who asked."""
    place = office.place(job.payload["place"])
    if office.places.may_see(place, job.payload["person"]):
        brief(office, job, place, office.direct(job.payload["person"]).channel, None)


def _about_a_case(office: Office, job: Job) -> None:
    did = job.payload
    place = office.place(did["place"]) if did["place"] else _only_case(office, job)
    if place is None:
        return
    if did["word"] == "brief":
        brief(office, job, place, place.channel, place.thread or None)
    else:
        text = f"/critical-friend {did['word']}"
        replies = office.turn(job, place, did["person"], text, TURNS[did["word"]])
        _post(office, job, place, replies)
    if not place.private:
        _tell(office, job, words("done"))


def _post(office: Office, job: Job, place: Place, replies: Replies) -> None:
    """The answer: in a channel one line in view, and the rest in the thread."""
    posts = rendering.turn(replies, place, job.id)
    if place.private:
        office.post(job, place.channel, place.thread or None, posts)
        return
    reading = replies[-1].get("custom") or {}
    thread = place.thread
    if job.payload["word"] == "summary" or not thread:
        line = rendering.letter(rendering.headline(reading, office.names()))
        ts = office.post(job, place.channel, thread or None, line, part="line", broadcast=bool(thread))
        if not thread:
            thread = ts
            office.places.make_own(place.channel, ts)
    if job.payload["word"] == "summary":
        drawn = rendering.drawn(reading, office.names())
        if drawn:
            letter = blocks.Letter()
            letter.add(rendering.headline(reading, office.names()), drawn)
            office.post(job, place.channel, thread, letter.posts(), part="map")
    office.post(job, place.channel, thread, posts)


def _only_case(office: Office, job: Job) -> Place | None:
    """The case that is meant; where several could be, they are offered."""
    did = job.payload
    cases = office.places.in_channel(did["channel"])
    if len(cases) == 1:
        return cases[0]
    if not cases:
        _tell(office, job, words("case_none"))
        return None
    offered = [
        Choice(
            rendering.which(case, office.persons.name(case.begun_by)),
            rendering.value(case, w=did["word"], r=did["rest"][:500]),
            "command",
        )
        for case in cases[:MOST_OFFERED]
    ]
    post = rendering.letter(words("case_which"), offered=offered)[0]
    office.poster.respond(did["response_url"], post.text, post.blocks)
    return None


def _tell(office: Office, job: Job, text: str) -> None:
    if job.payload.get("response_url"):
        office.poster.respond(job.payload["response_url"], text)


_BY_WORD: Mapping[str, Callable[[Office, Job], None]] = {"start": start, "rehearse": rehearse}
