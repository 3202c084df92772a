"""The learning curve: understanding made from shares of the texts, as a table and a picture."""

from __future__ import annotations

import json
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.understanding.data import KEPT, ROOT, Item, code_key, data_key, digest, load, training
from benchmarks.understanding.figures import figures
from benchmarks.understanding.markdown import percent, table
from benchmarks.understanding.processes import apart, say
from critical_friend.understanding.examples import Example

PICTURE = ROOT / "docs" / "images" / "learning-curve.svg"
SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(1))
FITS = ("examples", "fitting", "network")
"""The modules that the fitting of the network hangs on."""


def curve() -> str:
    """The learning curve as a table; draws the picture."""
    sets = {name: load(name) for name in ("messages", "passages")}
    KEPT.mkdir(parents=True, exist_ok=True)
    results = []
    for share in SHARES:
        stored = KEPT / f"curve-{share.denominator}-{digest(data_key(), code_key(), sets)}.json"
        if not stored.exists():
            fitted = KEPT / f"fitted-{share.denominator}-{digest(data_key(), code_key(*FITS))}.npz"
            if not fitted.exists():
                say(f"Fitting the network to {share} of the texts …")
                apart(fit_share, share, fitted)
            say(f"Measuring with {share} of the texts …")
            stored.write_text(json.dumps(apart(measure_share, share, fitted, sets)), encoding="utf-8")
        results.append(json.loads(stored.read_text(encoding="utf-8")))
    draw(results)
    rows = [
        ["training texts", "held-out F1", "messages F1", "passages F1", "messages noted: precision", "recall"]
    ]
    rows += [
        [
            str(r["texts"]),
            f"{r['held out']:.3f}",
            f"{r['messages']['f1']:.3f}",
            f"{r['passages']['f1']:.3f}",
            f"{percent(r['messages noted']['precision'])} of {r['messages noted']['found']}",
            percent(r["messages noted"]["recall"]),
        ]
        for r in results
    ]
    return "\n".join(table(rows))


def share_of(examples: list[Example], share: Fraction) -> list[Example]:
    """A random share of the examples, the same always; a smaller one is part of a larger one."""
    order = np.random.default_rng(0).permutation(len(examples))[: int(len(examples) * share)]
    return [examples[n] for n in sorted(order)]


def fit_share(share: Fraction, target: Path) -> None:
    """Fit the network to a share of the texts."""
    from critical_friend.understanding.fitting import fit

    fitted = fit(share_of(training(), share), say=say)
    part = target.with_suffix(".part.npz")
    np.savez_compressed(part, **fitted)
    part.rename(target)


def measure_share(share: Fraction, fitted: Path, sets: dict[str, list[Item]]) -> dict[str, Any]:
    """Learn the rest from the same share of the texts, and measure."""
    from critical_friend.understanding.model import Understanding

    chosen = share_of(training(), share)
    with tempfile.TemporaryDirectory() as folder:
        model = Understanding.train(chosen, Path(folder), fitted=fitted)
        result: dict[str, Any] = {"texts": len(chosen), "held out": model.judge.report["f1"]}
        for name, items in sets.items():
            gold = [item["facts"] for item in items]
            understood = [model.understand(item["text"]).hearings for item in items]
            for kind, noted in (("", False), (" noted", True)):
                heard = [{(h.signal, h.value) for h in hs if h.sure or not noted} for hs in understood]
                found = figures(gold, heard)
                result[name + kind] = {key: found[key] for key in ("f1", "precision", "recall", "found")}
    return result


def draw(results: list[dict[str, Any]]) -> None:
    """The learning curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "critical-friend"
    plt.figure(figsize=(7, 3.6))
    texts = [r["texts"] for r in results]
    lines = (
        ("messages", "-o", [r["messages"]["f1"] for r in results]),
        ("passages", "--s", [r["passages"]["f1"] for r in results]),
        ("held-out training texts", ":^", [r["held out"] for r in results]),
    )
    for label, style, heights in lines:
        plt.plot(texts, heights, style, label=label)
    plt.xscale("log", base=2)
    plt.xticks(texts, [str(n) for n in texts])
    plt.minorticks_off()
    plt.ylim(0, 1)
    plt.xlabel("training texts (each mark doubles them)")
    plt.ylabel("micro F1 of all heard")
    plt.grid(alpha=0.3)
    plt.legend()
    plt.tight_layout()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    plt.savefig(PICTURE, metadata={"Date": None})
