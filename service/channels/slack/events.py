"""Which delivery is which: the platform's own id of an event, whatever its retry headers say."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from service.store.channels import Place, place_id


def key_of(body: Mapping[str, Any]) -> str | None:
    """A key that a repeat of the same delivery shares; None for what needs none (Slack's URL check)."""
    if body.get("type") == "event_callback":
        return _key("event", body.get("event_id"))
    if body.get("command"):
        return _key("command", body.get("trigger_id"))
    if body.get("type") == "block_actions":
        actions = body.get("actions") or [{}]
        first = actions[0] if isinstance(actions, list) and isinstance(actions[0], dict) else {}
        return _key("action", first.get("action_ts"), user_of(body))
    if body.get("type") == "view_submission":
        return None  # Slack waits for the answer and repeats nothing; the view's hash keys the message
    return _key("shortcut", body.get("action_ts") or body.get("trigger_id"))


def place_of(team: str, user: str, channel: str, thread: str | None = None) -> Place:
    """The place of one person in one direct message or thread of it."""
    identity = owner(team, user)
    address = {"channel": channel, **({"thread_ts": thread} if thread else {})}
    return Place(place_id(identity, channel, thread or ""), identity, "", address)


def owner(team: str, user: str) -> str:
    """Whose a conversation is: this person of this workspace, nobody else."""
    return f"slack:{team}:{user}"


def stamp_of(body: Mapping[str, Any]) -> float:
    """When a delivery's content was said, by Slack's clock in seconds; now where it does not tell."""
    event, actions = body.get("event"), body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    stamps = (event.get("ts") if isinstance(event, dict) else None,
              first.get("action_ts") if isinstance(first, dict) else None, body.get("action_ts"))  # fmt: skip
    for stamp in stamps:
        with contextlib.suppress(TypeError, ValueError):
            return float(stamp)  # type: ignore[arg-type]
    return time.time()


def team_of(body: Mapping[str, Any]) -> str:
    """The workspace of a delivery."""
    team = body.get("team")
    return str(body.get("team_id") or (team.get("id") if isinstance(team, dict) else "") or "")


def user_of(body: Mapping[str, Any]) -> str:
    """The person of a delivery."""
    user = body.get("user")
    return str(body.get("user_id") or (user.get("id") if isinstance(user, dict) else "") or "")


def sender_of(body: Mapping[str, Any]) -> str:
    """The person of a delivery, of an event's too."""
    event = body.get("event")
    return user_of(body) or str((event.get("user") if isinstance(event, dict) else "") or "")


def _key(kind: str, *ids: object) -> str | None:
    return f"slack:{kind}:{':'.join(map(str, ids))}"[:200] if ids and ids[0] else None
