"""The two addresses that Rasa calls: what does this message mean, and run this action. Behind a shared
secret."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import JSONResponse

from actions import webhook
from actions.desk.state import StaleState
from actions.rasa_actions import NoTurn, conversation_of, parse_json
from service.api.dependencies import PartsDep
from service.errors import Forbidden, NotFound
from service.parts import Parts

JsonBody = Annotated[dict[str, Any], Body()]
LATE = 409
router = APIRouter(include_in_schema=False)


@router.post("/model/parse")
async def parse(parts: PartsDep, body: JsonBody) -> dict[str, Any]:
    """What the turn in hand means. The gateway has read it already; the text itself does not come this
    way."""
    if not hmac.compare_digest(str(body.get("token") or "").encode(), parts.seam_secret.encode()):
        raise Forbidden("This address is for the dialogue process alone.")
    turn = parts.turns.get(conversation_of(str(body.get("message_id") or "")))
    if turn is None:
        raise NotFound("No turn of this conversation is in hand.")
    return parse_json(turn)


@router.post("/webhook")
async def act(parts: PartsDep, body: JsonBody) -> JSONResponse:
    """Run one Rasa action, in a thread of its own: a slow database stalls nobody else."""
    status, content = await asyncio.to_thread(_run, parts, body)
    return JSONResponse(content, status)


def _run(parts: Parts, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    try:
        return webhook.run(parts.executor, body)
    except (StaleState, NoTurn):
        # The turn is over or the case has moved on: Rasa came late, and there is nothing left to do.
        return LATE, {"error": "the turn is over", "action_name": body.get("next_action")}
