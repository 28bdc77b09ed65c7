"""Rasa's calls to the service: over connections that are kept, with what the actions read, briefly checked.

Rasa 3.6.21 opens a connection for every call of an action, sends it every slot and every event (24 kB a turn
and growing), and holds the answer against a schema that it checks anew each time (35 ms of an 88 ms turn).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

# The gateway has given a turn up long before; nothing of ours is worth Rasa's own 300 s.
CALL_SECONDS = 10.0
_sessions: dict[int, aiohttp.ClientSession] = {}


@contextlib.asynccontextmanager
async def _session(self: EndpointConfig) -> AsyncIterator[aiohttp.ClientSession]:
    kept = _sessions.get(id(self))
    if kept is None or kept.closed:
        kept = aiohttp.ClientSession(
            headers=self.headers, timeout=aiohttp.ClientTimeout(total=CALL_SECONDS),
            connector=aiohttp.TCPConnector(keepalive_timeout=4),
        )  # fmt: skip
        _sessions[id(self)] = kept
    yield kept


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, _: Any) -> dict[str, Any]:
    """What an action of ours reads: whose turn it is, and the slots that hold something. The turn itself and
    its facts are the service's own.
    """
    loop = tracker.active_loop
    state = {
        "sender_id": tracker.sender_id,
        "slots": {slot.name: slot.value for slot in tracker.slots.values() if slot.value is not None},
        "latest_message": {},
        "events": [],
        "paused": False,
        "active_loop": {"name": loop.name} if loop else {},
        "latest_action_name": tracker.latest_action_name,
    }
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
    }


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Raise `ValueError` for what no action of ours answers; nobody else is called."""
    if not all(isinstance(result.get(part), list) for part in ("events", "responses")):
        raise ValueError("the action's answer holds no events and responses")
    return True


def install() -> None:
    """Repair Rasa's classes in place."""
    EndpointConfig.session = _session
    RemoteAction._action_call_format = _action_call_format
    RemoteAction._validate_action_result = _validate_action_result
