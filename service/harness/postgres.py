"""A PostgreSQL server of its own for a measurement, from the system's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Literal

from service.ports import free_port

TOOLS = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
USER = "desk"


def lacking() -> str | None:
    """Why no server can be started here; None when one can."""
    if not TOOLS:
        return "PostgreSQL is not installed"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root and runuser is missing"
    return None


class Postgres:
    """Starts on a loopback port in a folder of its own, which goes when it is stopped."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="ethicsdesk-pg-"))
        self._port = free_port()
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        made = ("-A", "trust", "-U", USER, "-N", "--no-locale", "-E", "UTF8")
        self._run("initdb", "-D", self._data, *made)
        self._control("start")

    @property
    def url(self) -> str:
        """The server's own database."""
        return f"postgresql://{USER}@127.0.0.1:{self._port}/postgres"

    def database(self, name: str) -> str:
        """Make an empty database; gives its URL."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.execute(f"CREATE DATABASE {name}")
        return self.url.removesuffix("postgres") + name

    def execute(self, statement: str) -> None:
        """Run one statement."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def restart(self) -> None:
        """As after a crash: nothing is finished, everything is recovered from the log."""
        self._control("restart", "-m", "immediate")

    def stop(self) -> None:
        """Stop and leave nothing behind."""
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self._folder)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _control(self, what: Literal["start", "restart", "stop"], *more: str) -> None:
        options = f"-p {self._port} -h 127.0.0.1 -k {self._folder} -c fsync=off"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", log, "-w", *more, what)

    def _run(self, tool: str, *arguments: object) -> None:
        words = [str(TOOLS[-1].parent / tool), *map(str, arguments)]
        if os.geteuid() == 0:
            words = ["runuser", "-u", "postgres", "--", *words]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
