from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.understanding.examples import UTTERANCES, ExamplesError, load_examples
from bot.understanding.measure import calibration_error, macro_f1
from bot.understanding.report import page
from knowledge.model import Knowledge


def test_every_topic_and_act_has_forty_examples(knowledge: Knowledge) -> None:
    counts = Counter(load_examples().labels)
    assert set(knowledge.topics) <= set(counts)
    assert min(counts.values()) >= 40
    assert len(counts) >= len(knowledge.topics) + 16


def test_examples_lie_in_files_or_folders_named_after_their_intent() -> None:
    for path in UTTERANCES.rglob("*.yml"):
        intent = path.stem if path.parent.parent == UTTERANCES else path.parent.name
        assert f"intent: {intent}\n" in path.read_text("utf-8")


def test_one_text_under_two_labels_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(f"nlu:\n  - intent: {name}\n    examples: |\n      - same\n")
    with pytest.raises(ExamplesError, match="same"):
        load_examples(tmp_path)
    (tmp_path / "b.yml").write_text("nlu: 3\n")
    with pytest.raises(ExamplesError, match=r"b\.yml"):
        load_examples(tmp_path)


def test_measures() -> None:
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert calibration_error([0.95, 0.95], [True, False]) == pytest.approx(0.45)


def test_the_report_escapes_and_counts() -> None:
    html = page("t", ["<b>"], ["x", "x"], ["x", "y"])
    assert "&lt;b&gt;" in html
    assert "<td>1</td><td>x</td><td>y</td>" in html
