"""Answers while the desk is still loading: alive, not ready yet, come back in a moment. Then steps aside."""

from __future__ import annotations

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import NotReady
from service.guard import HEADERS, problem

RETRY_SECONDS = 2
PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="{RETRY_SECONDS}">
<title>Ethics Desk</title>
<p>The desk is starting. This page opens by itself in a few seconds.</p>
</html>
"""


class Doorway:
    """The application's place until it is there. Nothing is accepted here, so nothing can be lost."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    def open(self, app: ASGIApp) -> None:
        """From now on `app` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or ask for a moment."""
        if self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _starting(scope["path"])(scope, receive, send)


def _starting(path: str) -> Response:
    if path == "/":
        return HTMLResponse(PAGE, 503, HEADERS)
    if path == "/health":
        return JSONResponse({"status": "ok"}, headers=HEADERS)
    if path == "/ready":
        content = {"status": "not ready", "store": "not opened", "dialogue": "starting"}
        return JSONResponse(content, 503, HEADERS)
    answer = problem(NotReady("The desk is starting; please send that again in a few seconds."))
    answer.headers.update({**HEADERS, "retry-after": str(RETRY_SECONDS)})
    return answer
