"""The index as the desk and the API read it: passages as JSON objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from index.passages import Passage
from index.search import Index

NOT_FOUND = "I found nothing about that in the rules I know."


@dataclass(frozen=True, slots=True)
class Finding:
    """What the index answers to a question about the law."""

    found: bool
    text: str
    passages: tuple[dict[str, Any], ...] = field(default=())


class IndexLibrary:
    """The desk's `Library` over the index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def passages(self, provisions: Sequence[str]) -> list[dict[str, Any]]:
        """The passages of exactly these provisions, official words where they are installed."""
        return [passage_json(passage) for passage in self._index.passages(provisions)]

    def related(self, provisions: Sequence[str], query: str, pack: str) -> list[dict[str, Any]]:
        """Up to two passages near `query` beside those of `provisions`."""
        return [passage_json(passage) for passage in self._index.related(provisions, query, pack=pack)]

    def answer(self, query: str, pack: str | None) -> Finding:
        """The words that answer `query`, or `found` false with the nearest passages."""
        answer = self._index.answer(query, pack=pack)
        passages = tuple(passage_json(hit.passage) for hit in answer.hits)
        if not answer.found:
            return Finding(False, NOT_FOUND, passages)
        return Finding(True, f"{answer.text} {answer.status}".strip(), passages)


def passage_json(passage: Passage) -> dict[str, Any]:
    """A passage as the API shows it."""
    return {"provision": passage.provision, "citation": passage.citation, "heading": passage.heading,
            "text": passage.text, "kind": passage.kind, "status": passage.status}  # fmt: skip
