"""Why, what does that mean, and says who."""

from __future__ import annotations

from typing import Any

from critical_friend import manner
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import capital, listed
from critical_friend.guidance.entries import signals_of
from critical_friend.guidance.model import Finding
from critical_friend.logic import Value
from critical_friend.reading import Reading

#: The word for views that differ, as a topic.
DIFFERENCE = "contested"

MOST_DEFINED = 3
"""So many words are explained in one reply."""

#: What was concluded, each with a reason of the reading: ``{"rule": id, "signals": [ids]}``.
Reasons = list[tuple[str, dict[str, Any]]]


def definition(partner: Partner, turn: Turn) -> Turn:
    """What the words mean that are named. With none: what the open guess or question is about."""
    ids = list(dict.fromkeys(partner.words.find_all(turn.said.text)))[:MOST_DEFINED]
    if not ids and turn.talk.guesses:
        signal = partner.guidance.signals[turn.talk.guesses[0][0]]
        text = partner.words("define_guess", name=capital(signal.name), means=signal.means)
        return partner.ask_again(turn.say(text))
    if not ids and turn.talk.asked is None:
        names = [role.name for role in partner.guidance.roles.values()]
        return turn.say(partner.words("define_which", list=listed([*names, "phase", "mode"])))
    return _define(partner, turn, *(ids or [str(turn.talk.asked)]))


def define(partner: Partner, turn: Turn) -> Turn:
    """What a word means, by its button."""
    return _define(partner, turn, (turn.said.button or "").partition(":")[2])


def _define(partner: Partner, turn: Turn, *ids: str) -> Turn:
    if DIFFERENCE in ids and Value.CONTESTED in turn.case.values().values():
        return _differences(partner, turn)
    items = [partner.words.named(id_) for id_ in ids]
    lines = [partner.words("define", name=capital(item.name), means=item.means) for item in items]
    return partner.ask_again(turn.say("\n".join(lines)))


def why(partner: Partner, turn: Turn) -> Turn:
    """Why something was said, one level at a time: the rules, then the words, then the source.

    What is asked about is what the message names (a role, a phase, a way of working), else what was
    last concluded. 'Why' again goes one level deeper.
    """
    named = _turned_to(partner, turn)
    if turn.talk.guesses and named == turn:
        return partner.ask_again(turn.say(partner.words("why_guess", quote=turn.talk.guesses[0][2])))
    if turn.talk.asked and _about_asking(turn):
        return why_question(partner, turn)
    turn = named
    if turn.talk.topic == DIFFERENCE:
        return _differences(partner, turn)
    if turn.talk.asked and turn.talk.topic == "question":
        return why_question(partner, turn)
    reading = partner.read(turn)
    reasons = _reasons(partner, turn, reading)
    if not reasons:
        return turn.say(partner.words("why_nothing"))
    level = min(turn.talk.depth, len(_LEVELS) - 1)
    return _LEVELS[level](partner, turn.talking(depth=level + 1), reasons)


def _about_asking(turn: Turn) -> bool:
    return turn.said.button is None and " ask" in f" {turn.said.text.lower()}"


def _turned_to(partner: Partner, turn: Turn) -> Turn:
    """With what the message names as the topic: a role, a phase, a way of working, a difference of views."""
    guidance = partner.guidance
    named = partner.words.find(turn.said.text) if turn.said.button is None else None
    topics = (*guidance.roles, *guidance.phases, *guidance.modes, "phase", "mode", DIFFERENCE)
    return turn.talking(topic=named, depth=0) if named in topics and named != turn.talk.topic else turn


def _differences(partner: Partner, turn: Turn) -> Turn:
    """Who said what, on everything on which views differ."""
    contested = [signal for signal, value in turn.case.values().items() if value == Value.CONTESTED]
    if not contested:
        turn = turn.say(partner.words("views_agree"))
    return partner.ask_again(partner.differing(turn, contested))


def _by_rules(partner: Partner, turn: Turn, reasons: Reasons) -> Turn:
    lines = [
        partner.words("why_step", name=name, reason=partner.guidance.rules[reason["rule"]].reason)
        for name, reason in reasons
    ]
    return turn.say("\n".join(lines), partner.words.button("why_deeper", "ask_why"))


def _by_words(partner: Partner, turn: Turn, reasons: Reasons) -> Turn:
    quoted = partner.quotes(turn, _signals(reasons), "why_word")
    if not quoted:
        # A conclusion can rest on what is not yet known: then there are no words to show.
        return _by_source(partner, turn.talking(depth=turn.talk.depth + 1), reasons)
    return turn.say(
        partner.words("why_words", list=listed(quoted)),
        partner.words.button("why_source", "ask_why"),
        partner.words.button("wrong", "wrong"),
    )


def _by_source(partner: Partner, turn: Turn, reasons: Reasons) -> Turn:
    return _sources_of(partner, turn, reasons)


def _at_the_bottom(partner: Partner, turn: Turn, reasons: Reasons) -> Turn:
    return turn.say(partner.words("why_bottom"), partner.words.button("next", "ask_next_step"))


_LEVELS = (_by_rules, _by_words, _by_source, _at_the_bottom)


def why_question(partner: Partner, turn: Turn) -> Turn:
    """What hangs on the answer to the open question; asked again, the rules that turn on it and where
    they come from."""
    asked = turn.talk.asked
    if asked is None:
        return why(partner, turn)
    level = turn.talk.depth if turn.talk.topic == "question" else 0
    turn = turn.talking(topic="question", depth=level + 1)
    if level == 0:
        return partner.ask_again(turn.say(_what_hangs_on(partner, turn, asked)))
    rules = [rule for rule in partner.guidance.rules.values() if asked in signals_of(rule)][:3]
    if level == 1 and rules:
        reasons = [("", {"rule": rule.id, "signals": []}) for rule in rules]
        turn = turn.say("\n".join([partner.words("why_question_rules"), *(f"• {r.reason}" for r in rules)]))
        return partner.ask_again(_sources_of(partner, turn, reasons))
    return partner.ask_again(turn.say(partner.words("why_question_bottom")))


def _what_hangs_on(partner: Partner, turn: Turn, asked: str) -> str:
    """Why the signal matters, and what would come first after a yes and after a no."""
    firsts = {}
    for value in ("yes", "no"):
        supposed = turn.case.note(Hearing(asked, value, "", True).evidence(None, None))
        steps = partner.reader.read(supposed)["next_steps"]
        firsts[value] = steps[0]["title"].lower() if steps else ""
    matters = partner.words("why_question", matters=partner.guidance.signals[asked].matters)
    differs = (
        partner.words("why_question_differs", yes_first=firsts["yes"], no_first=firsts["no"])
        if firsts["yes"] != firsts["no"]
        else partner.words("why_question_same")
    )
    return f"{matters} {differs}"


def _reasons(partner: Partner, turn: Turn, reading: Reading) -> Reasons:
    """The reasons of what the talk is about: steps shown, a role, a mode, else the phase."""
    guidance, topic = partner.guidance, turn.talk.topic or ""
    if topic == "steps":
        shown = [step for step in reading["next_steps"] if step["id"] in turn.talk.shown]
        return [(step["title"], step["because"][0]) for step in shown]
    if topic in guidance.roles:
        return _reasons_of_role(partner, reading, topic)
    if topic in guidance.modes or topic == "mode":
        mode = reading["mode"]["id"]
        named = [(guidance.modes[mode].name, reason) for reason in reading["mode"]["because"]] if mode else []
        return [(name.capitalize(), reason) for name, reason in named]
    phase = reading["phase"]["id"]
    if phase is None:
        return []
    name = guidance.phases[phase].name.capitalize()
    return [(name, reason) for reason in reading["phase"]["because"][:2]]


def _reasons_of_role(partner: Partner, reading: Reading, role: str) -> Reasons:
    name = partner.words(f"role_{reading['roles'][role]}", name=partner.guidance.roles[role].name)
    return [
        (
            name.capitalize(),
            {"rule": rule.id, "signals": [s for s in rule.played_when.signals() if s in reading["signals"]]},
        )
        for rule in partner.guidance.role_rules
        if rule.role == role
    ]


def _signals(reasons: Reasons) -> list[str]:
    return list(dict.fromkeys(s for _, reason in reasons for s in reason["signals"]))


def sources(partner: Partner, turn: Turn) -> Turn:
    """Where what was last said comes from, and how firm it is."""
    turned = _turned_to(partner, turn)
    if turned.talk.topic != DIFFERENCE:
        turn = turned
    elif Value.CONTESTED in turn.case.values().values():  # else 'who said that?' means the study
        return _differences(partner, turned)
    reading = partner.read(turn)
    reasons = _reasons(partner, turn, reading)
    if manner.asks_how_sure(turn.said.text) and reading["phase"]["id"]:
        return partner.ask_again(_how_sure(partner, turn, reading, reasons))
    if not reasons:
        source = next(iter(partner.guidance.sources.values()))
        text = partner.words("why_source", source=_cited(source.title), means=source.study)
        return partner.ask_again(turn.say(text))
    if turn.talk.topic in ("phase", *partner.guidance.phases):
        turn = turn.say(_how_sure_of_phase(partner, reading))
    # A 'why' after this has nothing deeper to go to.
    return partner.ask_again(_sources_of(partner, turn.talking(depth=len(_LEVELS) - 1), reasons))


def _how_sure(partner: Partner, turn: Turn, reading: Reading, reasons: Reasons) -> Turn:
    """How firmly the study has what this rests on; and, but for steps, whether the phase is settled."""
    if turn.talk.topic != "steps":
        turn = turn.say(_how_sure_of_phase(partner, reading))
    return turn.say(_how_firm(partner, reasons)) if reasons else turn


def _how_sure_of_phase(partner: Partner, reading: Reading) -> str:
    """Whether one phase only fits what was told, or which others still do."""
    names = {id_: phase.name for id_, phase in partner.guidance.phases.items()}
    here = reading["phase"]["id"]
    others = [names[id_] for id_ in reading["phase"]["candidates"] if id_ != here]
    if not others:
        return partner.words("sure_settled", phase=names[here])
    return partner.words("sure_open", phase=capital(names[here]), list=listed(others, "or"))


def phase_doubted(partner: Partner, turn: Turn) -> Turn:
    """The user does not think that the work stands where it was put: what that rests on, and a question."""
    reading = partner.read(turn)
    if reading["phase"]["id"] is None:
        return partner.ask(turn.say(partner.words("nothing_known")), reading)
    phase = partner.guidance.phases[reading["phase"]["id"]]
    turn = turn.talking(topic="phase", depth=0).say(partner.words("phase_doubted", phase=phase.name))
    turn = _by_words(partner, turn, _reasons(partner, turn, reading))
    return partner.ask(turn, reading)


def _sources_of(partner: Partner, turn: Turn, reasons: Reasons) -> Turn:
    guidance = partner.guidance
    findings = _findings(partner, reasons)
    source = guidance.sources[findings[0].source]
    sections = list(dict.fromkeys(f"“{source.sections[f.section]}”" for f in findings))
    cited = f"{_cited(source.title)} ({source.authors}, {source.published})"
    told = partner.words("sources", name=cited, list=listed(sections))
    return turn.say(f"{told}\n{_how_firm(partner, reasons)}")


def _findings(partner: Partner, reasons: Reasons) -> list[Finding]:
    """The findings that the rules behind some conclusions rest on."""
    rules = [partner.guidance.rules[reason["rule"]] for _, reason in reasons]
    return [partner.guidance.findings[f] for f in dict.fromkeys(f for rule in rules for f in rule.findings)]


def _how_firm(partner: Partner, reasons: Reasons) -> str:
    """What the study found behind some conclusions, and how firmly each of it stands there."""
    says: dict[str, list[str]] = {}
    for finding in _findings(partner, reasons)[:3]:
        says.setdefault(finding.firmness, []).append(finding.says)
    firm = [f"{' '.join(said)} {partner.guidance.firmness[firmness]}" for firmness, said in says.items()]
    return partner.words("sources_how_firm", list=" ".join(firm))


def _cited(title: str) -> str:
    return f"“{title}”"
