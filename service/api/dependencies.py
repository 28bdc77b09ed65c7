"""What the routes share: the parts, and who calls with which role."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.auth.cookies import CSRF_HEADER, read_cookie
from service.errors import Forbidden, InvalidInput, NotFound, SignInNeeded
from service.parts import Parts
from service.store.sessions import BrowserSession, Role


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

    def person_with(self, role: Role) -> str | None:
        """The caller's id, if they have signed in and hold this role."""
        session = self.session
        return session.person if session is not None and role in session.roles else None


def caller(request: Request, parts: PartsDep) -> Caller:
    """The caller, by session cookie; changes made with a cookie must show the session's CSRF token too."""
    token = read_cookie(request, parts.settings)
    session = parts.store.sessions.find(token) if token else None
    if session is None:
        return Caller(None, None)
    if request.method not in ("GET", "HEAD"):
        check_csrf(request, session)
    return Caller(session.owner, session)


def check_csrf(request: Request, session: BrowserSession) -> None:
    """Raise `Forbidden` unless the request shows the session's token: another site's page cannot know it."""
    shown = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(shown.encode(), session.csrf.encode()):
        raise Forbidden("The page is out of date; please reload it.", field=CSRF_HEADER,
                        expected="the token that POST /api/v1/session gave")  # fmt: skip


CallerDep = Annotated[Caller, Depends(caller)]


def speaker(caller: CallerDep, parts: PartsDep) -> Caller:
    """A caller who may hold conversations: anybody, or whoever has signed in where that is required."""
    signed_in = caller.session is not None and caller.session.person is not None
    if parts.settings.sign_in == "required" and not signed_in:
        raise SignInNeeded("Please sign in first.", expected="a session begun at /auth/login")
    return caller


SpeakerDep = Annotated[Caller, Depends(speaker)]


def liaison(caller: CallerDep) -> str:
    """Let an ethics liaison pass; everybody else finds nothing here. Gives who it is."""
    person = caller.person_with("liaison")
    if person is None:
        raise NotFound("There is nothing here.")
    return person


LiaisonDep = Annotated[str, Depends(liaison)]


def administrator(request: Request, caller: CallerDep, parts: PartsDep) -> str:
    """Let an administrator pass, or the administrator's token; everybody else finds nothing here."""
    person = caller.person_with("administrator")
    if person is not None:
        return person
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
