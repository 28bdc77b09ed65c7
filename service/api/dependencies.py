"""What the routes share: the parts, the caller, and the limits."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.auth.cookies import CSRF_HEADER, read_cookie
from service.errors import Forbidden, InvalidInput, NotFound
from service.parts import Parts
from service.store.sessions import BrowserSession


def parts(request: Request) -> Parts:
    """The assembled service."""
    assembled: Parts = request.app.state.parts
    return assembled


PartsDep = Annotated[Parts, Depends(parts)]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `owner` is what a conversation of theirs is bound to; None for an API client without a
    session."""

    owner: str | None
    session: BrowserSession | None


def caller(request: Request, parts: PartsDep) -> Caller:
    """The caller, by session cookie; changes made with a cookie must show the session's CSRF token too."""
    address = request.client.host if request.client else "unknown"
    parts.limiter.request(address)
    token = read_cookie(request)
    session = parts.store.sessions.find(token) if token else None
    if session is None:
        return Caller(None, None)
    shown = request.headers.get(CSRF_HEADER, "")
    if request.method not in ("GET", "HEAD") and not hmac.compare_digest(
        shown.encode(), session.csrf.encode()
    ):
        raise Forbidden("The page is out of date; please reload it.", field=CSRF_HEADER,
                        expected="the token that POST /api/v1/session gave")  # fmt: skip
    return Caller(session.owner, session)


CallerDep = Annotated[Caller, Depends(caller)]


def administrator(request: Request, parts: PartsDep) -> str:
    """Let the administrator's token pass; everybody else finds nothing here."""
    token = parts.settings.admin_token
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(shown.encode(), token.get_secret_value().encode()):
        raise NotFound("There is nothing here.")
    return "administrator"


AdministratorDep = Annotated[str, Depends(administrator)]


def known_pack(parts: Parts, pack: str, field: str = "pack") -> str:
    """The pack's id. Raises `InvalidInput` naming the packs there are."""
    if pack not in parts.knowledge.packs:
        raise InvalidInput("There is no such pack.", field=field, expected=", ".join(parts.knowledge.packs))
    return pack
