"""docs/security.md names tests that exist."""

from __future__ import annotations

import ast
import re

import pytest

from service.settings import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_the_test_exists(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text())
    assert name in {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_item_names_one() -> None:
    rows = [row for row in PAGE.splitlines() if re.match(r"\| (API\d|\d+\.\d)", row)]
    assert len(rows) > 35
    assert [row for row in rows if "::" not in row] == []
