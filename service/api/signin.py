"""/auth/login sends a browser to the identity provider, /auth/callback takes it back, signed in."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from service.api.dependencies import PartsDep
from service.auth.cookies import (
    SIGN_IN,
    drop_cookie,
    read_cookie,
    set_cookie,
    set_sign_in_cookie,
)
from service.auth.provider import Identity, Provider
from service.errors import NotFound, ServiceError, status_of
from service.logs import logger
from service.pages.templates import render
from service.parts import Parts

Next = Literal["desk", "liaison"]
# Where to go on afterwards is chosen here: an address out of the request could lead anywhere.
PLACES: dict[str, str] = {"desk": "/", "liaison": "/liaison"}
SEE_OTHER = 303
router = APIRouter(prefix="/auth", include_in_schema=False)


@router.get("/login")
async def login(
    request: Request, parts: PartsDep, next_: Annotated[Next, Query(alias="next")] = "desk"
) -> Response:
    """Begin to sign in."""
    provider = _provider(request, parts)
    try:
        url, kept = await provider.begin()
    except ServiceError as error:
        return _sorry(error)
    token = await asyncio.to_thread(_begin, parts, request, {**kept, "next": next_})
    answer = RedirectResponse(url, SEE_OTHER)
    set_sign_in_cookie(answer, token, parts.settings)
    return answer


@router.get("/callback")
async def callback(request: Request, parts: PartsDep) -> Response:
    """Finish: the answer must be to a question that this very browser asked, and is taken once."""
    provider = _provider(request, parts)
    token = read_cookie(request, parts.settings, SIGN_IN)
    kept = await asyncio.to_thread(parts.store.sign_ins.take, token) if token else None
    if kept is None:
        return _sorry(NotFound("This sign-in was not begun here, or took too long; please try again."))
    try:
        identity = await provider.finish(kept, request.query_params)
    except ServiceError as error:
        logger().warning("sign_in", state="refused", fault=error.field or error.code)
        return _sorry(error)
    session = await asyncio.to_thread(_enter, parts, identity, kept.get("visitor"))
    logger().info("sign_in", state="done")
    answer = RedirectResponse(PLACES[kept["next"]], SEE_OTHER)
    drop_cookie(answer, parts.settings, SIGN_IN)
    set_cookie(answer, session, parts.settings, parts.settings.sign_in_hours * 3600)
    return answer


def _provider(request: Request, parts: Parts) -> Provider:
    if parts.settings.sign_in == "anonymous":
        raise NotFound("There is nothing here.")
    provider: Provider = request.app.state.provider
    return provider


def _begin(parts: Parts, request: Request, kept: dict[str, Any]) -> str:
    token = read_cookie(request, parts.settings)
    session = parts.store.sessions.find(token) if token else None
    if token is not None and session is not None and session.person is None:
        kept["visitor"] = session.owner
    return parts.store.sign_ins.begin(kept)


def _enter(parts: Parts, identity: Identity, visitor: str | None) -> str:
    """A new session for whoever signed in, with what they asked before as a visitor; gives its token."""
    store = parts.store
    person = store.people.came(parts.settings.oidc_issuer, identity.subject, identity.name, identity.email)
    if visitor is not None:
        store.retention.adopt(visitor, person.id)
        store.sessions.end_visit(visitor)
    token, session = store.sessions.open(person.id, identity.roles)
    for role in sorted(session.roles - {"employee"}):
        store.audit.note(person.id, "sign in", role)
    return token


def _sorry(error: ServiceError) -> Response:
    return render("signin.html", status=status_of(error), reason=error.message)
