"""What stands in a brief: a reading and the guidance, put into words for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from critical_friend.brief.words import as_we, sentence, words
from critical_friend.dialogue.words import listed
from critical_friend.guidance.model import Guidance
from critical_friend.reading import Reading

#: So many reasons for the phase are enough for a page.
_REASONS = 3
_QUESTIONS = 4
_ZONE = ZoneInfo("Pacific/Auckland")


@dataclass(frozen=True)
class Step:
    """One next step."""

    title: str
    do: str
    who: str
    sign: str
    because: str
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A heading and what stands below it."""

    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """A brief in words. What is empty is left out where it is shown.

    ``said`` holds who said what (only if it was asked for), ``notes`` the reader's own words.
    """

    reading: Reading
    guidance: Guidance
    made: str
    where: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    lists: tuple[Listed, ...] = ()
    steps: tuple[Step, ...] = ()
    questions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: str = ""
    said: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, Any] = field(default_factory=words)


def make(
    reading: Reading,
    guidance: Guidance,
    *,
    notes: str = "",
    talk: Sequence[Mapping[str, Any]] | None = None,
    now: datetime | None = None,
) -> Brief:
    """The brief of a case by its ``reading``.

    Nothing that people said is in it, and no names, unless ``talk`` is given: the transcript, or an
    empty one for no more than the words that the reading quotes.
    """
    writer = _Writer(reading, guidance)
    when = (now or datetime.now(_ZONE)).astimezone(_ZONE)
    made = words()["made"].format(day=f"{when.day} {when:%B %Y}", version=guidance.version)
    if reading["phase"]["id"] is None and not reading["signals"]:
        return Brief(reading, guidance, made, (words()["nothing_known"],), notes=notes.strip())
    return Brief(
        reading,
        guidance,
        made,
        writer.where(),
        writer.why(),
        tuple(part for part in writer.lists() if part.items),
        writer.steps(),
        writer.questions(),
        writer.sources(),
        notes.strip(),
        () if talk is None else writer.said(talk),
    )


class _Writer:
    def __init__(self, reading: Reading, guidance: Guidance) -> None:
        self.reading, self.guidance, self.words = reading, guidance, words()
        #: The signals by which a role is played or missing.
        self.of_roles = {rule.role: rule.played_when.signals() for rule in guidance.role_rules}

    def where(self) -> tuple[str, ...]:
        phase = self.reading["phase"]
        if phase["id"] is None:
            return ()
        item = self.guidance.phases[phase["id"]]
        others = [self.guidance.phases[other].name for other in phase["candidates"] if other != phase["id"]]
        form = "settled" if phase["status"] == "settled" else "open" if others else "open_alone"
        stands = self.words[form].format(phase=item.name, others=listed(others, "or"))
        told = [f"{stands} {as_we(item.means)}", f"{as_we(item.needs)} {as_we(item.danger)}"]
        if self.reading["mode"]["id"]:
            mode = self.guidance.modes[self.reading["mode"]["id"]]
            told.append(self.words["mode"].format(mode=mode.name, means=mode.means))
        return tuple(told)

    def why(self) -> tuple[str, ...]:
        return self._reasons(reason["rule"] for reason in self.reading["phase"]["because"])[:_REASONS]

    def _reasons(self, rules: Iterable[str]) -> tuple[str, ...]:
        known = (self.guidance.rules[rule].reason for rule in rules if rule in self.guidance.rules)
        return tuple(dict.fromkeys(sentence(as_we(reason)) for reason in known))

    def lists(self) -> Iterable[Listed]:
        of_missing = {s for role in self._roles("missing") for s in self.of_roles.get(role, ())}
        have, harder, besides, differs = [], [], [], []
        for id_, known in self.reading["signals"].items():
            signal = self.guidance.signals.get(id_)
            if signal is None:
                continue
            if known["value"] == "contested":
                differs.append(
                    self.words["differs_on"].format(
                        name=signal.name, **{side: as_we(heard) for side, heard in signal.heard.items()}
                    )
                )
                continue
            heard = sentence(as_we(signal.heard[known["value"]]))
            if signal.good == "either":
                besides.append(heard)
            elif signal.good == known["value"]:
                have.append(heard)
            elif id_ not in of_missing:
                harder.append(heard)
        roles = [self.guidance.roles[role] for role in self._roles("missing")]
        missing = [f"{sentence(r.name)[:-1]}: {as_we(_first_sentence(r.means))}" for r in roles]
        for heading, items in (
            ("have", have),
            ("missing", missing),
            ("harder", harder),
            ("besides", besides),
            ("differs", differs),
        ):
            yield Listed(self.words[heading], tuple(items))

    def _roles(self, status: str) -> list[str]:
        return [
            role
            for role, is_ in self.reading["roles"].items()
            if is_ == status and role in self.guidance.roles
        ]

    def steps(self) -> tuple[Step, ...]:
        told: list[Step] = []
        for step in self.reading["next_steps"]:
            said_before = {caution for earlier in told for caution in earlier.cautions}
            told.append(
                Step(
                    as_we(step["title"]),
                    as_we(step["do"]),
                    sentence(as_we(step["with"])),
                    as_we(step["sign"]),
                    " ".join(self._reasons(reason["rule"] for reason in step["because"][:1])),
                    tuple(c for c in map(as_we, step["cautions"]) if c not in said_before),
                )
            )
        return tuple(told)

    def questions(self) -> tuple[str, ...]:
        asked = [self.reading["question"]["signal"]] if self.reading["question"] else []
        roles = [s for role in self._roles("unknown") for s in self.of_roles[role][:1]]
        signals = [
            self.guidance.signals[s] for s in dict.fromkeys([*asked, *roles]) if s in self.guidance.signals
        ]
        return tuple(as_we(signal.question) for signal in signals[:_QUESTIONS])

    def sources(self) -> tuple[str, ...]:
        reasons = [
            *self.reading["phase"]["because"],
            *(r for s in self.reading["next_steps"] for r in s["because"]),
        ]
        rules = [self.guidance.rules[r["rule"]] for r in reasons if r["rule"] in self.guidance.rules]
        sections: dict[str, dict[str, None]] = {}
        for finding in (self.guidance.findings[f] for rule in rules for f in rule.findings):
            sections.setdefault(finding.source, {})[finding.section] = None
        told = []
        for id_, named in sections.items():
            source = self.guidance.sources[id_]
            titles = listed([f"“{source.sections[section]}”" for section in named])
            told.append(
                self.words["source"].format(
                    title=source.title, authors=source.authors, published=source.published, sections=titles
                )
            )
        return tuple(told)

    def said(self, talk: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
        if talk:
            return tuple((self._speaker(line), str(line["text"])) for line in talk)
        return tuple(
            (piece.get("by") or self.words["somebody"], piece["text"])
            for known in self.reading["signals"].values()
            for piece in known["evidence"]
        )

    def _speaker(self, line: Mapping[str, Any]) -> str:
        default = self.words["friend"] if line["by"] == "bot" else self.words["somebody"]
        return str(line.get("speaker") or default)


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."
