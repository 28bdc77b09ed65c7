"""The session cookie: opaque, out of reach of scripts, never sent along from another site."""

from __future__ import annotations

from fastapi import Request, Response

from service.settings import Settings

CSRF_HEADER = "x-csrf-token"
# The __Host- prefix makes browsers insist on Secure, the root path and no domain (RFC 6265bis 4.1.3.2).
SECURE_NAME, PLAIN_NAME = "__Host-ethicsdesk", "ethicsdesk"


def read_cookie(request: Request) -> str | None:
    """The session token that the browser sent."""
    return request.cookies.get(SECURE_NAME) or request.cookies.get(PLAIN_NAME)


def set_cookie(response: Response, token: str, settings: Settings) -> None:
    """Have the browser keep the token."""
    secure = settings.public_origin.startswith("https://")
    response.set_cookie(
        SECURE_NAME if secure else PLAIN_NAME, token, max_age=settings.session_days * 86400, path="/",
        secure=secure, httponly=True, samesite="strict",
    )  # fmt: skip
