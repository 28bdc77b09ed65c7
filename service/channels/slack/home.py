"""App Home: whose rules bind the person, what they asked, what the desk keeps, and how to delete it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from actions.desk.words import day
from service.channels import wording
from service.channels.slack.views import OPTION_TEXT, button, context, plain, section
from service.parts import Parts
from service.store.channels import Place

PRIVACY = (
    "Your questions stay between you and the desk. Messages are deleted after {days} days without activity; "
    "an answer and its facts are kept {years} years as a record. Nobody is told that you asked."
)
SHOWN = 10


def home(parts: Parts, places: Sequence[Place], pack: str | None) -> dict[str, Any]:
    """The tab's view for one person, whose rules are those of `pack` as far as they said so."""
    settings = parts.settings
    blocks = [
        section("Ethics Desk", strong=True),
        section(f"Can I accept this? May I take this second job? {wording.NOTHING_YET}"),
        section("Whose rules bind you", strong=True),
        {"type": "actions", "elements": [_packs(parts, pack)]},
        section("Open", strong=True),
        *(_open(parts, places) or [context("Nothing is open.")]),
        section("Answered", strong=True),
        *(_answered(parts, places) or [context("Nothing yet.")]),
        section("Privacy", strong=True),
        context(PRIVACY.format(days=settings.transcript_days, years=settings.record_years)),
        {"type": "actions", "elements": [
            {**button("Delete my conversations", "delete_mine", "delete_mine"), "style": "danger",
             "confirm": _confirm()}
        ]},
    ]  # fmt: skip
    return {"type": "home", "blocks": blocks}


def _packs(parts: Parts, pack: str | None) -> dict[str, Any]:
    options = {
        one.id: {"text": plain(one.title, OPTION_TEXT), "value": one.id}
        for one in parts.knowledge.packs.values()
    }
    chosen = {"initial_option": options[pack]} if pack in options else {}
    return {"type": "static_select", "action_id": "pack", "placeholder": plain("The desk asks me", 150),
            "options": list(options.values()), **chosen}  # fmt: skip


def _open(parts: Parts, places: Sequence[Place]) -> list[dict[str, Any]]:
    """What waits for an answer of the person's, each with a button that asks it again."""
    blocks = []
    for place in places[:SHOWN]:
        state = parts.store.cases.load(place.conversation_id)
        question = parts.desk.question(state)
        if question is not None and state.topic is not None:
            words = section(f"{parts.knowledge.topics[state.topic].title}: {question.text}")
            blocks.append({**words, "accessory": button("Go on", "go_on", place.id)})
    return blocks


def _answered(parts: Parts, places: Sequence[Place]) -> list[dict[str, Any]]:
    given = [one for place in places for one in parts.store.records.of(place.conversation_id)]
    latest = sorted(given, key=lambda one: str(one["at"]), reverse=True)[:SHOWN]
    return [context(_line(parts, one)) for one in latest]


def _line(parts: Parts, record: dict[str, Any]) -> str:
    law, decided = parts.knowledge, record["determination"]
    when = day(dt.datetime.fromisoformat(record["at"]).date())
    topic, outcome = law.topics[decided["topic"]].title, str(decided["outcome"])
    return f"{wording.MARK[wording.sense(outcome)]} {topic}: {law.outcomes[outcome].label} ({when})"


def _confirm() -> dict[str, Any]:
    return {
        "title": plain("Delete everything?", 100),
        "text": plain("Every question, fact and answer of yours here is deleted for good.", 300),
        "confirm": plain("Delete", 30),
        "deny": plain("Keep it", 30),
    }
