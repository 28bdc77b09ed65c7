"""Rasa's call of an action, as a dictionary in and a dictionary out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

OK, REJECTED, UNKNOWN = 200, 400, 404


async def answer(executor: ActionExecutor, payload: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Run the action that `payload` names; the status and the body that Rasa expects.

    With `enable_selective_domain` Rasa leaves the domain out, and rasa-sdk 3.21.1 would refuse the call
    and wait for a second one that Rasa 3.6.21 never makes; an empty domain stands in, since no action of
    ours reads it.
    """
    call = {**payload, "domain": payload.get("domain") or {}}
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as error:
        return REJECTED, {"error": "the action was rejected", "action_name": error.action_name}
    except ActionNotFoundException as error:
        return UNKNOWN, {"error": "there is no such action", "action_name": error.action_name}
    return OK, result.model_dump() if result is not None else {"events": [], "responses": []}


def run(executor: ActionExecutor, payload: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """`answer` for a thread without an event loop: actions of ours wait for nothing, so none is made for them
    (one a call took a millisecond).
    """
    work = answer(executor, payload)
    try:
        work.send(None)
    except StopIteration as done:
        result: tuple[int, dict[str, Any]] = done.value
        return result
    work.close()
    raise RuntimeError(f"the action {payload.get('next_action')} waits for something")
