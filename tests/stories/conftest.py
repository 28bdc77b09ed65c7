"""A real Rasa process, started once, with its two seams answered by the desk."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from actions import webhook
from actions.desk import Desk
from actions.desk.library import RestatedLibrary
from actions.desk.turn import Found
from actions.engine import Engine
from actions.rasa_actions import build_executor, conversation_of, parse_json
from knowledge.load import load
from tests.stories.talk import Memory, Talk

ROOT = Path(__file__).parents[2]
RASA = ROOT / ".venv-rasa" / "bin" / "python"
SECRET = "seam-secret-of-the-tests"
START_SECONDS = 180


class Shelf(RestatedLibrary):
    """A library that answers questions about deadlines."""

    def answer(self, query: str, pack: str | None) -> Found:
        return Found("deadline" in query, "You have 30 days to return it.")


@pytest.fixture(scope="session")
def desk() -> Desk:
    knowledge = load()
    whole = Desk(knowledge, Engine(knowledge), None)
    whole.tools = replace(whole.tools, library=Shelf(knowledge))
    return whole


@pytest.fixture(scope="session")
def memory() -> Memory:
    return Memory()


@pytest.fixture(scope="session")
def seams(desk: Desk, memory: Memory) -> Iterator[str]:
    """The service's two addresses, with the secret asked for as the service asks."""
    executor = build_executor(desk, memory, memory)

    class Seams(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path == "/model/parse" and body["token"] == SECRET:
                turn = memory.get(conversation_of(body["message_id"]))
                assert turn is not None
                self._send(200, parse_json(turn))
            elif self.path == "/webhook" and self.headers["x-ethicsdesk-secret"] == SECRET:
                self._send(*asyncio.run(webhook.answer(executor, body)))
            else:
                self._send(403, {})

        def _send(self, status: int, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Seams)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def rasa(seams: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`rasa train` and `rasa run` on the files of the repository; the address of the process."""
    if not RASA.exists():
        pytest.skip("the Rasa environment is not built")
    folder = tmp_path_factory.mktemp("rasa")
    environment = _environment(folder, seams)
    log = (folder / "log").open("w")
    train = ["-m", "rasa", "train", "--out", str(folder / "models"), "--quiet"]
    subprocess.run([RASA, *train], cwd=ROOT, env=environment, check=True, stdout=log, stderr=log)
    port = _free_port()
    run = [
        "-m",
        "rasa",
        "run",
        "--interface",
        "127.0.0.1",
        "--port",
        str(port),
        "--model",
        str(folder / "models"),
    ]
    process = subprocess.Popen([RASA, *run], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
        log.close()
        shutil.rmtree(folder)


@pytest.fixture
def talk(desk: Desk, memory: Memory, rasa: str) -> Callable[..., Talk]:
    """Begins a conversation of its own, as a person of a pack."""
    numbers = itertools.count()

    def begin(pack: str | None = "ct-state") -> Talk:
        name = f"story-{os.urandom(6).hex()}-{next(numbers)}"
        return Talk(desk, memory, rasa, name, pack)

    return begin


def _environment(folder: Path, seams: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "ETHICSDESK_SERVICE_URL": seams,
        "ETHICSDESK_SEAM_SECRET": SECRET,
        "ETHICSDESK_RASA_DB": f"sqlite:///{folder / 'rasa.db'}",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 2):
        assert process.poll() is None, "Rasa ended while it started"
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError("Rasa did not start")
