"""The two addresses that Rasa calls: what does this message mean, and run this action. Behind a shared
secret, and plain routes: every turn comes by here two or three times, and only Rasa does.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from actions import webhook
from actions.desk.state import StaleState
from actions.rasa_actions import NoTurn, conversation_of, parse_json
from service.errors import Forbidden, InvalidInput, NotFound
from service.parts import Parts

LATE = 409


async def parse(request: Request) -> JSONResponse:
    """What the turn in hand means. The gateway has read it already; the text itself does not come this
    way."""
    parts, body = await _read(request)
    if not hmac.compare_digest(str(body.get("token") or "").encode(), parts.seam_secret.encode()):
        raise Forbidden("This address is for the dialogue process alone.")
    turn = parts.turns.get(conversation_of(str(body.get("message_id") or "")))
    if turn is None:
        raise NotFound("No turn of this conversation is in hand.")
    return JSONResponse(parse_json(turn))


async def act(request: Request) -> JSONResponse:
    """Run one Rasa action, in a thread of its own: a slow database stalls nobody else."""
    parts, body = await _read(request)
    status, content = await asyncio.to_thread(_run, parts, body)
    return JSONResponse(content, status)


ROUTES = (Route("/model/parse", parse, methods=["POST"]), Route("/webhook", act, methods=["POST"]))


async def _read(request: Request) -> tuple[Parts, dict[str, Any]]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise InvalidInput("The body is no JSON.", field="body", expected="a JSON object")
    return request.app.state.parts, body


def _run(parts: Parts, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    try:
        return webhook.run(parts.executor, body)
    except (StaleState, NoTurn):
        # The turn is over or the case has moved on: Rasa came late, and there is nothing left to do.
        return LATE, {"error": "the turn is over", "action_name": body.get("next_action")}
