"""What every request passes before anything reads its body: host, rate, size, type, the seams' secret; and
what every answer carries: a request id, safety headers, a log line without content."""

from __future__ import annotations

import hmac
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Forbidden, InvalidInput, ServiceError, TooLarge, status_of
from service.limiter import Limiter
from service.logs import logger, request_id

SEAMS = frozenset({"/model/parse", "/webhook"})
# These paths have guards of their own: other sizes and types, and a signature over the raw body.
OWN_GUARD = frozenset({"/slack/events", "/teams/messages"})
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
SEAM_BODY = 4 * 1024 * 1024
SECRET_HEADER = "x-ethicsdesk-secret"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware, outermost."""

    def __init__(
        self, app: ASGIApp, max_body: int, seam_secret: str, limiter: Limiter, hosts: frozenset[str] | None
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._seam_secret = seam_secret
        self._limiter = limiter
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, pass on, and finish the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = request_id.set(secrets.token_hex(8))
        answer = _Answer(scope, send)
        try:
            self._admit(scope)
            if scope["path"] in OWN_GUARD:
                await self._app(scope, receive, answer.send)
                return
            self._check(scope)
            limit = SEAM_BODY if scope["path"] in SEAMS else self._max_body
            body = await _read(receive, limit) if scope["method"] in WITH_BODY else receive
            await self._app(scope, body, answer.send)
        except ServiceError as error:
            if answer.status:
                raise
            await problem(error)(scope, receive, answer.send)
        finally:
            answer.log()
            request_id.reset(token)

    def _admit(self, scope: Scope) -> None:
        """Only our own names are answered, and nobody too often. The seams are called by Rasa alone."""
        host = Headers(scope=scope).get("host", "")
        if self._hosts is not None and _name(host) not in self._hosts:
            raise InvalidInput("This desk does not answer to that name.", field="host")
        if scope["path"] not in SEAMS:
            self._limiter.request(scope["client"][0] if scope.get("client") else "unknown")

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        seam = scope["path"] in SEAMS
        if _length(headers) > (SEAM_BODY if seam else self._max_body):
            raise TooLarge("The request is too large.", expected=f"at most {self._max_body} bytes")
        if scope["path"] == "/webhook" and not self.knows(headers.get(SECRET_HEADER, "")):
            raise Forbidden("This address is for the dialogue process alone.")
        has_body = scope["method"] in WITH_BODY and _length(headers) != 0
        if has_body and headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise InvalidInput("The body must be JSON.", field="content-type", expected="application/json")

    def knows(self, secret: str) -> bool:
        """Whether this is the seams' secret, compared in constant time."""
        return hmac.compare_digest(secret.encode(), self._seam_secret.encode())


class _Answer:
    """Watches an answer on its way out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["x-request-id"] = request_id.get()
        await self._send(message)

    def log(self) -> None:
        # The route's template, never the path: a path may hold an id or what somebody typed into the address
        # bar.
        route = getattr(self._scope.get("route"), "path", "none")
        level = logger().debug if route in ("/health", "/ready", *SEAMS) else logger().info
        level("request", method=self._scope["method"], route=route, status=self.status,
              ms=round(1000 * (time.perf_counter() - self._started), 1))  # fmt: skip


def problem(error: ServiceError) -> JSONResponse:
    """An error as the caller sees it."""
    headers = {"retry-after": str(error.retry_after)} if hasattr(error, "retry_after") else None
    return JSONResponse(error.to_json(), status_of(error), headers)


def _name(host: str) -> str:
    """The host's name without its port."""
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


def _length(headers: Headers) -> int:
    length = headers.get("content-length")
    if length is None:
        return -1 if "transfer-encoding" in headers else 0
    return int(length) if length.isascii() and length.isdigit() else SEAM_BODY + 1


async def _read(receive: Receive, limit: int) -> Receive:
    """The body read whole before anything parses it; raises `TooLarge` once it is, whatever its header
    said."""
    body, message = b"", await receive()
    while message["type"] == "http.request":
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLarge("The request is too large.", expected=f"at most {limit} bytes")
        if not message.get("more_body"):
            break
        message = await receive()
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
