"""A reply that takes longer than the page waits comes by itself, once, over the event stream."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.test_keyboard import SETTLED, WATCH

Visit = Callable[..., Page]
LATE = "A vendor slowly sent me a gift of $75"
WAIT = 20_000  # milliseconds


def test_a_late_reply_comes_by_itself_and_is_announced_once(visit: Visit) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.evaluate(WATCH)
    page.select_option("#pack", "ct-dss")
    page.fill("#message", LATE)
    page.press("#message", "Enter")
    page.locator("#talk .notice", has_text="still working").wait_for(timeout=WAIT)
    page.locator("#talk .typing").wait_for()
    page.fill("#message", "hello?")
    page.press("#message", "Enter")
    assert page.input_value("#message") == "hello?", "what is written meanwhile stays to be sent"
    page.locator(".question").wait_for(timeout=WAIT)
    page.wait_for_timeout(SETTLED)
    assert page.locator("#talk .typing").count() == 0
    question = page.locator(".question").get_attribute("data-asked") or ""
    heard: list[str] = page.evaluate("window.heard")
    assert sum(words.count(question) for words in heard) == 1
    assert sum("still working" in words for words in heard) == 1
    streams = [one for one in asked if "/events?" in one]
    assert len(streams) == 1
    assert not [
        one for one in asked if one.startswith("GET") and "/api/v1/chat/" in one and one not in streams
    ]
    assert page.locator("#facts .chip").count() >= 1, "the facts are those of the late reply"
    page.press("#message", "Enter")
    page.locator(".mine", has_text="hello?").wait_for()


def test_a_page_loaded_again_still_gets_the_late_reply(visit: Visit) -> None:
    page = visit("/")
    page.select_option("#pack", "ct-dss")
    page.fill("#message", LATE)
    page.press("#message", "Enter")
    page.locator("#talk .notice", has_text="still working").wait_for(timeout=WAIT)
    page.reload()
    page.locator(".question").wait_for(timeout=WAIT)
    assert page.locator(".question").count() == 1
    assert page.locator("#talk .typing").count() == 0
