"""The report on the trained model beside the baselines."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.understanding import ours
from benchmarks.understanding.baselines import BASELINES, readings_of
from benchmarks.understanding.data import MODEL, Facts, Item, Reading, load
from benchmarks.understanding.figures import (
    calibration,
    confusions,
    figures,
    intent_confusions,
    intent_hits,
    intent_recalls,
    missed,
    mistakes,
    pairs_of,
)
from benchmarks.understanding.markdown import named, of, percent, short, table
from benchmarks.understanding.processes import apart, say
from benchmarks.understanding.rasa_default import EPOCHS
from critical_friend.personal import Masker
from critical_friend.personal.measuring import Rates, measure
from critical_friend.understanding.examples import HELD_OUT_EVERY
from critical_friend.understanding.judging import FOLDS
from critical_friend.understanding.model import FLOOR

OURS = "Critical Friend"
FOR_SIGNALS = ("messages", "as_typed", "passages", "held_back")
AIMS = {
    ("messages", "f1"): "0.80",
    ("passages", "f1"): "0.45",
    ("messages", "precision"): "92 %",
    ("messages", "wrong"): "under 2 %",
    ("messages", "alarms"): "under 3 %",
    ("as_typed", "f1"): "0.80",
    ("as_typed", "precision"): "92 %",
    ("as_typed", "wrong"): "under 2 %",
    ("as_typed", "alarms"): "under 3 %",
}
AIM_OF_INTENTS = 0.9
"""Intents read as they are less often than this are listed."""

Parts = dict[str, list[Reading]]
"""For each system its readings of one set of texts."""
Systems = dict[str, dict[str, Any]]


def report(*, quick: bool, minutes: float) -> str:
    """Measure everything; the Markdown between the markers of docs/understanding.md."""
    sets = {name: load(name) for name in (*FOR_SIGNALS, "intents")}
    texts = [item["text"] for items in sets.values() for item in items]
    say(f"Reading {len(texts)} texts with the trained model …")
    systems: Systems = {OURS: {**apart(ours.read, MODEL, texts, one_core=True)}}
    for baseline in BASELINES:
        found = readings_of(baseline, texts, quick=quick, minutes=minutes)
        if found:
            systems[baseline.title] = found
    parts: dict[str, Parts] = {name: {} for name in sets}
    for who, system in systems.items():
        rest = iter(system["readings"])
        for name, items in sets.items():
            parts[name][who] = [next(rest) for _ in items]
    lines = [
        *table(list(_main_rows(sets, parts))),
        "",
        *_notes(systems),
        "",
        *_beliefs(sets, parts),
        *_errors(sets, parts),
        *_intents(sets["intents"], parts["intents"][OURS]),
        *_personal(apart(personal_rates)),
    ]
    return "\n".join(lines)


def personal_rates() -> Rates:
    """How often personal details are missed and other things masked."""
    return measure(load("personal"), Masker().load())


def _main_rows(sets: dict[str, list[Item]], parts: dict[str, Parts]) -> Iterator[list[str]]:
    """The lines of the main table."""
    systems = list(parts["intents"])
    yield ["", *systems, "aim"]
    for name in FOR_SIGNALS:
        yield from _set_rows(name, [item["facts"] for item in sets[name]], parts[name])
    asked = sets["intents"]
    yield [
        f"**intents** ({len(asked)}): accuracy",
        *(f"**{of(intent_hits(asked, parts['intents'][who]), len(asked))}**" for who in systems),
        "93 %",
    ]
    times = [
        [statistics.median(r["ms"] for r in parts[name][who]) for name in ("messages", "passages")]
        for who in systems
    ]
    yield [
        "median ms of one core for a message / a passage",
        *(f"{a:.1f} / {b:.1f}" for a, b in times),
        "15",
    ]


def _set_rows(name: str, gold: list[Facts], parts: Parts) -> Iterator[list[str]]:
    """The lines of the main table for one set of texts."""
    heard = {who: figures(gold, [pairs_of(r) for r in part]) for who, part in parts.items()}
    noted = {who: figures(gold, [pairs_of(r, noted=True) for r in part]) for who, part in parts.items()}

    def row(
        label: str, source: dict[str, Any], show: Callable[[dict[str, Any]], str], aim: str = ""
    ) -> list[str]:
        return [label, *(show(source[who]) for who in parts), AIMS.get((name, aim), "")]

    yield [f"**{name}** ({len(gold)}; {sum(map(len, gold))} facts)", *("" for _ in parts), ""]
    yield row("micro F1 of all heard", heard, lambda f: f"**{f['f1']:.3f}**", "f1")
    yield row("– 95 % interval (bootstrap)", heard, lambda f: f"{f['spread'][0]:.2f}–{f['spread'][1]:.2f}")
    yield row("macro F1 of all heard", heard, lambda f: f"{f['macro']:.3f}")
    yield row(
        "precision / recall of all heard",
        heard,
        lambda f: f"{percent(f['precision'])} / {percent(f['recall'])}",
    )
    yield row("wrong way round, of all heard", heard, lambda f: of(f["wrong"], f["found"]), "wrong")
    yield row("texts that carry nothing, something heard", heard, lambda f: of(f["alarms"], f["silent"]))
    yield row(
        "noted without asking: precision", noted, lambda f: f"**{percent(f['precision'])}**", "precision"
    )
    yield row("noted: how many; recall", noted, lambda f: f"{f['found']}; {percent(f['recall'])}")
    yield row("noted: micro / macro F1", noted, lambda f: f"{f['f1']:.3f} / {f['macro']:.3f}")
    yield row("noted: wrong way round", noted, lambda f: of(f["wrong"], f["found"]), "wrong")
    yield row(
        "false alarms: carry nothing, something noted",
        noted,
        lambda f: of(f["alarms"], f["silent"]),
        "alarms",
    )
    errors = {who: calibration(gold, part)[0] for who, part in parts.items()}
    yield ["expected calibration error", *(f"{errors[who]:.3f}" for who in parts), ""]


def _notes(systems: Systems) -> Iterator[str]:
    """What the reader of the table should know."""
    for who in (OURS, "bag of words"):
        if who in systems:
            yield _note_on_thresholds(who, systems[who]["about"])
    if "Rasa's default" in systems:
        about = systems["Rasa's default"]["about"]
        cut = "" if about["epochs"] == EPOCHS else f", as many as fit into {about['minutes']:.0f} minutes"
        yield (
            f"- Rasa's default: the pipeline of `rasa init`, DIET for {about['epochs']} of {EPOCHS} epochs"
            f"{cut}; {about['labels']} labels, {about['texts']} texts ({about['left_out']} with several "
            "facts left out, as it can say one label only). Batches are of texts of like length, for speed. "
            "Heard is its top label; noted is the same unless it falls back."
        )
    for who, system in systems.items():
        if system.get("stale"):
            yield f"- {who} was trained on an **earlier state** of data/nlu (`--quick`)."
    yield (
        "- `as_typed` was written last, blind, in the manner of a few real samples, with many messages that "
        "say both sides."
    )
    yield (
        "- `held_back` is by another writer, and nothing by that writer is trained on. It is on some signals "
        "only, mostly one in a text."
    )
    yield (
        "- Wrong way round: heard with 'yes' where the text says 'no', or the other way, as a share of all "
        "heard. Macro F1: the mean over the (signal, value) pairs that occur in the set. 'mixed' counts as a "
        "value of its own. Times are of the processor, so that other work on the machine does not count."
    )


def _note_on_thresholds(who: str, about: dict[str, Any]) -> str:
    """How the thresholds were set and what they give on held-out texts."""
    held = about["held_out"]
    mixed = f", 'mixed' where both ways round reach {about['mixed_at']:.2f}" if "mixed_at" in about else ""
    if who == OURS:
        how = (
            f"set on texts held out: of the training texts one in {HELD_OUT_EVERY}, chosen by its hash, was "
            "kept from learning in both the network and the wording, and served to learn the confidences "
            f"(in {FOLDS} folds)"
        )
    else:
        how = "both set on training texts held out in three folds"
    intents = f" Intents, on the held-out texts: {percent(about['intents'])}." if "intents" in about else ""
    return (
        f"- {who}: heard from {about['ask_at']:.2f}, noted from {about['note_at']:.2f}{mixed}, {how}. On "
        f"those: micro F1 **{held['f1']:.3f}** (precision {percent(held['precision'])}, recall "
        f"{percent(held['recall'])}); noted with precision {percent(held['noted_precision'])}, recall "
        f"{percent(held['noted_recall'])}.{intents}"
    )


def _beliefs(sets: dict[str, list[Item]], parts: dict[str, Parts]) -> Iterator[str]:
    """The section on confidence."""
    yield from ("### How far its confidence can be believed", "")
    for name in ("messages", "passages"):
        error, bins = calibration([i["facts"] for i in sets[name]], parts[name][OURS])
        yield f"{name.capitalize()}, every candidate above {FLOOR} (expected calibration error {error:.3f}):"
        shown = [["confidence", "candidates", "mean confidence", "right"]]
        shown += [
            [f"{a:.2f}–{b:.2f}", str(n), f"{mean:.2f}", f"{share:.2f}"] for a, b, n, mean, share in bins
        ]
        yield from ("", *table(shown), "")


def _errors(sets: dict[str, list[Item]], parts: dict[str, Parts]) -> Iterator[str]:
    """The section on what is heard wrongly and what is missed."""
    items = sets["messages"] + sets["passages"]
    readings = parts["messages"][OURS] + parts["passages"][OURS]
    yield from ("### Worst confusions", "", "Over messages and passages together, of all heard.", "")
    shown = [["said", "heard", "times", "examples"]]
    for said, heard, where in confusions(items, readings)[:10]:
        shown.append(
            [named(said), named(heard), str(len(where)), " // ".join(f"‘{short(t)}’" for t in where[:2])]
        )
    worst = [f"{named(pair)} ({count} of {total})" for pair, count, total in missed(items, readings)[:12]]
    yield from (*table(shown), "")
    yield "Missed most often (neither asked about nor noted): " + ", ".join(worst) + "."
    for kind, found in mistakes(items, readings).items():
        yield from ("", f"Noted {kind} ({len(found)}):", "")
        yield from [f"- {named(pair)}: ‘{short(text, 160)}’" for pair, text in found] or ["- none"]
    yield ""


def _intents(asked: list[Item], readings: list[Reading]) -> Iterator[str]:
    """What intents are misread."""
    shown = ", ".join(f"{a} read as {b} ({n})" for a, b, n in intent_confusions(asked, readings)[:8])
    yield from (f"Intents misread: {shown or 'none'}.", "")
    low = [row for row in intent_recalls(asked, readings) if row[1] < AIM_OF_INTENTS * row[2]]
    shown = ", ".join(f"{name} {of(right, count)}" for name, right, count in low)
    yield from (f"Intents with a recall under {100 * AIM_OF_INTENTS:.0f} %: {shown or 'none'}.", "")


def _personal(rates: Rates) -> Iterator[str]:
    """The section on personal details."""
    yield from ("### Personal details", "")
    yield (
        f"`personal.yml`: {rates.sentences} sentences with {rates.details} personal details; {rates.clean} "
        "of the sentences hold none. A detail is missed if a letter of it is left."
    )
    yield ""
    yield from table(
        [
            ["", "share"],
            ["personal details missed", of(len(rates.missed), rates.details)],
            ["marks that stand for nothing personal", of(len(rates.false), rates.marks)],
            ["sentences with nothing personal, something masked", of(rates.clean_marked, rates.clean)],
        ]
    )
    for label, found in (("Missed", rates.missed), ("Masked wrongly", rates.false)):
        yield from ("", f"{label}: " + (", ".join(f"‘{short(part)}’" for part, _ in found) or "none") + ".")
    yield ""
