"""The accessibility report names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_named_test_exists() -> None:
    report = (HERE.parents[1] / "docs" / "accessibility.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+?)(?:\[\w+\])?`", report))
    files = sorted(HERE.glob("test_*.py"))
    named -= {path.stem for path in files}
    written = "".join(path.read_text("utf-8") for path in files)
    assert len(named) >= 10
    assert sorted(name for name in named if f"def {name}(" not in written) == []


def test_every_line_names_a_test_or_says_how_it_was_seen() -> None:
    report = (HERE.parents[1] / "docs" / "accessibility.md").read_text("utf-8")
    lines = [line for line in report.splitlines() if re.match(r"\| \d\.\d", line)]
    assert len(lines) >= 40
    for line in lines:
        _, criterion, conformance, _, shown = (cell.strip() for cell in line.rstrip("|").split("|"))
        words = ("axe", "keys", "page", "card", "late", "by reading", "by measuring")
        assert conformance == "Not applicable" or criterion.startswith("4.1.1") or shown.startswith(words), (
            line
        )
