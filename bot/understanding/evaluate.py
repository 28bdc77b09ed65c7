"""`python -m bot.understanding.evaluate [FOLDER ...]`: how well messages are understood.

Prints cross-validated figures over the example utterances, those of tests/eval and of each FOLDER that has an
utterances.jsonl, and writes a confusion table to var/understanding/report.html.
"""

from __future__ import annotations

import argparse
import datetime as dt
import pkgutil
import sys
from pathlib import Path

import numpy as np

from bot.understanding.fit import held_out, temperature_of
from bot.understanding.measure import calibration_error, macro_f1, measure, read_rows
from bot.understanding.model import Embedder
from bot.understanding.report import page
from bot.understanding.train import EMBEDDER, FOLDER, prepare
from bot.understanding.understand import Understander
from knowledge.load import load
from knowledge.model import Knowledge

SET = Path(__file__).parents[2] / "tests" / "eval"
TODAY = dt.date(2026, 6, 1)  # what "yesterday" is in the sets; nothing else hangs on it


def cross_validated(knowledge: Knowledge, embedder: Embedder) -> tuple[str, list[str], list[str]]:
    """The figures over the examples, and what was meant and read, text by text."""
    data, _ = prepare(knowledge, embedder)
    labels, scores = held_out(data)
    temperature = temperature_of(labels, scores, data.labels)
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    shares = powers / powers.sum(axis=1, keepdims=True)
    guessed = [labels[place] for place in shares.argmax(axis=1)]
    truth = [str(label) for label in data.labels]
    right = [one == other for one, other in zip(truth, guessed, strict=True)]
    error = calibration_error(shares.max(axis=1).tolist(), right)
    line = (
        f"examples, cross-validated: {len(truth)} texts in {len(labels)} classes, "
        f"accuracy {np.mean(right):.3f}, macro-F1 {macro_f1(truth, guessed):.3f}, "
        f"calibration error {error:.3f}"
    )
    return line, truth, guessed


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
    for folder in (SET, *options.folders):
        figures = measure(understander, read_rows(folder / "utterances.jsonl"), TODAY)
        lines += [figures.line(folder.name), *(figures.misses if options.verbose else ())]
    line, truth, guessed = cross_validated(knowledge, embedder)
    lines.append(line)
    report = options.model / "report.html"
    report.write_text(page("What messages are read as", [line], truth, guessed), encoding="utf-8")
    sys.stdout.write("\n".join([*lines, f"confusion table: {report}"]) + "\n")


if __name__ == "__main__":
    main()
