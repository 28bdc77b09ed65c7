"""Measure search and abstention: `python -m index.evaluate [FOLDER ...]`.

Without a folder it prints the figures of tests/eval, on the questions that tuning may use (dev) and on those
kept apart (fresh, held, later, new: in the order of their age), and those of a folder shared/eval beside the
repository, where there is one. With folders it prints those of their retrieval.jsonl, answerability.jsonl or
unanswerable.jsonl.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build import FOLDER
from index.embed import open_embedder
from index.search import OFFICIAL, Index
from knowledge.load import load

QUESTIONS = Path("tests/eval")
BESIDE = Path("../shared/eval")
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the provisions that answer it; none where the documents do not answer it."""

    id: str
    text: str
    gold: tuple[str, ...]
    pack: str | None
    split: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1; `p50` is milliseconds for one search, embedding included."""

    recall: dict[int, float]
    mrr: float
    lost: float
    p50: float
    count: int


def read(folder: Path) -> list[Question]:
    """The questions in a folder's files."""
    found: list[Question] = []
    for name in ("retrieval.jsonl", "answerability.jsonl", "unanswerable.jsonl"):
        path = folder / name
        for line in path.read_text("utf-8").splitlines() if path.exists() else []:
            row = json.loads(line)
            gold = tuple(row.get("gold_provisions", ()))
            found.append(Question(row["id"], row["question"], gold, row.get("pack"), row.get("split", "all")))
    return found


def covers(have: str, gold: str) -> bool:
    """Whether a provision is the right one, or its parent or child."""
    return have == gold or have.startswith(f"{gold}(") or gold.startswith(f"{have}(")


def first_right(found: Sequence[str], gold: Iterable[str]) -> int | None:
    """The place, from 0, of the first provision that is right."""
    wanted = tuple(gold)
    return next((at for at, have in enumerate(found) if any(covers(have, one) for one in wanted)), None)


def measure(index: Index, questions: Sequence[Question], misses: list[str] | None = None) -> Figures:
    """The figures of answerable questions."""
    places: list[int | None] = []
    times: list[float] = []
    lost = 0
    for question in questions:
        start = time.perf_counter()
        hits = index.search(question.text, pack=question.pack, k=DEPTH)
        times.append(1000 * (time.perf_counter() - start))
        found = [hit.passage.provision for hit in hits]
        places.append(first_right(found, question.gold))
        answered = index.answer(question.text, pack=question.pack)
        lost += not answered.found
        if misses is not None and (places[-1] is None or places[-1] > 0 or not answered.found):
            state = "" if answered.found else f" LOST {answered.confidence:.2f}"
            misses.append(
                f"{question.id} at {places[-1]}{state}: {question.text} {question.gold} got {found[:4]}"
            )
    count = max(len(questions), 1)
    return Figures(
        recall={k: sum(at is not None and at < k for at in places) / count for k in (1, 3, 5)},
        mrr=sum(1 / (at + 1) for at in places if at is not None) / count,
        lost=lost / count,
        p50=statistics.median(times or [0.0]),
        count=len(questions),
    )


def false_answers(index: Index, questions: Sequence[Question], misses: list[str] | None = None) -> float:
    """The share of unanswerable questions that got an answer."""
    wrong = 0
    for question in questions:
        answer = index.answer(question.text, pack=question.pack)
        wrong += answer.found
        if misses is not None and answer.found:
            misses.append(
                f"{question.id} FALSE {answer.confidence:.2f}: {question.text} got {answer.citation}"
            )
    return wrong / max(len(questions), 1)


def report(index: Index, name: str, questions: Sequence[Question], misses: list[str] | None = None) -> str:
    """One line of figures."""
    answerable = [question for question in questions if question.gold]
    others = [question for question in questions if not question.gold]
    parts = []
    if answerable:
        figures = measure(index, answerable, misses)
        recall = " ".join(f"R@{k} {share:.3f}" for k, share in figures.recall.items())
        parts.append(
            f"{recall} MRR {figures.mrr:.3f}, lost answers {figures.lost:.1%} (n={figures.count}), "
            f"p50 {figures.p50:.1f} ms"
        )
    if others:
        parts.append(f"false answers {false_answers(index, others, misses):.1%} (n={len(others)})")
    return f"{name:>6}: {', '.join(parts)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m index.evaluate", description="Measure search and abstention."
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--index", type=Path, default=FOLDER)
    parser.add_argument("--official", type=Path, default=OFFICIAL)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--verbose", action="store_true", help="list every miss")
    chosen = parser.parse_args(arguments)
    index = Index.open(chosen.index, load(), open_embedder(chosen.model), chosen.official)
    for folder in chosen.folders or [QUESTIONS, *([BESIDE] if BESIDE.is_dir() else [])]:
        sys.stdout.write(f"questions in {folder}\n")
        questions = read(folder)
        for split in sorted({question.split for question in questions}):
            misses: list[str] = []
            part = [question for question in questions if question.split == split]
            sys.stdout.write(report(index, split, part, misses) + "\n")
            sys.stdout.writelines(f"  {miss}\n" for miss in misses if chosen.verbose)
        unseen = [question for question in questions if question.split not in ("dev", "all")]
        if unseen:
            sys.stdout.write(report(index, "unseen", unseen) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
