"""A desk for the browser: the real law, engine, store and page; words stand in for the language models."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from actions.engine import Engine
from bot.understanding.model import Pending, Understanding
from bot.understanding.understand import Understander
from index.passages import Passage, restated
from index.search import Index
from knowledge.load import load
from knowledge.model import Knowledge, Value
from service import parts
from service.parts import Parts
from service.settings import Settings

SLOW = 5.0  # seconds: longer than a caller waits for a reply
ACTS = (
    ("dont_know", r"don't know"),
    ("back", r"^back$"),
    ("talk_to_human", r"person"),
    ("ask_why", r"^why"),
    ("what_if", r"^what if"),
    ("information", r"^(what|how|when)\b"),
    ("situation", r"gift|basket"),
    ("greeting", r"^hello"),
)


class WordsUnderstander:
    """Understands a gift, its worth, and what the page's own buttons say."""

    def understand(
        self,
        text: str,
        *,
        pack: str | None = None,
        pending: Pending | None = None,
        facts: Mapping[str, Value] | None = None,
        topic: str | None = None,
        today: dt.date,
    ) -> Understanding:
        """What the text means, by its words."""
        lower = text.lower()
        if "slowly" in lower:
            time.sleep(SLOW)
        act = next((act for act, pattern in ACTS if re.search(pattern, lower)), "answer")
        amount = re.search(r"\$(\d+)", text)
        found: dict[str, Any] = {"item_value": Decimal(amount[1])} if amount else {}
        day = re.search(r"\d{4}-\d\d-\d\d", text)
        if day and pending is not None and pending.fact:
            found[pending.fact] = dt.date.fromisoformat(day[0])
        heard = "gift" if act == "situation" else None
        return Understanding(act, heard, (("gift", 0.9),) if heard else (), 0.9, found, (), (), None)


@dataclass(frozen=True)
class WordsHit:
    """A passage with its share of the words asked for."""

    passage: Passage
    score: float


class WordsIndex:
    """Finds the restated passages that share the most words with a question."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._lines = {pack.id: {pack.id, pack.extends} for pack in knowledge.packs.values()}
        self._passages = {name: restated(one) for name, one in knowledge.provisions.items()}

    def search(self, query: str, *, pack: str | None = None, k: int = 5) -> list[WordsHit]:
        """The best first."""
        asked = set(re.findall(r"[a-z]{4,}", query.lower()))
        hits = [
            WordsHit(one, len(asked & set(re.findall(r"[a-z]{4,}", one.text.lower()))) / max(1, len(asked)))
            for passages in self._passages.values()
            for one in passages
            if pack is None or one.pack in self._lines[pack]
        ]
        return sorted((hit for hit in hits if hit.score), key=lambda hit: -hit.score)[:k]

    def passages(self, provisions: Sequence[str]) -> list[Passage]:
        """All of these provisions."""
        return [one for name in provisions for one in self._passages.get(name, [])]

    def related(
        self, provisions: Sequence[str], query: str, *, pack: str | None, k: int = 2
    ) -> list[Passage]:
        """The nearest others."""
        hits = self.search(query, pack=pack, k=20)
        return [hit.passage for hit in hits if hit.passage.provision not in provisions][:k]

    def answer(self, query: str, *, pack: str | None = None) -> Any:
        """The first sentence of the best passage, marked."""
        hits = self.search(query, pack=pack, k=3)
        passage = hits[0].passage if hits else None
        end = passage.text.find(".") + 1 if passage else 0
        return type("Found", (), {
            "found": bool(hits), "text": passage.text[:end] if passage else "", "hits": tuple(hits),
            "passage": passage, "marks": ((0, end),), "citation": passage.citation if passage else "",
            "status": "",
        })()  # fmt: skip


def build(settings: Settings) -> Parts:
    """The parts of a service that needs no model and no Rasa."""
    knowledge = load()
    return over(settings, knowledge, Engine(knowledge))


def over(settings: Settings, knowledge: Knowledge, engine: Engine) -> Parts:
    """The same over a law and an engine that are loaded."""
    index, understander = cast(Index, WordsIndex(knowledge)), cast(Understander, WordsUnderstander())
    return parts.join(settings, knowledge, engine, index, understander, seam_secret="seam-secret")
