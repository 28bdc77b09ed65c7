"""The modal in which a person checks the facts of the case and puts them right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.desk.state import CaseState
from actions.desk.values import facts_to_json
from actions.desk.words import label, value_words
from actions.engine import FactError
from knowledge.model import Fact
from service.channels.slack.views import OPTION_TEXT, plain, section
from service.parts import Parts

SHOWN = 40
YES_NO = (("true", "Yes"), ("false", "No"))


def modal(parts: Parts, state: CaseState, place_id: str) -> dict[str, Any]:
    """The view; `private_metadata` holds the place's opaque id and nothing else."""
    values = facts_to_json(state.values)
    blocks = [_input(parts.knowledge.facts[name], label(parts.knowledge, name), value)
              for name, value in values.items() if name in parts.knowledge.facts][:SHOWN]  # fmt: skip
    view = {
        "type": "modal", "callback_id": "facts", "private_metadata": place_id,
        "title": plain("Your facts", 24), "close": plain("Close", 24),
        "blocks": blocks or [section("I know no facts yet.")],
    }  # fmt: skip
    return {**view, "submit": plain("Use these", 24)} if blocks else view


def read(
    parts: Parts, state: CaseState, view: Mapping[str, Any]
) -> tuple[dict[str, Any], str, dict[str, str]]:
    """What was changed, the words for it, and what is wrong by block: nothing is believed unparsed."""
    before, changed, errors, words = facts_to_json(state.values), {}, {}, []
    entered: Mapping[str, Any] = view.get("state", {}).get("values", {})
    for name, actions in entered.items():
        fact = parts.knowledge.facts.get(name)
        if fact is None or name not in before or state.pack is None:
            continue
        value = _value(fact, actions.get("value") or {})
        if value is None or value == before[name]:
            continue
        try:
            parsed = parts.engine.parse_facts(state.pack, {name: value})
        except FactError as error:
            errors[name] = f"Expected {error.expected}."
            continue
        changed[name] = value
        words.append(f"{label(parts.knowledge, name)}: {value_words(fact, parsed[name])}")
    return changed, "; ".join(words), errors


def _input(fact: Fact, title: str, value: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": fact.name, "optional": True, "label": plain(title, 2000),
            "element": _element(fact, value)}  # fmt: skip


def _element(fact: Fact, value: Any) -> dict[str, Any]:
    if fact.type in ("bool", "choice"):
        pairs = YES_NO if fact.type == "bool" else [(str(one.value), one.label) for one in fact.options]
        options = [{"text": plain(words, OPTION_TEXT), "value": key} for key, words in pairs]
        now = str(value).lower() if fact.type == "bool" else str(value)
        chosen = [one for one in options if one["value"] == now]
        first = {"initial_option": chosen[0]} if chosen else {}
        return {"type": "static_select", "action_id": "value", "options": options, **first}
    if fact.type == "date":
        return {"type": "datepicker", "action_id": "value", "initial_date": str(value)}
    decimal = fact.type == "money"
    return {"type": "number_input", "action_id": "value", "is_decimal_allowed": decimal,
            "initial_value": str(value)}  # fmt: skip


def _value(fact: Fact, action: Mapping[str, Any]) -> Any:
    chosen = (action.get("selected_option") or {}).get("value")
    if fact.type == "bool":
        return None if chosen is None else chosen == "true"
    if fact.type == "choice":
        return chosen
    if fact.type == "date":
        return action.get("selected_date")
    entered = action.get("value")
    try:
        return None if entered is None else float(entered) if fact.type == "money" else int(entered)
    except ValueError:
        return entered
