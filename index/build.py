"""Build the index: `python -m index.build`.

One pass over the provisions in `knowledge/` and the official passages that ingest stored. The same input
gives the same bytes; nothing is done when the index is already made from this input.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index import passages, rows, store
from index.dense import Dense
from index.embed import Embedder, Vectors, open_embedder
from index.lexical import Lexical, forms, words
from index.passages import Passage
from index.search import OFFICIAL
from index.subject import Subject
from knowledge.load import load
from knowledge.model import Knowledge, Provision

FOLDER = Path("var/index")
UNCOVERED = Path(__file__).with_name("uncovered.txt")
WHO, DOES = "who ", "does "  # how lines begin that are put with each other
BATCH = 256
ANSWERS_TWICE = 2  # the questions a provision answers are worth more than its wording

Progress = Callable[[int, int], None]


def build(
    folder: Path,
    knowledge: Knowledge,
    embedder: Embedder,
    official: Path = OFFICIAL,
    progress: Progress | None = None,
    *,
    anew: bool = False,
) -> None:
    """Write the index of `knowledge` and the official passages into `folder`.

    Texts that the folder's earlier index holds keep their vectors, unless `anew`.

    Raises:
        PassageError: a stored official passage cannot be read.
    """
    corpus = passages.corpus(knowledge.provisions, official)
    found = rows.rows(knowledge.provisions, corpus, knowledge.packs, uncovered(), crossed())
    texts = [row.text for row in found]
    known = {} if anew else store.vectors_by_text(folder, embedder.identity)
    said = vocabulary(texts)
    vectors = embed([*texts, *said], embedder, known, progress)
    table, of_rows = rows.table(found), vectors[: len(texts)]
    stored = store.Stored(
        corpus,
        table,
        Dense.build(of_rows),
        Lexical.build(documents(knowledge.provisions, corpus, knowledge)),
        Subject.learn(table, of_rows),
        said,
        vectors[len(texts) :],
    )
    store.write(folder, store.fingerprints(knowledge, official, embedder.identity), stored, texts)


def vocabulary(texts: Sequence[str]) -> list[str]:
    """The words of all texts, each once, in alphabetical order; numbers mean nothing by themselves."""
    return sorted({form for text in texts for form in forms(text) if form[0].isalpha()})


def uncovered() -> list[str]:
    """Subjects that people ask about and that none of the documents covers."""
    return [line for line in _lines() if not line.startswith((WHO, DOES))]


def crossed() -> list[str]:
    """What our law decides for its own people, asked of everybody else.

    These are near to what our law does decide, so only the whole of the two kinds can tell them apart.
    """
    whose = [line.removeprefix(WHO) for line in _lines() if line.startswith(WHO)]
    deeds = [line.removeprefix(DOES) for line in _lines() if line.startswith(DOES)]
    return [f"Can {one} {deed}?" for one in whose for deed in deeds]


def _lines() -> list[str]:
    lines = (line.strip() for line in UNCOVERED.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def documents(
    provisions: Mapping[str, Provision], corpus: Sequence[Passage], knowledge: Knowledge
) -> list[list[str]]:
    """For each provision the stems of its headings, our restatement and the questions it answers."""
    texts: dict[str, list[str]] = {identifier: [] for identifier in provisions}
    for passage in corpus:
        if passage.kind == "restated":
            texts[passage.provision].append(passage.text)
    return [
        words(" ".join((rows.context(provision, provisions, knowledge.packs), *texts[identifier])))
        + words(" ".join(provision.answers)) * ANSWERS_TWICE
        for identifier, provision in provisions.items()
    ]


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    known: Mapping[bytes, Vectors],
    progress: Progress | None = None,
) -> Vectors:
    """Vectors of all texts: each text once and by length, and only those that are not known."""
    vectors = dict(known)
    new = sorted(
        {text for text in texts if store.digest(text) not in known}, key=lambda text: (len(text), text)
    )
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        vectors.update(zip(map(store.digest, batch), embedder.encode(batch), strict=True))
        if progress:
            progress(start + len(batch), len(new))
    return np.stack([vectors[store.digest(text)] for text in texts])


def _show(done: int, total: int) -> None:
    sys.stderr.write(f"\rembedding {done}/{total}" + ("\n" if done == total else ""))
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: build where something changed, and say what was done."""
    parser = argparse.ArgumentParser(prog="python -m index.build", description="Build the search index.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--official", type=Path, default=OFFICIAL)
    parser.add_argument("--model", type=Path, help="folder of another sentence-transformers model")
    parser.add_argument(
        "--force", action="store_true", help="build, and embed every text, even when nothing changed"
    )
    chosen = parser.parse_args(arguments)
    start = time.perf_counter()
    knowledge, embedder = load(), open_embedder(chosen.model)
    sources = store.fingerprints(knowledge, chosen.official, embedder.identity)
    if not chosen.force and store.is_current(chosen.folder, sources):
        sys.stderr.write(f"index in {chosen.folder}: nothing changed\n")
        return 0
    build(chosen.folder, knowledge, embedder, chosen.official, _show, anew=chosen.force)
    took = time.perf_counter() - start
    sys.stderr.write(f"index in {chosen.folder}: {len(knowledge.provisions)} provisions, {took:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
