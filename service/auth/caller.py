"""Who calls: by session cookie, and with the session's CSRF token for whatever changes something."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from starlette.requests import Request

from service.auth.cookies import CSRF_HEADER, read_cookie
from service.errors import Forbidden, SignInNeeded
from service.settings import Settings
from service.store.sessions import BrowserSession, Role, Sessions


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `owner` is what a conversation of theirs is bound to; None for an API client without a
    session."""

    owner: str | None
    session: BrowserSession | None

    @property
    def channel(self) -> str:
        """Where the caller's conversations are held."""
        return "web" if self.session else "api"

    def person_with(self, role: Role) -> str | None:
        """The caller's id, if they have signed in and hold this role."""
        session = self.session
        return session.person if session is not None and role in session.roles else None


def caller_of(request: Request, settings: Settings, sessions: Sessions) -> Caller:
    """The caller. Raises `Forbidden` for a change with a cookie and without the session's CSRF token."""
    token = read_cookie(request, settings)
    session = sessions.find(token) if token else None
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


def check_may_speak(caller: Caller, settings: Settings) -> None:
    """Anybody may hold conversations, or whoever has signed in where that is required (`SignInNeeded`)."""
    signed_in = caller.session is not None and caller.session.person is not None
    if settings.sign_in == "required" and not signed_in:
        raise SignInNeeded("Please sign in first.", expected="a session begun at /auth/login")
