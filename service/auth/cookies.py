"""The cookies: opaque, out of reach of scripts; only a sign-in's comes along from another site."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from service.settings import Settings

CSRF_HEADER = "x-csrf-token"
# The __Host- prefix makes browsers insist on Secure, the root path and no domain (RFC 6265bis 4.1.3.2).
SECURE, SESSION, SIGN_IN = "__Host-", "ethicsdesk", "ethicsdesk-sign-in"
SIGN_IN_SECONDS = 600


def read_cookie(request: Request, settings: Settings, name: str = SESSION) -> str | None:
    """The token that the browser sent; on HTTPS only one that no neighbouring site can have set."""
    return request.cookies.get(f"{SECURE}{name}" if _secure(settings) else name)


def set_cookie(response: Response, token: str, settings: Settings, seconds: int | None = None) -> None:
    """Have the browser keep the session's token for so long, or until it is closed."""
    secure = _secure(settings)
    response.set_cookie(
        f"{SECURE}{SESSION}" if secure else SESSION, token, max_age=seconds, path="/", secure=secure,
        httponly=True, samesite="strict",
    )  # fmt: skip


def set_sign_in_cookie(response: Response, token: str, settings: Settings) -> None:
    """Have the browser keep a sign-in's token until the provider sends it back, from the provider's site."""
    secure = _secure(settings)
    response.set_cookie(
        f"{SECURE}{SIGN_IN}" if secure else SIGN_IN, token, max_age=SIGN_IN_SECONDS, path="/", secure=secure,
        httponly=True, samesite="lax",
    )  # fmt: skip


def drop_cookie(response: Response, settings: Settings, name: str = SESSION) -> None:
    """Have the browser forget a token."""
    secure = _secure(settings)
    response.delete_cookie(f"{SECURE}{name}" if secure else name, path="/", secure=secure, httponly=True)


def _secure(settings: Settings) -> bool:
    return settings.public_origin.startswith("https://")
