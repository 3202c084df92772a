"""A case lives for months: how it went so far, and taking it up again after a day or longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Turn
from critical_friend.dialogue.words import listed, small

#: After so long a silence a case is taken up again and not just gone on with.
SILENCE = timedelta(hours=20)
#: Of the phases that a case went through, so many are kept: the first, and the latest.
KEPT = 12
_ZONE = ZoneInfo("Pacific/Auckland")


def taken_up(partner: Partner, turn: Turn) -> Turn:
    """Open with where the case stood, when it was left alone for a while."""
    before, now = _time(turn.talk.last_at), _time(turn.said.at)
    if before is None or now is None or now - before < SILENCE:
        return turn
    reading = partner.read(turn)
    phase = reading["phase"]["id"]
    if phase is None:
        return turn
    words, guidance = partner.words, partner.guidance
    lines = [words("back_stood", since=_day(before), phase=guidance.phases[phase].name)]
    missing = [guidance.roles[r].name for r, status in reading["roles"].items() if status == "missing"]
    if missing:
        lines.append(words("roles_missing", list=listed(missing)))
    if reading["next_steps"]:
        lines.append(words("back_step", step=small(reading["next_steps"][0]["title"])))
    if turn.talk.version not in ("", guidance.version):
        lines.append(words("back_version", before=turn.talk.version, now=guidance.version))
    lines.append(words("back_changed"))
    return turn.talking(greeted=True, asked=None, guesses=(), sure_about=None).say(" ".join(lines))


def remembered(partner: Partner, turn: Turn) -> Turn:
    """Keep when this was said, by which version of the guidance, and the phase if it is a new one."""
    reasoner = partner.reader.reasoner
    phase = reasoner.conclude(reasoner.known(turn.case.values())).phase
    story = turn.talk.story
    if phase is not None and (not story or story[-1][1] != phase):
        story = (*story, (turn.said.at or "", phase))
        story = story if len(story) <= KEPT else (story[0], *story[-KEPT + 1 :])
    return turn.talking(last_at=turn.said.at, story=story, version=partner.guidance.version)


def story_so_far(partner: Partner, turn: Turn) -> str:
    """The phases that the case went through, with their dates, by where it stood at the end of each day;
    empty while there was one only."""
    days = {
        _day(when): phase
        for at, phase in turn.talk.story
        if phase in partner.guidance.phases and (when := _time(at)) is not None
    }
    told = [
        partner.words("story_part", phase=partner.guidance.phases[phase].name, day=day)
        for day, phase in days.items()
    ]
    return partner.words("story", list=listed(told, "then")) if len(told) > 1 else ""


def _time(at: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((at or "").replace("Z", "+00:00")).astimezone(_ZONE)
    except ValueError:
        return None


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"
