"""POST /api/v1/understand: what the desk makes of a text. Stores nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter

from actions.desk.values import facts_to_json, to_json
from bot.understanding.model import PUBLIC_ACTS, Mention, Pending, Understanding
from service.api.dependencies import CallerDep, PartsDep, known_pack
from service.api.problems import RESPONSES
from service.api.shapes import PendingFacts, UnderstandRequest, Understood
from service.errors import InvalidInput
from service.parts import Parts

router = APIRouter(prefix="/api/v1", tags=["understanding"], responses=RESPONSES)


@router.post("/understand", response_model=Understood, summary="Understand a text")
def understand(body: UnderstandRequest, _: CallerDep, parts: PartsDep) -> dict[str, Any]:
    """The act, the topic and the facts of a text, read against the question that waits for an answer."""
    if body.pack is not None:
        known_pack(parts, body.pack)
    longest = parts.settings.max_message
    if not body.text.strip() or len(body.text) > longest:
        raise InvalidInput("The text does not fit.", field="text", expected=f"1 to {longest:,} characters")
    pending = _pending(parts, body.pending)
    today = dt.date.today()  # noqa: DTZ011 - "yesterday" is meant by the local calendar
    return _json(parts.understander.understand(body.text, pack=body.pack, pending=pending, today=today))


def _pending(parts: Parts, asked: PendingFacts | str | None) -> Pending | None:
    if asked is None:
        return None
    wanted = PendingFacts(fact=asked) if isinstance(asked, str) else asked
    for name in [*([wanted.fact] if wanted.fact else []), *wanted.facts]:
        if name not in parts.knowledge.facts:
            raise InvalidInput(
                "There is no such fact.", field=f"pending.{name}", expected="the name of a fact"
            )
    return Pending(fact=wanted.fact, facts=tuple(wanted.facts))


def _json(understood: Understanding) -> dict[str, Any]:
    return {
        "act": PUBLIC_ACTS.get(understood.act, understood.act), "topic": understood.topic,
        "topics": [{"topic": topic, "confidence": round(score, 4)} for topic, score in understood.topics],
        "confidence": round(understood.confidence, 4), "facts": facts_to_json(understood.facts),
        "mentions": [_mention(mention) for mention in understood.mentions],
        "unsure": [_mention(mention) for mention in understood.unsure], "pack": understood.pack,
    }  # fmt: skip


def _mention(mention: Mention) -> dict[str, Any]:
    return {"fact": mention.name, "value": to_json(mention.value), "text": mention.text,
            "start": mention.start, "end": mention.end,
            "confidence": round(mention.confidence, 4)}  # fmt: skip
