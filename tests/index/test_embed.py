from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index import encoder
from index.embed import (
    CARD,
    ENCODER,
    GRAPH,
    EmbedderError,
    MiniLMEmbedder,
    SentenceTransformerEmbedder,
    open_embedder,
    packaged_model,
    packaged_weights,
)

TEXTS = ["Can I keep a gift basket?", "May I?", "The hearing is held at the office. " * 60, ""]


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder: MiniLMEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.array_equal(embedder.encode([text])[0], vector), "a text's neighbours must not matter"


def test_meaning_is_nearer_than_words(embedder: MiniLMEmbedder) -> None:
    query, right, wrong = embedder.encode(
        ["Can my boss give me a present?", "Gifts from a supervisor", "The present rate of interest"]
    )
    assert query @ right > query @ wrong


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(packaged_model())


def test_integers_stay_near_what_torch_finds(
    embedder: MiniLMEmbedder, reference: SentenceTransformerEmbedder
) -> None:
    likeness = (reference.encode(TEXTS) * embedder.encode(TEXTS)).sum(1)
    assert likeness.min() > 0.98


def test_the_composed_network_is_the_published_one(reference: SentenceTransformerEmbedder) -> None:
    graph = encoder.compose(load_file(str(packaged_weights()))).SerializeToString()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    vectors = [
        session.run(None, {"ids": np.array([tokenizer.encode(text).ids], np.int32)})[0] for text in TEXTS
    ]
    assert np.allclose(np.concatenate(vectors), reference.encode(TEXTS), atol=1e-4)


def test_weights_leave_room_in_sixteen_bits() -> None:
    graph = onnx.load(str(ENCODER / GRAPH)).graph
    integers = [tensor for tensor in graph.initializer if tensor.data_type == onnx.TensorProto.INT8]
    matrices = [onnx.numpy_helper.to_array(tensor) for tensor in integers if len(tensor.dims) == 2]
    assert len(matrices) == 4 * encoder.LAYERS
    assert max(abs(matrix.astype(int)).max() for matrix in matrices) <= 64


def test_other_weights_are_refused() -> None:
    with pytest.raises(EmbedderError, match="sha256"):
        packaged_weights(sha256="0" * 64)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="no encoder"):
        MiniLMEmbedder(tmp_path)
    with pytest.raises(EmbedderError, match="no embedding model"):
        SentenceTransformerEmbedder(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [(GRAPH, b"minilm", b"maxilm", "damaged"), (CARD, b'"recipe": "', b'"recipe": "0', "stale")],
)
def test_a_damaged_or_stale_encoder_is_refused(
    tmp_path: Path, name: str, old: bytes, new: bytes, says: str
) -> None:
    shutil.copytree(ENCODER, tmp_path / "encoder")
    path = tmp_path / "encoder" / name
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(EmbedderError, match=says):
        MiniLMEmbedder(tmp_path / "encoder")


def test_the_setting_names_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ETHICSDESK_EMBEDDING_MODEL", str(packaged_model()))
    assert isinstance(open_embedder(), SentenceTransformerEmbedder)
    monkeypatch.setenv("ETHICSDESK_EMBEDDING_MODEL", str(tmp_path / "absent"))
    with pytest.raises(EmbedderError, match="absent"):
        open_embedder()
    monkeypatch.setenv("ETHICSDESK_EMBEDDING_MODEL", "")
    assert isinstance(open_embedder(), MiniLMEmbedder)
