"""The whole desk over HTTP: a conversation per pack through real models and Rasa, one with Rasa killed."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from knowledge.model import Knowledge
from service.harness.faults import answer
from service.harness.postgres import lacking
from service.harness.running import RunningDesk
from tests.service.conftest import _sql

pytestmark = pytest.mark.rasa
KEY = base64.b64encode(bytes(range(32))).decode()
SECRETS = {"ETHICSDESK_ADMIN_TOKEN": "admin-token-of-the-tests", "ETHICSDESK_ENCRYPTION_KEY": KEY}
OPENINGS = {
    "ct-state": "A vendor we buy software from sent me a $75 gift basket for Christmas, can I keep it?",
    "ct-dss": "A nursing home we pay sent our unit cookies worth $15. May we eat them?",
    "ct-opm": "Can I accept a $200 fee for speaking at a conference about my work?",
    "ct-dds-contractor": "May I hire my brother as a caregiver in the program that I run?",
    "ct-lobbyist": "Do I have to register as a lobbyist before I talk to a legislator?",
    "in-state": "A company that wants a contract invited me to a football game. May I go?",
}


@pytest.fixture(scope="module")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The databases of the desk and of Rasa: PostgreSQL's where it is installed, else SQLite's."""
    names = ("whole_desk", "whole_rasa")
    if lacking() is None:
        server: str = request.getfixturevalue("postgres")
        for name in names:
            _sql(server, f"CREATE DATABASE {name}")
        urls = [server.removesuffix("postgres") + name for name in names]
    else:
        folder = tmp_path_factory.mktemp("databases")
        urls = [f"sqlite:///{folder / name}.db" for name in names]
    return {"ETHICSDESK_DATABASE_URL": urls[0], "ETHICSDESK_RASA_DATABASE_URL": urls[1]}


@pytest.fixture(scope="module")
def desk(databases: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A running desk with its dialogue."""
    running = RunningDesk(tmp_path_factory.mktemp("desk"), environment=SECRETS | databases)
    running.spawn()
    asyncio.run(running.ready("ok"))
    yield running
    running.stop()


def converse(desk: RunningDesk, pack: str, opening: str) -> list[dict[str, Any]]:
    """Every reply of a conversation held to its determination with unexciting answers."""
    replies: list[dict[str, Any]] = []
    body: dict[str, Any] = {"message": opening, "profile": {"pack": pack}}
    with httpx.Client(base_url=desk.url, timeout=15) as client:
        for _ in range(20):
            reply = client.post("/api/v1/chat", json=body)
            assert reply.status_code == 200, reply.text
            replies.append(reply.json())
            following = answer(replies[-1]["state"])
            if following is None or decided(replies[-1]):
                break
            body |= {"conversation_id": replies[-1]["conversation_id"], "message": following}
    return replies


def decided(reply: dict[str, Any]) -> list[dict[str, Any]]:
    """The determinations of a reply."""
    return [message for message in reply["messages"] if message["type"] == "determination"]


def metric(desk: RunningDesk, line: str) -> float:
    headers = {"authorization": f"Bearer {SECRETS['ETHICSDESK_ADMIN_TOKEN']}"}
    told = httpx.get(f"{desk.url}/metrics", headers=headers).text
    return next((float(one.split()[-1]) for one in told.splitlines() if one.startswith(line)), 0.0)


@pytest.mark.parametrize("pack", list(OPENINGS))
def test_a_conversation_ends_in_a_determination_with_what_it_rests_on(
    desk: RunningDesk, pack: str, knowledge: Knowledge
) -> None:
    before = metric(desk, 'ethicsdesk_turns_total{via="rasa"}')
    replies = converse(desk, pack, OPENINGS[pack])
    found = decided(replies[-1])
    assert found, replies[-1]["messages"]
    determination = found[0]
    assert determination["outcome"] in knowledge.outcomes
    assert determination["headline"]
    assert determination["disclaimer"]
    assert determination["contact"]
    cited = {citation["provision"] for citation in determination["citations"]}
    assert {passage["provision"] for passage in determination["passages"]} == cited
    assert metric(desk, 'ethicsdesk_turns_total{via="rasa"}') - before == len(replies), (
        "every turn went through Rasa"
    )


def test_a_free_opening_fills_the_facts_it_states(desk: RunningDesk) -> None:
    first = converse(desk, "ct-state", OPENINGS["ct-state"])[0]
    assert first["state"]["topic"] == "gift"
    assert first["state"]["facts"]["item_value"] == 75


def test_with_rasa_killed_the_conversation_goes_on(desk: RunningDesk) -> None:
    undisturbed = converse(desk, "ct-state", OPENINGS["ct-state"])
    assert desk.kill_rasa()
    disturbed = converse(desk, "ct-state", OPENINGS["ct-state"])

    def gist(replies: list[dict[str, Any]]) -> list[Any]:
        return [[(m["type"], m.get("outcome"), m["text"]) for m in reply["messages"]] for reply in replies]

    assert gist(disturbed) == gist(undisturbed)
    asyncio.run(desk.ready("ok"))


def rows(url: str, statement: str) -> list[str]:
    """The first column of what a database answers."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.execute(text(statement))]
    engine.dispose()
    return found


def test_neither_rasas_database_nor_any_log_holds_what_was_said(
    desk: RunningDesk, databases: dict[str, str]
) -> None:
    begun = converse(desk, "ct-state", "canary-8830 gave me a gift worth $918,273")[0]
    assert begun["state"]["facts"]["item_value"] == 918273
    stored = rows(databases["ETHICSDESK_RASA_DATABASE_URL"], "SELECT data FROM events")
    assert stored, "Rasa keeps its trackers there"
    assert all(event.startswith("sealed:") for event in stored), "slots are facts"
    log = (desk.folder / "desk.log").read_text()
    assert "canary" not in log
    assert "918273" not in log


def test_a_deleted_conversation_is_deleted_at_rasa_too(desk: RunningDesk, databases: dict[str, str]) -> None:
    gone = converse(desk, "ct-state", OPENINGS["ct-state"])[0]["conversation_id"]
    kept = f"SELECT sender_id FROM events WHERE sender_id LIKE '{gone}%'"
    assert rows(databases["ETHICSDESK_RASA_DATABASE_URL"], kept)
    assert httpx.delete(f"{desk.url}/api/v1/chat/{gone}").status_code == 204
    assert rows(databases["ETHICSDESK_RASA_DATABASE_URL"], kept) == []
