"""How search scales: `python -m bench.index [--passages N]`, on synthetic provisions, in one run.

Builds an index of N provisions with a restatement and a question each, then times the same queries through
the whole search, through FAISS alone (flat, the same rows) and through bm25s alone (the same documents). The
rows' vectors are sums of word vectors, since embedding them with the real model would take the better part of
an hour; the real model's cost, for a text and for a query, is measured beside them.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import faiss
import numpy as np

from index import build, fuse
from index.embed import MiniLMEmbedder, Vectors
from index.lexical import words
from index.search import Index
from knowledge.model import Knowledge, Pack, Provision

VOCABULARY, WIDTH = 20_000, 384
SEED = 1


class WordVectors:
    """A stand-in for the model: the normalised sum of a fixed random vector for each word."""

    dimension = WIDTH
    identity = "bench"

    def __init__(self) -> None:
        self._vectors = np.random.default_rng(SEED).standard_normal((VOCABULARY, WIDTH), np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        sums = np.stack([self._vectors[self._places(text)].sum(0) for text in texts])
        unit: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit

    def _places(self, text: str) -> list[int]:
        return [int(word[1:]) for word in text.split() if word[:1] == "w" and word[1:].isdigit()] or [0]


def law(count: int) -> Knowledge:
    """`count` provisions of forty words drawn as words are: a few often, most seldom."""
    chance = np.random.default_rng(SEED)
    drawn = np.minimum(chance.zipf(1.3, (count, 48)), VOCABULARY - 1)
    provisions = {}
    for number, row in enumerate(drawn.tolist()):
        said = [f"w{word}" for word in row]
        identifier = f"S {number}"
        provisions[identifier] = Provision(
            id=identifier,
            heading=" ".join(said[:3]),
            citation=identifier,
            document="bench",
            status="in force",
            topic="bench",
            text=" ".join(said[:40]),
            pack="bench",
            answers=(" ".join(said[38:]),),
        )
    pack = Pack("bench", "Bench", "", "xx", None, {}, {}, "", ("bench",))
    names = (
        "topics",
        "outcomes",
        "layers",
        "facts",
        "derived",
        "rules",
        "parameters",
        "checklists",
        "glossary",
    )
    empty: dict[str, Any] = {name: {} for name in names}
    return Knowledge(packs={"bench": pack}, provisions=provisions, cases=(), **empty)


def queries(knowledge: Knowledge, count: int) -> list[str]:
    """Half of the words of some provisions' questions and a few that do not belong."""
    chance = np.random.default_rng(SEED + 1)
    names = chance.choice(list(knowledge.provisions), count)
    return [
        " ".join([*knowledge.provisions[name].answers[0].split()[:6], f"w{chance.integers(VOCABULARY)}"])
        for name in names.tolist()
    ]


def percentiles(call: Callable[[str], object], asked: Sequence[str]) -> str:
    """The median and the 99th percentile of a call's time, in milliseconds."""
    times = []
    for query in asked:
        start = time.perf_counter()
        call(query)
        times.append(1000 * (time.perf_counter() - start))
    return f"p50 {np.percentile(times, 50):7.2f} ms   p99 {np.percentile(times, 99):7.2f} ms"


def memory() -> float:
    """The process's highest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def model_cost() -> None:
    """What the real model costs."""
    model = MiniLMEmbedder()
    text = (
        "A gift from a person who does business with the agency is barred unless an exception applies to it."
    )
    start = time.perf_counter()
    model.encode([f"{text} {number}" for number in range(512)])
    rate = (time.perf_counter() - start) / 512
    query = percentiles(lambda text: model.encode([text]), [text] * 50)
    say(f"the real model: {1000 * rate:.1f} ms a text in batches, a query {query}")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure the index on synthetic passages.")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    chosen = parser.parse_args()
    knowledge, embedder = law(chosen.passages), WordVectors()
    asked = queries(knowledge, chosen.queries)
    before = memory()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.perf_counter()
        build.build(folder / "index", knowledge, embedder, folder / "none")
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file()) / 1e6
        start = time.perf_counter()
        index = Index.open(folder / "index", knowledge, embedder, folder / "none", fuse.read())
        opened = time.perf_counter() - start
        say(f"{chosen.passages:,} passages: built in {took:.1f} s (vectors given), {size:.0f} MB on disk")
        say(f"opened, every file's hash checked, in {opened:.1f} s; {memory() - before:.0f} MB more at peak")
        flat = faiss.read_index(str(folder / "index" / "vectors.faiss"))
        alone = bm25s.BM25.load(str(folder / "index" / "words"), show_progress=False)
    say(f"search, fused       {percentiles(lambda query: index.search(query, k=5), asked)}")
    say(f"FAISS flat alone    {percentiles(lambda query: flat.search(embedder.encode([query]), 5), asked)}")
    say(f"bm25s alone         {percentiles(lambda query: lexical(alone, query), asked)}")
    model_cost()
    return 0


def lexical(alone: bm25s.BM25, query: str) -> object:
    return alone.retrieve([words(query)], k=5, show_progress=False)


if __name__ == "__main__":
    sys.exit(main())
