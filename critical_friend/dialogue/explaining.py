"""Why, what does that mean, says who, and what if."""

from __future__ import annotations

from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import listed
from critical_friend.logic import Value
from critical_friend.reading import Reading

_AGAINST = frozenset(
    (
        "no not without lose lost losing leaves left leave gone goes pulled pulls quit nobody never stopped "
        "stops dropped didn't don't doesn't wasn't weren't hadn't isn't"
    ).split()
)


def definition(partner: Partner, turn: Turn) -> Turn:
    """What a word means. With no word named: that of the open question."""
    id_ = partner.words.find(turn.said.text) or turn.talk.asked
    if id_ is None:
        names = [role.name for role in partner.guidance.roles.values()]
        return turn.say(partner.words("define_which", list=listed([*names, "phase", "mode"])))
    return _define(partner, turn, id_)


def define(partner: Partner, turn: Turn) -> Turn:
    """What a word means, by its button."""
    return _define(partner, turn, (turn.said.button or "").partition(":")[2])


def _define(partner: Partner, turn: Turn, id_: str) -> Turn:
    item = partner.words.named(id_)
    name = item.name[:1].upper() + item.name[1:]
    return partner.ask_again(turn.say(partner.words("define", name=name, means=item.means)))


def why(partner: Partner, turn: Turn) -> Turn:
    """Why something was said, one level at a time: the rule, then the words, then the source."""
    about_asking = " ask" in f" {turn.said.text.lower()}" and turn.said.button is None
    if turn.talk.asked and (turn.talk.topic == "question" or about_asking):
        return why_question(partner, turn)
    reading = partner.read(turn)
    reasons = _reasons(partner, turn, reading)
    if not reasons:
        return turn.say(partner.words("why_nothing"))
    depth = turn.talk.depth
    turn = turn.talking(depth=depth + 1)
    more = partner.words.button("why", "ask_why")
    if depth == 0:
        lines = [
            partner.words("why_step", name=name, reason=partner.guidance.rules[str(r["rule"])].reason)
            for name, r in reasons
        ]
        quoted = partner.quotes(turn, _signals(reasons), "why_word")
        if quoted:
            lines.append(partner.words("why_words", list=listed(quoted)))
        return turn.say("\n".join(lines), more)
    return _sources_of(partner, turn, reasons)


def why_question(partner: Partner, turn: Turn) -> Turn:
    """What hangs on the answer to the open question."""
    asked = turn.talk.asked
    if asked is None:
        return why(partner, turn)
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
    return partner.ask_again(turn.say(f"{matters} {differs}"))


def _reasons(partner: Partner, turn: Turn, reading: Reading) -> list[tuple[str, dict[str, list[str]]]]:
    """The reasons of what was last shown: of the steps shown, else of the phase."""
    if turn.talk.topic == "steps":
        shown = [step for step in reading["next_steps"] if step["id"] in turn.talk.shown]
        return [(step["title"], step["because"][0]) for step in shown]
    phase = reading["phase"]["id"]
    if phase is None:
        return []
    name = partner.guidance.phases[phase].name.capitalize()
    return [(name, reason) for reason in reading["phase"]["because"][:2]]


def _signals(reasons: list[tuple[str, dict[str, list[str]]]]) -> list[str]:
    return list(dict.fromkeys(s for _, reason in reasons for s in reason["signals"]))


def sources(partner: Partner, turn: Turn) -> Turn:
    """Where what was last said comes from, and how firm it is."""
    reading = partner.read(turn)
    reasons = _reasons(partner, turn, reading)
    if not reasons:
        source = next(iter(partner.guidance.sources.values()))
        text = partner.words("why_source", source=_cited(source.title), means=source.study)
        return partner.ask_again(turn.say(text))
    return partner.ask_again(_sources_of(partner, turn, reasons))


def _sources_of(partner: Partner, turn: Turn, reasons: list[tuple[str, dict[str, list[str]]]]) -> Turn:
    guidance = partner.guidance
    rules = [guidance.rules[str(reason["rule"])] for _, reason in reasons]
    findings = [guidance.findings[f] for f in dict.fromkeys(f for r in rules for f in r.findings)]
    source = guidance.sources[findings[0].source]
    sections = list(dict.fromkeys(f"“{source.sections[f.section]}”" for f in findings))
    firm = list(dict.fromkeys(f"{f.says} {guidance.firmness[f.firmness]}" for f in findings[:3]))
    return turn.say(
        "\n".join(
            [
                partner.words(
                    "sources",
                    name=f"{_cited(source.title)} ({source.authors}, {source.published})",
                    list=listed(sections),
                ),
                partner.words("sources_how_firm", list=" ".join(firm)),
            ]
        )
    )


def _cited(title: str) -> str:
    return f"“{title}”"


def what_if(partner: Partner, turn: Turn) -> Turn:
    """The reading as it would be, told as a difference. The case stays as it is."""
    signal, value = _supposed(partner, turn)
    if signal is None:
        return partner.ask_again(turn.say(partner.words("what_if_which")))
    before = partner.read(turn)
    supposed = turn.case
    for by in {piece.by for piece in turn.case.words(signal)} | {turn.said.by}:
        supposed = supposed.withdraw(signal, by)
    after = partner.reader.read(
        supposed.note(Hearing(signal, value, turn.said.text, True).evidence(turn.said.by, None))
    )
    heard = partner.words.heard(signal, value)
    lines = []
    if before["phase"]["id"] != after["phase"]["id"]:
        phase = partner.guidance.phases[after["phase"]["id"]].name
        lines.append(partner.words("what_if_phase", heard=heard, phase=phase))
    changed = [
        partner.words(f"role_{status}", name=partner.guidance.roles[role].name)
        for role, status in after["roles"].items()
        if before["roles"][role] != status
    ]
    first = [reading["next_steps"][:1] for reading in (before, after)]
    if first[1] and [s["id"] for s in first[0]] != [s["id"] for s in first[1]]:
        title = first[1][0]["title"]
        lines.append(partner.words("what_if_first", heard=heard, name=title[:1].lower() + title[1:]))
    if changed:
        lines.append(partner.words("what_if_role", list=listed(changed)))
    lines = lines or [partner.words("what_if_same", heard=heard)]
    return partner.ask_again(turn.say(" ".join([*lines, partner.words("what_if_kept")])))


def _supposed(partner: Partner, turn: Turn) -> tuple[str | None, str]:
    """The signal that is supposed and its value, heard by meaning or named outright."""
    named = partner.words.find(turn.said.text)
    if named in partner.guidance.signals:
        against = _AGAINST & set(turn.said.text.lower().split())
        return named, "no" if against else "yes"
    for hearing in turn.said.hearings:
        value = hearing.value if hearing.value != "mixed" else "yes"
        if turn.case.value(hearing.signal) != Value.of(value):
            return hearing.signal, value
    return None, "yes"
