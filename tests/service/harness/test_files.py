"""F11 in short: a part of what setup built is damaged, and the start names it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embed import MiniLMEmbedder
from knowledge.model import Knowledge
from service import parts
from service.errors import NotReady
from service.settings import ROOT, Settings

UNDERSTANDING = ROOT / "var" / "understanding"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


# numpy leaves a file open that is no archive
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", [cut, Path.unlink])
@pytest.mark.parametrize("name", ["head.npz", "head.json"])
def test_a_damaged_understanding_is_named(
    tmp_path: Path, knowledge: Knowledge, settings: Callable[..., Settings], name: str,
    damage: Callable[[Path], None],
) -> None:  # fmt: skip
    if not UNDERSTANDING.exists():
        pytest.skip("nothing is trained")
    shutil.copytree(UNDERSTANDING, tmp_path / "understanding")
    damage(tmp_path / "understanding" / name)
    with pytest.raises(NotReady, match="understanding"):
        parts._understander(settings(), knowledge, MiniLMEmbedder())
