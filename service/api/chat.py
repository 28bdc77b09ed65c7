"""POST /api/v1/chat: a message in, the desk's messages and the conversation's state out."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

from actions.desk.state import CaseState
from service.api.dependencies import PartsDep, SpeakerDep, known_pack
from service.api.facts import parse_facts
from service.api.problems import RESPONSES
from service.api.shapes import ChatReply, ChatRequest, Transcript
from service.auth.caller import Caller
from service.errors import InvalidInput
from service.gateway import typed
from service.gateway.gateway import Taken, ask_again
from service.parts import Parts
from service.store.ledger import Accepted, Reply

router = APIRouter(prefix="/api/v1/chat", tags=["conversation"], responses=RESPONSES)


@router.post("", response_model=ChatReply, summary="Say something to the desk")
async def chat(body: ChatRequest, caller: SpeakerDep, parts: PartsDep) -> Response:
    """Take one message. The reply comes within 4 seconds; `held` says that it is still being worked on."""
    pack = (
        known_pack(parts, body.profile.pack, "profile.pack") if body.profile and body.profile.pack else None
    )
    if body.conversation_id:
        parts.limiter.message(body.conversation_id)
    text, problem = typed.read(body.message, parts.settings.max_message)
    enter = partial(_enter, parts, caller, body)
    if body.conversation_id and (problem or body.facts):  # what is wrong is nobody else's business
        await asyncio.to_thread(enter)
    if problem:
        return await _refused(problem, body.conversation_id, parts)
    if body.facts:
        await asyncio.to_thread(_check_facts, parts, body, pack)
    taken = await parts.gateway.take(enter, text, facts=body.facts, pack=pack, client_key=body.message_id)
    stored = taken.state
    if stored is None:
        stored = await asyncio.to_thread(parts.store.cases.load, taken.conversation_id)
    content = _content(parts, taken, stored)
    left = BackgroundTask(parts.store.ledger.delivered, taken.late_ids) if taken.late_ids else None
    return JSONResponse(content, background=left)


@router.get("/{conversation_id}", response_model=Transcript, summary="Read a conversation again")
def transcript(conversation_id: str, caller: SpeakerDep, parts: PartsDep) -> dict[str, Any]:
    """Everything said so far, late replies included. Only for whoever holds the conversation."""
    parts.store.ledger.check(conversation_id, caller.owner)
    turns = parts.store.ledger.transcript(conversation_id)
    late = [reply.message_id for _, reply in turns if reply is not None]
    parts.store.ledger.delivered(late)
    state = parts.store.cases.load(conversation_id)
    return {"conversation_id": conversation_id, "turns": [_turn(*turn) for turn in turns],
            "state": parts.desk.public_state(state)}  # fmt: skip


@router.delete("/{conversation_id}", status_code=204, summary="Delete a conversation")
def delete(conversation_id: str, caller: SpeakerDep, parts: PartsDep) -> None:
    """Delete every message, fact and determination of the conversation, for good."""
    parts.store.ledger.check(conversation_id, caller.owner)
    parts.store.retention.delete(conversation_id)


def _check_facts(parts: Parts, body: ChatRequest, pack: str | None) -> None:
    """Refuse facts that cannot be set, before anything is accepted."""
    stored = parts.store.cases.load(body.conversation_id).pack if body.conversation_id else None
    bound = pack or stored
    if bound is None:
        raise InvalidInput(
            "Facts need a pack.", field="profile.pack", expected=", ".join(parts.knowledge.packs)
        )
    parse_facts(parts, bound, body.facts)


def _enter(parts: Parts, caller: Caller, body: ChatRequest) -> str:
    """The conversation that a message belongs to: the caller's own, or a new one."""
    if body.conversation_id is None:
        return parts.store.ledger.begin(caller.owner, caller.channel, body.message_id)
    parts.store.ledger.check(body.conversation_id, caller.owner)
    return body.conversation_id


async def _refused(problem: InvalidInput, conversation_id: str | None, parts: Parts) -> Response:
    """Say what is wrong and, in a conversation, ask the pending question again: bad input never costs
    a turn."""
    content: dict[str, Any] = dict(problem.to_json())
    if conversation_id:
        state = await asyncio.to_thread(parts.store.cases.load, conversation_id)
        content |= {"messages": ask_again(parts.desk, state), "state": parts.desk.public_state(state)}
    return JSONResponse(content, 422)


def _content(parts: Parts, taken: Taken, state: CaseState) -> dict[str, Any]:
    return {
        "conversation_id": taken.conversation_id, "message_id": taken.message_id,
        "messages": list(taken.messages), "state": parts.desk.public_state(state), "held": taken.held,
    }  # fmt: skip


def _turn(accepted: Accepted, reply: Reply | None) -> dict[str, Any]:
    return {"message_id": accepted.message_id, "said": accepted.text, "at": accepted.accepted_at.isoformat(),
            "messages": list(reply.messages) if reply else [], "held": reply is None}  # fmt: skip
