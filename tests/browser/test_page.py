"""What the page does beyond talking: calendar, print, links, text that stays text, no script, the frame."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import by_words, say, to_determination, to_question

Visit = Callable[..., Page]
CALENDAR = """async () => { const {calendar} = await import("/static/calendar.js");
  return calendar({due: "2026-12-31", title: "File form; a, b", details: "x".repeat(200), id: "R-1",
    address: "https://desk.example/law", now: new Date("2026-11-24T10:00:00Z")}); }"""
ATTACK = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def test_what_is_typed_stays_text(visit: Visit) -> None:
    page = visit("/")
    say(page, f"gift {ATTACK}")
    assert ATTACK in page.locator(".mine").inner_text()
    assert page.locator("#talk img, #talk script").count() == 0
    page.goto(page.url + "law/search?q=%3Cscript%3Edocument.title%3D1%3C/script%3E")
    assert page.locator("main script").count() == 0
    assert page.title().startswith("Search")


def test_no_request_leaves_the_host(visit: Visit, desk: str) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: _note(asked, request))
    to_determination(page, by_words)
    page.goto(desk + "/law/pack/ct-dss")
    assert asked
    assert [one for one in asked if not one.startswith((desk, "data:", "blob:"))] == []


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def test_a_passage_opens_in_place_and_its_link_is_copied(visit: Visit, desk: str) -> None:
    page = visit("/", permissions=["clipboard-read", "clipboard-write"])
    to_determination(page, by_words)
    passage = page.locator(".passage").first
    passage.locator("summary").click()
    assert passage.locator("blockquote").is_visible()
    passage.get_by_role("button", name="Copy link").click()
    page.locator("#status", has_text="copied").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{desk}/law/provision/")
    citation = passage.locator("b").inner_text()
    page.goto(address)
    assert citation in page.locator("h1").inner_text()


def test_the_deciding_words_are_marked(visit: Visit) -> None:
    page = visit("/")
    to_determination(page, by_words)
    assert page.locator(".passage mark").count() >= 1


def test_the_calendar_file_is_whole(visit: Visit) -> None:
    text: str = visit("/").evaluate(CALENDAR)
    lines = text.split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "SUMMARY:File form\\; a\\, b" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    assert "DESCRIPTION:" + "x" * 200 in text.replace("\r\n ", "")


def test_print_shows_the_determination_alone(visit: Visit) -> None:
    page = visit("/")
    to_determination(page, by_words)
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print this").click()
    page.emulate_media(media="print")
    assert page.locator(".card blockquote").first.is_visible()
    assert page.locator(".mine:visible, .composer:visible, aside:visible").count() == 0
    assert page.locator(".card .chip:visible").count() == page.locator(".card .chip").count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".passage[open]").count() == 0, "the page is as it was"


def test_who_one_is_is_chosen_once(visit: Visit) -> None:
    page = visit("/")
    to_question(page)
    page.reload()
    page.locator(".question").wait_for()
    assert page.locator("#who-name").inner_text() == "Connecticut Department of Social Services staff"
    assert not page.locator("#pack").is_visible()


def test_the_law_is_read_without_scripts(visit: Visit, desk: str) -> None:
    page = visit("/", ready=False, java_script_enabled=False)
    page.locator("noscript a").click()
    page.fill("#q", "lobbyist gift")
    page.get_by_role("button", name="Search").click()
    page.locator(".lines a").first.click()
    assert page.locator("h1").is_visible()
    assert page.locator("blockquote").first.inner_text()
    assert page.get_by_role("button", name="Copy link").count() == 0
    page.goto(f"{desk}/law/pack/ct-state/gift")
    page.locator("a[href*='/law/rule/']").first.click()
    assert page.get_by_role("heading", name="Worked examples").is_visible()


@pytest.fixture
def intranet(tmp_path: Path, desk: str, host_port: int) -> Iterator[str]:
    """A page of another origin with the one tag."""
    (tmp_path / "index.html").write_text(
        f'<!doctype html><html lang="en"><title>Intranet</title><h1>Intranet</h1>'
        f'<script src="{desk}/embed.js" data-title="Ask about ethics" defer></script>'
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

    handler = functools.partial(Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", host_port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{host_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_frame_opens_talks_and_closes(visit: Visit, intranet: str) -> None:
    page = visit("/law")
    page.goto(intranet)
    button = page.get_by_role("button", name="Ask about ethics")
    button.press("Enter")
    frame = page.frame_locator("iframe")
    frame.locator("#pack option").nth(4).wait_for(state="attached")
    frame.locator("#message").fill("a gift of $75")
    frame.locator("#message").press("Enter")
    frame.locator(".question").wait_for()
    assert not frame.locator(".masthead").is_visible()
    frame.locator("#message").press("Escape")
    page.locator("iframe").wait_for(state="hidden")
    assert page.locator(":focus").inner_text() == "Ask about ethics"


def test_other_origins_get_no_frame(visit: Visit, desk: str, intranet: str) -> None:
    page = visit("/law")
    page.goto(intranet.replace("127.0.0.1", "localhost"))
    page.get_by_role("button", name="Ask about ethics").click()
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("#message").count() == 0
    policy = page.request.get(desk + "/").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
