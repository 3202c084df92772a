"""Writes MiniLM down as an ONNX graph in 8 bits: for signals and intents, and for sentences as vectors.

Weights are rounded once, a scale to each column; what goes through is rounded on the way, a scale to each
text (ONNX's DynamicQuantizeLinear and MatMulInteger, which onnxruntime runs as one). So a text would read
a little differently in the company of others, and texts go through one at a time. The heads, and the
products of attention, stay in full. ``fitting.Net`` is the same network in TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from critical_friend.understanding.network import ATTENTION_HEADS, FROZEN, LAYERS, SIZE, Array

STEPS = 63
"""So many steps to each side of nought: with all 127, processors without VNNI run over."""


class Graph:
    """A graph over ``weights``, by their names in MiniLM's package."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self._rounded: dict[str, tuple[str, str, str]] = {}

    def signals_and_intents(self, about: Mapping[str, str]) -> bytes:
        """Token ids and mask in; scores of signals and of intents, and attention out.

        ``about`` is kept in it.
        """
        signals, intents, share = self._heads(self._layers(self._embedded(), range(LAYERS)))
        shapes = {signals: ["pairs"], intents: ["kinds"], share: ["signals", "tokens"]}
        return self._model(shapes, about)

    def sentences(self, sights: Sequence[str]) -> bytes:
        """Token ids and mask in; for each of ``sights`` a vector out, the mean of the tokens.

        A sight's name stands before the names of its upper layers' weights; the lower layers and the
        embeddings are the same for all.
        """
        lower = self._layers(self._embedded(), range(FROZEN))
        uppers = [self._layers(lower, range(FROZEN, LAYERS), sight) for sight in sights]
        return self._model({self._mean(upper): [SIZE] for upper in uppers})

    def _model(self, outputs: Mapping[str, list[Any]], about: Mapping[str, str] | None = None) -> bytes:
        from onnx import StringStringEntryProto, TensorProto, helper

        ports = [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "tokens"]),
        ] + [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", *shape])
            for name, shape in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "minilm", ports[:2], ports[2:], list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        for key, value in (about or {}).items():
            model.metadata_props.append(StringStringEntryProto(key=key, value=value))
        return bytes(model.SerializeToString())

    def _ops(self, kind: str, *inputs: str, outputs: int = 1, name: str = "", **attributes: Any) -> list[str]:
        from onnx import helper

        name = name or f"{kind.lower()}{len(self.nodes)}"
        names = [name, *(f"{name}.{n}" for n in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=name, **attributes))
        return names

    def _op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self._ops(kind, *inputs, **attributes)[0]

    def _constant(self, value: Array, name: str = "") -> str:
        from onnx import numpy_helper

        name = name or f"constant{len(self.constants)}"
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def _weight(self, name: str) -> str:
        return self._constant(self.weights[name], name)

    def _embedded(self) -> str:
        words, scale = rounded(self.weights["embeddings.word_embeddings.weight"])
        word = self._op("Cast", self._op("Gather", self._constant(words, "words"), "ids"), to=1)
        word = self._op("Mul", word, self._op("Gather", self._constant(scale, "words.scale"), "ids"))
        # A token's position is how many come before it.
        none = self._op("Mul", "ids", self._constant(np.array(0, np.int64)))
        ones = self._op("Add", none, self._constant(np.array(1, np.int64)))
        place = self._op("CumSum", ones, self._constant(np.array(1, np.int64)), exclusive=1)
        position = self._op("Gather", self._weight("embeddings.position_embeddings.weight"), place)
        kind = self._constant(self.weights["embeddings.token_type_embeddings.weight"][0], "kind")
        x = self._norm(self._op("Add", self._op("Add", word, position), kind), "embeddings.LayerNorm")
        away = self._op("Sub", "mask", self._constant(np.array(1, np.float32)))
        self._away = self._op("Mul", away, self._constant(np.array(1e4, np.float32)))
        self._wide = self._op("Unsqueeze", self._away, self._constant(np.array([1, 2], np.int64)))
        return x

    def _layers(self, x: str, numbers: range, sight: str = "") -> str:
        for n in numbers:
            x = self._layer(x, f"{sight}encoder.layer.{n}.")
        return x

    def _layer(self, x: str, name: str) -> str:
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
        scores = self._op("Add", self._op("Mul", self._op("MatMul", query, key), scale), self._wide)
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
        share = self._op("Add", share, self._op("Unsqueeze", self._away, self._constant(one)))
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
        weight, scale = rounded(self.weights[f"{name}.weight"])
        if x not in self._rounded:
            whole, step, middle = self._ops("DynamicQuantizeLinear", x, outputs=3)
            self._rounded[x] = whole, step, middle
        whole, step, middle = self._rounded[x]
        nought = self._constant(np.zeros(len(weight), np.int8), f"nought{len(weight)}")
        product = self._op("MatMulInteger", whole, self._constant(weight.T, f"{name}.weight"), middle, nought)
        size = self._op("Mul", step, self._constant(scale.ravel(), f"{name}.scale"))
        y = self._op("Mul", self._op("Cast", product, to=1), size)
        return self._op("Add", y, self._weight(f"{name}.bias"))

    def _norm(self, x: str, name: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def _gelu(self, x: str) -> str:
        inner = self._op("Erf", self._op("Div", x, self._constant(np.array(2**0.5, np.float32))))
        inner = self._op("Add", inner, self._constant(np.array(1, np.float32)))
        return self._op("Mul", self._op("Mul", x, inner), self._constant(np.array(0.5, np.float32)))


def rounded(weight: Array) -> tuple[Array, Array]:
    """A matrix in 8 bits, and the scale of each of its rows: (rows, columns) and (rows, 1)."""
    scale = np.abs(weight).max(axis=1, keepdims=True) / STEPS + 1e-12
    return np.round(weight / scale).astype(np.int8), scale.astype(np.float32)
