"""Rasa's domain says what the law asks, and is never stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.desk.turn import ACTS
from actions.rasa_actions import ASKING, FORM
from bot.domain import HERE, files, stale, write
from knowledge.load import load
from knowledge.model import Knowledge

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    """The parts of the domain, merged as Rasa merges them."""
    merged: dict[str, Any] = {
        "slots": {},
        "responses": {},
        "entities": [],
        "actions": [],
        "intents": [],
        "forms": {},
    }
    for path in (ROOT / "domain.yml", *sorted(HERE.glob("*.yml"))):
        part = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, value in merged.items():
            value.update(part.get(key, {})) if isinstance(value, dict) else value.extend(part.get(key, []))
    return merged


def test_the_generated_files_are_fresh(knowledge: Knowledge) -> None:
    assert stale(knowledge) == [], "run `python -m bot.domain`"


def test_a_changed_file_is_stale_and_is_written_anew(knowledge: Knowledge, tmp_path: Path) -> None:
    assert write(knowledge, tmp_path) == list(files(knowledge))
    (tmp_path / "facts.yml").write_text("slots: {}\n")
    assert stale(knowledge, tmp_path) == ["facts.yml"]
    assert write(knowledge, tmp_path) == ["facts.yml"]
    assert stale(knowledge, tmp_path) == []


def test_every_fact_is_a_slot_an_entity_and_a_question(knowledge: Knowledge, domain: dict[str, Any]) -> None:
    for name in knowledge.facts:
        assert domain["slots"][name]["mappings"] == [{"type": "from_entity", "entity": name}]
        assert name in domain["entities"]
        assert domain["responses"][f"utter_ask_{name}"][0]["text"]


def test_no_slot_sways_the_dialogue_but_the_open_question(domain: dict[str, Any]) -> None:
    assert [name for name, slot in domain["slots"].items() if slot["influence_conversation"]] == [ASKING]


def test_questions_about_the_conversation_clash_with_no_fact(
    knowledge: Knowledge, domain: dict[str, Any]
) -> None:
    for name in ("pack", "topic", "switch", "resume", "check", ASKING):
        assert name not in knowledge.facts
        assert name in domain["slots"]


def test_every_checklist_can_be_requested(knowledge: Knowledge, domain: dict[str, Any]) -> None:
    for name in knowledge.checklists:
        assert f"checklist_{name}" in domain["slots"]
        assert f"utter_ask_checklist_{name}" in domain["responses"]


def test_every_act_is_an_intent_with_an_action(domain: dict[str, Any]) -> None:
    assert [next(iter(intent)) for intent in domain["intents"]] == list(ACTS)
    form = {f"validate_{FORM}": {"send_domain": False}}
    assert domain["actions"] == [*(f"action_{act}" for act in ACTS), form]
    assert domain["forms"] == {FORM: {"required_slots": []}}


def test_no_template_holds_a_variable(domain: dict[str, Any]) -> None:
    for name, variants in domain["responses"].items():
        assert "{" not in variants[0]["text"], name
