"""Next steps and summaries."""

from __future__ import annotations

from critical_friend import manner
from critical_friend.dialogue import noting, remembering
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Turn
from critical_friend.logic import Value


def next_steps(partner: Partner, turn: Turn) -> Turn:
    """What to do next; or the one of the other steps shown that is picked by its place."""
    turn = noting.take_in_passing(partner, turn)
    reading = partner.read(turn)
    place = manner.chosen_place(turn.said.text) if turn.talk.topic == "steps" else None
    ids = [step["id"] for step in reading["next_steps"]]
    others = [id_ for id_ in turn.talk.shown if id_ in ids and id_ != partner.told_step(turn)]
    if place is not None and place < len(others):
        at = ids.index(others[place])
        return partner.full_step(turn.talking(step=at), at, reading)
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
    turn = noting.take_in_passing(partner, turn)
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
    text = "\n".join(filter(None, [story, partner.words("summary_noted"), *noted, *contested]))
    return turn.talking(topic="phase", depth=0).say(
        text,
        partner.words.button("next", "ask_next_step"),
        partner.words.button("wrong", "wrong"),
        *((partner.words.button("go_on", "ask"),) if reading["question"] else ()),
    )


def how_closely(partner: Partner, turn: Turn) -> Turn:
    """Whether to join up at all, and how closely; with the question that would tell, where it is open."""
    turn = noting.take_in_passing(partner, turn).talking(topic="mode", depth=0)
    reading = partner.read(turn)
    mode = reading["mode"]
    if mode["id"]:
        item = partner.guidance.modes[mode["id"]]
        reason = partner.guidance.rules[mode["because"][0]["rule"]].reason
        reply = "mode_settled" if mode["status"] == "settled" else "mode_leaning"
        turn = turn.say(f"{partner.words(reply, mode=item.name, means=item.means)} {reason}")
    else:
        turn = turn.say(partner.words("mode_unknown"))
    if mode["status"] == "settled":
        return partner.ask_again(turn)
    for rule in partner.guidance.mode_rules:
        for signal in rule.fits_when.signals() if rule.fits_when else ():
            if signal not in turn.case.values() and signal not in turn.case.unsure:
                text = partner.guidance.signals[signal].question
                return partner.ask(turn, {**reading, "question": {"signal": signal, "text": text}})
    return turn
