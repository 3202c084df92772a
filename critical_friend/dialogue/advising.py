"""Next steps and summaries."""

from __future__ import annotations

from critical_friend.dialogue import remembering, taking_in
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Turn
from critical_friend.dialogue.words import listed
from critical_friend.logic import Value


def next_steps(partner: Partner, turn: Turn) -> Turn:
    """What to do next."""
    turn = taking_in.take_in_passing(partner, turn)
    reading = partner.read(turn)
    if not reading["next_steps"]:
        return partner.ask(turn.say(partner.words("steps_none")), reading)
    return partner.steps(turn, reading)


def one_step(partner: Partner, turn: Turn) -> Turn:
    """One step in full, by its button."""
    id_ = (turn.said.button or "").partition(":")[2]
    reading = partner.read(turn)
    ids = [step["id"] for step in reading["next_steps"]]
    if id_ not in ids:
        return turn.say(partner.words("step_unknown"), partner.words.button("next", "ask_next_step"))
    return partner.full_step(turn.talking(shown=(id_,)), ids.index(id_), reading)


def summary(partner: Partner, turn: Turn) -> Turn:
    """Where the case stands and all that is noted, with the words it came from."""
    turn = taking_in.take_in_passing(partner, turn)
    reading = partner.read(turn)
    if reading["phase"]["id"] is None:
        return turn.say(partner.words("nothing_known"))
    phase = partner.guidance.phases[reading["phase"]["id"]]
    turn = turn.say(
        " ".join(
            [
                partner.words("summary_phase", phase=phase.name, needs=phase.needs, danger=phase.danger),
                partner.roles_line(reading),
            ]
        )
    )
    by_several = len({piece.by for piece in turn.case.evidence}) > 1
    reply = "summary_item_by" if by_several else "summary_item"
    noted = partner.quotes(turn, list(turn.case.values()), reply)
    contested = [
        partner.words("summary_contested", name=partner.guidance.signals[signal].name)
        for signal, value in turn.case.values().items()
        if value == Value.CONTESTED
    ]
    story = remembering.story_so_far(partner, turn)
    text = "\n".join(filter(None, [story, partner.words("summary_noted", list=listed(noted)), *contested]))
    return turn.talking(topic="phase", depth=0).say(
        text,
        partner.words.button("next", "ask_next_step"),
        partner.words.button("wrong", "wrong"),
        *((partner.words.button("go_on", "ask"),) if reading["question"] else ()),
    )
