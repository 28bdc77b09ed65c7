"""The accessibility report names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_named_test_exists() -> None:
    report = (HERE.parents[1] / "docs" / "accessibility.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+?)(?:\[\w+\])?`", report)) - {"test_axe", "test_keyboard", "test_page"}
    written = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert len(named) >= 10
    assert sorted(name for name in named if f"def {name}(" not in written) == []
