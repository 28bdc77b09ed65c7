"""axe-core finds nothing, whatever state the page is in and however it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import by_words, say, to_checklist, to_determination, to_question, violations

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 256}},  # 1280 x 1024 at 400 % (WCAG 1.4.10)
    "forced": {"forced_colors": "active"},
    "still": {"reduced_motion": "reduce"},
}
LAW = {
    "/law": "The law behind the answers",
    "/law/search?q=gift+basket": "Search the law",
    "/law/search?q=zzzz": "Search the law",
    "/law/pack/ct-dss": "Connecticut Department of Social Services staff",
    "/law/pack/ct-dss/gift": "Gifts",
    "/law/provision/RCSA%201-92-53": "1-92-53",
    "/law/rule/CT-GIFT-04": "Lobbyist gift ban",
    "/law/provision/none": "There is no such page",
    "/liaison": "Cases handed on",
    "/developers": "The API",
}
SPACED = """() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];
  sheet.replaceSync(
  "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}"); }"""
CUT = """() => [...document.querySelectorAll("button, h3, p, li")].filter((e) => !e.matches(".unseen") &&
  e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === "hidden").length"""
Visit = Callable[..., Page]


@pytest.mark.parametrize("look", LOOKS)
def test_a_whole_conversation(visit: Visit, look: str) -> None:
    page = visit("/", **LOOKS[look])
    assert violations(page) == [], "empty"
    to_question(page)
    assert violations(page) == [], "question"
    for _ in range(10):
        if page.locator(".card").count():
            break
        by_words(page)
    assert page.locator(".card").count() == 1
    for closed in page.locator(".card summary").all():
        closed.click()
    assert violations(page) == [], "determination"
    assert _overflow(page) <= 0


def test_a_checklist_with_its_error(visit: Visit) -> None:
    page = visit("/")
    to_checklist(page)
    assert violations(page) == []
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("alert").filter(has_text="None of these").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_an_error(visit: Visit, look: str) -> None:
    page = visit("/", **LOOKS[look])
    broken = {"error": {"message": "Broken."}}
    page.route("**/api/v1/chat", lambda route: route.fulfill(status=500, json=broken))
    page.fill("#message", "hello")
    page.press("#message", "Enter")
    page.get_by_role("alert").filter(has_text="Broken.").wait_for()
    assert page.input_value("#message") == "hello", "what was not sent is there to send again"
    assert violations(page) == []


def test_a_fact_being_changed_and_the_dialog(visit: Visit) -> None:
    page = visit("/")
    to_question(page)
    page.locator("#facts .chip").first.click()
    assert violations(page) == []
    page.get_by_role("button", name="Delete my data").click()
    assert page.get_by_role("dialog").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_law(visit: Visit, look: str) -> None:
    page = visit("/law", **LOOKS[look])
    base = page.url.removesuffix("/law")
    for path, title in LAW.items():
        page.goto(base + path)
        assert title in page.locator("h1").inner_text()
        assert violations(page) == [], path
        assert _overflow(page) <= 0, path


def test_text_spacing_loses_nothing(visit: Visit) -> None:
    """WCAG 1.4.12: wider lines, words and letters hide and cut nothing."""
    page = visit("/")
    to_determination(page, by_words)
    page.evaluate(SPACED)
    assert _overflow(page) <= 0
    assert page.evaluate(CUT) == 0


def test_nothing_moves_when_motion_is_unwanted(visit: Visit) -> None:
    page = visit("/", **LOOKS["still"])
    to_question(page)
    say(page, "hello")
    assert page.evaluate("document.getAnimations().length") == 0


def _overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
