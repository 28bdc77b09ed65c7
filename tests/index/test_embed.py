from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embed import EmbedderError, MiniLMEmbedder, SentenceTransformerEmbedder, packaged_model

TEXTS = ["Can I keep a gift basket?", "May I?", "The hearing is held at the office. " * 60, ""]


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder: MiniLMEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.allclose(embedder.encode([text])[0], vector, atol=1e-5)


def test_meaning_is_nearer_than_words(embedder: MiniLMEmbedder) -> None:
    query, right, wrong = embedder.encode(
        ["Can my boss give me a present?", "Gifts from a supervisor", "The present rate of interest"]
    )
    assert query @ right > query @ wrong


def test_it_agrees_with_sentence_transformers(embedder: MiniLMEmbedder) -> None:
    reference = SentenceTransformerEmbedder(packaged_model())
    assert np.allclose(reference.encode(TEXTS), embedder.encode(TEXTS), atol=1e-4)


def test_other_weights_are_refused() -> None:
    with pytest.raises(EmbedderError, match="sha256"):
        MiniLMEmbedder(sha256="0" * 64)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"model\.safetensors"):
        MiniLMEmbedder(tmp_path)
    with pytest.raises(EmbedderError, match="no embedding model"):
        SentenceTransformerEmbedder(tmp_path / "none")
