"""The modal in which a person checks the facts of the case and puts them right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.desk.state import CaseState
from service.channels.correcting import Known, known
from service.channels.slack.views import OPTION_TEXT, plain, section
from service.parts import Parts

SHOWN = 40
TITLE = 24


def modal(parts: Parts, state: CaseState, place_id: str) -> dict[str, Any]:
    """The view; `private_metadata` holds the place's opaque id and nothing else."""
    blocks = [_input(one) for one in known(parts, state)[:SHOWN]]
    view = {
        "type": "modal", "callback_id": "facts", "private_metadata": place_id,
        "title": plain("Your facts", TITLE), "close": plain("Close", TITLE),
        "blocks": blocks or [section("I know no facts yet.")],
    }  # fmt: skip
    return {**view, "submit": plain("Use these", TITLE)} if blocks else view


def entered(view: Mapping[str, Any]) -> dict[str, str]:
    """What the submitted view holds, by the facts' names; what was left empty is left out."""
    values = (view.get("state") or {}).get("values") or {}
    found = {str(name): _text(actions.get("value") or {}) for name, actions in values.items()}
    return {name: text for name, text in found.items() if text is not None}


def _input(one: Known) -> dict[str, Any]:
    return {"type": "input", "block_id": one.fact.name, "optional": True, "label": plain(one.title, 2000),
            "element": _element(one)}  # fmt: skip


def _element(one: Known) -> dict[str, Any]:
    if one.options:
        options = [{"text": plain(words, OPTION_TEXT), "value": key} for key, words in one.options]
        now = str(one.value).lower() if one.fact.type == "bool" else str(one.value)
        chosen = [option for option in options if option["value"] == now]
        first = {"initial_option": chosen[0]} if chosen else {}
        return {"type": "static_select", "action_id": "value", "options": options, **first}
    if one.fact.type == "date":
        return {"type": "datepicker", "action_id": "value", "initial_date": str(one.value)}
    return {"type": "number_input", "action_id": "value", "is_decimal_allowed": one.fact.type == "money",
            "initial_value": str(one.value)}  # fmt: skip


def _text(action: Mapping[str, Any]) -> str | None:
    chosen = (action.get("selected_option") or {}).get("value")
    text = chosen or action.get("selected_date") or action.get("value")
    return None if text is None else str(text)
