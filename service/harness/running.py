"""A desk of its own for a measurement: its own ports and databases, started, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from service.children import die_with_parent
from service.errors import NotReady
from service.ports import free_port
from service.settings import ROOT

START_SECONDS = 240.0
POLL = 0.05


def last_words(log: Path) -> str:
    """What a desk said before it ended: its own sentence, not a log line."""
    lines = [
        line for line in log.read_text(errors="replace").splitlines() if line and not line.startswith("{")
    ]
    return lines[-1] if lines else f"The desk ended as it started; see {log}."


@dataclass
class RunningDesk:
    """`ethicsdesk serve` as a child, from the code in `root`. The built models are shared, everything stored
    lies in `folder`."""

    folder: Path
    rasa_processes: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    root: Path = ROOT
    port: int = field(default_factory=free_port)
    rasa_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Its store."""
        return self.environment.get("ETHICSDESK_DATABASE_URL") or f"sqlite:///{self.folder / 'desk.db'}"

    def spawn(self) -> None:
        """Start it, without waiting."""
        variables = {
            **os.environ, "ETHICSDESK_PORT": str(self.port), "ETHICSDESK_RASA_PORT": str(self.rasa_port),
            "ETHICSDESK_RASA_PROCESSES": str(self.rasa_processes),
            "ETHICSDESK_DATABASE_URL": self.database_url,
            "ETHICSDESK_RASA_DATABASE_URL": f"sqlite:///{self.folder / 'rasa.db'}",
            "ETHICSDESK_RATE_MESSAGES": "100000/minute", "ETHICSDESK_RATE_ADDRESS": "1000000/minute",
            "ETHICSDESK_LOG_LEVEL": "warning", **self.environment,
        }  # fmt: skip
        with (self.folder / "desk.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve"], cwd=self.root, env=variables,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent(),
            )  # fmt: skip

    async def ready(self, dialogue: str | None = None) -> float:
        """Wait until it answers, and until `dialogue` is as named; gives the seconds waited."""
        started = time.monotonic()
        async with httpx.AsyncClient(base_url=self.url, timeout=2) as client:
            while time.monotonic() - started < START_SECONDS:
                if self.process is not None and self.process.poll() is not None:
                    raise NotReady(last_words(self.folder / "desk.log"))
                try:
                    state = (await client.get("/ready")).json()
                except httpx.HTTPError:
                    state = {}
                if state.get("status") == "ready" and dialogue in (None, state.get("dialogue")):
                    return time.monotonic() - started
                await asyncio.sleep(POLL)
        raise NotReady(f"The desk was not ready after {START_SECONDS:.0f} s; see {self.folder / 'desk.log'}.")

    def kill(self) -> None:
        """kill -9; the kernel ends its Rasa processes with it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def kill_rasa(self) -> bool:
        """kill -9 its Rasa processes alone; false when there was none."""
        found = self.rasa_pids()
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return bool(found)

    def rasa_pids(self) -> list[int]:
        """Its children."""
        if self.process is None:
            return []
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def stop(self) -> None:
        """Let it end in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@asynccontextmanager
async def running_desk(
    folder: Path,
    *,
    environment: dict[str, str] | None = None,
    root: Path = ROOT,
) -> AsyncIterator[RunningDesk]:
    """A desk without Rasa of its own, up and running."""
    await asyncio.to_thread(folder.mkdir)
    desk = RunningDesk(folder, rasa_processes=0, environment=environment or {}, root=root)
    desk.spawn()
    try:
        await desk.ready()
        yield desk
    finally:
        await asyncio.to_thread(desk.stop)


async def refusal(desk: RunningDesk) -> str:
    """What a desk says that should not start; empty when it starts all the same."""
    desk.spawn()
    try:
        await desk.ready()
    except NotReady as error:
        return str(error).replace(str(desk.folder), "…")
    finally:
        await asyncio.to_thread(desk.stop)
    return ""


def quoted(said: str) -> str:
    """What a desk said, for a table."""
    return f"“{said.replace('|', '/')}”" if said else "it starts"
