"""Runs the turns: accept, understand, hand to Rasa, fall back on the desk alone, never silent, never twice.

The reply to a message is what the desk stored for it in one transaction with the case. So whichever way a
turn went, through Rasa or not, half or whole, the ledger says whether it was applied.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actions.desk import Desk
from actions.desk.state import CaseState, StaleState
from actions.desk.turn import Turn
from actions.engine import Engine
from actions.rasa_actions import rasa_sender
from bot.understanding.model import Pending, Understanding
from bot.understanding.parts import parts
from bot.understanding.understand import Understander
from service.errors import RelayFault, StoreUnavailable, TooMany
from service.gateway import outbox
from service.gateway.order import Order
from service.gateway.relay import Relay
from service.gateway.turns import Turns
from service.logs import logger
from service.metrics import Metrics
from service.settings import Settings
from service.store import Store
from service.store.attempts import MOST_ATTEMPTS
from service.store.ledger import Accepted

ATTEMPTS = 3
SWEEP_SECONDS, SWEEP_AGE = 10.0, dt.timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a caller gets for a message: everything said to the conversation that had not left yet."""

    conversation_id: str
    message_id: str
    messages: tuple[dict[str, Any], ...]
    late_ids: tuple[str, ...]
    held: bool
    state: CaseState | None = None


@dataclass(slots=True)
class _Running:
    """A turn under way; `answered` is set as soon as its reply is in the ledger, or when it has ended. What
    was committed in this process is kept in `said` and `state`, so that it need not be read back.
    """

    task: asyncio.Task[None]
    loop: asyncio.AbstractEventLoop
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    said: tuple[dict[str, Any], ...] | None = None
    state: CaseState | None = None


class Gateway:
    """One per service process."""

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        understander: Understander,
        store: Store,
        *,
        relay: Relay,
        turns: Turns,
        settings: Settings,
        metrics: Metrics,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self._desk = desk
        self._engine = engine
        self._understander = understander
        self._store = store
        self._relay = relay
        self._turns = turns
        self._settings = settings
        self._metrics = metrics
        self._today = today
        self._order = Order()
        self._entering = 0
        self._running: dict[str, _Running] = {}
        self._waiting: Counter[str] = Counter()
        self._held: set[str] = set()
        store.ledger.listen(self._waiting.__contains__, self._answered)

    async def take(
        self,
        conversation: str | Callable[[], str],
        text: str,
        *,
        facts: Mapping[str, Any] | None = None,
        pack: str | None = None,
        client_key: str | None = None,
    ) -> Taken:
        """Accept a message and give its reply, or a holding reply when the budget is over first.

        `conversation` is its id, or gives it once the message is let in.
        Raises `TooMany` when the desk is full and `StoreUnavailable` when the inbox cannot be reached; the
        message is not accepted then.
        """
        if len(self._running) + self._entering >= self._settings.max_waiting:
            raise TooMany("The desk is busy; please send that again in a few seconds.", retry_after=2)
        self._entering += 1
        try:
            accepted = await asyncio.to_thread(
                self._accept, conversation, text, client_key, facts=facts, pack=pack
            )
        finally:
            self._entering -= 1
        self._waiting[accepted.message_id] += 1
        running = self._begin(accepted)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(running.answered.wait(), self._settings.turn_budget)
        finally:
            self._leave(accepted.message_id)
        if not running.answered.is_set():
            self._held.add(accepted.message_id)
        if running.said is not None and accepted.new and accepted.number == 1:
            return self._taken(accepted, running)  # nothing was said before that could have been left
        return await asyncio.to_thread(self._taken, accepted, running)

    def _accept(
        self, conversation: str | Callable[[], str], text: str, client_key: str | None, **more: Any
    ) -> Accepted:
        conversation_id = conversation if isinstance(conversation, str) else conversation()
        return self._store.ledger.accept(conversation_id, text, client_key, **more)

    async def sweep(self) -> None:
        """Take up, again and again, what was accepted and not answered."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.take_up(SWEEP_AGE)

    async def take_up(self, age: dt.timedelta = dt.timedelta()) -> None:
        """Begin the turns of what was accepted `age` ago and is neither answered nor under way."""
        try:
            found = await asyncio.to_thread(self._store.ledger.pending, dt.datetime.now(dt.UTC) - age)
            left = [accepted for accepted in found if accepted.message_id not in self._running]
            if left:
                await asyncio.to_thread(self._store.ledger.attempt, [one.message_id for one in left])
            for accepted in left:
                self._begin(accepted)
        except StoreUnavailable:
            self._fault("store")

    async def drain(self, seconds: float) -> None:
        """Let the turns under way come to their end."""
        if self._running:
            await asyncio.wait({running.task for running in self._running.values()}, timeout=seconds)

    def _begin(self, accepted: Accepted) -> _Running:
        """The turn of a message: the one that runs already, or a new one that outlives its caller."""
        running = self._running.get(accepted.message_id)
        if running is None:
            running = _Running(asyncio.create_task(self._turn(accepted)), asyncio.get_running_loop())
            self._running[accepted.message_id] = running
            running.task.add_done_callback(lambda _: self._end(accepted.message_id))
        return running

    def _leave(self, message_id: str) -> None:
        self._waiting[message_id] -= 1
        if not self._waiting[message_id]:
            del self._waiting[message_id]

    def _end(self, message_id: str) -> None:
        self._running.pop(message_id).answered.set()

    def _answered(self, message_id: str, said: Sequence[Mapping[str, Any]], state: CaseState) -> None:
        """The reply is in the ledger: it can leave, though Rasa may still be busy with its own books."""
        running = self._running.get(message_id)
        if running is not None:
            running.state, running.said = state, tuple(dict(message) for message in said)
            running.loop.call_soon_threadsafe(running.answered.set)

    async def _turn(self, accepted: Accepted) -> None:
        started = time.perf_counter()
        with self._metrics.in_hand.track_inprogress():
            async with self._order.turn(accepted.conversation_id):
                try:
                    given_up = accepted.attempts >= MOST_ATTEMPTS
                    via = await (self._refer_unread if given_up else self._run)(accepted)
                    if accepted.message_id in self._held:
                        self._held.discard(accepted.message_id)
                        await asyncio.to_thread(self._store.ledger.later, accepted.message_id)
                except StoreUnavailable:
                    via = "store"
                    self._fault("store", accepted)
                except Exception as error:  # whatever broke, the person must hear of it
                    via = "fault"
                    await self._give_up(accepted, error)
        self._metrics.turns.labels(via).inc()
        self._metrics.turn_seconds.observe(time.perf_counter() - started)

    async def _run(self, accepted: Accepted) -> str:
        """Apply the message once; says which way it went."""
        # A new message has no reply yet, so there is nothing to look up.
        if not accepted.new and await asyncio.to_thread(self._has_reply, accepted.message_id):
            return "repeat"
        turn, state = await asyncio.to_thread(self._read, accepted)
        self._turns.put(accepted.conversation_id, turn, state)
        try:
            await self._relay.send(accepted.conversation_id, rasa_sender(state), accepted.message_id)
        except RelayFault as fault:
            self._fault(fault.message, accepted)
        finally:
            self._turns.drop(accepted.conversation_id)
        said = self._running[accepted.message_id].said
        if said is not None:
            self._metrics.said(said)
            return "rasa"
        applied = await asyncio.to_thread(self._apply, accepted, turn)
        return "engine" if applied else "rasa"

    def _has_reply(self, message_id: str) -> bool:
        return self._store.ledger.reply(message_id) is not None

    def _read(self, accepted: Accepted) -> tuple[Turn, CaseState]:
        """Understand the message against the case as it stands."""
        state = self._in_pack(accepted.conversation_id, accepted.pack)
        today = self._today()
        understanding = self._understander.understand(
            accepted.text,
            pack=state.pack,
            pending=_pending(state),
            facts=state.values,
            topic=state.topic,
            today=today,
        )
        turn = self._desk.read(
            state,
            accepted.text,
            understanding,
            accepted.message_id,
            today,
            parts=self._parts(state, accepted),
        )
        if accepted.facts:
            turn = self._set(turn, understanding, state.pack, accepted)
        return turn, state

    def _parts(self, state: CaseState, accepted: Accepted) -> list[tuple[str, Understanding]]:
        """A message that may hold two matters, part by part; nothing for one that answers a question."""
        if state.pending is not None:
            return []
        today = self._today()
        return [
            (part, self._understander.understand(part, pack=state.pack, today=today))
            for part in parts(accepted.text)
        ]

    def _set(self, turn: Turn, heard: Understanding, pack: str | None, accepted: Accepted) -> Turn:
        """The turn of a form control: it states facts outright, so nothing in its text is guessed at."""
        if pack is None:
            return turn
        facts = self._engine.parse_facts(pack, accepted.facts)
        return replace(turn, act="correct", understanding=replace(heard, facts=facts, unsure=()), reply=None)

    def _in_pack(self, conversation_id: str, pack: str | None) -> CaseState:
        state = self._store.cases.load(conversation_id)
        if pack is None or pack == state.pack:
            return state
        changed = self._desk.profile(state, pack)
        self._store.cases.save(changed, state.version)
        return self._store.cases.load(conversation_id)

    def _apply(self, accepted: Accepted, turn: Turn) -> bool:
        """Apply the turn here unless it is in the ledger already; true when it was done here."""
        for _ in range(ATTEMPTS):
            reply = self._store.ledger.reply(accepted.message_id)
            if reply is not None:
                self._metrics.said(reply.messages)
                return False
            state = self._store.cases.load(accepted.conversation_id)
            after = self._desk.turn(state, turn)
            try:
                self._store.cases.save(after, state.version)
            except StaleState:
                continue
            self._metrics.said(tuple(dict(message) for message in after.said))
            return True
        raise StoreUnavailable("The case keeps changing under this turn.")

    async def _refer_unread(self, accepted: Accepted) -> str:
        """Refer what has failed too often, its case unread: that may be what fails."""
        reference = secrets.token_hex(4)
        logger().error("turn_given_up", reference=reference, count=accepted.attempts,
                       message_id=accepted.message_id)  # fmt: skip
        said = [outbox.fault("", reference)]
        if await asyncio.to_thread(self._store.ledger.close, accepted.message_id, said, "referred"):
            self._metrics.faults.labels("given_up").inc()
        return "fault"

    async def _give_up(self, accepted: Accepted, error: Exception) -> None:
        """Refer to a person, with a reference that finds the log line. The case stays as it was."""
        reference = secrets.token_hex(4)
        logger().error("turn_failed", reference=reference, error_type=type(error).__name__,
                       message_id=accepted.message_id)  # fmt: skip
        self._metrics.faults.labels("turn").inc()
        try:
            await asyncio.to_thread(self._refer, accepted, reference)
        except StoreUnavailable:
            self._fault("store", accepted)

    def _refer(self, accepted: Accepted, reference: str) -> None:
        state = self._store.cases.load(accepted.conversation_id)
        said = [outbox.fault(self._contact(state), reference), *ask_again(self._desk, state)]
        self._store.ledger.close(accepted.message_id, said, "referred")

    def _taken(self, accepted: Accepted, running: _Running) -> Taken:
        """The reply with what else waits for the person; a repeat of an answered message gets its answer
        again."""
        said = running.said
        own = said if said is not None else self._said(accepted.message_id)
        earlier = self._store.ledger.undelivered(accepted.conversation_id) if accepted.number > 1 else []
        late = [reply for reply in earlier
                if reply.message_id != accepted.message_id and reply.number < accepted.number]  # fmt: skip
        messages = [message for reply in late for message in reply.messages]
        if accepted.masked:
            messages.append(outbox.masked())
        if own is None:
            logger().warning(
                "turn_held", message_id=accepted.message_id,
                state="kept" if running.answered.is_set() else "late",
            )  # fmt: skip
        messages.extend([outbox.held()] if own is None else own)
        late_ids = tuple(reply.message_id for reply in late)
        if own is not None and not accepted.new:  # nobody may have waited when this was answered
            late_ids = (*late_ids, accepted.message_id)
        return Taken(
            accepted.conversation_id,
            accepted.message_id,
            tuple(messages),
            late_ids,
            own is None,
            running.state,
        )

    def _said(self, message_id: str) -> tuple[dict[str, Any], ...] | None:
        reply = self._store.ledger.reply(message_id)
        return None if reply is None else reply.messages

    def _fault(self, kind: str, accepted: Accepted | None = None) -> None:
        self._metrics.faults.labels(kind).inc()
        logger().warning("fault", fault=kind, message_id=accepted.message_id if accepted else None)

    def _contact(self, state: CaseState) -> str:
        return self._desk.tools.knowledge.packs[state.pack].contact if state.pack else ""


def ask_again(desk: Desk, state: CaseState) -> list[dict[str, Any]]:
    """The pending question once more, if there is one."""
    question = desk.question(state)
    return [] if question is None else [question.to_json()]


def _pending(state: CaseState) -> Pending | None:
    """The question that waits, as the understanding reads it; only questions for facts are its business."""
    asked = state.pending
    if asked is None or asked.kind not in ("fact", "date", "checklist"):
        return None
    if asked.kind == "checklist":
        return Pending(facts=tuple(asked.facts))
    return Pending(fact=asked.facts[0])
