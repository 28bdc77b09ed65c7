"""The order in which test files run."""

from __future__ import annotations

import pytest

#: Python 3.11 cannot compile in a process in which a parser once recursed too deeply (other tests do that),
#: and generating requests compiles.
FIRST = "tests/service/api/test_fuzz.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Generated requests come first."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
