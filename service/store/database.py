"""The database connection: SQLite with a write-ahead log by default, PostgreSQL by its URL."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from service.errors import NotReady, StoreUnavailable

NEWEST = "0005"  # of migrations/versions
LOCK_SECONDS = 1.5
POOL = 8


class Database:
    """Opens transactions. Reading and writing are told apart so that SQLite takes its write lock at the
    start."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(make_url(url))
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = self._connectable()
        self._writing = self._engine.execution_options(write=True)

    def _connectable(self) -> Engine:
        if not self.sqlite:
            arguments: dict[str, object] = {
                "connect_timeout": 2,
                "options": f"-c lock_timeout={int(LOCK_SECONDS * 1000)} -c statement_timeout=5000",
            }
            return create_engine(self.url, pool_size=POOL, pool_timeout=LOCK_SECONDS, pool_pre_ping=True,
                                 connect_args=arguments)  # fmt: skip
        waiting = {"timeout": LOCK_SECONDS, "check_same_thread": False}
        engine = create_engine(self.url, pool_size=POOL, pool_timeout=LOCK_SECONDS, connect_args=waiting)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads."""
        with _faults(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose work is committed as a whole, or not at all."""
        with _faults(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest version. Raises `NotReady` for a damaged file or an unreachable
        server."""
        try:
            with self._engine.connect() as connection:
                if self.sqlite and (found := connection.execute(text("PRAGMA quick_check")).scalar()) != "ok":
                    raise NotReady(
                        f"The database {self.url.database} is damaged ({found}); restore it from a backup."
                    )
            if self._version() != NEWEST:
                with self._writing.begin() as connection:
                    self._upgrade(connection)
        except DBAPIError as error:
            where = self.url.database if self.sqlite else self.url.render_as_string(hide_password=True)
            raise NotReady(f"The database {where} cannot be opened: {_first_line(error)}.") from error

    def _version(self) -> str | None:
        """The tables' version; None where there are none yet."""
        try:
            with self._engine.connect() as connection:
                query = text("SELECT version_num FROM alembic_version")
                found: str | None = connection.execute(query).scalar()
        except (OperationalError, ProgrammingError):  # no such table; were it worse, the upgrade would say so
            return None
        return found

    def _upgrade(self, connection: Connection) -> None:
        # Most starts find nothing to do and need not wait half a second for these.
        from alembic import command
        from alembic.config import Config

        if not self.sqlite:
            # Several services may start at once on one PostgreSQL: one migrates, the others wait.
            connection.execute(text("SELECT pg_advisory_xact_lock(478201)"))
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    def scrub(self) -> None:
        """Leave no byte of deleted rows behind: empty the log and rebuild the file."""
        if not self.sqlite:
            return
        with _faults(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            connection.execute(text("VACUUM"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(url: str) -> Database:
    """The database with its tables up to date. Raises `NotReady` when it is damaged or cannot be opened."""
    database = Database(url)
    database.migrate()
    return database


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite alone
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write") else "BEGIN")


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, DataError, ProgrammingError):  # the caller's doing, not the database's state
        raise
    except (DatabaseError, PoolTimeout) as error:
        raise StoreUnavailable(
            "The record cannot be reached just now; please send that again in a moment."
        ) from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0] if error.orig else "unknown fault"
