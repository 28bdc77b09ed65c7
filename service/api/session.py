"""POST /api/v1/session: a browser begins, and gets what it needs to speak for itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.dependencies import PartsDep
from service.api.problems import RESPONSES
from service.api.shapes import SessionReply
from service.auth.caller import check_csrf
from service.auth.cookies import drop_cookie, read_cookie, set_cookie
from service.errors import Forbidden
from service.parts import Parts
from service.store.retention import VISIT
from service.store.sessions import BrowserSession

router = APIRouter(prefix="/api/v1/session", tags=["session"], responses=RESPONSES)


@router.post("", response_model=SessionReply, summary="Begin or continue a browser session")
def begin(request: Request, response: Response, parts: PartsDep) -> dict[str, Any]:
    """Set the session cookie unless there is one, and give the token that changes must show."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("A session is begun from the desk's own page.")
    token = read_cookie(request, parts.settings)
    session = parts.store.sessions.find(token) if token else None
    if session is None:
        token, session = parts.store.sessions.open()
        set_cookie(response, token, parts.settings)
    return {"csrf": session.csrf, "banner": parts.store.switches.banner(), **_who(parts, session)}


@router.delete("", status_code=204, summary="End the browser session")
def end(
    request: Request,
    response: Response,
    parts: PartsDep,
    everywhere: Annotated[bool, Query(description="End this person's other sessions too.")] = False,
) -> None:
    """Sign out. What a visitor without an account asked is deleted with the session."""
    token = read_cookie(request, parts.settings)
    session = parts.store.sessions.find(token) if token else None
    if token is None or session is None:
        return
    check_csrf(request, session)
    parts.store.sessions.end(token)
    drop_cookie(response, parts.settings)
    if session.person is None:
        parts.store.retention.delete_all(session.owner, VISIT)
    elif everywhere:
        parts.store.sessions.end_all(session.person)


def _who(parts: Parts, session: BrowserSession) -> dict[str, Any]:
    person = parts.store.people.find(session.person) if session.person else None
    sign_in = "none" if parts.settings.sign_in == "anonymous" else parts.settings.sign_in
    return {"person": person.name if person else None, "roles": sorted(session.roles), "sign_in": sign_in}
