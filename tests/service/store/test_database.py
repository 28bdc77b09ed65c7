"""The database: migrations say what the models say, a damaged file is refused, a locked one costs nobody a
message."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.errors import NotReady, StoreUnavailable
from service.settings import Settings
from service.store import Store, database, open_store
from service.store.models import Base


def test_migrations_and_models_agree(store: Store) -> None:
    with store.database.read() as db:
        context = MigrationContext.configure(db.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_opening_twice_changes_nothing(store: Store, url: str, settings: Callable[..., Settings]) -> None:
    conversation = store.ledger.begin(None, "api")
    again = open_store(settings(database_url=url), "law")
    again.ledger.check(conversation, None)
    again.close()


def test_a_damaged_file_is_refused_by_name(settings: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "ethicsdesk.db").write_bytes(b"this is no database" * 400)
    with pytest.raises(NotReady, match=r"ethicsdesk\.db"):
        open_store(settings(), "law")


def test_a_locked_database_refuses_politely_and_recovers(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    store = open_store(settings(), "law")
    conversation = store.ledger.begin(None, "api")
    holder = sqlite3.connect(tmp_path / "ethicsdesk.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        store.ledger.accept(conversation, "hello")
    store.ledger.check(conversation, None)  # reading goes on
    holder.execute("ROLLBACK")
    holder.close()
    store.ledger.accept(conversation, "hello")
    assert store.ledger.count().accepted == 1
    store.close()


def test_the_newest_version_is_the_last_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == database.NEWEST
