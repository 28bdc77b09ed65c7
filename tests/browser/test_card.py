"""What a determination offers: the days to keep, the words that decide, what would change it and why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import GIFT, say, violations
from tests.service.answers import MOST, in_words

Visit = Callable[..., Page]
RECEIVED, RETURNED = "2026-11-20", "20261220"


def to_card(page: Page) -> None:
    """As far as a vendor's gift that a state employee may not keep, whose return has a day."""
    page.select_option("#pack", "ct-state")
    say(page, GIFT)
    path = "/api/v1/chat/" + page.evaluate("sessionStorage.getItem('ethicsdesk.conversation')")
    for _ in range(MOST):
        if page.locator(".card").count():
            return
        state = page.request.get(page.url.rstrip("/") + path).json()["state"]
        say(page, in_words(state["pending"]))
    raise AssertionError("no determination came")


def test_a_dated_step_is_kept_in_a_calendar(visit: Visit, tmp_path: Path) -> None:
    page = visit("/", accept_downloads=True)
    to_card(page)
    assert page.get_by_role("button", name="Add to calendar").count() == 0, "no day is known yet"
    page.locator(".question input[type=date]").fill(RECEIVED)
    page.get_by_role("button", name="Use this day").click()
    add = page.locator(".card").last.get_by_role("button", name="Add to calendar").first
    with page.expect_download() as kept:
        add.click()
    assert kept.value.suggested_filename == "ethics-desk.ics"
    kept.value.save_as(tmp_path / "kept.ics")
    text = (tmp_path / "kept.ics").read_bytes().decode()
    assert f"DTSTART;VALUE=DATE:{RETURNED}" in text
    assert "SUMMARY:Due: " in text
    assert "/law/provision/" in text.replace("\r\n ", "")
    assert "return it or repay" in page.locator(".card").last.locator(".steps").inner_text()
    assert violations(page) == []


def test_a_card_says_what_decides_what_would_change_it_and_why_not(visit: Visit) -> None:
    page = visit("/")
    to_card(page)
    card = page.locator(".card")
    assert card.locator(".icon svg").count() == 1, "an icon"
    assert card.locator("h3").inner_text() == "Not allowed", "a word"
    assert card.evaluate("e => getComputedStyle(e).borderColor") != "rgb(0, 0, 0)", "and a colour"
    changes = card.locator("section", has=page.get_by_role("heading", name="What would change this"))
    assert changes.locator("li").count() >= 1
    card.get_by_text("Also considered, and why not").click()
    assert card.locator(".folded").first.locator("li").first.is_visible()
    passage = card.locator(".passage").first
    assert not passage.locator("mark").first.is_visible()
    passage.locator("summary").click()
    marked = passage.locator("mark").first
    assert marked.is_visible(), "the deciding words, once the passage is open"
    assert len(marked.inner_text()) > 20
    assert "own words" in passage.inner_text()


def test_what_was_taken_for_granted_is_changed_in_place(visit: Visit) -> None:
    page = visit("/")
    to_card(page)
    chip = page.locator(".card .chip").first
    chip.click()
    field = page.locator(".card .edit input, .card .edit select").first
    if field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(index=0)
    else:
        field.fill("75")
    before = page.locator(".mine").count()
    page.locator(".card .edit button[type=submit]").click()
    page.locator(".mine").nth(before).wait_for()
    page.locator(".typing").wait_for(state="detached")
    assert page.locator("#talk").inner_text().count("answer") >= 1


def test_an_earlier_question_is_opened_again_and_deleted(visit: Visit) -> None:
    page = visit("/")
    to_card(page)
    page.get_by_role("button", name="Start over").click()
    past = page.locator("#past .chip")
    past.wait_for()
    assert "Gifts" in past.inner_text()
    assert "Not allowed" in past.inner_text()
    past.click()
    page.locator(".card").wait_for()
    page.get_by_role("button", name="Delete my data").click()
    page.locator("dialog").get_by_role("button", name="Delete my data").click()
    page.get_by_text("Everything is deleted.").wait_for()
    assert page.locator("#past .chip").count() == 0
