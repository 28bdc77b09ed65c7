"""What every request from Slack passes before the SDK parses anything: size, type, age, signature, shape."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from service.channels.bodies import MAX_BODY, BadBody, parse_object, read_body

MAX_AGE = 300
FORM = "application/x-www-form-urlencoded"
Handle = Callable[[bytes, dict[str, Any]], Awaitable[Response]]


class SlackGuard:
    """ASGI endpoint of Slack's three kinds of request: events, interactions, commands."""

    def __init__(self, secret: str, handle: Handle, clock: Callable[[], float] = time.time) -> None:
        # The SDK's verifier decodes the body before it compares, and fails on bytes that are no text.
        self._secret = secret.encode()
        self._handle = handle
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 405, 413, 401 or 400, or hand on what is whole and from Slack."""
        try:
            response = await self._answer(scope, receive)
        except BadBody as bad:
            response = PlainTextResponse("", bad.status)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        headers = Headers(scope=scope)
        if scope["method"] != "POST":
            raise BadBody(405)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > MAX_BODY:
            raise BadBody(413)
        body = await read_body(receive)
        self._verify(headers, body)
        return await self._handle(body, _parse(headers.get("content-type", ""), body))

    def _verify(self, headers: Headers, body: bytes) -> None:
        stamp, shown = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
            raise BadBody(401)
        if abs(self._clock() - int(stamp)) > MAX_AGE:
            raise BadBody(401)
        made = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={made}".encode(), shown.encode("utf-8", "replace")):
            raise BadBody(401)


def _parse(kind: str, body: bytes) -> dict[str, Any]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadBody(400) from error
    kind = kind.split(";")[0].strip().lower()
    if kind == "application/json":
        return parse_object(text)
    if kind != FORM:
        raise BadBody(400)
    try:
        form = {name: values[0] for name, values in parse_qs(text, max_num_fields=100).items()}
    except ValueError as error:
        raise BadBody(400) from error
    return parse_object(form["payload"]) if "payload" in form else form
