"""/law: packs, topics, provisions, rules and search, each at an address of its own, without scripts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from index import Passage
from knowledge.model import Knowledge, Provision
from service.api.dependencies import CallerDep, PartsDep
from service.pages import reading
from service.pages.templates import render
from service.parts import Parts

FOUND = 20
router = APIRouter(prefix="/law", include_in_schema=False, default_response_class=HTMLResponse)


@router.get("")
def home(_: CallerDep, parts: PartsDep) -> HTMLResponse:
    """The packs, and a search over all of them."""
    law = parts.knowledge
    counts = {pack: sum(one.pack == pack for one in law.provisions.values()) for pack in law.packs}
    return render("law.html", packs=law.packs.values(), counts=counts, pack=None, query="")


@router.get("/search")
def search(
    _: CallerDep,
    parts: PartsDep,
    q: Annotated[str, Query(max_length=1000)] = "",
    pack: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """The provisions nearest to a question, each once."""
    law, query = parts.knowledge, q.strip()
    chosen = pack if pack in law.packs else None
    hits = parts.index.search(query, pack=chosen, k=FOUND) if query else []
    found: dict[str, Passage] = {}
    for hit in hits:
        found.setdefault(hit.passage.provision, hit.passage)
    shown = [(law.provisions[name], passage) for name, passage in found.items()]
    return render("search.html", packs=law.packs.values(), pack=chosen, query=query, found=shown,
                  standing=reading.standing)  # fmt: skip


@router.get("/pack/{pack}")
def pack(pack: str, _: CallerDep, parts: PartsDep) -> HTMLResponse:
    """Whom a pack binds, its topics, and its own provisions by document."""
    law = parts.knowledge
    chosen = law.packs.get(pack)
    if chosen is None:
        return _nothing(law)
    return render(
        "pack.html", packs=law.packs.values(), pack=chosen, query="",
        under=law.packs[chosen.extends] if chosen.extends else None, standing=reading.standing,
        topics=[topic for topic in law.topics.values() if pack in topic.packs],
        documents=reading.by_document(law, [pack]),
    )  # fmt: skip


@router.get("/pack/{pack}/{topic}")
def topic(pack: str, topic: str, _: CallerDep, parts: PartsDep) -> HTMLResponse:
    """The rules of a topic for the people of a pack, and the provisions they rest on."""
    law = parts.knowledge
    chosen, about = law.packs.get(pack), law.topics.get(topic)
    if chosen is None or about is None or pack not in about.packs:
        return _nothing(law)
    rules = reading.rules_of(law, reading.line(law, chosen), topic)
    return render(
        "topic.html", pack=chosen, topic=about, rules=rules, outcomes=law.outcomes, layers=law.layers,
        provisions=reading.provisions_of(law, rules), standing=reading.standing,
    )  # fmt: skip


@router.get("/provision/{provision:path}")
def provision(provision: str, _: CallerDep, parts: PartsDep) -> HTMLResponse:
    """A provision: its standing, its passages, the rules that rest on it."""
    law = parts.knowledge
    found = law.provisions.get(provision)
    if found is None:
        return _nothing(law)
    return render(
        "provision.html", provision=found, pack=law.packs[found.pack], standing=reading.standing,
        document=reading.DOCUMENTS.get(found.document, found.document), passages=_passages(parts, [found]),
        parent=law.provisions.get(found.parent or ""), inside=reading.parts_of(law, provision),
        rules=reading.rules_citing(law, provision), outcomes=law.outcomes, governs=_known(law, found.governs),
    )  # fmt: skip


@router.get("/rule/{rule}")
def rule(rule: str, _: CallerDep, parts: PartsDep) -> HTMLResponse:
    """A rule: what it decides, the facts it looks at, worked examples, and its passages."""
    law = parts.knowledge
    found = law.rules.get(rule)
    if found is None:
        return _nothing(law)
    cited = _known(law, found.cites)
    return render(
        "rule.html", rule=found, outcome=law.outcomes[found.outcome], layer=law.layers[found.layer],
        pack=law.packs[found.pack], topics=[law.topics[one] for one in found.topics],
        facts=reading.looked_at(law, found), cases=reading.worked(law, found),
        cited=[(one, _passages(parts, [one])) for one in cited], standing=reading.standing,
    )  # fmt: skip


@router.get("/{rest:path}")
def elsewhere(rest: str, _: CallerDep, parts: PartsDep) -> HTMLResponse:
    """Whatever else is asked for under /law is a page too."""
    return _nothing(parts.knowledge)


def _known(knowledge: Knowledge, names: tuple[str, ...]) -> list[Provision]:
    return [knowledge.provisions[name] for name in names if name in knowledge.provisions]


def _passages(parts: Parts, provisions: list[Provision]) -> list[Passage]:
    return list(parts.index.passages([one.id for one in provisions]))


def _nothing(knowledge: Knowledge) -> HTMLResponse:
    return render("missing.html", status=404, packs=knowledge.packs.values(), pack=None, query="")
