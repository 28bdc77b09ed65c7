"""What the law's pages show, worked out of `knowledge/`: groups, standing, and what hangs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actions.desk.words import clause, label, plain
from knowledge.model import Case, Fact, Knowledge, Pack, Provision, Rule

DOCUMENTS: Mapping[str, str] = {
    "cgs": "Connecticut General Statutes",
    "rcsa-2015": "Regulations of Connecticut State Agencies, ethics (2015)",
    "rcsa-1-81": "Regulations on declaratory rulings and hearings",
    "rcsa-17-313b": "Regulations on personal data",
    "advisory-opinions": "Advisory opinions",
    "declaratory-rulings": "Declaratory rulings",
    "office-pages": "What the ethics office publishes",
    "agency-policies": "Agency policies",
    "igpr009": "Developmental Services procedure I.G.PR.009",
    "dss-memo": "Social Services code of ethics memorandum",
    "opm-policy": "Policy and Management ethics policy",
    "28-ir-3452": "Indiana ethics rules as amended in 2005",
    "42-iac-1": "Indiana ethics rules of today",
    "indiana-code": "Indiana Code",
    "in-opinions": "Indiana opinions",
}
_NAME = re.compile(r"\b[a-z_][a-z0-9_]*\b")


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked example in words."""

    facts: tuple[str, ...]
    outcome: str
    topic: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A fact that a rule looks at: its name there, what it means, and how it is asked ("" if never)."""

    name: str
    meaning: str
    question: str


def line(knowledge: Knowledge, pack: Pack) -> tuple[str, ...]:
    """The pack and what it extends, the more special one first."""
    found = [pack.id]
    while pack.extends is not None:
        pack = knowledge.packs[pack.extends]
        found.append(pack.id)
    return tuple(found)


def by_document(knowledge: Knowledge, packs: Iterable[str]) -> list[tuple[str, list[Provision]]]:
    """The provisions of these packs under the title of their document, in the order of the files."""
    groups: dict[str, list[Provision]] = {}
    for pack in packs:
        for provision in knowledge.provisions.values():
            if provision.pack == pack:
                title = DOCUMENTS.get(provision.document, provision.document)
                groups.setdefault(title, []).append(provision)
    return list(groups.items())


def rules_citing(knowledge: Knowledge, provision: str) -> list[Rule]:
    """The rules that rest on a provision."""
    return [rule for rule in knowledge.rules.values() if provision in rule.cites]


def rules_of(knowledge: Knowledge, packs: Iterable[str], topic: str) -> list[Rule]:
    """The rules that answer a topic for the people of these packs, the strictest first."""
    bound = set(packs)
    found = [one for one in knowledge.rules.values() if topic in one.topics and one.pack in bound]
    return sorted(found, key=lambda rule: -knowledge.outcomes[rule.outcome].rank)


def provisions_of(knowledge: Knowledge, rules: Iterable[Rule]) -> list[Provision]:
    """What the rules cite, each once."""
    cites = dict.fromkeys(cite for rule in rules for cite in rule.cites)
    return [knowledge.provisions[cite] for cite in cites if cite in knowledge.provisions]


def parts_of(knowledge: Knowledge, provision: str) -> list[Provision]:
    """The provisions inside this one, as far as they say so."""
    return [one for one in knowledge.provisions.values() if one.parent == provision]


def looked_at(knowledge: Knowledge, rule: Rule) -> list[Looked]:
    """The facts that the rule's condition names, in its order."""
    return [
        _looked(knowledge, name)
        for name in dict.fromkeys(_NAME.findall(rule.when))
        if _known(knowledge, name)
    ]


def _known(knowledge: Knowledge, name: str) -> bool:
    return name in knowledge.facts or name in knowledge.derived


def _looked(knowledge: Knowledge, name: str) -> Looked:
    fact: Fact | None = knowledge.facts.get(name)
    if fact is not None:
        return Looked(name, label(knowledge, name), plain(fact.question))
    return Looked(name, plain(knowledge.derived[name].meaning), "")


def worked(knowledge: Knowledge, rule: Rule) -> list[Worked]:
    """The worked examples in which the rule fires."""
    return [_worked(knowledge, case) for case in knowledge.cases if rule.id in case.rules]


def _worked(knowledge: Knowledge, case: Case) -> Worked:
    facts = tuple(clause(knowledge, name, value) for name, value in case.facts.items())
    return Worked(facts, knowledge.outcomes[case.outcome].label, knowledge.topics[case.topic].title)


def standing(provision: Provision) -> str:
    """How a provision stands, in one word for its badge."""
    if provision.superseded or provision.status.startswith("superseded"):
        return "superseded"
    if provision.status.startswith("in force") and "overruled" not in provision.status:
        return "in force"
    return "repealed" if provision.status.startswith("repealed") else "other"
