"""What is opened for one person: the modals and the Home tab."""

from __future__ import annotations

import hashlib
import time

from critical_friend.slack import blocks, picture, rendering, views
from critical_friend.slack.blocks import Block
from critical_friend.slack.inbox import Job
from critical_friend.slack.office import Office
from critical_friend.slack.places import CHANNEL, DIRECT, THREAD, Place
from critical_friend.slack.rhythm import next_time
from critical_friend.slack.texts import clipped
from critical_friend.slack.trouble import Away, Refused
from critical_friend.slack.words import words

#: Slack takes a trigger for three seconds.
TRIGGER = 2.9
MOST_CASES = 12


def open_(office: Office, job: Job) -> None:
    """Open a modal: at once, still empty, and then with what the assistant and Slack have to be asked for."""
    did, what = job.payload, job.payload["what"]
    if what == "settings":
        _open(office, job, _settings(office, job))
    elif what == "note" and not did["said"]["text"]:
        office.poster.respond(did["response_url"], words("note_nothing"))
    elif what == "note" or _may_correct(office, job):
        window = _open(office, job, views.notice(words(f"{what}_title"), words("opening")))
        if window:
            _fill(office, job, window)


def _open(office: Office, job: Job, view: Block) -> str | None:
    """The id of the window, now open. When it is too late for that, the person is told to try again."""
    did = job.payload
    if time.time() - job.received < TRIGGER:
        client = office.poster.client
        try:
            opened = office.poster.call(client.views_open, trigger_id=did["trigger"], view=view)
            return str(opened["view"]["id"])
        except Refused as refused:
            if refused.error not in ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id"):
                raise
    if did.get("response_url"):
        office.poster.respond(did["response_url"], words("expired"))
    return None


def _fill(office: Office, job: Job, window: str) -> None:
    what = job.payload["what"]
    try:
        view = (_note if what == "note" else _correct)(office, job)
    except Away:
        view = views.notice(words(f"{what}_title"), words("opening_away"))
    try:
        office.poster.call(office.poster.client.views_update, view_id=window, view=view)
    except Refused as refused:
        if refused.error != "not_found":  # it was closed before it was filled
            raise


def _may_correct(office: Office, job: Job) -> bool:
    """In a channel all may; from the Home tab only who takes part."""
    did = job.payload
    return bool(did["channel"]) or office.places.may_see(office.place(did["place"]), did["person"])


def _correct(office: Office, job: Job) -> Block:
    did, place = job.payload, office.place(job.payload["place"])
    reading = office.reading(place) or {"signals": {}}
    by = office.persons.name(did["person"], did["team"])
    return views.correct(place, reading, office.names(), by, did["thread"])


def _note(office: Office, job: Job) -> Block:
    did = job.payload
    said = did["said"]
    found = _cases_for(office, did["channel"], said["root"], did["person"])
    listed = [(str(case.id), rendering.which(case, office.persons.name(case.begun_by))) for case in found]
    if did["channel"].startswith("D"):
        listed = [(str(case.id), words("case_direct")) for case in found]
    elif not any(case.thread == said["root"] or case.kind == CHANNEL for case in found):
        listed.append(("new", words("note_here")))
    kept = {**said, "text": clipped(said["text"], views.LONGEST_NOTE), "channel": did["channel"]}
    return views.note(kept, office.persons.name(said["author"]), listed)


def _cases_for(office: Office, channel: str, root: str, person: str) -> list[Place]:
    """The cases that a message may belong to: never a private one for what was said in a channel."""
    if channel.startswith("D"):
        return [office.direct(person)]
    here = [case for case in office.places.in_channel(channel) if case.kind in (THREAD, CHANNEL)]
    return sorted(here, key=lambda case: case.thread != root)[: blocks.OPTIONS - 1]


def _settings(office: Office, job: Job) -> Block:
    did = job.payload
    if did["direct"]:
        place = office.places.make(did["channel"], "", DIRECT, did["person"])
        return views.settings(did["channel"], place.rhythm, None, place.id)
    cases = office.places.in_channel(did["channel"])
    scope = CHANNEL if office.places.whole_channel(did["channel"]) else THREAD
    rhythm = cases[0].rhythm if cases else 0
    return views.settings(did["channel"], rhythm, scope, None)


def save_settings(office: Office, job: Job) -> None:
    """Somebody saved the settings of a channel or of a direct message."""
    did = job.payload
    if did["scope"]:
        office.places.choose(did["channel"], did["scope"])
        if did["scope"] == CHANNEL:
            office.places.make(did["channel"], "", CHANNEL, did["person"])
    rhythm = int(did["rhythm"])
    for case in office.places.in_channel(did["channel"]):
        office.places.change(case, rhythm=rhythm, checkin=next_time(rhythm) if rhythm else None)
    scope = words(f"scope_{did['scope']}") if did["scope"] else ""
    text = words("settings_saved", rhythm=words(f"rhythm_{rhythm}"), scope=scope).strip()
    by = "" if not did["scope"] else f"{office.persons.name(did['person'], did['team'])}: "
    office.post(job, did["channel"], None, rendering.letter(f"{by}{text}"))


def home(office: Office, job: Job) -> None:
    """Somebody opened the Home tab: their cases, at once; then with new pictures, if there are any."""
    person = job.payload["person"]
    cases = []
    for place in office.places.of(person)[:MOST_CASES]:
        reading = office.reading(place)
        if reading is not None:
            cases.append((place, reading, place.picture))
    _publish(office, person, views.home(cases, office.names()))
    drawn = [(place, reading, _picture(office, place)) for place, reading, _ in cases if reading["signals"]]
    rest = [case for case in cases if not case[1]["signals"]]
    if any(file != place.picture for place, _, file in drawn):
        try:
            _publish(office, person, views.home([*drawn, *rest], office.names()))
        except Refused as refused:
            # Slack may still be at work on the picture; it is there when Home is opened again.
            if refused.error != "invalid_blocks":
                raise


def _publish(office: Office, person: str, view: Block) -> None:
    office.poster.call(office.poster.client.views_publish, user_id=person, view=view)


def _picture(office: Office, place: Place) -> str | None:
    """The id of the file with the picture of the map; uploaded anew only when the map has changed."""
    assert place.conversation is not None
    svg = office.assistant.brief(place.conversation, "svg")
    print_ = hashlib.sha256(svg.encode()).hexdigest()
    if print_ == place.picture_of:
        return place.picture
    uploaded = office.poster.call(
        office.poster.client.files_upload_v2,
        file=picture.png(svg),
        filename="map.png",
        title=words("brief_map"),
        alt_txt=words("brief_map"),
    )
    file = str(uploaded["files"][0]["id"])
    office.places.change(place, picture=file, picture_of=print_)
    if place.picture:
        office.poster.delete(place.picture)
    return file
