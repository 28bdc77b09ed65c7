"""The liaison's page: a case that somebody handed on is opened, taken and closed by mouse and by keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from service.auth.cookies import SESSION
from service.parts import Parts
from service.settings import Settings
from tests.browser.conftest import GIFT, say, violations
from tests.browser.serve import free_port, serving
from tests.browser.standins import build

ASKER, LIAISON = "person:ana", "person:lee"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Parts]]:
    """The address and the parts of a desk with a sign-in; who signs in is put there by the test."""
    port = free_port()
    parts = build(
        Settings(
            var_dir=tmp_path_factory.mktemp("office"), rasa_processes=0, port=port, sign_in="optional",
            oidc_issuer="http://127.0.0.1:9", oidc_client_id="desk", oidc_client_secret="of the tests",
            oidc_liaisons="ethics", public_origin=f"http://127.0.0.1:{port}",
        )
    )  # fmt: skip
    with serving(parts, port) as address:
        yield address, parts


def signed_in(chromium: Browser, office: tuple[str, Parts], person: str, *roles: str) -> Page:
    """A page of a browser in which somebody is signed in."""
    address, parts = office
    token, _ = parts.store.sessions.open(person, ["employee", *roles])  # type: ignore[list-item]
    context = chromium.new_context()
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": SESSION, "value": token, "url": address}])
    return context.new_page()


@pytest.fixture
def handed_on(chromium: Browser, office: tuple[str, Parts]) -> None:
    """Somebody asks, and asks for a person."""
    page = signed_in(chromium, office, ASKER)
    page.goto(office[0])
    page.locator("#pack option").nth(4).wait_for(state="attached")
    page.select_option("#pack", "ct-dss")
    say(page, GIFT)
    say(page, "talk to a person")
    page.context.close()


def test_a_case_is_opened_taken_and_closed(
    chromium: Browser, office: tuple[str, Parts], handed_on: None
) -> None:
    page = signed_in(chromium, office, LIAISON, "liaison")
    page.goto(f"{office[0]}/liaison")
    case = page.locator("#inbox > li")
    expect(case).to_contain_text("Waiting")
    expect(case).to_contain_text("Social Services")
    assert violations(page) == []
    case.get_by_role("button", name="Open").press("Enter")
    opened = page.locator("#open")
    expect(opened).to_be_focused()
    expect(opened).to_contain_text(GIFT)
    expect(opened).to_contain_text("$75")
    expect(page.locator("#close")).to_be_hidden()
    case.get_by_role("button", name="Take").click()
    expect(page.locator("#status")).to_have_text("The case is yours.")
    assert violations(page) == []
    page.fill("#note", "Give it back within 30 days.")
    page.locator("#close button").click()
    expect(page.locator("#status")).to_have_text("The case is closed.")
    expect(opened).to_be_hidden()
    expect(case).to_contain_text("Closed")
    page.context.close()


def test_who_is_no_liaison_sees_no_case(
    chromium: Browser, office: tuple[str, Parts], handed_on: None
) -> None:
    page = signed_in(chromium, office, ASKER)
    page.goto(f"{office[0]}/liaison")
    expect(page.locator("#sign-in")).to_be_visible()
    assert page.locator("#inbox > li").count() == 0
    assert violations(page) == []
    page.context.close()
