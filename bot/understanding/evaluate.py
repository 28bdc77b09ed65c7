"""`python -m bot.understanding.evaluate [FOLDER ...]`: how well messages are understood.

Prints cross-validated figures over the example utterances, those of tests/eval and of each FOLDER that has an
utterances.jsonl, and writes a confusion table to var/understanding/report.html.
"""

from __future__ import annotations

import argparse
import datetime as dt
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.acts import FOLDED, REFUSED_FROM
from bot.understanding.features import Vectors
from bot.understanding.fit import Data, held_out, probabilities, temperatures_of
from bot.understanding.measure import OUTSIDE, calibration_error, macro_f1, measure, read_rows
from bot.understanding.model import SITUATION
from bot.understanding.report import page
from bot.understanding.train import EMBEDDER, FOLDER, prepare
from bot.understanding.understand import Understander
from knowledge.load import load

SET = Path(__file__).parents[2] / "tests" / "eval"
ROUTING = SET / "routing"  # first messages with their topic or act only
FACTS = SET / "facts"  # first messages on every topic with the facts they state
TODAY = dt.date(2026, 6, 1)  # what "yesterday" is in the sets; nothing else hangs on it


def cross_validated(data: Data) -> tuple[list[str], list[str], list[str]]:
    """The figures over the examples, and what was meant and read, text by text: a topic or an act."""
    found = held_out(data)
    temperatures = temperatures_of(found, data)
    names, acts = found.acts(temperatures.acts)
    topics = probabilities(found.topic_scores, temperatures.topics)
    read = [names[place] for place in acts.argmax(axis=1)]
    told = [found.topics[place] for place in topics.argmax(axis=1)]
    lines = [
        _line("acts", data.acts.tolist(), read, acts.max(axis=1)),
        _line(
            "topics, among those of a pack", data.labels[data.situations].tolist(), told, topics.max(axis=1)
        ),
        _scope_line(data, names, acts),
    ]
    for row, topic in zip(data.situations, told, strict=True):
        if read[row] == SITUATION:
            read[row] = topic
    return lines, data.labels.tolist(), read


def _scope_line(data: Data, names: Sequence[str], acts: Vectors) -> str:
    """What is refused of the messages that are none of the desk's business, and of situations."""
    out = [place for place, name in enumerate(names) if FOLDED.get(name, name) == OUTSIDE]
    shares = acts[:, out].sum(axis=1)
    outside = np.array([FOLDED.get(act, act) == OUTSIDE for act in data.acts.tolist()])
    return (
        f"out of scope, cross-validated: {np.mean(shares[outside] >= REFUSED_FROM):.3f} of {outside.sum()} "
        f"refused, {np.mean(shares[data.situations] >= REFUSED_FROM):.3f} of {len(data.situations)} "
        f"situations, calibration error {calibration_error(shares.tolist(), outside.tolist()):.3f}"
    )


def _line(name: str, truth: list[str], read: list[str], confidence: Vectors) -> str:
    right = [one == other for one, other in zip(truth, read, strict=True)]
    return (
        f"{name}, cross-validated: {len(truth)} examples of {len(set(truth))} classes, "
        f"accuracy {np.mean(right):.3f}, macro-F1 {macro_f1(truth, read):.3f}, "
        f"calibration error {calibration_error(confidence.tolist(), right):.3f}"
    )


def main() -> None:
    """Print the figures; exit status 0 whenever they could be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--model", type=Path, default=FOLDER)
    parser.add_argument("--verbose", action="store_true", help="print every miss")
    options = parser.parse_args()
    knowledge, embedder = load(), pkgutil.resolve_name(EMBEDDER)()
    understander = Understander(knowledge, embedder, options.model)
    lines = []
    for folder in (SET, ROUTING, FACTS, *options.folders):
        figures = measure(understander, read_rows(folder / "utterances.jsonl"), TODAY)
        lines += [figures.line(folder.name), *(figures.misses if options.verbose else ())]
    figures_of_examples, truth, read = cross_validated(prepare(knowledge, embedder)[0])
    lines += figures_of_examples
    report = options.model / "report.html"
    report.write_text(page("What messages are read as", lines, truth, read), encoding="utf-8")
    sys.stdout.write("\n".join([*lines, f"confusion table: {report}"]) + "\n")


if __name__ == "__main__":
    main()
