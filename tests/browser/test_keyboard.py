"""Whole journeys without a pointer, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import GIFT, by_words, say, to_checklist, to_determination, to_question

Visit = Callable[..., Page]
WATCH = """() => { window.heard = []; const node = document.getElementById("status");
  new MutationObserver(() => { if (node.textContent) window.heard.push(node.textContent); })
    .observe(node, {childList: true, characterData: true, subtree: true}); }"""
SETTLED = 250  # milliseconds, past the announcement's own pause


def tab_to(page: Page, text: str, key: str = "Tab", most: int = 60) -> None:
    """Press the key until the control with this text has the focus, its outline visible."""
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.locator(":focus")
        if focused.count() and text in (focused.inner_text() or focused.get_attribute("value") or ""):
            assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
            return
    raise AssertionError(f"{text} is not reached by {key}")


def answer_by_keys(page: Page) -> None:
    """Answer the pending question from the keyboard alone."""
    turns = page.locator(".mine").count()
    if page.locator(".question [type=checkbox]").count():
        tab_to(page, "Continue", "Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    else:
        options = page.locator(".question .option")
        words = options.last.inner_text().split("\n")[-1] if options.count() else "I don't know"
        tab_to(page, words, "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator(".mine").nth(turns).wait_for()
    page.locator(".typing").wait_for(state="detached")


def test_from_the_first_tab_to_a_determination_and_its_passage(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to your message"
    page.keyboard.press("Enter")
    page.keyboard.type(GIFT)
    page.keyboard.press("Enter")
    page.locator(".question").wait_for()
    packs = page.locator(".question .option").all_inner_texts()
    number = next(place for place, words in enumerate(packs, 1) if "Social Services" in words)
    page.keyboard.type(str(number))  # the number of an option answers as well
    page.keyboard.press("Enter")
    page.locator(".mine").nth(1).wait_for()
    page.locator(".typing").wait_for(state="detached")
    for _ in range(10):
        if page.locator(".card").count():
            break
        answer_by_keys(page)
        assert page.evaluate("document.activeElement.id") == "message", "the focus stays in the input"
    assert page.locator(".card h3").inner_text()
    tab_to(page, "Print this", "Shift+Tab")
    tab_to(page, "§", "Shift+Tab")
    page.keyboard.press("Enter")
    assert page.locator(".passage[open] blockquote").first.is_visible()


def test_a_checklist_by_space_and_tab(visit: Visit) -> None:
    page = visit("/")
    to_checklist(page)
    page.locator(".question [type=checkbox]").first.focus()
    page.keyboard.press("Space")
    assert page.locator(".question [type=checkbox]").first.is_checked()
    assert page.get_by_role("group", name="Does any of these").count() == 1, "a fieldset with its question"
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.locator(".typing").wait_for(state="detached")
    assert page.locator("#facts .chip").count() >= 2


def test_a_fact_is_changed_and_the_answer_follows(visit: Visit) -> None:
    page = visit("/")
    to_question(page)
    tab_to(page, "Cost for one person")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert "Cost for one person" in page.locator(":focus").inner_text(), "escape gives the chip back"
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    page.locator("#facts b", has_text="$20").wait_for()


def test_start_over_past_cases_and_deletion(visit: Visit) -> None:
    page = visit("/")
    to_determination(page, by_words)
    tab_to(page, "Start over")
    page.keyboard.press("Enter")
    page.locator("#past .chip").wait_for()
    assert page.locator("#talk > *").count() == 0
    assert page.locator("#who-name").inner_text() == "Connecticut Department of Social Services staff"
    tab_to(page, "Gifts")
    page.keyboard.press("Enter")
    page.locator(".card").wait_for()
    page.locator("#message:focus").wait_for()
    tab_to(page, "Delete my data")
    page.keyboard.press("Enter")
    assert page.locator("dialog :focus").inner_text() == "Keep it", "the safe choice has the focus"
    page.keyboard.press("Escape")
    assert page.locator(".card").count() == 1
    page.get_by_role("button", name="Delete my data").press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Everything is deleted.").wait_for()
    assert page.locator("#talk > *").count() == 0
    page.reload()
    page.get_by_text("None from this browser.").wait_for()
    assert page.locator("#pack").input_value() == ""


def test_a_person_is_one_key_away(visit: Visit) -> None:
    page = visit("/")
    to_question(page)
    tab_to(page, "Talk to a person")
    page.keyboard.press("Enter")
    page.locator("#talk .notice").nth(1).wait_for()


def test_each_message_is_announced_exactly_once(visit: Visit) -> None:
    page = visit("/")
    page.evaluate(WATCH)
    page.select_option("#pack", "ct-dss")
    say(page, GIFT)
    for turns in range(1, 11):
        page.wait_for_timeout(SETTLED)
        heard = page.evaluate("window.heard")
        assert len(heard) == turns, "one announcement a turn"
        if page.locator(".card").count():
            break
        asked = page.locator(".question").get_attribute("data-asked") or "none"
        assert heard[-1].count(asked) == 1
        by_words(page)
    assert page.locator(".card h3").inner_text() in heard[-1]
    assert page.locator("#talk").get_attribute("role") == "log"
    assert page.locator("#talk").get_attribute("aria-live") == "off"
    page.reload()
    page.locator(".card").wait_for()
    assert page.locator("#status").inner_text() == "", "what was said before is not read again"


def test_an_empty_message_says_what_is_missing(visit: Visit) -> None:
    page = visit("/")
    page.focus("#message")
    page.keyboard.press("Enter")
    assert page.get_by_role("alert").filter(has_text="Write your message first.").is_visible()
    assert page.evaluate("document.activeElement.id") == "message"
