"""Bare Rasa with its own starter bot, for comparison: made by `rasa init`, trained, run on loopback."""

from __future__ import annotations

import asyncio
import subprocess
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.children import die_with_parent
from service.errors import NotReady
from service.harness.load import PAUSE, Times
from service.ports import free_port
from service.settings import ROOT, Settings

LINES = ("hello", "I am sad", "no", "are you a bot?", "great", "bye")
KEPT = ROOT / "var" / "starter"  # trained once: that takes a minute of both cores, and minutes of busy ones
TRAIN_SECONDS, START_SECONDS = 400.0, 240.0
WEBHOOK = "/webhooks/rest/webhook"


@dataclass(frozen=True, slots=True)
class Starter:
    """The running bot."""

    url: str
    pid: int


async def made(settings: Settings, folder: Path = KEPT) -> None:
    """Make and train it, unless that was done before. Raises `NotReady` when it takes too long."""
    if await asyncio.to_thread(_is_made, folder):
        return
    process = await asyncio.create_subprocess_exec(
        str(settings.rasa_python), "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder),
        stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, preexec_fn=die_with_parent(),
    )  # fmt: skip
    try:
        failed = await asyncio.wait_for(process.wait(), TRAIN_SECONDS)
    except TimeoutError:
        failed = 1
    finally:
        if process.returncode is None:
            process.kill()
    if failed:
        raise NotReady("Rasa's starter bot could not be trained in time.")


def _is_made(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    return any(folder.glob("models/*.tar.gz"))


@asynccontextmanager
async def running(settings: Settings, folder: Path = KEPT) -> AsyncIterator[Starter]:
    """Run the bot that was made in `folder`."""
    port = free_port()
    process = _run(settings, folder, port)
    try:
        url = f"http://127.0.0.1:{port}"
        await _ready(url)
        yield Starter(url, process.pid)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 10)
        except subprocess.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait)


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


async def _ready(url: str) -> None:
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while time.monotonic() - began < START_SECONDS:
            try:
                await client.post(WEBHOOK, json={"sender": "first", "message": "hello"})
            except httpx.TransportError:
                await asyncio.sleep(0.3)
            else:
                return
    raise NotReady("Rasa's starter bot did not start in time.")


async def conversation(url: str, name: str, times: Times) -> None:
    """One conversation, a person's pause before each line, its turns added to `times`."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        for line in LINES:
            await _say(client, name, line, times)
            await asyncio.sleep(PAUSE)


async def crowd(url: str, people: int, seconds: float, times: Times) -> float:
    """`people` at once, each answering at once; gives the turns per second."""
    started, before = time.perf_counter(), len(times.taken)
    end = started + seconds

    async def one(client: httpx.AsyncClient, who: int) -> None:
        said = 0
        while time.perf_counter() < end:
            round_, place = divmod(said, len(LINES))
            await _say(client, f"{started}-{who}-{round_}", LINES[place], times)
            said += 1

    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        await asyncio.gather(*(one(client, who) for who in range(people)))
    return (len(times.taken) - before) / (time.perf_counter() - started)


async def _say(client: httpx.AsyncClient, name: str, line: str, times: Times) -> None:
    started = time.perf_counter()
    await client.post(WEBHOOK, json={"sender": name, "message": line})
    times.taken.append(1000 * (time.perf_counter() - started))
