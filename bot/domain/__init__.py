"""Rasa's slots, entities and question templates, generated from the facts of `knowledge/`.

`python -m bot.domain` writes them beside this file; `--check` only says whether they are stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.model import Fact, Knowledge

HERE = Path(__file__).parent
HEADER = "# Generated from knowledge/ by `python -m bot.domain`; do not edit.\n"
# Whatever its type, a slot only copies what the store holds; Rasa never reads it.
SLOT = "bot.rasa.slot.FactSlot"


def files(knowledge: Knowledge) -> dict[str, str]:
    """The text of every generated file, by name."""
    facts = {
        "entities": list(knowledge.facts),
        "slots": {name: _slot(fact) for name, fact in knowledge.facts.items()},
        "responses": {
            f"utter_ask_{name}": [{"text": _words(fact.question)}] for name, fact in knowledge.facts.items()
        },
    }
    checklists = {
        "slots": {f"checklist_{name}": _asked_only() for name in knowledge.checklists},
        "responses": {
            f"utter_ask_checklist_{name}": [{"text": _words(checklist.question)}]
            for name, checklist in knowledge.checklists.items()
        },
    }
    return {"facts.yml": _yaml(facts), "checklists.yml": _yaml(checklists)}


def stale(knowledge: Knowledge, folder: Path = HERE) -> list[str]:
    """The names of the generated files that are missing or differ from what they should be."""
    wanted = files(knowledge)
    return [name for name, text in wanted.items() if _read(folder / name) != text]


def write(knowledge: Knowledge, folder: Path = HERE) -> list[str]:
    """Write what is stale; the names of the files written."""
    wanted = files(knowledge)
    changed = stale(knowledge, folder)
    for name in changed:
        (folder / name).write_text(wanted[name], encoding="utf-8")
    return changed


def _slot(fact: Fact) -> dict[str, Any]:
    mapping = {"type": "from_entity", "entity": fact.name}
    return {"type": SLOT, "influence_conversation": False, "mappings": [mapping]}


def _asked_only() -> dict[str, Any]:
    """A slot that is requested and never filled: its answer fills the slots of its facts."""
    return {"type": SLOT, "influence_conversation": False, "mappings": [{"type": "custom"}]}


def _words(text: str) -> str:
    """A question as a Rasa template: braces would be variables, asterisks are only for the knowledge
    files.
    """
    return " ".join(text.replace("**", "").replace("{", "(").replace("}", ")").split())


def _yaml(content: Mapping[str, Any]) -> str:
    body = yaml.safe_dump({"version": "3.1", **content}, sort_keys=False, allow_unicode=True, width=110)
    return HEADER + body


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
