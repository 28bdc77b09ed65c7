"""The desk over the real law and the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.desk import Desk
from actions.engine import Engine
from knowledge.load import load
from knowledge.model import Knowledge
from tests.actions.desk.conversation import Conversation


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def desk(knowledge: Knowledge) -> Desk:
    return Desk(knowledge, Engine(knowledge), None)


@pytest.fixture
def begin(desk: Desk) -> Callable[..., Conversation]:
    """Begins a conversation as a person of a pack."""
    return lambda pack="ct-state": Conversation(desk, pack)
