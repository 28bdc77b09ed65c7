"""A desk that people sign in to, and the provider that knows them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.parts import Parts
from service.settings import Settings
from tests.service.auth.provider import CLIENT, SECRET, FakeProvider

ORIGIN = "http://desk"
ADMIN = "admin-token-of-the-tests"
GROUPS: dict[str, list[str]] = {
    "employee": ["staff"],
    "liaison": ["staff", "ethics"],
    "administrator": ["it"],
}
Browser = Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    """The identity provider."""
    made = FakeProvider()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def sign_in() -> str:
    """Whether one may or must sign in."""
    return "optional"


@pytest.fixture
async def parts(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings], provider: FakeProvider, sign_in: str
) -> AsyncIterator[Parts]:
    """The parts of a desk with a sign-in."""
    made = join(
        settings(
            sign_in=sign_in, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
            oidc_liaisons="ethics", oidc_administrators="it", public_origin=ORIGIN, admin_token=ADMIN,
        )
    )  # fmt: skip
    yield made
    await made.gateway.drain(5)
    made.store.close()


@pytest.fixture
def browser(parts: Parts) -> Browser:
    """Opens a browser of its own at the desk."""
    app = create_app(parts)

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as made:
            yield made

    return opened


async def begin(client: httpx.AsyncClient) -> dict[str, Any]:
    """What the page asks first; the client shows the session's token from now on."""
    told: dict[str, Any] = (await client.post("/api/v1/session")).json()
    client.headers["x-csrf-token"] = told["csrf"]
    return told


async def enter(
    client: httpx.AsyncClient, provider: FakeProvider, subject: str, role: str = "employee", **claims: Any
) -> httpx.Response:
    """Sign in as somebody; gives the answer to the provider's redirect."""
    sent = await client.get("/auth/login")
    back = provider.authorize(
        sent.headers["location"], sub=subject, name=subject.title(), groups=GROUPS[role], **claims
    )
    answer = await client.get("/auth/callback", params=back)
    if answer.status_code == 303:
        await begin(client)
    return answer


async def ask(client: httpx.AsyncClient, message: str, conversation: str | None = None) -> httpx.Response:
    """Say something to the desk."""
    body: dict[str, Any] = {"message": message, "profile": {"pack": "ct-state"}}
    if conversation:
        body["conversation_id"] = conversation
    return await client.post("/api/v1/chat", json=body)
