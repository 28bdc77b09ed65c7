"""GET /api/v1/packs and below: what can be asked, and the law behind it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from actions.desk.library import passage_json
from actions.desk.values import facts_to_json, to_json
from knowledge.model import Fact, Knowledge, Provision, Rule
from service.api.dependencies import CallerDep, PartsDep
from service.api.problems import RESPONSES
from service.errors import NotFound

router = APIRouter(prefix="/api/v1", tags=["the law as data"], responses=RESPONSES)


@router.get("/packs", summary="The packs and whom they bind")
def packs(_: CallerDep, parts: PartsDep) -> list[dict[str, Any]]:
    """Every pack with its documents, whom to ask, and the facts that it settles."""
    return [
        {
            "pack": pack.id, "title": pack.title, "binds": pack.binds, "jurisdiction": pack.jurisdiction,
            "extends": pack.extends, "fixes": facts_to_json(pack.fixes),
            "assumes": facts_to_json(pack.assumes),
            "contact": pack.contact, "documents": list(pack.documents),
        }
        for pack in parts.knowledge.packs.values()
    ]  # fmt: skip


@router.get("/packs/{pack}/topics", summary="The topics of a pack")
def topics(pack: str, _: CallerDep, parts: PartsDep) -> list[dict[str, Any]]:
    """What people of this pack can ask about."""
    _known(parts.knowledge, pack)
    return [
        {"topic": topic.id, "title": topic.title, "description": topic.description}
        for topic in parts.knowledge.topics.values() if pack in topic.packs
    ]  # fmt: skip


@router.get("/packs/{pack}/facts", summary="The facts that may be asked")
def facts(pack: str, _: CallerDep, parts: PartsDep) -> list[dict[str, Any]]:
    """Every fact of the pack's rules: type, question, why it matters, and options."""
    line = _line(parts.knowledge, pack)
    shared = set(parts.knowledge.packs)
    return [
        _fact(fact) for fact in parts.knowledge.facts.values() if fact.pack in line or fact.pack not in shared
    ]


@router.get("/packs/{pack}/provisions", summary="The provisions of a pack")
def provisions(pack: str, _: CallerDep, parts: PartsDep) -> list[dict[str, Any]]:
    """Every provision that binds the pack's people, without its text."""
    line = _line(parts.knowledge, pack)
    return [_provision(one) for one in parts.knowledge.provisions.values() if one.pack in line]


@router.get("/packs/{pack}/provisions/{provision:path}", summary="One provision with its passages")
def provision(pack: str, provision: str, _: CallerDep, parts: PartsDep) -> dict[str, Any]:
    """A provision with its passages, official words where they are installed, and the rules that cite it."""
    line = _line(parts.knowledge, pack)
    found = parts.knowledge.provisions.get(provision)
    if found is None or found.pack not in line:
        raise NotFound("There is no such provision in this pack.", field="provision")
    cited_by = [rule.id for rule in parts.knowledge.rules.values() if provision in rule.cites]
    passages = [passage_json(passage) for passage in parts.index.passages([provision])]
    return {**_provision(found), "note": found.note, "passages": passages, "rules": cited_by}


@router.get("/packs/{pack}/rules", summary="The rules of a pack")
def rules(pack: str, _: CallerDep, parts: PartsDep) -> list[dict[str, Any]]:
    """Every rule with its condition, outcome, duties and citations, as an attorney would check it."""
    line = _line(parts.knowledge, pack)
    return [_rule(rule) for rule in parts.knowledge.rules.values() if rule.pack in line]


def _known(knowledge: Knowledge, pack: str) -> None:
    if pack not in knowledge.packs:
        raise NotFound("There is no such pack.", field="pack", expected=", ".join(knowledge.packs))


def _line(knowledge: Knowledge, pack: str) -> set[str]:
    """The pack and what it extends."""
    _known(knowledge, pack)
    line, current = set(), knowledge.packs[pack]
    line.add(current.id)
    while current.extends is not None:
        current = knowledge.packs[current.extends]
        line.add(current.id)
    return line


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.name, "type": fact.type, "question": fact.question, "why": fact.why,
        "statement": fact.statement, "sensitivity": fact.sensitivity, "checklist": fact.checklist,
        "options": [{"value": option.value, "label": option.label} for option in fact.options],
        "presume": None if fact.presume is None else to_json(fact.presume),
    }  # fmt: skip


def _provision(provision: Provision) -> dict[str, Any]:
    return {
        "provision": provision.id, "citation": provision.citation, "heading": provision.heading,
        "topic": provision.topic, "status": provision.status, "effective": provision.effective,
        "document": provision.document, "pack": provision.pack, "kind": provision.kind,
    }  # fmt: skip


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id, "title": rule.title, "topics": list(rule.topics), "when": rule.when,
        "outcome": rule.outcome, "layer": rule.layer, "cites": list(rule.cites), "basis": rule.basis,
        "unverified": rule.unverified, "file": rule.file,
        "duties": [{"do": duty.do, "who": duty.who, "form": duty.form} for duty in rule.duties],
        "effective_from": rule.effective_from and rule.effective_from.isoformat(),
        "effective_to": rule.effective_to and rule.effective_to.isoformat(),
    }  # fmt: skip
