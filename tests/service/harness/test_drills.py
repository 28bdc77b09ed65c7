"""Short forms of the drills, on a desk with its real parts: `make faults` runs the long ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from service.harness import drills

pytestmark = pytest.mark.rasa


def test_a_locked_database_stalls_nobody_and_loses_nothing(tmp_path: Path) -> None:
    figure = asyncio.run(drills.locked_store(tmp_path, 3))
    assert figure.measured.endswith("0 left unanswered")
    assert "0 messages refused" not in figure.measured


def test_a_full_disk_is_said_and_recovered_from(tmp_path: Path) -> None:
    figure = asyncio.run(drills.full_disk(tmp_path))
    assert figure.kept, figure.measured


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    figure = asyncio.run(drills.damaged_store(tmp_path))
    assert figure.kept, figure.measured
