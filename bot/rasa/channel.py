"""Rasa's REST channel, loaded through credentials.yml, with one repair that every Rasa process of ours needs.

Rasa 3.6.21 checks every answer of an action against a JSON schema, and checks that constant schema itself
anew each time (jsonschema 4.17, 35 ms on the machine this was measured on; the whole turn took 88 ms).
Here the schema is checked once and the answers as strictly as before.
"""

from __future__ import annotations

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.rest import RestInput


def _prepared() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


_VALIDATOR = _prepared()


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Raise jsonschema's `ValidationError` for an answer that no action may give."""
    _VALIDATOR.validate(result)
    return True


RemoteAction._validate_action_result = _validate_action_result


class DeskInput(RestInput):  # type: ignore[misc]
    """The REST channel under its usual name, so that its address stays /webhooks/rest/webhook."""
