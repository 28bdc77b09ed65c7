"""F5 and F6: the database locked, read-only, restarted or damaged, and no room on the disk."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
from sqlalchemy import text

from service.harness.faults import OPENING, PACK, REPLY_LIMIT, talk
from service.harness.figures import Figure
from service.harness.postgres import Postgres, lacking
from service.harness.running import RunningDesk, quoted, refusal, running_desk
from service.store.database import Database

STALL_LIMIT = 1.0
SPARE = 40_000  # bytes that may still be written before the "disk" is full
REFUSALS = frozenset({httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS})
TALKERS, RESTARTS = 4, 3
URL = "ETHICSDESK_DATABASE_URL"
POLITE = "refused politely, reading goes on, recovers, none lost"


async def locked_store(folder: Path, seconds: float = 30.0) -> Figure:
    """F5: something else holds the database's write lock."""
    async with running_desk(folder / "locked") as desk:
        await talk(desk.url)
        holder = sqlite3.connect(desk.folder / "desk.db", isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        ended = time.monotonic() + seconds
        asked, stalled = await asyncio.gather(_ask_until(desk.url, ended), _read_until(desk.url, ended))
        holder.execute("ROLLBACK")
        holder.close()
        after = await talk(desk.url)
        left = pending(desk)
    kept = asked.slowest <= REPLY_LIMIT and stalled <= STALL_LIMIT and not left and bool(after.outcomes)
    return Figure(
        "F5", f"the database is locked for {seconds:g} s",
        f"{asked.refused} messages refused politely, slowest answer {asked.slowest:.1f} s; "
        f"who only reads waits {stalled:.2f} s at most; {left} left unanswered",
        f"answer within {REPLY_LIMIT:g} s, nobody else stalls over {STALL_LIMIT:g} s, none lost", kept,
    )  # fmt: skip


class _Asked:
    def __init__(self) -> None:
        self.refused = self.taken = self.broken = 0
        self.slowest = 0.0


async def _ask_until(url: str, ended: float, enough: Callable[[_Asked], bool] = lambda _: False) -> _Asked:
    """Begin conversations until the time is over or `enough` was seen."""
    asked = _Asked()
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:
        while time.monotonic() < ended and not enough(asked):
            started = time.monotonic()
            body = {"message": OPENING, "profile": {"pack": PACK}}
            reply = await client.post("/api/v1/chat", json=body)
            asked.slowest = max(asked.slowest, time.monotonic() - started)
            if reply.status_code == httpx.codes.OK:
                asked.taken += 1
            elif reply.status_code in REFUSALS and "error" in reply.json():
                asked.refused += 1
            else:
                asked.broken += 1
            await asyncio.sleep(0.05)
    return asked


async def _read_until(url: str, ended: float) -> float:
    """The longest that somebody waits who only looks something up."""
    longest = 0.0
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:
        while time.monotonic() < ended:
            started = time.monotonic()
            await client.get("/api/v1/packs/ct-state/topics")
            longest = max(longest, time.monotonic() - started)
            await asyncio.sleep(0.1)
    return longest


async def full_disk(folder: Path) -> Figure:
    """F6: not one byte more may be written, then it may again (by a limit on the size of files)."""
    async with running_desk(folder / "full") as desk:
        before = await talk(desk.url)
        pid = desk.process.pid if desk.process else 0
        largest = max(path.stat().st_size for path in desk.folder.glob("desk.db*"))
        unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + SPARE, unlimited[1]))
        asked = await _ask_until(desk.url, time.monotonic() + 20, lambda seen: seen.refused >= 3)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
        after = await talk(desk.url)
        left, whole = pending(desk), _integrity(desk.folder / "desk.db")
    kept = bool(asked.refused) and not asked.broken and not left and whole == "ok"
    kept = kept and after.outcomes == before.outcomes
    return Figure(
        "F6", "the disk is full",
        f"{asked.refused} messages refused politely, {asked.broken} badly; freed: "
        f"{'answers again' if after.outcomes == before.outcomes else 'does not answer'}, "
        f"{left} left unanswered, integrity {whole}",
        "refused clearly, nothing half written, recovers", kept,
    )  # fmt: skip


async def damaged_store(folder: Path) -> Figure:
    """F5: a page of the database is overwritten while the desk is down."""
    async with running_desk(folder / "damaged") as desk:
        for _ in range(3):
            await talk(desk.url)
    path = desk.folder / "desk.db"
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 2048)
    said = await refusal(desk)
    return Figure("F5", "a database page is damaged", quoted(said), "start refuses and names the file",
                  "desk.db" in said)  # fmt: skip


async def read_only_file(folder: Path) -> Figure:
    """F5: the database file may be read and not written."""
    async with running_desk(folder / "readonly") as desk:
        before = await talk(desk.url)
        await asyncio.to_thread(desk.stop)
        path = desk.folder / "desk.db"
        desk.environment[URL] = f"sqlite:///file:{path}?mode=ro&uri=true"
        desk.spawn()
        await desk.ready()
        asked, stalled = await _while_read_only(desk.url)
        await asyncio.to_thread(desk.stop)
        del desk.environment[URL]
        desk.spawn()
        await desk.ready()
        after = await talk(desk.url)
        left = pending(desk)
    return _polite("the database file is read-only", asked, stalled, left, before.outcomes == after.outcomes)


async def read_only_server(folder: Path) -> Figure:
    """F5: PostgreSQL takes no writes any more, as a standby does, and then takes them again."""
    what = "PostgreSQL turns read-only"
    if (reason := lacking()) is not None:
        return Figure("F5", what, f"not measured: {reason}", POLITE)
    async with _over_postgres(folder / "standby") as (desk, server):
        before = await talk(desk.url)
        _take_writes(server, "on")
        asked, stalled = await _while_read_only(desk.url)
        _take_writes(server, "off")
        after = await talk(desk.url)
        left = pending(desk)
    return _polite(what, asked, stalled, left, before.outcomes == after.outcomes)


async def restarted_server(folder: Path, restarts: int = RESTARTS) -> Figure:
    """F5: `pg_ctl restart -m immediate` under people who talk."""
    what = f"PostgreSQL is restarted {restarts} times in the midst (`-m immediate`)"
    bar = f"answer within {REPLY_LIMIT:g} s, none lost or answered twice, same determinations"
    if (reason := lacking()) is not None:
        return Figure("F5", what, f"not measured: {reason}", bar)
    async with _over_postgres(folder / "restarted") as (desk, server):
        talks = [await talk(desk.url)]
        for _ in range(restarts):
            talking = [asyncio.create_task(talk(desk.url)) for _ in range(TALKERS)]
            await asyncio.sleep(0.7)
            await asyncio.to_thread(server.restart)
            talks += await asyncio.gather(*talking)
        accepted, left = _accepted(desk), pending(desk)
    sent, slowest = sum(one.sent for one in talks), max(one.slowest for one in talks)
    differing = sum(one.outcomes != talks[0].outcomes for one in talks)
    return Figure(
        "F5", what,
        f"{accepted} messages in the record of {sent} sent, {left} left unanswered, {differing} of "
        f"{len(talks)} conversations ended otherwise, slowest reply {slowest:.1f} s", bar,
        accepted == sent and not left and not differing and slowest <= REPLY_LIMIT,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _over_postgres(folder: Path) -> AsyncIterator[tuple[RunningDesk, Postgres]]:
    """A desk over a PostgreSQL server of its own."""
    server = await asyncio.to_thread(Postgres)
    try:
        async with running_desk(folder, environment={URL: server.database("drill")}) as desk:
            yield desk, server
    finally:
        await asyncio.to_thread(server.stop)


async def _while_read_only(url: str) -> tuple[_Asked, float]:
    ended = time.monotonic() + 5
    return await asyncio.gather(_ask_until(url, ended), _read_until(url, ended))


def _take_writes(server: Postgres, read_only: str) -> None:
    server.execute(f"ALTER DATABASE drill SET default_transaction_read_only = {read_only}")
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'drill'")


def _polite(what: str, asked: _Asked, stalled: float, left: int, recovered: bool) -> Figure:
    kept = bool(asked.refused) and not asked.taken and not asked.broken and not left and recovered
    return Figure(
        "F5", what,
        f"{asked.refused} messages refused politely, {asked.taken} taken, {asked.broken} badly refused, "
        f"slowest answer {asked.slowest:.1f} s; who only reads waits {stalled:.2f} s at most; afterwards it "
        f"{'answers again' if recovered else 'does not answer'}, {left} left unanswered", POLITE,
        kept and stalled <= STALL_LIMIT and asked.slowest <= REPLY_LIMIT,
    )  # fmt: skip


def pending(desk: RunningDesk) -> int:
    """Accepted messages without a reply."""
    return _count(desk, "SELECT (SELECT count(*) FROM inbox) - (SELECT count(*) FROM turn)")


def _accepted(desk: RunningDesk) -> int:
    return _count(desk, "SELECT count(*) FROM inbox")


def _count(desk: RunningDesk, query: str) -> int:
    database = Database(desk.database_url)
    with database.read() as db:
        found = int(db.execute(text(query)).scalar_one())
    database.close()
    return found


def _integrity(path: Path) -> str:
    with sqlite3.connect(path) as db:
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])
