"""Reads a platform's request body under limits, before any SDK sees it."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import Message, Receive

MAX_BODY = 1024 * 1024
MAX_DEPTH = 64


class BadBody(Exception):
    """The body is refused; `status` is the HTTP answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(receive: Receive, limit: int = MAX_BODY) -> bytes:
    """The whole body; `BadBody` 413 beyond the limit, whatever the headers said."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadBody(400)
        body += bytes(message.get("body", b""))
        if len(body) > limit:
            raise BadBody(413)
        if not message.get("more_body"):
            return body


def replay(body: bytes) -> Receive:
    """A body that was read, for whoever reads it next."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def parse_object(text: str) -> dict[str, Any]:
    """A JSON object nested at most `MAX_DEPTH` deep; `BadBody` 400 for anything else."""
    if _depth(text) > MAX_DEPTH:
        raise BadBody(400)
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a character can be escaped, and stored nowhere
    except ValueError as error:
        raise BadBody(400) from error
    if not isinstance(found, dict):
        raise BadBody(400)
    return found


def _depth(text: str) -> int:
    """How deep the brackets outside strings go; the parser itself would recurse."""
    depth = deepest = 0
    quoted = escaped = False
    for char in text:
        if quoted:
            quoted, escaped = (char != '"' or escaped), (char == "\\" and not escaped)
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest
