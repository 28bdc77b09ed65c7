"""docs/dialogue.md names every act and no file that is gone."""

from __future__ import annotations

import re
from pathlib import Path

from actions.desk.turn import ACTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dialogue.md").read_text(encoding="utf-8")


def test_every_act_is_named() -> None:
    assert [act for act in ACTS if f"`{act}`" not in PAGE] == []


def test_every_path_exists() -> None:
    paths = re.findall(r"`((?:actions|bot|tests|knowledge)/[\w/.]+)`", PAGE)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
