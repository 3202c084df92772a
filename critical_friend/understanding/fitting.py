"""Fits MiniLM to officials' language: ``make fit``, about an hour on two cores, needed seldom.

The two lower layers stay as they are in the package, and so do the word vectors. The four upper layers
and the heads learn from the examples in ``data/nlu``, all but those held out. What has changed is
written to ``fitted.npz`` beside this file: the differences of the weights in 8 bits, and the heads.
``make train`` starts from there. TensorFlow is used, as it comes with Rasa.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from critical_friend.understanding.examples import Example, read_examples, signal_labels, signals_of
from critical_friend.understanding.network import (
    ATTENTION_HEADS,
    FITTED,
    FROZEN,
    HEADS,
    LAYERS,
    SIZE,
    Array,
    fitted_weights,
    packaged_weights,
    tokenizer,
)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROUNDS, ROUNDS_ON = 4, 2
"""How often it goes over all texts: from the start, and when going on from what was fitted."""
PACE_ON = 0.6
"""When going on, steps are so much smaller."""
BODY_RATE, HEAD_RATE = 1e-4, 2e-3
WARM_UP = 0.06
DROPOUT, HEAD_DROPOUT = 0.1, 0.2
WORDS_HIDDEN = 0.1
"""So many of the words are hidden from the upper layers while they learn."""
BATCH_TOKENS, BATCH_TEXTS = 1100, 64
JOINED = 0.25
"""Pairs of short texts joined to one, as a share of the texts: messages often say several things."""
BOTH_SIDES = 0.2
"""So many of the pairs are about the same signal; where they say opposite things, both sides are said."""
APART = 0.5
"""How much it counts that yes and no of a signal are told apart, beside that each is scored rightly."""
TELL_WEIGHT = 0.15
"""Nearly all texts are tellings, so that one counts for less when intents are learnt."""


class Net:
    """The network in TensorFlow: ``lower`` is fixed, ``upper`` learns."""

    def __init__(self, weights: dict[str, Array], signals: int, intents: int, seed: int = 0) -> None:
        import tensorflow as tf  # type: ignore[import-untyped]

        self.tf = tf
        draw = np.random.default_rng(seed)
        learnt = tuple(f"encoder.layer.{n}." for n in range(FROZEN, LAYERS))
        self.values: dict[str, Any] = {
            name: tf.Variable(value) if name.startswith(learnt) else tf.constant(value)
            for name, value in weights.items()
            if value.dtype == np.float32
        }
        self.body = [name for name in self.values if name.startswith(learnt)]
        starts = {
            "attend": draw.normal(0, 0.05, (SIZE, signals)),
            "signal_attended": draw.normal(0, 0.02, (signals, SIZE, 2)),
            "signal_mean": draw.normal(0, 0.02, (SIZE, signals * 2)),
            "signal_bias": np.full(signals * 2, -4.0),
            "intent_mean": draw.normal(0, 0.02, (SIZE, intents)),
            "intent_bias": np.zeros(intents),
        }
        assert set(starts) == set(HEADS)
        self.values |= {name: tf.Variable(value.astype(np.float32)) for name, value in starts.items()}

    def lower(self, ids: Any, mask: Any) -> Any:
        """Hidden states after the fixed layers: (texts, tokens, SIZE)."""
        tf, v = self.tf, self.values
        x = tf.gather(v["embeddings.word_embeddings.weight"], ids)
        x += v["embeddings.position_embeddings.weight"][: tf.shape(ids)[1]]
        x = self._norm(x + v["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for n in range(FROZEN):
            x = self._layer(x, mask, n, 0.0)
        return x

    def upper(self, x: Any, mask: Any, *, learning: bool) -> tuple[Any, Any]:
        """Scores of (signal, value) pairs and of intents from the hidden states of ``lower``."""
        tf, v = self.tf, self.values
        if learning:
            mask = self._some_of(mask)
        for n in range(FROZEN, LAYERS):
            x = self._layer(x, mask, n, DROPOUT if learning else 0.0)
        mean = tf.reduce_sum(x * mask[:, :, None], 1) / tf.reduce_sum(mask, 1)[:, None]
        share = tf.nn.softmax(tf.einsum("btd,ds->bst", x, v["attend"]) - (1 - mask)[:, None, :] * 1e4)
        attended = tf.einsum("bst,btd->bsd", share, x)
        if learning:
            mean, attended = tf.nn.dropout(mean, HEAD_DROPOUT), tf.nn.dropout(attended, HEAD_DROPOUT)
        pairs = tf.einsum("bsd,sdw->bsw", attended, v["signal_attended"])
        signals = tf.reshape(pairs, [tf.shape(x)[0], -1]) + mean @ v["signal_mean"] + v["signal_bias"]
        return signals, mean @ v["intent_mean"] + v["intent_bias"]

    def _some_of(self, mask: Any) -> Any:
        """Hides words at random, so that no text is known again by one of them; never the opening mark."""
        shape = self.tf.shape(mask)
        kept = self.tf.cast(self.tf.random.uniform(shape) >= WORDS_HIDDEN, self.tf.float32)
        return mask * self.tf.concat([self.tf.ones([shape[0], 1]), kept[:, 1:]], 1)

    def _layer(self, x: Any, mask: Any, n: int, dropout: float) -> Any:
        tf, name = self.tf, f"encoder.layer.{n}."
        shape = tf.shape(x)

        def split(y: Any) -> Any:
            y = tf.reshape(y, [shape[0], shape[1], ATTENTION_HEADS, SIZE // ATTENTION_HEADS])
            return tf.transpose(y, [0, 2, 1, 3])

        query, key, value = (
            split(self._dense(x, f"{name}attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = tf.matmul(query, key, transpose_b=True) / (SIZE // ATTENTION_HEADS) ** 0.5
        scores = tf.nn.softmax(scores - (1 - mask)[:, None, None, :] * 1e4)
        mixed = tf.reshape(tf.transpose(tf.matmul(scores, value), [0, 2, 1, 3]), shape)
        mixed = self._dense(mixed, f"{name}attention.output.dense")
        x = self._norm(x + self._drop(mixed, dropout), f"{name}attention.output.LayerNorm")
        inner = tf.nn.gelu(self._dense(x, f"{name}intermediate.dense"))
        inner = self._dense(inner, f"{name}output.dense")
        return self._norm(x + self._drop(inner, dropout), f"{name}output.LayerNorm")

    def _drop(self, x: Any, dropout: float) -> Any:
        return self.tf.nn.dropout(x, dropout) if dropout else x

    def _dense(self, x: Any, name: str) -> Any:
        weight = self.values[f"{name}.weight"]
        rows = self.tf.reshape(x, [-1, weight.shape[1]])
        out = self.tf.matmul(rows, weight, transpose_b=True) + self.values[f"{name}.bias"]
        return self.tf.reshape(out, self.tf.concat([self.tf.shape(x)[:-1], [weight.shape[0]]], 0))

    def _norm(self, x: Any, name: str) -> Any:
        mean = self.tf.reduce_mean(x, -1, keepdims=True)
        spread = self.tf.reduce_mean(self.tf.math.squared_difference(x, mean), -1, keepdims=True)
        scale, shift = self.values[f"{name}.weight"], self.values[f"{name}.bias"]
        return (x - mean) * self.tf.math.rsqrt(spread + 1e-12) * scale + shift


def joined(examples: Sequence[Example], draw: np.random.Generator) -> list[Example]:
    """Pairs of short labelled texts, one after the other; opposite values of a signal become 'mixed'."""
    short = [e for e in examples if e.intent == "tell" and e.facts is not None and len(e.text.split()) < 30]
    about: dict[str, list[Example]] = {}
    for example in short:
        for signal in example.facts or ():
            about.setdefault(signal, []).append(example)
    made: list[Example] = []
    while len(made) < JOINED * len(short):
        first, second = (short[n] for n in draw.choice(len(short), 2, replace=False))
        if first.facts and draw.random() < BOTH_SIDES:
            same = about[draw.choice(sorted(first.facts))]
            second = same[draw.integers(len(same))]
        facts = {**(first.facts or {}), **(second.facts or {})}
        facts |= {s: "mixed" for s, v in (first.facts or {}).items() if facts[s] != v}
        stop = "" if first.text[-1] in ".!?" else "."
        made.append(Example(f"{first.text}{stop} {second.text}", "tell", facts))
    return made


def batches(lengths: Array, draw: np.random.Generator) -> list[Array]:
    """Places of texts of like length, put together by the tokens they take, in random order."""
    order = np.argsort(lengths + draw.uniform(0, 6, len(lengths)))
    made: list[Array] = []
    part: list[int] = []
    for place in order:
        longest = max([lengths[place], *(lengths[p] for p in part)])
        if part and (longest * (len(part) + 1) > BATCH_TOKENS or len(part) == BATCH_TEXTS):
            made.append(np.array(part))
            part = []
        part.append(place)
    made.append(np.array(part))
    return [made[n] for n in draw.permutation(len(made))]


def padded(rows: Sequence[Array]) -> tuple[Array, Array]:
    """Rows of different lengths as one array, and a mask of what is real."""
    width = max(len(row) for row in rows)
    out = np.zeros((len(rows), width, *rows[0].shape[1:]), rows[0].dtype)
    mask = np.zeros((len(rows), width), np.float32)
    for n, row in enumerate(rows):
        out[n, : len(row)], mask[n, : len(row)] = row, 1
    return out, mask


def fit(
    examples: Sequence[Example],
    start: Mapping[str, Array] | None = None,
    say: Callable[[str], object] = print,
) -> dict[str, Array]:
    """Learn from ``examples`` and return what ``fitted.npz`` holds.

    From MiniLM as it is; or from what was fitted before (``start``) in fewer and gentler rounds, where
    only texts have been added. Signals and intents must then be the same.
    """
    import tensorflow as tf

    tf.random.set_seed(0)
    draw = np.random.default_rng(0)
    signals, intents = signals_of(examples), sorted({e.intent for e in examples})
    learnt = [e for e in examples if not e.held_out]
    learnt += joined(learnt, draw)
    weights = packaged_weights()
    net = Net(weights, len(signals), len(intents))
    rounds, pace = (ROUNDS, 1.0) if start is None else (ROUNDS_ON, PACE_ON)
    if start is not None:
        _take_up(net, start, signals, intents)
    floats, ints = tf.TensorSpec([None, None], tf.float32), tf.TensorSpec([None, None], tf.int32)
    hidden = tf.TensorSpec([None, None, SIZE], tf.float32)
    lower = tf.function(net.lower, input_signature=[ints, floats])

    say(f"Encoding {len(learnt)} texts with the fixed layers …")
    ids = [np.array(e.ids, np.int32) for e in tokenizer().encode_batch([e.text for e in learnt])]
    lengths = np.array([len(row) for row in ids])
    states: list[Array] = [np.zeros(0)] * len(ids)
    for part in batches(lengths, draw):
        for place, state in zip(part, lower(*padded([ids[p] for p in part])).numpy(), strict=True):
            states[place] = state[: lengths[place]].astype(np.float16)

    truth = signal_labels(learnt, signals)
    labelled = np.array([e.facts is not None for e in learnt], np.float32)
    intent = np.array([intents.index(e.intent) for e in learnt], np.int32)
    weight = np.array([TELL_WEIGHT if e.intent == "tell" else 1.0 for e in learnt], np.float32)
    body = [net.values[name] for name in net.body]
    heads = [net.values[name] for name in HEADS]
    for_body, for_heads = (tf.keras.optimizers.legacy.Adam(r, beta_2=0.98) for r in (BODY_RATE, HEAD_RATE))

    @tf.function(
        input_signature=[hidden, floats, floats]
        + [tf.TensorSpec([None], kind) for kind in (tf.float32, tf.int32, tf.float32)]
    )
    def step(x: Any, mask: Any, *goals: Any) -> Any:
        y, has, kind, counts = goals
        with tf.GradientTape() as tape:
            pairs, kinds = net.upper(x, mask, learning=True)
            said = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(y, pairs), 1)
            said = (said + APART * _not_told_apart(tf, y, pairs)) * has
            meant = tf.nn.sparse_softmax_cross_entropy_with_logits(kind, kinds) * counts
            loss = tf.reduce_mean(said + meant)
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, body + heads), 1.0)
        for_body.apply_gradients(zip(slopes[: len(body)], body))
        for_heads.apply_gradients(zip(slopes[len(body) :], heads))
        return loss

    done, started, mean_loss = 0, time.time(), 0.0
    total = rounds * len(batches(lengths, np.random.default_rng(1)))
    for number in range(rounds):
        for part in batches(lengths, draw):
            done += 1
            rate = pace * min(1.0, done / (WARM_UP * total)) * max(0.02, 1 - done / total)
            for_body.learning_rate, for_heads.learning_rate = BODY_RATE * rate, HEAD_RATE * rate
            x, mask = padded([states[p].astype(np.float32) for p in part])
            loss = float(step(x, mask, truth[part], labelled[part], intent[part], weight[part]))
            mean_loss += 0.02 * (loss - mean_loss)
            if done % 100 == 0:
                left = (time.time() - started) / done * max(0, total - done)
                say(f"round {number + 1} of {rounds}: loss {mean_loss:.2f}, {left / 60:.0f} minutes left")
    return dict(_pack(net, weights, signals, intents, learnt))


def _not_told_apart(tf: Any, said: Any, pairs: Any) -> Any:
    """How little the side that is said stands above its opposite, summed over the signals with one side.

    Yes and no of a signal are about the same things, so that scored each by itself they rise together, and
    what is plainly one of them looks like both.
    """
    sides, scores = (tf.reshape(x, [tf.shape(x)[0], -1, 2]) for x in (said, pairs))
    toward = sides[:, :, 0] - sides[:, :, 1]  # 1 for yes, -1 for no, 0 for both or neither
    above = toward * (scores[:, :, 0] - scores[:, :, 1])
    return tf.reduce_sum(tf.abs(toward) * tf.nn.softplus(-above), 1)


def _take_up(net: Net, start: Mapping[str, Array], signals: list[str], intents: list[str]) -> None:
    """Set the network to what was fitted before."""
    if start["signals"].tolist() != signals or start["intents"].tolist() != intents:
        raise SystemExit("There are new signals or intents, so fit from the start: make fit")
    before = fitted_weights(start)
    for name in (*net.body, *HEADS):
        net.values[name].assign(before[name])


def _pack(
    net: Net, weights: dict[str, Array], signals: list[str], intents: list[str], learnt: Sequence[Example]
) -> Iterator[tuple[str, Array]]:
    """Differences of weight matrices in 8 bits with a scale for each row, all else as it is."""
    yield "signals", np.array(signals)
    yield "intents", np.array(intents)
    texts = "\n".join(sorted(e.text for e in learnt))
    yield (
        "learnt_from",
        np.array([str(len(learnt)), hashlib.blake2b(texts.encode(), digest_size=8).hexdigest()]),
    )
    for name in HEADS:
        yield f"head.{name}", net.values[name].numpy().astype(np.float16)
    for name in net.body:
        change = net.values[name].numpy() - weights[name]
        if change.ndim == 2:
            scale = np.abs(change).max(axis=1, keepdims=True) / 127 + 1e-12
            yield f"change.{name}", np.round(change / scale).astype(np.int8)
            yield f"scale.{name}", scale.astype(np.float32)
        else:
            yield f"change.{name}", change.astype(np.float16)


def main() -> None:
    """Fit to the examples of this checkout and write ``fitted.npz``; with ``--on``, go on from it."""
    root = Path(__file__).resolve().parents[2]
    start = dict(np.load(FITTED)) if "--on" in sys.argv[1:] else None
    fitted = fit(read_examples(root / "data" / "nlu"), start, lambda text: print(text, flush=True))
    np.savez_compressed(FITTED, **fitted)
    print(f"Wrote {FITTED.relative_to(root)} ({FITTED.stat().st_size / 1e6:.1f} MB).")


if __name__ == "__main__":
    main()
