"""A baseline: the pipeline of ``rasa init``, with 'signal=value' as intent."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.understanding.data import ROOT, Reading, Readings
from benchmarks.understanding.processes import say
from critical_friend.understanding.examples import Example

EPOCHS, MINUTES = 100, 8
RECIPE = 3
"""Raise it when the baseline is made otherwise, so that it is trained anew."""
PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": EPOCHS},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": EPOCHS},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
"""What `rasa init` writes in config.yml (Rasa 3.6)."""


def labelled(examples: list[Example]) -> dict[str, list[str]]:
    """The texts for each label. It can say one label only, so texts with several facts are left out."""
    texts: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        if example.facts and len(example.facts) == 1:
            texts["=".join(*example.facts.items())].append(example.text)
        elif example.intent == "tell" and example.facts == {}:
            texts["nothing"].append(example.text)
        elif not example.facts:
            texts[example.intent].append(example.text)
    return texts


def train(examples: list[Example], target: Path, minutes: float) -> None:
    """Train; stops before ``minutes`` are over."""
    from rasa.model_training import train_nlu

    epochs: list[int] = []
    _batch_by_length()
    _stop_in_time(minutes, epochs)
    texts = labelled(examples)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
        blocks = [
            {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
            for intent, lines in texts.items()
        ]
        recipe = {"recipe": "default.v1", "assistant_id": "default", "language": "en"}
        for file, content in (
            ("nlu.yml", {"version": "3.1", "nlu": blocks}),
            ("config.yml", recipe | {"pipeline": PIPELINE}),
        ):
            (folder / file).write_text(
                yaml.safe_dump(content, allow_unicode=True, width=10**6), encoding="utf-8"
            )
        made = train_nlu("config.yml", "nlu.yml", str(folder / "out"), fixed_model_name="default")
        assert made is not None
        about = {
            "epochs": len(epochs),
            "minutes": minutes,
            "labels": len(texts),
            "texts": sum(map(len, texts.values())),
            "left_out": sum(len(e.facts or ()) > 1 for e in examples),
        }
        target.with_suffix(".json").write_text(json.dumps(about), encoding="utf-8")
        shutil.copyfile(made, target)
        os.chdir(ROOT)


def _batch_by_length() -> None:
    """Each batch is made of texts of like length.

    Otherwise every batch holds a passage, everything else in it is filled up to that length, and one
    epoch takes six minutes or more.
    """
    from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
    from rasa.utils.tensorflow.model_data import RasaModelData

    shuffle_and_balance = RasaBatchDataGenerator._shuffle_and_balance
    dice = np.random.default_rng(0)

    def by_length(self: Any, batch_size: int) -> Any:
        """Rasa's shuffled and balanced texts, with those of like length put in one batch."""
        data = shuffle_and_balance(self, batch_size)
        lengths = np.array(data["text"]["sequence_lengths"][0]).ravel()
        order = np.argsort(lengths + dice.random(len(lengths)))
        batches = [order[at : at + batch_size] for at in range(0, len(order), batch_size)]
        whole = [batches[n] for n in dice.permutation(len(batches) - 1)]
        return RasaModelData._data_for_ids(data, np.concatenate([*whole, batches[-1]]))

    RasaBatchDataGenerator._shuffle_and_balance = by_length


def _stop_in_time(minutes: float, epochs: list[int]) -> None:
    """End the training when the time is up; ``epochs`` takes down those that were done."""
    import tensorflow as tf
    from rasa.utils import train_utils

    class Clock(tf.keras.callbacks.Callback):
        """Ends the training when the time is up."""

        def on_train_begin(self, logs: Any = None) -> None:
            self.started = time.monotonic()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            epochs.append(epoch)
            spent = time.monotonic() - self.started
            # Another epoch must fit in.
            self.model.stop_training = spent * (epoch + 2) / (epoch + 1) > 60 * minutes
            shown = ", ".join(f"{key} {value:.3f}" for key, value in (logs or {}).items())
            say(f"  DIET: epoch {epoch + 1} of {EPOCHS} after {spent:.0f} s ({shown})")

    train_utils.create_common_callbacks = lambda *args, **kwargs: [Clock()]


def read(archive: Path, texts: list[str]) -> Readings:
    """What it hears in each text: its top label; noted unless it falls back."""
    import asyncio

    from rasa.core.agent import Agent

    agent = Agent.load(str(archive))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(agent.parse_message(texts[0]))
    readings: list[Reading] = []
    for text in texts:
        started = time.process_time()
        parsed = loop.run_until_complete(agent.parse_message(text))
        ms = 1000 * (time.process_time() - started)
        top = next(i for i in parsed["intent_ranking"] if i["name"] != "nlu_fallback")
        label, confidence = top["name"], float(top["confidence"])
        sure = parsed["intent"]["name"] != "nlu_fallback"
        signal, said, value = label.partition("=")
        readings.append(
            {
                "heard": [(signal, value, confidence, sure)] if said else [],
                "candidates": [(signal, value, confidence)] if said else [],
                "intent": "tell" if said or label == "nothing" else label,
                "ms": ms,
            }
        )
    about = json.loads(archive.with_suffix(".json").read_text(encoding="utf-8"))
    return {"readings": readings, "about": about}
