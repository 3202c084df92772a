"""Rehearsals beside the case: choosing one, playing it, and back again. Nothing said in one is evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from critical_friend.case import Case
from critical_friend.dialogue.partner import Partner, known
from critical_friend.dialogue.turn import Button, Reply, Talk, Turn
from critical_friend.roleplay import words
from critical_friend.roleplay.model import Script
from critical_friend.roleplay.session import Kept, Told

_PAYLOADS = ("rehearse", "play")
#: Typed words that still mean the rehearsal when it is paused, or over.
_TYPED_LATER = {"paused": ("resume", "stop", "again"), "ended": ("again", "why")}


def _kept(turn: Turn) -> Kept | None:
    return Kept.from_data(turn.talk.rehearsal) if turn.talk.rehearsal else None


def goes_on(rehearsal: Mapping[str, Any] | None) -> bool:
    """Whether a rehearsal, as a talk keeps it, is being played: whatever is typed then is part of it."""
    return rehearsal is not None and rehearsal["status"] == "playing"


def concerns(turn: Turn) -> bool:
    """Whether a message goes to a rehearsal and not to the case."""
    button, kept = turn.said.button, _kept(turn)
    if button is not None:
        return button.partition(":")[0] in _PAYLOADS
    if kept is None:
        return False
    return goes_on(turn.talk.rehearsal) or words.typed(turn.said.text) in _TYPED_LATER[kept.status]


def set_aside(turn: Turn) -> Turn:
    """Pause what is being played, and put away what is over: this message is about the case."""
    kept = _kept(turn)
    if kept is None or kept.status == "paused":
        return turn
    left = replace(kept, status="paused").to_data() if kept.status == "playing" else None
    return turn.talking(rehearsal=left)


def _suited(partner: Partner, case: Case, talk: Talk) -> list[tuple[Script, str, str]]:
    """The rehearsals that the case calls for, those that were not begun yet first."""
    return sorted(partner.library.suited(known(case)), key=lambda found: found[0].id in talk.rehearsed)


def choose(partner: Partner, turn: Turn) -> Turn:
    """The list of rehearsals, with what the case calls for first."""
    scripts = partner.library.scripts()
    if not scripts:
        return turn.say(words.say("none"), partner.words.button("next", "ask_next_step"))
    suited = _suited(partner, turn.case, turn.talk)
    turn = turn.say(words.say("list"))
    if suited:
        script, signal, value = suited[0]
        heard = partner.words.heard(signal, value)
        turn = turn.say(words.say("list_suited", heard=heard, title=script.title))
    ids = list(dict.fromkeys([*(script.id for script, _, _ in suited), *scripts]))
    items = [
        words.say(
            "list_item",
            title=scripts[id_].title,
            level=words.level(scripts[id_].level),
            minutes=scripts[id_].minutes,
            about=scripts[id_].about,
        )
        for id_ in ids
    ]
    buttons = [Button(scripts[id_].title, f"rehearse:{id_}") for id_ in ids]
    return turn.say("\n".join(items), *buttons)


def play(partner: Partner, turn: Turn) -> Turn:
    """One turn of a rehearsal: its beginning, a move, or a word from outside the play."""
    kind, _, what = (turn.said.button or "").partition(":")
    kept = _kept(turn)
    if kind == "rehearse":
        return _begin(partner, turn, what)
    if kept is None:
        return choose(partner, turn.say(words.say("not_playing")))
    player = partner.library.player(kept.script)
    if player is None:
        turn = turn.talking(rehearsal=None)
        return choose(partner, turn.say(words.say("broken", title=kept.script)))
    after, told = player.reply(kept, turn.said.text, what)
    over = after.status == "ended" and kept.status != "ended"
    if over and (link := _own_case(partner, turn.case, kept.script)):
        back = Told(link["text"], ((words.button("own_case"), link["payload"]),))
        # A question comes last, so that what is said next answers it.
        told = [told[0], back] if len(told) == 1 else [*told[:-1], back, told[-1]]
    turn = _said(turn, told).talking(rehearsal=after.to_data())
    if after.shared == "yes" and kept.shared != "yes":
        turn = replace(turn, shared=player.record(after, turn.said.by, turn.said.at))
    return turn


def _begin(partner: Partner, turn: Turn, id_: str) -> Turn:
    if not id_:
        return choose(partner, turn)
    player = partner.library.player(id_)
    if player is None:
        return choose(partner, turn.say(words.say("unknown", id=id_)))
    kept, told = player.begin()
    rehearsed = tuple(dict.fromkeys((*turn.talk.rehearsed, id_)))
    return _said(turn, told).talking(rehearsal=kept.to_data(), rehearsed=rehearsed, greeted=True)


def _said(turn: Turn, told: list[Told]) -> Turn:
    replies = (Reply(t.text, tuple(Button(*choice) for choice in t.choices), t.speaker) for t in told)
    return replace(turn, replies=(*turn.replies, *replies))


def _own_case(partner: Partner, case: Case, script: str) -> dict[str, str] | None:
    """The way back to what one's own case has to do with a rehearsal, if it has."""
    for suited, signal, value in partner.library.suited(known(case)):
        if suited.id == script:
            heard = partner.words.heard(signal, value)
            return {
                "signal": signal,
                "text": words.say("own_case_suits", heard=heard),
                "payload": "ask_next_step",
            }
    return None


def rehearsal_of(partner: Partner, talk: Talk, case: Case) -> dict[str, Any] | None:
    """What the reading carries of a rehearsal that goes on, is paused or has just ended.

    A debrief has ``own_case``, which leads back to what the rehearsal has to do with the user's case.
    """
    if not talk.rehearsal:
        return None
    kept = Kept.from_data(talk.rehearsal)
    found = partner.library.reading(kept)
    if found and "debrief" in found:
        found["debrief"]["own_case"] = _own_case(partner, case, kept.script)
    return found


def suited(partner: Partner, case: Case, talk: Talk) -> list[dict[str, str]]:
    """The rehearsals that a case calls for, as the reading carries them, with what calls for each."""
    return [
        {"scenario": script.id, "title": script.title, "signal": signal, "value": value}
        for script, signal, value in _suited(partner, case, talk)
    ]
