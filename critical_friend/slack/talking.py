"""What people say, press, put right and note: each goes to the assistant, and the answer to the thread."""

from __future__ import annotations

from critical_friend.slack import blocks, rendering
from critical_friend.slack.inbox import Job
from critical_friend.slack.office import Office
from critical_friend.slack.places import REHEARSAL, THREAD, Place
from critical_friend.slack.rendering import PASSING
from critical_friend.slack.texts import LONGEST_TURN, clipped, escaped, pieces
from critical_friend.slack.words import words

#: So many of one's own cases are linked to from a rehearsal.
MOST_CASES = 5


def say(office: Office, job: Job) -> None:
    """Somebody wrote something."""
    said, place = job.payload, office.place(job.payload["place"])
    parts = pieces(said["text"], LONGEST_TURN) or ["Kia ora"]
    every = [
        office.turn(job, place, said["person"], part, part=str(number)) for number, part in enumerate(parts)
    ]
    replies = every[-1]
    if len(parts) > 1:
        # Of the earlier parts only what was heard: what they asked is not open any more.
        after = [(part[-1].get("custom") or {}).get("signals") for part in every]
        heard = [
            {"text": part[0]["text"]}
            for number, part in enumerate(every[:-1])
            if after[number] and (number == 0 or after[number] != after[number - 1])
        ]
        replies = [{"text": words("too_long", number=len(parts))}, *heard, *replies]
    office.post(job, said["channel"], said["thread"], rendering.turn(replies, place, job.id))


def press(office: Office, job: Job) -> None:
    """Somebody pressed one of the assistant's buttons."""
    did, place = job.payload, office.place(job.payload["place"])
    payload, title = did["payload"], did["title"]
    if place.kind == REHEARSAL and payload == "ask_next_step":
        _own_cases(office, job)
        return
    if payload.partition(":")[0] in PASSING and did["job"] != place.last_job and job.id != place.last_job:
        office.poster.respond(did["response_url"], words("stale"))
        return
    text = _in_words(office, payload) or title
    replies = office.turn(job, place, did["person"], text, payload)
    lead = words("chose", by=office.persons.name(did["person"], did["team"]), title=title)
    office.post(
        job,
        did["channel"],
        did["thread"],
        rendering.turn(replies, place, job.id, "" if place.private else lead),
    )


def _own_cases(office: Office, job: Job) -> None:
    """From a rehearsal back to one's own cases, of which its own conversation knows nothing."""
    did = job.payload
    lines = [_own_case(office, place) for place in office.places.of(did["person"])[:MOST_CASES]]
    letter = blocks.Letter()
    letter.say(words("own_cases" if lines else "own_cases_none"))
    for line in lines:
        letter.add(line, [blocks.section(line)])
    office.post(job, did["channel"], did["thread"], letter.posts())


def _own_case(office: Office, place: Place) -> str:
    reading, where = office.reading(place), rendering.where(place)
    headline = escaped(rendering.headline(reading, office.names()) if reading else words("headline_none"))
    if not place.thread:
        return words("own_case_here", where=where, headline=headline)
    client = office.poster.client
    found = office.poster.call(client.chat_getPermalink, channel=place.channel, message_ts=place.thread)
    return words("own_case_line", where=where, headline=headline, link=found["permalink"])


def corrections(office: Office, job: Job) -> None:
    """Somebody saved the modal that puts right what was noted."""
    did, place = job.payload, office.place(job.payload["place"])
    listed, replies = [], []
    for signal, answer in did["answers"]:
        payload = f"withdraw:{signal}" if answer == "withdraw" else f"note:{signal}:{answer}"
        text = _in_words(office, payload)
        listed.append(text)
        replies = office.turn(job, place, did["person"], text, payload, part=signal)
    if replies:
        by = office.persons.name(did["person"], did["team"])
        lead = words("put_right", by=by, list="; ".join(listed))
        thread = did["thread"] or place.thread or None
        office.post(job, place.channel, thread, rendering.turn(replies, place, job.id, lead))


def note(office: Office, job: Job) -> None:
    """Somebody saved the modal that notes what a colleague wrote: it counts as the colleague's words."""
    did = job.payload
    place = (
        office.place(did["place"])
        if did["place"]
        else office.places.make(did["channel"], did["root"], THREAD, did["person"])
    )
    if place.private and place.begun_by != did["person"]:
        return
    replies = office.turn(job, place, did["author"], clipped(did["text"], LONGEST_TURN))
    office.places.takes_part(place, did["person"])
    lead = words(
        "noted_for",
        by=office.persons.name(did["person"], did["team"]),
        author=office.persons.name(did["author"]),
        quote=clipped(did["text"], rendering.LONGEST_QUOTE),
    )
    thread = place.thread or (None if place.private else did["root"])
    office.post(job, place.channel, thread, rendering.turn(replies, place, job.id, lead))


def check_in(office: Office, job: Job) -> None:
    """The rhythm that the team has set: a gentle question."""
    place = office.place(job.payload["place"])
    reading = office.reading(place)
    if reading is None or not place.rhythm:
        return
    line = rendering.headline(reading, office.names())
    posts = rendering.letter(words("checkin", day=rendering.day(place.used), headline=line))
    ts = office.post(job, place.channel, place.thread or None, posts)
    if not place.private and not place.thread:
        office.places.make_own(place.channel, ts)


def _in_words(office: Office, payload: str) -> str:
    """What a button or a line of the modal says, as the talk shows it; empty for other buttons."""
    kind, _, rest = payload.partition(":")
    signal, _, answer = rest.partition(":")
    if kind not in ("note", "withdraw") or not signal:
        return ""
    name = office.names().name("signals", signal)
    named = words(f"correct_{answer or 'withdraw'}")
    return f"{name[:1].upper()}{name[1:]}: {named}"
