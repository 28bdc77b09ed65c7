"""App Home: what the desk is and keeps, the person's conversations, and the way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.channels import wording
from service.channels.slack.views import button, context, section
from service.parts import Parts
from service.store.channels import Place

PRIVACY = (
    "Your questions stay between you and the desk. Messages are deleted after {days} days without activity; "
    "an answer and its facts are kept {years} years as a record. Nobody is told that you asked."
)
SHOWN = 10


def home(parts: Parts, places: Sequence[Place]) -> dict[str, Any]:
    """The tab's view for one person."""
    settings = parts.settings
    blocks = [
        section("Ethics Desk", strong=True),
        section(f"Can I accept this? May I take this second job? {wording.NOTHING_YET}"),
        {"type": "actions", "elements": [button("Delete my conversations", "delete_mine", "delete_mine")]},
        section("Your questions", strong=True),
        *_cases(parts, places),
        section("Privacy", strong=True),
        context(PRIVACY.format(days=settings.transcript_days, years=settings.record_years)),
    ]
    return {"type": "home", "blocks": blocks}


def _cases(parts: Parts, places: Sequence[Place]) -> list[dict[str, Any]]:
    lines = []
    for place in places[:SHOWN]:
        state = parts.store.cases.load(place.conversation_id)
        topic = parts.knowledge.topics[state.topic].title if state.topic else "Not begun"
        pack = parts.knowledge.packs[state.pack].title if state.pack else "whose rules: not said yet"
        stage = {"determined": "answered", "handed_over": "with a person"}.get(state.phase, "open")
        lines.append(context(f"{topic}: {stage} ({pack})"))
    return lines or [context("None yet.")]
