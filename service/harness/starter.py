"""Bare Rasa with its own starter bot, for comparison: made by `rasa init`, trained, run on loopback."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from service.children import die_with_parent
from service.errors import NotReady
from service.harness.load import PAUSE, Times
from service.ports import free_port
from service.settings import Settings

LINES = ("hello", "I am sad", "no", "are you a bot?", "great", "bye")
START_SECONDS = 600.0


@asynccontextmanager
async def running(settings: Settings, folder: Path) -> AsyncIterator[str]:
    """Make, train and run the starter bot; gives its address. Takes about a minute."""
    await asyncio.to_thread(_make, settings, folder)
    port = free_port()
    process = _run(settings, folder, port)
    try:
        url = f"http://127.0.0.1:{port}"
        await _ready(url)
        yield url
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


def _run(settings: Settings, folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [
        str(settings.rasa_python),
        "-m",
        "rasa",
        "run",
        "--interface",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    return subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent(),
    )  # fmt: skip


def _make(settings: Settings, folder: Path) -> None:
    command = [str(settings.rasa_python), "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)


async def _ready(url: str) -> None:
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while time.monotonic() - began < START_SECONDS:
            try:
                await client.post("/webhooks/rest/webhook", json={"sender": "first", "message": "hello"})
            except httpx.TransportError:
                await asyncio.sleep(0.3)
            else:
                return
    raise NotReady("The starter bot did not start.")


async def conversation(url: str, name: str, times: Times) -> None:
    """One conversation of the starter bot, its turns added to `times`."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        for line in LINES:
            started = time.perf_counter()
            await client.post("/webhooks/rest/webhook", json={"sender": name, "message": line})
            times.taken.append(1000 * (time.perf_counter() - started))
            await asyncio.sleep(PAUSE)
