"""What an activity from Teams says: typed words, a pressed button, a form sent back."""

from __future__ import annotations

import datetime as dt
import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.channels import wording
from service.channels.teams.cards import mark
from service.store.channels import Place, place_id

FIXED = {"dont_know": wording.DONT_KNOW, "why": wording.WHY, "back": wording.BACK, "person": wording.PERSON}
TYPED = "answered in words"
MENTION = re.compile(r"<at[^>]*>.*?</at>", re.DOTALL)
Activity = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """`text` goes to the desk, `words` stand for it in the question that was asked. `verb` names the control
    ("" for typed words) and `entered` is what a form holds. `answers` tells that it fits the question that
    waits."""

    text: str
    words: str
    verb: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    answers: bool = False


def said(activity: Activity, place: Place | None) -> Said:
    """What a message or a card's control says at a place as it stands."""
    data = _data(activity)
    if data is None:
        text = html.unescape(MENTION.sub(" ", str(activity.get("text") or "")))
        return Said(" ".join(text.split()), TYPED, answers=True)
    verb = str(data.get("verb", ""))
    question = place.question if place is not None else None
    waits = question is not None and data.get("token") == mark(question)
    if verb in FIXED:
        return Said(FIXED[verb], FIXED[verb], verb, answers=waits)
    if verb in ("facts", "correct"):
        entered = {str(name): str(value) for name, value in data.items() if name not in ("verb", "token")}
        return Said("", "", verb, entered)
    options = (question or {}).get("options") or ()
    labels = {str(one["token"]): str(one["label"]) for one in options}
    if verb == "several" and not waits:
        return Said("", "", verb)  # an older checklist: silence is no answer to another question
    if verb == "several":
        chosen = [labels[token] for token in str(data.get("chosen", "")).split(",") if token in labels]
        words = " and ".join(chosen) or wording.NONE
        return Said(words, words, verb, answers=True)
    token = str(data.get("chosen") if verb == "choose" else data.get("token", ""))
    return Said(token, labels.get(token, ""), verb, answers=token in labels)


def personal(activity: Activity) -> bool:
    """Whether nobody but the person and the desk reads along."""
    kind = (activity.get("conversation") or {}).get("conversationType")
    return bool(kind == "personal")


def owner_of(activity: Activity, tenant: str) -> str:
    """Whose a conversation is: this person of this tenant, nobody else."""
    sender = activity.get("from") or {}
    return f"teams:{tenant}:{sender.get('aadObjectId') or sender.get('id') or ''}"


def place_of(owner: str, service: str, conversation: str) -> Place:
    """The place of one person in one conversation."""
    return Place(place_id(owner, conversation), owner, "", {"service": service, "conversation": conversation})


def stamp_of(activity: Activity) -> float:
    """When an activity was sent, by Teams' clock in seconds; now where it does not tell."""
    try:
        return dt.datetime.fromisoformat(str(activity.get("timestamp"))).timestamp()
    except (ValueError, OverflowError):
        return time.time()


def joined(activity: Activity) -> bool:
    """Whether it is the desk that was just added."""
    added = activity.get("membersAdded")
    me = (activity.get("recipient") or {}).get("id")
    return isinstance(added, list) and any(isinstance(one, dict) and one.get("id") == me for one in added)


def _data(activity: Activity) -> Mapping[str, Any] | None:
    """The data of a pressed control, executed or submitted; None for typed words."""
    value = activity.get("value")
    if not isinstance(value, dict):
        return None
    action = value.get("action")
    data = action.get("data") if isinstance(action, dict) else value
    return data if isinstance(data, dict) else {}
