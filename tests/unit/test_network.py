"""The network as it runs (ONNX, 8 bits) against the network as it was fitted (TensorFlow)."""

from __future__ import annotations

import numpy as np
import pytest

from critical_friend.understanding.examples import Example, read_examples
from critical_friend.understanding.fitting import Net, batches, joined
from critical_friend.understanding.network import FITTED, Network, build, fitted_weights, tokenizer

TEXTS = [
    "our DCE quietly runs interference for us",
    "nah",
    "Kia ora, kei te pai mātou",
    "We meet on Tuesdays in Porirua, seven of us, and nobody has put a dollar on the table since the launch.",
]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return Network(build(tmp_path_factory.mktemp("network")))


def test_it_gives_what_was_fitted(network):
    with np.load(FITTED) as stored:
        weights = fitted_weights(stored)
    net = Net(weights, len(network.signals), len(network.intents))
    for name, value in net.values.items():
        if name in weights and hasattr(value, "assign"):
            value.assign(weights[name].reshape(value.shape))
    together, likeness = network.read(TEXTS), []
    for text, read in zip(TEXTS, together, strict=True):
        ids = np.array([tokenizer().encode(text).ids], np.int32)
        mask = np.ones(ids.shape, np.float32)
        signals, intents = net.upper(net.lower(ids, mask), mask, learning=False)
        # Scores span some 15 points. 8 bits cost a few tenths of one; a mistake in a layer costs points
        # and the order of the scores.
        assert np.abs(signals.numpy()[0] - read.signals).mean() < 0.7
        likeness.append(np.corrcoef(signals.numpy()[0], read.signals)[0, 1])
        full = intents.numpy()[0]
        assert np.abs(full - read.intents).mean() < 0.7
        assert full[read.intents.argmax()] > full.max() - 1  # what is within a point may change places
    assert min(likeness) > 0.97 and np.mean(likeness) > 0.985


def test_attention_is_shared_out_over_the_tokens(network):
    for read in network.read(TEXTS):
        assert np.allclose(read.share.sum(axis=1), 1, atol=1e-3)
        assert read.share.shape[1] == len(read.offsets)


def test_a_text_reads_the_same_alone_and_among_others(network):
    for text, read in zip(TEXTS, network.read(TEXTS), strict=True):
        alone = network.read([text])[0]
        assert np.array_equal(alone.signals, read.signals)
        assert np.array_equal(alone.intents, read.intents)


def test_every_signal_and_intent_of_the_examples_is_fitted(network):
    from critical_friend.cli.serving import ROOT

    examples = read_examples(ROOT / "data" / "nlu")
    assert {s for e in examples for s in e.facts or ()} <= set(network.signals)
    assert {e.intent for e in examples} <= set(network.intents)


def test_held_out_texts_are_a_twelfth_and_always_the_same():
    examples = [Example(f"text number {n}", "tell", {}) for n in range(6000)]
    share = sum(e.held_out for e in examples) / len(examples)
    assert 0.07 < share < 0.1
    assert (
        Example("our DCE quietly runs interference", "tell", {}).held_out
        == Example("our DCE quietly runs interference", "affirm", None).held_out
    )


def test_joined_texts_never_contradict_themselves():
    some = [
        Example("there is trust", "tell", {"trust": "yes"}),
        Example("there is none", "tell", {"trust": "no"}),
    ]
    more = [Example(f"nothing {n}", "tell", {}) for n in range(6)]
    for made in joined(some + more, np.random.default_rng(0)):
        assert not ("is trust" in made.text and "is none" in made.text)


def test_batches_hold_every_text_once():
    lengths = np.random.default_rng(0).integers(3, 160, 500)
    parts = batches(lengths, np.random.default_rng(1))
    assert sorted(np.concatenate(parts)) == list(range(500))
    assert all(len(part) * lengths[part].max() <= 1100 or len(part) == 1 for part in parts)
