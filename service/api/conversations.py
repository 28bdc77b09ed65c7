"""/api/v1/conversations: what this person or browser has asked so far, to list, to take along, to delete."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse

from service.api.dependencies import PartsDep, SpeakerDep
from service.api.problems import RESPONSES
from service.store.exports import conversation, stamped
from service.store.visits import conversations, visits

router = APIRouter(prefix="/api/v1/conversations", tags=["conversation"], responses=RESPONSES)


class PastCase(BaseModel):
    """One conversation of this browser, in words; `outcome` is null while nothing is determined."""

    conversation_id: str
    at: str
    topic: str
    outcome: str | None


class Deleted(BaseModel):
    """How many conversations are gone, and how many a legal hold keeps."""

    deleted: int
    kept: int


@router.get("", response_model=list[PastCase], summary="The conversations of this browser")
def past(caller: SpeakerDep, parts: PartsDep) -> list[PastCase]:
    """The latest 50, the newest first; none for a caller without a browser session."""
    if caller.owner is None:
        return []
    law = parts.knowledge
    return [
        PastCase(
            conversation_id=visit.conversation_id,
            at=visit.active_at.isoformat(),
            topic=law.topics[visit.topic].title,
            outcome=law.outcomes[visit.outcome].label if visit.outcome else None,
        )
        for visit in visits(parts.store, caller.owner)
    ]


@router.get("/export", response_model=dict[str, Any], summary="Everything kept of this person, as a file")
def export(caller: SpeakerDep, parts: PartsDep) -> JSONResponse:
    """Messages, replies, determinations and cases handed on, as JSON to keep."""
    ids = conversations(parts.store, caller.owner) if caller.owner else []
    content = stamped([conversation(parts.store, one) for one in ids])
    if caller.owner is not None:
        parts.store.audit.note(caller.owner, "export", "own data")
    return JSONResponse(content, headers={"content-disposition": 'attachment; filename="ethics-desk.json"'})


@router.delete("", response_model=Deleted, summary="Delete everything of this browser")
def forget(caller: SpeakerDep, parts: PartsDep) -> Deleted:
    """Delete every conversation of this person or browser for good; those under a legal hold stay."""
    if caller.owner is None:
        return Deleted(deleted=0, kept=0)
    deleted, kept = parts.store.retention.delete_all(caller.owner)
    return Deleted(deleted=deleted, kept=kept)
