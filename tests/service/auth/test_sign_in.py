"""Signing in: the code flow against a provider of the tests' own, and every way in which it must fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Request, Response
from joserfc.jwk import RSAKey
from sqlalchemy import text

from service.auth.cookies import read_cookie, set_cookie, set_sign_in_cookie
from service.parts import Parts
from service.settings import Settings
from tests.service.auth.conftest import Browser, ask, begin, enter
from tests.service.auth.provider import SECRET, FakeProvider, symmetric

GIFT = "a vendor gave me a gift of $75"


async def test_a_person_signs_in_and_is_known(browser: Browser, provider: FakeProvider) -> None:
    async with browser() as client:
        assert (await begin(client))["person"] is None
        answer = await enter(client, provider, "ana", email="ana@example.gov")
        assert answer.headers["location"] == "/"
        told = await begin(client)
        assert (told["person"], told["roles"], told["sign_in"]) == ("Ana", ["employee"], "optional")


@pytest.mark.parametrize("role", ["employee", "liaison", "administrator"])
async def test_roles_come_from_the_groups_of_the_settings(
    browser: Browser, provider: FakeProvider, role: str
) -> None:
    async with browser() as client:
        await enter(client, provider, "kim", role)
        assert set((await begin(client))["roles"]) == {"employee", role}


async def test_signing_in_gives_a_new_token_and_ends_the_old_session(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as client:
        await begin(client)
        before = client.cookies["ethicsdesk"]
        await enter(client, provider, "ana")
        assert client.cookies["ethicsdesk"] != before
        assert parts.store.sessions.find(before) is None


async def test_the_cookies_are_out_of_reach_and_bound_to_the_site(
    browser: Browser, provider: FakeProvider
) -> None:
    async with browser() as client:
        sent = await client.get("/auth/login")
        assert "HttpOnly" in sent.headers["set-cookie"]
        assert "SameSite=lax" in sent.headers["set-cookie"]
        answer = await client.get("/auth/callback", params=provider.authorize(sent.headers["location"]))
        session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("ethicsdesk="))
        assert "HttpOnly" in session
        assert "SameSite=strict" in session


def test_under_https_the_cookies_are_secure(settings: Callable[..., Settings]) -> None:
    answer = Response()
    secure = settings(public_origin="https://ethics.example.gov")
    set_cookie(answer, "token", secure)
    set_sign_in_cookie(answer, "token", secure)
    for cookie in answer.headers.getlist("set-cookie"):
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie
        assert "; Path=/;" in cookie
        assert "Domain" not in cookie


def test_under_https_a_cookie_that_a_neighbour_may_have_set_is_not_read(
    settings: Callable[..., Settings],
) -> None:
    secure = settings(public_origin="https://ethics.example.gov")
    sent = [(b"cookie", b"ethicsdesk=planted")]
    assert read_cookie(Request({"type": "http", "headers": sent}), secure) is None
    sent = [(b"cookie", b"__Host-ethicsdesk=ours; ethicsdesk=planted")]
    assert read_cookie(Request({"type": "http", "headers": sent}), secure) == "ours"


async def test_cases_are_there_again_from_another_device(browser: Browser, provider: FakeProvider) -> None:
    async with browser() as office, browser() as home:
        await enter(office, provider, "ana")
        begun = (await ask(office, GIFT)).json()["conversation_id"]
        await enter(home, provider, "ana")
        assert [one["conversation_id"] for one in (await home.get("/api/v1/conversations")).json()] == [begun]
        assert (await home.get(f"/api/v1/chat/{begun}")).json()["turns"][0]["said"] == GIFT


async def test_what_a_visitor_asked_is_theirs_after_signing_in(
    browser: Browser, provider: FakeProvider
) -> None:
    async with browser() as client, browser() as other:
        await begin(client)
        begun = (await ask(client, GIFT)).json()["conversation_id"]
        await enter(client, provider, "ana")
        assert (await client.get(f"/api/v1/chat/{begun}")).status_code == 200
        await enter(other, provider, "bob")
        assert (await other.get(f"/api/v1/chat/{begun}")).status_code == 404


async def test_signing_out_ends_the_session_and_keeps_the_cases(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as client:
        await enter(client, provider, "ana")
        begun = (await ask(client, GIFT)).json()["conversation_id"]
        token = client.cookies["ethicsdesk"]
        assert (await client.delete("/api/v1/session", headers={"x-csrf-token": "x"})).status_code == 403
        assert (await client.delete("/api/v1/session")).status_code == 204
        assert parts.store.sessions.find(token) is None
        assert (await client.get(f"/api/v1/chat/{begun}")).status_code == 404
        await enter(client, provider, "ana")
        assert (await client.get(f"/api/v1/chat/{begun}")).status_code == 200


async def test_signing_out_everywhere_ends_the_other_sessions(
    browser: Browser, provider: FakeProvider
) -> None:
    async with browser() as here, browser() as there:
        await enter(here, provider, "ana")
        await enter(there, provider, "ana")
        assert (await here.delete("/api/v1/session", params={"everywhere": True})).status_code == 204
        assert (await begin(there))["person"] is None


async def test_what_a_visitor_asked_goes_with_their_session(browser: Browser, parts: Parts) -> None:
    async with browser() as client:
        await begin(client)
        await ask(client, GIFT)
        assert (await client.delete("/api/v1/session")).status_code == 204
    with parts.store.database.read() as db:
        for table in ("conversation", "inbox", "turn", "outbox", '"case"'):
            assert db.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


STALE = int(time.time()) - 3600


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "http://elsewhere.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"sub": None},
        {"nonce": "another nonce"},
        {"nonce": None},
        {"exp": STALE},
        {"exp": None},
        {"iat": None},
        {"azp": "another client"},
        {"aud": ["desk", "another client"]},
        {"nbf": int(time.time()) + 3600},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_signs_nobody_in(
    browser: Browser, provider: FakeProvider, parts: Parts, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    async with browser() as client:
        answer = await enter(client, provider, "ana")
        assert answer.status_code == 403
        assert "You are not signed in" in answer.text
        assert (await begin(client))["person"] is None


async def test_a_signature_of_another_key_is_refused(browser: Browser, provider: FakeProvider) -> None:
    provider.signs_with = RSAKey.generate_key(2048)
    async with browser() as client:
        assert (await enter(client, provider, "ana")).status_code == 403


async def test_a_symmetric_signature_is_refused_even_where_the_provider_offers_it(
    browser: Browser, provider: FakeProvider
) -> None:
    provider.algorithms, provider.algorithm = ("RS256", "HS256", "none"), "HS256"
    provider.signs_with = symmetric(SECRET)
    async with browser() as client:
        assert (await enter(client, provider, "ana")).status_code == 403


async def test_an_answer_without_identity_token_is_refused(browser: Browser, provider: FakeProvider) -> None:
    provider.idless = True
    async with browser() as client:
        assert (await enter(client, provider, "ana")).status_code == 403


@pytest.mark.parametrize("change", [{"state": "forged"}, {"code": "forged"}, {"iss": "http://elsewhere"}])
async def test_a_forged_answer_is_refused(
    browser: Browser, provider: FakeProvider, change: dict[str, str]
) -> None:
    async with browser() as client:
        sent = await client.get("/auth/login")
        back = provider.authorize(sent.headers["location"]) | change
        assert (await client.get("/auth/callback", params=back)).status_code == 403


async def test_an_answer_is_taken_once_and_by_the_browser_that_asked(
    browser: Browser, provider: FakeProvider
) -> None:
    async with browser() as client, browser() as other:
        sent = await client.get("/auth/login")
        cookie = client.cookies["ethicsdesk-sign-in"]
        back = provider.authorize(sent.headers["location"])
        assert (await other.get("/auth/callback", params=back)).status_code == 404
        assert (await client.get("/auth/callback", params=back)).status_code == 303
        client.cookies.set("ethicsdesk-sign-in", cookie)
        assert (await client.get("/auth/callback", params=back)).status_code == 404


async def test_a_refusal_of_the_person_is_no_error_of_ours(browser: Browser, provider: FakeProvider) -> None:
    async with browser() as client:
        sent = await client.get("/auth/login")
        state = provider.authorize(sent.headers["location"])["state"]
        answer = await client.get("/auth/callback", params={"error": "access_denied", "state": state})
        assert answer.status_code == 403


async def test_a_sign_in_that_took_too_long_is_over(
    browser: Browser, provider: FakeProvider, parts: Parts
) -> None:
    async with browser() as client:
        sent = await client.get("/auth/login")
        with parts.store.database.write() as db:
            db.execute(text("UPDATE sign_in SET begun_at = '2020-01-01 00:00:00'"))
        back = provider.authorize(sent.headers["location"])
        assert (await client.get("/auth/callback", params=back)).status_code == 404


async def test_where_to_go_on_is_never_an_address_of_the_request(browser: Browser) -> None:
    async with browser() as client:
        assert (await client.get("/auth/login", params={"next": "https://evil.example"})).status_code == 422


async def test_without_the_provider_the_page_says_so(browser: Browser, provider: FakeProvider) -> None:
    await provider.stop()
    async with browser() as client:
        answer = await client.get("/auth/login")
        assert answer.status_code == 503
        assert "cannot be reached" in answer.text


async def test_a_provider_of_another_name_is_not_asked(browser: Browser, provider: FakeProvider) -> None:
    provider.issuer = "http://elsewhere.example"
    async with browser() as client:
        assert (await client.get("/auth/login")).status_code == 503


@pytest.mark.parametrize("sign_in", ["required"])
async def test_where_signing_in_is_required_nobody_speaks_without(
    browser: Browser, provider: FakeProvider
) -> None:
    async with browser() as client:
        assert (await begin(client))["sign_in"] == "required"
        refused = await ask(client, GIFT)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "sign_in")
        assert (await client.get("/api/v1/packs")).status_code == 200, "the law is public"
        await enter(client, provider, "ana")
        assert (await ask(client, GIFT)).status_code == 200
