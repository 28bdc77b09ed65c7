"""GET and DELETE /api/v1/conversations: what this browser has asked so far, and its end."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from service.api.dependencies import CallerDep, PartsDep
from service.api.problems import RESPONSES
from service.errors import Forbidden
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
def past(caller: CallerDep, parts: PartsDep) -> list[PastCase]:
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


@router.delete("", response_model=Deleted, summary="Delete everything of this browser")
def forget(caller: CallerDep, parts: PartsDep) -> Deleted:
    """Delete every conversation of this browser for good; those under a legal hold stay and are counted."""
    deleted = kept = 0
    for conversation_id in conversations(parts.store, caller.owner) if caller.owner else []:
        try:
            parts.store.retention.delete(conversation_id)
            deleted += 1
        except Forbidden:
            kept += 1
    return Deleted(deleted=deleted, kept=kept)
