"""Starting again and forgetting: asked twice, because it cannot be taken back."""

from __future__ import annotations

from critical_friend.case import Case
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Button, Talk, Turn


def restart(partner: Partner, turn: Turn) -> Turn:
    """Ask whether to set the case aside."""
    return _sure(partner, turn, "restart")


def forget(partner: Partner, turn: Turn) -> Turn:
    """Ask whether to delete everything, or one thing only."""
    one_thing = (partner.words.button("one_thing", "wrong"),) if turn.case.values() else ()
    return _sure(partner, turn, "forget", *one_thing)


def _sure(partner: Partner, turn: Turn, what: str, *others: Button) -> Turn:
    return turn.talking(sure_about=what, guesses=()).say(
        partner.words(f"{what}_sure"),
        partner.words.button(what, "affirm"),
        *others,
        partner.words.button("keep", "deny"),
    )


def answered(partner: Partner, turn: Turn, *, agreed: bool) -> Turn:
    """Do what was asked about, or leave it."""
    what = turn.talk.sure_about
    if not agreed:
        return partner.ask_again(turn.talking(sure_about=None).say(partner.words(f"{what}_kept")))
    turn = Turn(turn.said, Case(), Talk(greeted=True, forgotten=what == "forget"))
    return turn.say(partner.words("restarted" if what == "restart" else "forgotten"))
