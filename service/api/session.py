"""POST /api/v1/session: a browser begins, and gets what it needs to speak for itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from service.api.dependencies import PartsDep
from service.api.problems import RESPONSES
from service.api.shapes import SessionReply
from service.auth.cookies import read_cookie, set_cookie
from service.errors import Forbidden

router = APIRouter(prefix="/api/v1/session", tags=["session"], responses=RESPONSES)


@router.post("", response_model=SessionReply, summary="Begin or continue a browser session")
def begin(request: Request, response: Response, parts: PartsDep) -> dict[str, Any]:
    """Set the session cookie unless there is one, and give the token that changes must show."""
    parts.limiter.request(request.client.host if request.client else "unknown")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("A session is begun from the desk's own page.")
    token = read_cookie(request)
    session = parts.store.sessions.find(token) if token else None
    if session is None:
        token, session = parts.store.sessions.open()
        set_cookie(response, token, parts.settings)
    return {"csrf": session.csrf, "banner": parts.store.switches.banner()}


@router.delete("", status_code=204, summary="End the browser session")
def end(request: Request, response: Response, parts: PartsDep) -> None:
    """Log out; conversations bound to the session can be read by nobody afterwards."""
    token = read_cookie(request)
    session = parts.store.sessions.find(token) if token else None
    if token is None or session is None:
        return
    if request.headers.get("x-csrf-token") != session.csrf:
        raise Forbidden("The page is out of date; please reload it.", field="x-csrf-token")
    parts.store.sessions.end(token)
