"""The embedding network as an ONNX file: `python -m index.encoder`.

Composed from the packaged weights of all-MiniLM-L6-v2 and quantised, so that onnxruntime runs it; nothing is
downloaded. Weights are stored in 7 of 8 bits ("reduce range"): sums of products then fit 16 bits, where
processors without VNNI instructions would silently cut them off, so every processor finds the same integers.
Activations are scaled by what one run holds: texts are encoded one by one, or neighbours would matter.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from index.embed import CARD, ENCODER, GRAPH, WIDTH, packaged_weights, recipe

LAYERS, HEADS = 6, 12
EPSILON = 1e-12
OPSET, IR_VERSION = 17, 8
FUSED = "com.microsoft"  # onnxruntime's own operators for a transformer's parts

Tensors = Mapping[str, NDArray[np.float32]]


class _Graph:
    """Nodes and constants as they are added; every method returns the name of what it made."""

    def __init__(self, tensors: Tensors) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.float32]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.tensors[name])

    def run(
        self,
        operator: str,
        inputs: Sequence[str],
        name: str,
        *unused: str,
        domain: str = FUSED,
        **more: Any,
    ) -> str:
        node = helper.make_node(operator, inputs, [name, *unused], name=name, domain=domain, **more)
        self.nodes.append(node)
        return name

    def product(self, state: str, at: str) -> str:
        """A dense layer without its bias, which the next operator adds."""
        weights = self.constant(f"{at}.transposed", self.tensors[f"{at}.weight"].T)
        return self.run("MatMul", [state, weights], f"{at}.product", domain="")

    def attention(self, state: str, at: str) -> str:
        parts = [f"{at}.{part}" for part in ("query", "key", "value")]
        weights = np.concatenate([self.tensors[f"{part}.weight"] for part in parts]).T
        bias = np.concatenate([self.tensors[f"{part}.bias"] for part in parts])
        inputs = [state, self.constant(f"{at}.qkv", weights), self.constant(f"{at}.qkv.bias", bias)]
        return self.run("Attention", inputs, f"{at}.heads", num_heads=HEADS)

    def add_and_norm(self, product: str, state: str, at: str) -> str:
        norm = [self.weight(f"{at}.LayerNorm.{part}") for part in ("weight", "bias")]
        inputs = [product, state, *norm, self.weight(f"{at}.dense.bias")]
        return self.run("SkipLayerNormalization", inputs, f"{at}.state", epsilon=EPSILON)


def compose(tensors: Tensors) -> onnx.ModelProto:
    """BERT's encoder (Devlin et al. 2018) at MiniLM's size, then the mean over tokens, normalised.

    Takes token ids (texts, tokens) of texts of one length, gives unit vectors.
    """
    graph = _Graph(tensors)
    words, norm = "embeddings.word_embeddings.weight", "embeddings.LayerNorm"
    types = tensors["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("places", tensors["embeddings.position_embeddings.weight"] + types)
    inputs = ["ids", "", graph.weight(words), places, ""]
    inputs += [graph.weight(f"{norm}.{part}") for part in ("weight", "bias")]
    state = graph.run("EmbedLayerNormalization", inputs, "start", "no_mask", epsilon=EPSILON)
    for number in range(LAYERS):
        at = f"encoder.layer.{number}"
        heads = graph.attention(state, f"{at}.attention.self")
        joined = graph.product(heads, f"{at}.attention.output.dense")
        state = graph.add_and_norm(joined, state, f"{at}.attention.output")
        wide = graph.product(state, f"{at}.intermediate.dense")
        wide = graph.run("BiasGelu", [wide, graph.weight(f"{at}.intermediate.dense.bias")], f"{at}.gelu")
        state = graph.add_and_norm(graph.product(wide, f"{at}.output.dense"), state, f"{at}.output")
    mean = graph.run("ReduceMean", [state], "mean", domain="", axes=[1], keepdims=0)
    graph.run("LpNormalization", [mean], "vectors", domain="", p=2, axis=-1)
    takes = helper.make_tensor_value_info("ids", TensorProto.INT32, ["texts", "tokens"])
    gives = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])
    return helper.make_model(
        helper.make_graph(graph.nodes, "minilm", [takes], [gives], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
        ir_version=IR_VERSION,
    )


def make(folder: Path = ENCODER) -> None:
    """Write the graph and, last, the card that says from what it was made and what it hashes to."""
    weights = packaged_weights()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).unlink(missing_ok=True)
    quantize_dynamic(
        compose(load_file(str(weights))),
        folder / GRAPH,
        op_types_to_quantize=["Attention", "MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    with (folder / GRAPH).open("rb") as graph:
        card = {"recipe": recipe(), "graph": hashlib.file_digest(graph, "sha256").hexdigest()}
    partial = folder / f"{CARD}.part"
    partial.write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", "utf-8")
    partial.replace(folder / CARD)


if __name__ == "__main__":
    make()
    sys.stderr.write(f"encoder in {ENCODER}\n")
