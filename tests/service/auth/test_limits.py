"""Whose address is counted, and what a browser may keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import uvicorn

from service import serving
from service.app import create_app
from service.parts import Parts
from service.settings import Settings
from tests.service.auth.conftest import Browser


@pytest.mark.parametrize(("proxies", "counted"), [("", "127.0.0.1"), ("127.0.0.1", "198.51.100.7")])
async def test_a_forwarded_address_is_believed_from_a_named_proxy_alone(
    join: Callable[[Settings], Parts],
    settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    proxies: str,
    counted: str,
) -> None:
    parts = join(settings(trusted_proxies=proxies))
    seen: list[str] = []
    monkeypatch.setattr(type(parts.limiter), "request", lambda _, address: seen.append(address))
    config = serving.configuration(parts.settings, create_app(parts))
    config.load()
    assert isinstance(config, uvicorn.Config)
    transport: Any = httpx.ASGITransport(config.loaded_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        assert (await client.get("/health", headers={"x-forwarded-for": "198.51.100.7"})).status_code == 200
    assert seen == [counted]
    parts.store.close()


async def test_no_answer_is_kept_by_a_browser(browser: Browser) -> None:
    async with browser() as client:
        for path in (
            "/",
            "/api/v1/packs",
            "/api/v1/conversations",
            "/auth/login",
            "/nothing",
            "/static/base.css",
        ):
            assert (await client.get(path)).headers["cache-control"] == "no-store", path
