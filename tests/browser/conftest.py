"""Chromium and the desk, each started once; every test gets a page of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serve import free_port, running

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
GIFT = "A vendor sent me a gift of $75"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def host_port() -> int:
    """The port of the page that frames the desk, allowed by the setting."""
    return free_port()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, host_port: int) -> Iterator[str]:
    """The address of the desk."""
    allowed = (f"http://127.0.0.1:{host_port}",)
    with running(tmp_path_factory.mktemp("desk"), free_port(), frame_ancestors=allowed) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, ended with each file: it holds the event loop that asynchronous tests need."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, desk: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the desk in a browser that knows nothing of earlier visits."""
    contexts = []

    def open_page(path: str = "/", ready: bool = True, **given: Any) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1200, "height": 850}, **given})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(desk + path)
        if ready and path == "/":
            page.locator("#pack option").nth(4).wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()


def say(page: Page, text: str) -> None:
    """Type a message, send it, and wait for what the desk says."""
    before = page.locator("#talk > :not(.mine, .typing)").count()
    page.fill("#message", text)
    page.press("#message", "Enter")
    page.locator("#talk > :not(.mine, .typing)").nth(before).wait_for()
    page.locator(".typing").wait_for(state="detached")


def to_question(page: Page) -> None:
    """As far as the first question."""
    page.select_option("#pack", "ct-dss")
    say(page, GIFT)
    page.locator(".question").wait_for()


def to_checklist(page: Page) -> None:
    """As far as the first checklist."""
    to_question(page)
    for _ in range(6):
        if page.locator(".question [type=checkbox]").count():
            return
        by_words(page)
    raise AssertionError("no checklist was asked")


def to_determination(page: Page, answer: Callable[[Page], None]) -> None:
    """As far as the card, each question answered by `answer`."""
    to_question(page)
    for _ in range(10):
        if page.locator(".card").count():
            return
        answer(page)
    raise AssertionError("no determination came")


def by_words(page: Page) -> None:
    """Answer the pending question: none of a checklist, no, or the last option in its own words."""
    question = page.locator(".question")
    if question.locator("[type=checkbox]").count():
        return say(page, "none of these")
    options = question.locator(".option")
    return say(page, options.last.inner_text().split("\n")[-1] if options.count() else "I don't know")


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [
        f"{one['id']}: {one['help']} {[node['html'][:150] for node in one['nodes'][:3]]}" for one in found
    ]
