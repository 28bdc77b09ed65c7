"""GET /api/v1/chat/{conversation_id}/events: replies as they come, as server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.api.dependencies import PartsDep, SpeakerDep
from service.api.problems import PROBLEM_CONTENT
from service.errors import InvalidInput, NotFound, TooMany
from service.parts import Parts
from service.store.following import Step, steps

router = APIRouter(prefix="/api/v1/chat", tags=["conversation"], responses=PROBLEM_CONTENT)
BUSY, IDLE = 0.2, 1.0  # seconds between two looks, while a reply is awaited and while none is
LIFE = 600.0  # seconds; then the stream ends, and its reader comes back with Last-Event-ID
RETRY = 2000  # milliseconds
MOST = 500


@dataclass(slots=True)
class Streams:
    """The streams of one application, so that it can end them all before it stops."""

    open: int = 0
    closing: bool = field(default=False)

    def close(self) -> None:
        """End every stream at its next look, and begin no more."""
        self.closing = True


@dataclass(frozen=True, slots=True)
class Followed:
    """A conversation of the caller's, and the number of the last reply that they have."""

    conversation_id: str
    owner: str | None
    after: int


def followed(
    conversation_id: str,
    request: Request,
    caller: SpeakerDep,
    parts: PartsDep,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**31 - 1)] = None,
    message_id: Annotated[
        str | None, Query(max_length=100, description="Begin with the reply to this.")
    ] = None,
) -> Followed:
    """Whom to follow, and from where: after an event, from a message on, or from what is unanswered."""
    parts.store.ledger.check(conversation_id, caller.owner)
    streams: Streams = request.app.state.streams
    if streams.open >= MOST or streams.closing:
        raise TooMany("Too many streams are open; please try again in a moment.", retry_after=5)
    if last_event_id is not None:
        return Followed(conversation_id, caller.owner, last_event_id)
    known = steps(parts.store.database, conversation_id, 0)
    if message_id is not None:
        numbers = [step.number for step in known if step.message_id == message_id]
        if not numbers:
            raise InvalidInput("This conversation has no such message.", field="message_id",
                               expected="an id that a reply of this conversation gave")  # fmt: skip
        return Followed(conversation_id, caller.owner, numbers[0] - 1)
    last = known[-1].number if known else 0
    return Followed(
        conversation_id, caller.owner, next((one.number - 1 for one in known if not one.answered), last)
    )


@router.get(
    "/{conversation_id}/events",
    response_class=EventSourceResponse,
    summary="Follow a conversation as it goes",
)
async def events(
    which: Annotated[Followed, Depends(followed)], request: Request, parts: PartsDep
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `typing` when a message is being worked on, `reply` with the messages and the state
    once it is answered (its id is for Last-Event-ID), `end` when the conversation is deleted. A comment
    every 15 seconds keeps the line open."""
    streams: Streams = request.app.state.streams
    streams.open += 1
    try:
        async for event in _follow(which, parts, streams):
            yield event
    finally:
        streams.open -= 1


async def _follow(which: Followed, parts: Parts, streams: Streams) -> AsyncIterator[ServerSentEvent]:
    after, shown, until = which.after, set[str](), time.monotonic() + LIFE
    yield ServerSentEvent(comment="open", retry=RETRY)
    while not streams.closing and time.monotonic() < until:
        coming = await asyncio.to_thread(_look, parts, which, after)
        if coming is None:
            yield ServerSentEvent(event="end", data={"reason": "There is no such conversation any more."})
            return
        for step in coming:
            if not step.answered:
                if step.message_id not in shown:
                    shown.add(step.message_id)
                    yield ServerSentEvent(event="typing", data={"message_id": step.message_id})
                break  # replies leave in the order of the messages, so that an id says where to go on
            content = await asyncio.to_thread(_content, parts, which, step)
            yield ServerSentEvent(event="reply", id=str(step.number), data=content)
            await asyncio.to_thread(parts.store.ledger.delivered, (step.message_id,))
            after = step.number
        await asyncio.sleep(BUSY if coming and not coming[-1].answered else IDLE)


def _look(parts: Parts, which: Followed, after: int) -> list[Step] | None:
    """What comes after a number; None once the conversation is not the caller's any more."""
    try:
        parts.store.ledger.check(which.conversation_id, which.owner)
    except NotFound:
        return None
    return steps(parts.store.database, which.conversation_id, after)


def _content(parts: Parts, which: Followed, step: Step) -> dict[str, Any]:
    reply = parts.store.ledger.reply(step.message_id)
    state = parts.desk.public_state(parts.store.cases.load(which.conversation_id))
    return {"message_id": step.message_id, "messages": list(reply.messages) if reply else [], "state": state}
