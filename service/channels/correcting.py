"""The facts of a case to check in a form, and what a form sent back: nothing is believed unparsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.desk.state import CaseState
from actions.desk.values import Json, to_json
from actions.desk.words import label, plain, value_words
from actions.engine import FactError
from knowledge.model import Fact
from service.parts import Parts

YES_NO = (("true", "Yes"), ("false", "No"))
EMPTY = "Say what it is, or leave it as it was."


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of the case, its short name, its value, and what may be chosen where that is bounded."""

    fact: Fact
    title: str
    value: Json
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a form changed, the words for it, and what is wrong by the fact's name."""

    values: Mapping[str, Any]
    words: str
    problems: Mapping[str, str]


def known(parts: Parts, state: CaseState) -> list[Known]:
    """The facts of the case: what is so before what does not apply."""
    law = parts.knowledge
    found = [
        Known(law.facts[name], label(law, name), to_json(value), _options(law.facts[name]))
        for name, value in state.values.items() if name in law.facts
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.value is False)


def corrected(parts: Parts, state: CaseState, entered: Mapping[str, str]) -> Correction:
    """Read what was entered, by the facts' names. What names no fact of the case is ignored."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    words: list[str] = []
    for one in known(parts, state):
        name, text = one.fact.name, entered.get(one.fact.name)
        if text is None or state.pack is None:
            continue
        value = _value(one.fact, text)
        if value is None:
            problems[name] = EMPTY
        elif value != one.value:
            try:
                parsed = parts.engine.parse_facts(state.pack, {name: value})
            except FactError as error:
                problems[name] = f"Expected {error.expected}."
                continue
            values[name] = value
            words.append(f"{one.title}: {value_words(one.fact, parsed[name])}")
    return Correction(values, "; ".join(words), problems)


def _options(fact: Fact) -> tuple[tuple[str, str], ...]:
    if fact.type == "bool":
        return YES_NO
    return tuple((str(option.value), plain(option.label)) for option in fact.options)


def _value(fact: Fact, text: str) -> Any:
    """The text as JSON; None for nothing. What fits no type stays text, for the engine to refuse."""
    entered = text.strip()
    if not entered:
        return None
    if fact.type == "bool":
        return {"true": True, "false": False}.get(entered, entered)
    try:
        return float(entered) if fact.type == "money" else int(entered) if fact.type == "integer" else entered
    except ValueError:
        return entered
