"""A copy of the knowledge that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from knowledge.load import HERE, read
from knowledge.problems import Problem

Edit = Callable[[str, Callable[[dict[str, object]], object]], list[Problem]]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Change one entry of one file in a copy; returns the problems that loading then reports."""
    root = tmp_path / "knowledge"
    shutil.copytree(HERE, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def edit(file: str, change: Callable[[dict[str, object]], object]) -> list[Problem]:
        from knowledge.check import check

        path = next(iter(root.rglob(file)))
        entry = yaml.safe_load(path.read_text())
        change(entry)
        path.write_text(yaml.safe_dump(entry))
        knowledge, problems = read(root)
        return problems or check(knowledge)

    return edit
