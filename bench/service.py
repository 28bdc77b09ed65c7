"""Determinations through `POST /api/v1/determinations`: the whole application, called in this process.

No network and no client library stands between: the request is handed to the application as a server would,
and the answer read to its end. Our own log lines are not written.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from actions.desk.values import facts_to_json
from knowledge.model import Value
from service import logs
from service.app import create_app
from service.errors import NotReady
from service.parts import assemble
from service.settings import Settings

PATH = "/api/v1/determinations"
ROUNDS = 3
Request = tuple[str, str, Mapping[str, Value], bool]


def application() -> FastAPI | None:
    """The desk over an empty store, without Rasa; None where `make setup` has not built index and models."""
    logs.configure("error")
    database = f"sqlite:///{tempfile.mkdtemp(prefix='ethicsdesk-bench-')}/desk.db"
    settings = Settings(database_url=database, rasa_processes=0, rate_address="100000000/minute")
    try:
        parts = assemble(settings, "0" * 32)
    except NotReady:
        return None
    parts.engine.warm()
    return create_app(parts)


def seconds(app: FastAPI, requests: Sequence[Request], day: str) -> list[float]:
    """For each request the processor's time, of all threads, from handing it over to the end of the answer;
    the best of some rounds."""
    bodies = [
        json.dumps(
            {"pack": pack, "topic": topic, "facts": facts_to_json(facts), "as_of": day, "presume": presume}
        )
        for pack, topic, facts, presume in requests
    ]
    return asyncio.run(_all(app, [body.encode() for body in bodies]))


async def _all(app: FastAPI, bodies: Sequence[bytes]) -> list[float]:
    rounds = [[await _one(app, body) for body in bodies] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


async def _one(app: FastAPI, body: bytes) -> float:
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"),
               (b"content-length", str(len(body)).encode())]  # fmt: skip
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": PATH, "raw_path": PATH.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    start = time.process_time()
    await app(scope, receive, send)
    spent = time.process_time() - start
    if statuses != [200]:
        raise RuntimeError(f"{PATH} answered {statuses}")
    return spent
