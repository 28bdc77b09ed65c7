"""What the service's tests share: a store on SQLite and on PostgreSQL, and the PostgreSQL server itself."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from actions.engine import Engine
from bot.understanding.understand import Understander
from index.search import Index
from knowledge.load import load
from knowledge.model import Knowledge
from service import parts
from service.harness.postgres import Postgres, lacking
from service.parts import Parts
from service.settings import Settings
from service.store import Store, open_store
from tests.browser.standins import over
from tests.service.fakes import FakeIndex, FakeUnderstander


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings over a folder of the test's own, without Rasa."""

    def make(**given: Any) -> Settings:
        return Settings(**{"var_dir": tmp_path, "rasa_processes": 0, **given})

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests do."""
    if (reason := lacking()) is not None:
        pytest.skip(reason)
    server = Postgres()
    yield server.url
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    server: str = request.getfixturevalue("postgres")
    name = f"t{abs(hash(request.node.nodeid))}"
    _sql(server, f"DROP DATABASE IF EXISTS {name}")
    _sql(server, f"CREATE DATABASE {name}")
    return server.removesuffix("postgres") + name


@pytest.fixture
def store(url: str, settings: Callable[..., Settings]) -> Iterator[Store]:
    """A store on either database."""
    opened = open_store(settings(database_url=url), "law-1")
    yield opened
    opened.close()


def _sql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The law."""
    return load()


@pytest.fixture(scope="session")
def engine(knowledge: Knowledge) -> Engine:
    """One engine for all tests: what it has compiled stays compiled."""
    made = Engine(knowledge)
    made.next_question("ct-state", "gift", {}, dt.date(2026, 11, 2))
    return made


@pytest.fixture
def talking(knowledge: Knowledge, engine: Engine, settings: Callable[..., Settings]) -> Callable[..., Parts]:
    """Parts that understand a few words and find passages, for whole conversations."""
    return lambda **given: over(settings(**given), knowledge, engine)


@pytest.fixture
def join(knowledge: Knowledge, engine: Engine) -> Callable[[Settings], Parts]:
    """Puts the service together with stand-ins for the models."""

    def make(given: Settings) -> Parts:
        index, understander = cast(Index, FakeIndex()), cast(Understander, FakeUnderstander())
        return parts.join(given, knowledge, engine, index, understander, seam_secret="seam-secret")

    return make
