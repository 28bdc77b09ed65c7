"""Faults that are not kills, each against a desk of its own: what the people who talk to it notice.

A drill gives a `Figure`; the numbers F3 to F11 are those of docs/reliability.md.
"""

from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from service.errors import NotReady
from service.harness.faults import OPENING, PACK, REPLY_LIMIT, Talk, talk
from service.harness.figures import Figure
from service.harness.running import RunningDesk
from service.harness.saboteur import Fault, Saboteur

SECRET = "the-seam-secret-of-a-drill-32-characters"
STALL_LIMIT = 1.0
SPARE = 40_000  # bytes that may still be written before the "disk" is full
REFUSALS = frozenset({httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS})


@asynccontextmanager
async def _desk(folder: Path, **environment: str) -> AsyncIterator[RunningDesk]:
    """A desk without Rasa of its own, up and running."""
    await asyncio.to_thread(folder.mkdir)
    desk = RunningDesk(folder, rasa_processes=0, environment=environment)
    desk.spawn()
    try:
        await desk.ready()
        yield desk
    finally:
        await asyncio.to_thread(desk.stop)


async def bad_dialogue(folder: Path, slow: tuple[float, ...] = (0.5, 5.0)) -> list[Figure]:
    """F3 and F4: Rasa slow, failing, talking nonsense, hanging; every turn of a conversation meets it."""
    async with Saboteur() as saboteur:
        beside = {
            "ETHICSDESK_RASA_URLS": saboteur.url, "ETHICSDESK_SEAM_SECRET": SECRET,
            "ETHICSDESK_BREAKER_FAILURES": "1000000",
        }  # fmt: skip
        async with _desk(folder / "dialogue", **beside) as desk:
            expected = await talk(desk.url)
            figures = [
                await _with_fault(desk, saboteur, "F3", f"every turn of Rasa takes {seconds:g} s", expected,
                                  fault="slow", seconds=seconds)
                for seconds in slow
            ]  # fmt: skip
            kinds: list[tuple[Fault, str]] = [
                ("error", "Rasa answers 500"), ("garbage", "Rasa answers garbage"),
                ("cut", "Rasa's answer breaks off"), ("schema", "Rasa's answer has a wrong shape"),
                ("empty", "Rasa answers nothing"), ("hang", "Rasa hangs"),
            ]  # fmt: skip
            for kind, words in kinds:
                figures.append(await _with_fault(desk, saboteur, "F4", words, expected, fault=kind))
    return figures


async def _with_fault(
    desk: RunningDesk, saboteur: Saboteur, item: str, what: str, expected: Talk, *,
    fault: Fault, seconds: float = 0.0,
) -> Figure:  # fmt: skip
    saboteur.fault, saboteur.seconds, saboteur.calls = fault, seconds, 0
    done = await talk(desk.url)
    same = done.outcomes == expected.outcomes
    kept = same and done.slowest <= REPLY_LIMIT and saboteur.calls > 0
    measured = f"slowest reply {done.slowest:.1f} s, {'same' if same else 'another'} determination"
    return Figure(item, what, measured, f"reply within {REPLY_LIMIT:g} s, same determination", kept)


async def locked_store(folder: Path, seconds: float = 30.0) -> Figure:
    """F5: something else holds the database's write lock."""
    async with _desk(folder / "locked") as desk:
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
    async with _desk(folder / "full") as desk:
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
    async with _desk(folder / "damaged") as desk:
        for _ in range(3):
            await talk(desk.url)
    path = desk.folder / "desk.db"
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 2048)
    said = await _refusal(desk)
    return Figure("F5", "a database page is damaged", _quoted(said), "start refuses and names the file",
                  "desk.db" in said)  # fmt: skip


async def damaged_files(folder: Path, var: Path) -> list[Figure]:
    """F11: a part of what setup built is missing, cut short, or another one."""
    damages: list[tuple[str, str, Callable[[Path], object]]] = [
        ("index/vectors.faiss", "missing", lambda path: path.unlink()),
        ("index/vectors.faiss", "cut short", lambda path: path.write_bytes(path.read_bytes()[:1000])),
        ("index/passages.jsonl", "changed", lambda path: path.write_bytes(path.read_bytes()[::-1])),
        ("understanding/head.npz", "missing", lambda path: path.unlink()),
        ("understanding/head.npz", "cut short", lambda path: path.write_bytes(path.read_bytes()[:1000])),
    ]
    figures = []
    for number, (name, how, damage) in enumerate(damages):
        own = folder / f"var{number}"
        for part in ("index", "understanding"):
            shutil.copytree(var / part, own / part)
        damage(own / name)
        desk = RunningDesk(own, rasa_processes=0, environment={"ETHICSDESK_VAR_DIR": str(own)})
        said = await _refusal(desk)
        figures.append(Figure("F11", f"{name} is {how}", _quoted(said), "start refuses and names the file",
                              Path(name).stem in said))  # fmt: skip
    return figures


async def _refusal(desk: RunningDesk) -> str:
    """What a desk says that should not start; empty when it starts all the same."""
    desk.spawn()
    try:
        await desk.ready()
    except NotReady as error:
        return str(error).replace(str(desk.folder), "…")
    finally:
        await asyncio.to_thread(desk.stop)
    return ""


def _quoted(said: str) -> str:
    return f"“{said.replace('|', '/')}”" if said else "it starts"


def pending(desk: RunningDesk) -> int:
    """Accepted messages without a reply."""
    with sqlite3.connect(desk.folder / "desk.db") as db:
        query = "SELECT (SELECT count(*) FROM inbox) - (SELECT count(*) FROM turn)"
        return int(db.execute(query).fetchone()[0])


def _integrity(path: Path) -> str:
    with sqlite3.connect(path) as db:
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])
