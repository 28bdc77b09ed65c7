"""Answers while the desk is still loading: alive, not ready yet; a message is taken in and put off,
everything else asked to come back in a moment. Then steps aside."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import NotReady
from service.guard import Guard, problem
from service.limiter import Limiter
from service.settings import Settings

if TYPE_CHECKING:
    from service.reception import Reception

RETRY_SECONDS = 2
HOLD_SECONDS = 1.5  # from then on a message that was taken in has its holding reply
STREAM_SECONDS = 60.0
CHAT, EVENTS = "/api/v1/chat", "/events"
PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="{RETRY_SECONDS}">
<title>Ethics Desk</title>
<p>The desk is starting. This page opens by itself in a few seconds.</p>
</html>
"""


class Doorway:
    """The application's place until it is there."""

    def __init__(self, settings: Settings, seam_secret: str) -> None:
        self.limiter = Limiter(settings)
        self._guard = Guard(self._meanwhile, max_body=settings.max_body, seam_secret=seam_secret,
                            limiter=self.limiter, hosts=settings.hosts)  # fmt: skip
        self._reception: Reception | None = None
        self._app: ASGIApp | None = None
        self._opened = asyncio.Event()
        self._opening = False

    def receive(self, reception: Reception) -> None:
        """From now on messages are accepted."""
        self._reception = reception

    def about_to_open(self) -> None:
        """From now on nobody is put off any more: what was put off is taken up as the desk begins."""
        self._opening = True

    def open(self, app: ASGIApp) -> None:
        """From now on `app` answers."""
        self._app = app
        self._opened.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer for the time being."""
        if self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._guard(scope, receive, send)

    async def _meanwhile(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == CHAT and scope["method"] == "POST" and self._reception is not None:
            await self._chat(self._reception, Request(scope, receive), send)
        elif path.startswith(f"{CHAT}/") and path.endswith(EVENTS):
            # A browser does not come back to a stream that was refused.
            app = await self._app_within(STREAM_SECONDS)
            await (app or _starting())(scope, receive, send)
        else:
            await self._answer(path)(scope, receive, send)

    async def _chat(self, reception: Reception, request: Request, send: Send) -> None:
        """Accept a message, then let the desk answer it if it opens soon, or put the person off."""
        received = await asyncio.to_thread(reception.take, request, await request.body())
        answer: ASGIApp = _starting()
        receive = request.receive
        if received is not None:
            app = await self._app_within(HOLD_SECONDS)
            receive = _replay(received.body)
            answer = app or JSONResponse(await asyncio.to_thread(reception.held, received.accepted))
        await answer(request.scope, receive, send)

    async def _app_within(self, seconds: float) -> ASGIApp | None:
        for limit in (seconds, STREAM_SECONDS):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._opened.wait(), limit)
            if not self._opening:
                break
        return self._app

    def _answer(self, path: str) -> Response:
        if path == "/":
            return HTMLResponse(PAGE, 503)
        if path == "/health":
            return JSONResponse({"status": "ok"})
        if path == "/ready":
            store = "not opened" if self._reception is None else "ok"
            content = {"status": "not ready", "store": store, "dialogue": "starting",
                       "reason": "The law, the index and the understanding are loading."}  # fmt: skip
            return JSONResponse(content, 503)
        return _starting()


def _starting() -> Response:
    answer = problem(NotReady("The desk is starting; please send that again in a few seconds."))
    answer.headers["retry-after"] = str(RETRY_SECONDS)
    return answer


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
