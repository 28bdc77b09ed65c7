"""Runs Rasa beside the service: starts it on loopback, watches its health, restarts it, and leaves no orphan.

Rasa's own log lines can hold message text (`http.parse.text`, `rest.message.received.failure`), so its output
is discarded and a logging configuration of ours keeps errors to names only; the gateway sends no text to
begin with.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import DEVNULL
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from service.children import die_with_parent
from service.errors import NotReady
from service.logs import logger
from service.ports import port_is_free

POLL, HEALTH_TIMEOUT, SICK_POLLS = 1.0, 2.0, 10
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.5, 15.0, 120.0
PORT_SECONDS = 5.0
STOP_SECONDS = 5.0
LOGGING_CONFIG = Path(__file__).parent / "rasa_logging.yml"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class RasaCommand:
    """What to run: the interpreter of the Rasa environment, the project's root, the model and the seam."""

    python: Path
    root: Path
    model: Path
    service_url: str
    secret: str
    tracker_url: str
    tracker_key: str | None = field(default=None, repr=False)

    def check(self) -> None:
        """Raise `NotReady` with one sentence when something that must be built is missing."""
        if not self.python.exists():
            raise NotReady(f"The Rasa environment is missing ({self.python}); `make setup` builds it.")
        if not self.model.exists() or (self.model.is_dir() and not any(self.model.glob("*.tar.gz"))):
            raise NotReady(
                f"The dialogue is not trained ({self.model} holds no model); `make setup` trains it."
            )

    def arguments(self, port: int) -> list[str]:
        """The command line. The interface is loopback whatever the service listens on."""
        return [
            str(self.python), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port),
            "--model", str(self.model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
            "--logging-config-file", str(LOGGING_CONFIG),
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        """The few variables that Rasa gets: none of the service's secrets but the seam's."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        if self.tracker_key is not None:
            kept["ETHICSDESK_RASA_KEY"] = self.tracker_key
        return {
            **kept, "ETHICSDESK_SERVICE_URL": self.service_url, "ETHICSDESK_SEAM_SECRET": self.secret,
            "ETHICSDESK_RASA_DB": self.tracker_url,
            "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONWARNINGS": "ignore", "SANIC_WORKERS": "1",
        }  # fmt: skip


class RasaProcess:
    """One supervised process. `healthy` says whether it answers now."""

    def __init__(self, command: RasaCommand, port: int, start_limit: float) -> None:
        self._command = command
        self._port = port
        self._start_limit = start_limit
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.healthy = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    def start(self) -> None:
        """Begin to supervise. Raises `NotReady` when the port is taken or the build is missing."""
        self._command.check()
        if not port_is_free(self._port):
            raise NotReady(
                f"Port {self._port} is in use, so Rasa cannot start; set ETHICSDESK_RASA_PORT to a free one."
            )
        self._task = asyncio.create_task(self._supervise(), name=f"rasa-{self._port}")

    async def port_freed(self) -> None:
        """Wait a little for the port: one that was killed with its service takes a moment to die."""
        for _ in range(int(PORT_SECONDS / POLL * 4)):
            if port_is_free(self._port):
                return
            await asyncio.sleep(POLL / 4)

    async def stop(self) -> None:
        """Ask it to stop, then make it stop."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._end()

    async def _supervise(self) -> None:
        pause = FIRST_PAUSE
        while True:
            started = time.monotonic()
            await self._spawn()
            fault = await self._watch()
            self.healthy.clear()
            await self._end()
            if time.monotonic() - started > CALM:
                pause = FIRST_PAUSE
            logger().error("rasa_restart", port=self._port, fault=fault, pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _spawn(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self._command.arguments(self._port), cwd=self._command.root, env=self._command.environment(),
            stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
            preexec_fn=die_with_parent(),
        )  # fmt: skip
        logger().info("rasa_started", port=self._port, pid=self._process.pid)

    async def _watch(self) -> str:
        """Return what went wrong, once something does."""
        process, born, sick = self._process, time.monotonic(), 0
        if process is None:
            return "never started"
        timeout = aiohttp.ClientTimeout(total=HEALTH_TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout) as client:
            while True:
                if process.returncode is not None:
                    return f"exit {process.returncode}"
                if await _answers(client, self.url):
                    sick = 0
                    if not self.healthy.is_set():
                        logger().info(
                            "rasa_healthy", port=self._port, ms=round(1000 * (time.monotonic() - born))
                        )
                        self.healthy.set()
                elif self.healthy.is_set():
                    sick += 1
                    if sick >= SICK_POLLS:
                        return "no answer"
                elif time.monotonic() - born > self._start_limit:
                    return "did not start in time"
                await _exit_or_pause(process, POLL if self.healthy.is_set() else POLL / 4)

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal_number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
                return


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        # "/" answers as soon as the server listens; "/status" only once the model is loaded.
        async with client.get(f"{url}/webhooks/rest/") as reply:
            return reply.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _exit_or_pause(process: asyncio.subprocess.Process, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), seconds)
