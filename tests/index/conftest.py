"""A small law of three packs and an embedder that needs no model, so that these tests run in milliseconds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import build
from index.embed import Vectors
from index.lexical import words
from index.search import Index
from knowledge.model import Knowledge, Pack, Provision, Term


class WordEmbedder:
    """Hashes words into a vector: texts that share words are near each other."""

    dimension = 64
    identity = "words"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                place = int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension
                vectors[row, place] += 1
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def provision(identifier: str, heading: str, text: str, pack: str = "base", **more: object) -> Provision:
    values = {
        "citation": f"Code {identifier}",
        "document": pack,
        "status": "in force",
        "topic": "gift",
        **more,
    }
    return Provision(id=identifier, heading=heading, text=text, pack=pack, **values)  # type: ignore[arg-type]


def pack(identifier: str, extends: str | None = None, documents: tuple[str, ...] = ()) -> Pack:
    return Pack(identifier, f"{identifier} staff", "", "xx", extends, {}, {}, "counsel", documents)


PROVISIONS = (
    provision("L 1", "Gifts", "Sets out what may be taken as a gift."),
    provision(
        "L 1(a)",
        "Gifts: meals",
        "A meal from a vendor is barred. Coffee of small worth may be drunk at a meeting. Return it soon.",
        answers=("Can a contractor buy me lunch?", "Is free coffee okay?"),
    ),
    provision(
        "L 1(b)",
        "Gifts: plaques",
        "A plaque that cost less than $100 may be kept.",
        superseded="$50 since 2020",
    ),
    provision(
        "L 2",
        "Hearings",
        "A hearing is held at the main office in the capital.",
        answers=("Where is my hearing?",),
    ),
    provision(
        "L 3", "Old rule", "Formerly a plaque of any worth could be kept.", status="repealed 1995-01-01"
    ),
    provision("A 1", "Agency gifts", "The agency's staff refuse every meal from a vendor.", pack="agency"),
    provision("O 1", "Other gifts", "Another state lets its staff take a meal from a vendor.", pack="other"),
)


@pytest.fixture
def law() -> Knowledge:
    packs = (pack("base"), pack("agency", "base"), pack("other"))
    glossary = Term("honorarium", "A fee for a talk.", ("L 1",), ("speaking fee",))
    nothing: dict[str, object] = {}
    return Knowledge(
        packs={one.id: one for one in packs},
        provisions={one.id: one for one in PROVISIONS},
        glossary={glossary.term: glossary},
        cases=(),
        **dict.fromkeys(
            ("topics", "outcomes", "layers", "facts", "derived", "rules", "parameters", "checklists"), nothing
        ),  # type: ignore[arg-type]
    )


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def folder(tmp_path: Path, law: Knowledge, embedder: WordEmbedder) -> Path:
    build.build(tmp_path / "index", law, embedder, tmp_path / "official")
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path, law: Knowledge, embedder: WordEmbedder) -> Index:
    return Index.open(folder, law, embedder, folder.parent / "official")
