"""The application in-process, with stand-ins for the models and no Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from service.app import create_app
from service.parts import Parts
from service.settings import Settings

ADMIN = "admin-token-of-the-tests"


@pytest.fixture
async def parts(join: Callable[[Settings], Parts], settings: Callable[..., Settings]) -> AsyncIterator[Parts]:
    """The parts of the application."""
    made = join(settings(admin_token=ADMIN, max_message=4000))
    yield made
    await made.gateway.drain(5)
    made.store.close()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, without a session."""
    transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as made:
        yield made


@pytest.fixture
async def browser(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    """A client that holds a browser session and shows its CSRF token."""
    transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as made:
        begun = await made.post("/api/v1/session")
        made.headers["x-csrf-token"] = begun.json()["csrf"]
        yield made
