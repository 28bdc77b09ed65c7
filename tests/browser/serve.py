"""The desk of the browser tests, served on a port of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from service.app import create_app
from service.parts import Parts
from service.settings import Settings
from tests.browser.standins import build

START_SECONDS = 60.0


@contextlib.contextmanager
def running(folder: Path, port: int, **given: object) -> Iterator[str]:
    """A service over `folder`; gives its address."""
    settings = Settings(var_dir=folder, rasa_processes=0, port=port, **given)  # type: ignore[arg-type]
    with serving(build(settings), port) as address:
        yield address


@contextlib.contextmanager
def serving(parts: Parts, port: int) -> Iterator[str]:
    """The application over these parts; gives its address."""
    config = uvicorn.Config(create_app(parts), host="127.0.0.1", port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    limit = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive(), "the service ended while it started"
        assert time.monotonic() < limit, "the service did not start"
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
