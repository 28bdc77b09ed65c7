"""`ethicsdesk chat`: a conversation in the terminal, with the desk started quietly for as long as it
lasts."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from service.children import die_with_parent
from service.cli.line import Line
from service.cli.talk import Talk
from service.errors import NotReady
from service.harness.running import last_words
from service.ports import free_port
from service.settings import Settings, read_settings

WELCOME = "Tell me what happened, or ask a question. /help lists what else there is; “quit” ends it."
START_SECONDS, POLL = 120.0, 0.2
STEPS = {
    None: "Loading the law and the models",
    "engine alone": "Starting the dialogue",
    "partly": "Starting the dialogue",
}


def chat(
    pack: Annotated[str | None, typer.Option(help="The pack that binds you, such as ct-dss.")] = None,
    url: Annotated[
        str | None, typer.Option(help="A desk that runs already, instead of starting one.")
    ] = None,
) -> None:
    """Talk to the desk here."""
    console = Console(highlight=False)
    kept = read_settings().var_dir / "terminal.json"
    with _desk(console, url) as address, httpx.Client(base_url=address, timeout=30) as client:
        line = Line(client, kept, url or "here")
        banner = line.open()
        console.print(f"\n[bold]Ethics Desk[/bold]\n{WELCOME}\n")
        if banner:
            console.print(f"{banner}\n", style="yellow", markup=False)
        Talk(console, line, pack, Path.cwd()).run()


@contextlib.contextmanager
def _desk(console: Console, url: str | None) -> Iterator[str]:
    """The address of a desk: the one named, or one of our own that ends with us."""
    if url is not None:
        yield url.rstrip("/")
        return
    settings = read_settings()
    port, rasa_port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    log = settings.var_dir / "chat.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        command = [sys.executable, "-m", "service.cli", "serve", "--host", "127.0.0.1", "--port", str(port),
                   "--rasa-port", str(rasa_port)]  # fmt: skip
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                 preexec_fn=die_with_parent())  # fmt: skip
    try:
        _wait(console, child, address, settings, log)
        yield address
    finally:
        _stop(child)


def _wait(
    console: Console, child: subprocess.Popen[bytes], address: str, settings: Settings, log: Path
) -> None:
    started = time.monotonic()
    with console.status("Starting") as status:
        while (seconds := time.monotonic() - started) < START_SECONDS:
            if child.poll() is not None:
                raise NotReady(last_words(log))
            dialogue = _dialogue(address)
            if dialogue in ("ok", "elsewhere") or (dialogue and settings.rasa_processes == 0):
                return
            status.update(f"{STEPS.get(dialogue, 'Starting')} … {seconds:.0f} s")
            time.sleep(POLL)
    if _dialogue(address) is None:
        raise NotReady(f"The desk did not start within {START_SECONDS:.0f} s; see {log}.")
    console.print("The dialogue process did not start; the desk asks by the rules alone.", style="yellow")


def _dialogue(address: str) -> str | None:
    try:
        found: str = httpx.get(f"{address}/ready", timeout=2).json()["dialogue"]
    except (httpx.HTTPError, json.JSONDecodeError, KeyError):
        return None
    return found


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
