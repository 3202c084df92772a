"""Measures a trained understanding model on evaluation files: F1, what is noted, and time.

    python benchmarks/understanding_compare.py MODEL_FOLDER FILE.yml [FILE.yml ...]

Use ``OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1`` for the times. The figures come at the model's own
thresholds, which were set on held-out training texts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import yaml

from critical_friend.understanding.intents import IntentReader
from critical_friend.understanding.signals import SignalHearer

MESSAGE = (
    "our DCE quietly runs interference for us whenever finance starts asking questions about where"
    " the money for the hub has gone this year and last"
)


def figures(hearer: SignalHearer, items: list[dict], at: float) -> dict[str, float]:
    """Micro F1, precision, recall, wrong-way-round share and false alarms at one threshold."""
    heard = hearer.hear_many([item["text"] for item in items])
    right = found = said = wrong = nothing = alarms = 0
    for item, signals in zip(items, heard):
        facts = item.get("facts") or {}
        taken = {h.signal: h.value for h in signals if h.confidence >= at}
        right += sum(facts.get(signal) == value for signal, value in taken.items())
        wrong += sum(facts.get(signal, value) not in (value, "mixed") for signal, value in taken.items())
        found, said = found + len(taken), said + len(facts)
        nothing, alarms = nothing + (not facts), alarms + (not facts and bool(taken))
    return {
        "f1": 2 * right / max(1, found + said),
        "precision": right / max(1, found),
        "recall": right / max(1, said),
        "wrong_way": wrong / max(1, found),
        "false_alarms": alarms / max(1, nothing),
        "found": found,
    }


def main(model: str, *files: str) -> None:
    """Print the figures for each file at ASK_AT and NOTE_AT, then the time for a 25-word message."""
    hearer = SignalHearer.load(model)
    reader = IntentReader.load(model, hearer.encoder)
    for file in files:
        items = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
        for name, at in (("ask", hearer.ASK_AT), ("note", hearer.NOTE_AT)):
            row = figures(hearer, items, at)
            print(file, name, round(at, 2), {key: round(value, 3) for key, value in row.items()})
    times = []
    for _ in range(60):
        begin = time.perf_counter()
        encoded = hearer.encoder.encode(MESSAGE)
        hearer.hear(encoded)
        reader.read(encoded)
        times.append(1000 * (time.perf_counter() - begin))
    print(f"25 words: median {np.median(times):.1f} ms, fastest {min(times):.1f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
