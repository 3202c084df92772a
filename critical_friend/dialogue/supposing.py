"""What if, and what would it take: the case as it might be. The case itself stays as it is."""

from __future__ import annotations

from dataclasses import replace

from critical_friend.case import Case
from critical_friend.changes import Change, in_phase, phase_signals, smallest_changes, steps_towards
from critical_friend.dialogue.guessing import OPPOSITE
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import capital, listed, small
from critical_friend.framing import parts_supposed
from critical_friend.reading import Reading
from critical_friend.ways import Known

#: A part of a supposition with fewer words may be half of a list ('Police and Health pulled out').
LEAST_WORDS = 3
#: Words by which somebody goes who was there.
_LEAVING = frozenset(
    "leave leaves left lose loses lost losing goes gone went pull pulls pulled walk walks walked drop drops"
    " dropped quit quits resign resigns resigned retire retires retired transferred seconded".split()
)
_NOT = frozenset("no not without nobody never none didn't doesn't don't won't isn't".split())


def what_if(partner: Partner, turn: Turn) -> Turn:
    """The reading as it would be, told as a difference, and what of the supposition was not understood."""
    supposed, unheard = _supposed(partner, turn)
    words = partner.words
    if not supposed:
        return partner.ask_again(turn.say(words("what_if_which")))
    heard = listed([words.heard(h.signal, h.value) for h in supposed], "and")
    if all(turn.case.value(h.signal).word == h.value for h in supposed):
        text = words("what_if_so", heard=heard)
    else:
        before, after = partner.read(turn), partner.reader.read(_case_with(turn, supposed))
        differences = _differences(partner, before, after) or [words("what_if_same")]
        text = " ".join([words("what_if", heard=heard), *differences, words("what_if_kept")])
    if unheard:
        text = f"{text} {words('what_if_unheard', list=listed([f'“{part}”' for part in unheard]))}"
    return partner.ask_again(turn.say(text))


def _supposed(partner: Partner, turn: Turn) -> tuple[tuple[Hearing, ...], list[str]]:
    """What is supposed, each signal once, and the parts of the message in which nothing was heard."""
    found: dict[str, Hearing] = {}
    unheard = []
    for start, end in parts_supposed(turn.said.text):
        part = turn.said.text[start:end].strip(" ?.!")
        here = _supposed_in(partner, part, turn.said.hearings)
        if not here and len(part.split()) >= LEAST_WORDS:
            unheard.append(part)
        for hearing in here:
            found.setdefault(hearing.signal, hearing)
    return tuple(found.values()), unheard


def _supposed_in(partner: Partner, part: str, hearings: tuple[Hearing, ...]) -> tuple[Hearing, ...]:
    """What one part supposes: what was surely heard, else what is named outright, else the likeliest."""
    heard = tuple(h for h in hearings if h.value != "mixed" and (part in h.text or h.text in part))
    spoken = set(part.lower().replace(",", " ").split())
    leaving, denying = spoken & _LEAVING, spoken & _NOT
    sure = tuple(h for h in heard if h.sure)
    if sure:
        roles = {s for rule in partner.guidance.role_rules for s in rule.played_when.signals()}
        turned = leaving and not denying
        return tuple(replace(h, value="no") if turned and h.signal in roles else h for h in sure)
    named = [id_ for id_ in partner.words.find_all(part) if id_ in partner.guidance.signals]
    if not named:
        bad = {h.signal: OPPOSITE.get(partner.guidance.signals[h.signal].good, h.value) for h in heard[:1]}
        # That somebody leaves makes nothing better.
        turned = leaving and not denying
        return tuple(replace(h, value=bad[h.signal]) if turned else h for h in heard[:1])
    # Which way round is told better by the words than by what was heard without being sure.
    about = next((h.signal for h in heard if h.signal in named), named[0])
    return (Hearing(about, "no" if leaving or denying else "yes", part, True),)


def _case_with(turn: Turn, supposed: tuple[Hearing, ...]) -> Case:
    """The turn's case with what is supposed in the place of all that anybody said about it."""
    signals = {hearing.signal for hearing in supposed}
    kept = tuple(piece for piece in turn.case.evidence if piece.signal not in signals)
    return Case(kept, turn.case.unsure).note(
        piece for hearing in supposed for piece in hearing.evidence(turn.said.by, None)
    )


def _differences(partner: Partner, before: Reading, after: Reading) -> list[str]:
    guidance, words = partner.guidance, partner.words
    told = []
    if before["phase"]["id"] != after["phase"]["id"]:
        told.append(words("what_if_phase", phase=guidance.phases[after["phase"]["id"]].name))
    if before["mode"]["id"] != after["mode"]["id"] and after["mode"]["id"]:
        told.append(words("what_if_mode", mode=guidance.modes[after["mode"]["id"]].name))
    roles = [
        words(f"role_{status}", name=guidance.roles[role].name)
        for role, status in after["roles"].items()
        if before["roles"][role] != status
    ]
    if roles:
        told.append(words("what_if_role", list=listed(roles)))
    first, then = (reading["next_steps"][:1] for reading in (before, after))
    if then and [step["id"] for step in first] != [step["id"] for step in then]:
        told.append(words("what_if_first", name=small(then[0]["title"])))
    gone = {step["id"] for step in after["next_steps"]}
    dropped = [small(step["title"]) for step in before["next_steps"] if step["id"] not in gone]
    if dropped:
        told.append(words("what_if_dropped", list=listed(dropped)))
    return told


def what_it_takes(partner: Partner, turn: Turn) -> Turn:
    """The least that would have to change for a phase to be reached or a role to be filled."""
    reading = partner.read(turn)
    goal = partner.words.find(turn.said.text)
    if goal in partner.guidance.signals or goal in partner.guidance.roles:
        return _for_signal(partner, turn, str(goal))
    if reading["phase"]["id"] is None and goal not in partner.guidance.phases:
        return partner.ask(turn.say(partner.words("takes_from_nowhere")), reading)
    return _for_phase(partner, turn, _phase_meant(partner, goal, reading), reading)


def _phase_meant(partner: Partner, goal: str | None, reading: Reading) -> str:
    """The phase that is named, else the one after that in which the case stands."""
    phases = list(partner.guidance.phases)
    if goal in phases:
        return str(goal)
    here = phases.index(reading["phase"]["id"])
    return phases[min(here + 1, len(phases) - 1)]


def _for_phase(partner: Partner, turn: Turn, phase: str, reading: Reading) -> Turn:
    words, reasoner = partner.words, partner.reader.reasoner
    name = partner.guidance.phases[phase].name
    if phase == reading["phase"]["id"]:
        ends = partner.guidance.phases[phase].ends_when
        return partner.ask_again(turn.say(words("takes_there", name=name, means=ends)))
    known = reasoner.known(turn.case.values())
    ways = smallest_changes(reasoner, known, in_phase(phase), phase_signals(reasoner))
    if not ways:
        return partner.ask_again(turn.say(words("takes_no_way", name=name)))
    lines = [words("takes_phase" if len(ways) == 1 else "takes_phase_ways", name=name)]
    for number, way in enumerate(ways, start=1):
        changes = [words.heard(change.signal, change.value) for change in way]
        lines.append(words("takes_way", number=number, list=capital(listed(changes))))
    step = _first_step(partner, known, ways[0])
    if step:
        lines.append(words("takes_first", step=step))
    return partner.ask_again(turn.say("\n".join(lines)))


def _for_signal(partner: Partner, turn: Turn, id_: str) -> Turn:
    """What leads to one signal or role: the steps the rules advise while it is lacking."""
    words, reasoner, guidance = partner.words, partner.reader.reasoner, partner.guidance
    rules = {rule.role: rule.played_when.signals()[0] for rule in guidance.role_rules}
    signal = rules.get(id_, id_)
    good = guidance.signals[signal].good
    heard = words.heard(signal, good if good != "either" else "yes")
    if turn.case.value(signal).word == good:
        return partner.ask_again(turn.say(words("takes_have", heard=heard)))
    if good == "either":
        return partner.ask_again(turn.say(words("takes_given", name=guidance.signals[signal].name)))
    known = reasoner.known(turn.case.values())
    steps = steps_towards(reasoner, known, Change(signal, good))
    if not steps:
        return partner.ask_again(turn.say(words("takes_no_step", heard=heard)))
    step = guidance.steps[steps[0]]
    lines = [words("takes_signal", heard=heard, name=small(step.title), do=step.do)]
    lines.append(words("steps_sign", sign=step.sign))
    lines += [words("steps_caution", caution=guidance.cautions[c].says) for c in step.cautions]
    return partner.ask_again(turn.say("\n".join(lines)))


def _first_step(partner: Partner, known: Known, way: tuple[Change, ...]) -> str:
    for change in way:
        for step in steps_towards(partner.reader.reasoner, known, change):
            return small(partner.guidance.steps[step].title)
    return ""
