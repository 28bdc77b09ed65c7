"""The law's passages as the desk shows them: from the index, or restated from knowledge alone when there
is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from actions.desk.turn import Found
from knowledge.model import Knowledge


class Passage(Protocol):
    """A passage of the index."""

    @property
    def provision(self) -> str: ...
    @property
    def citation(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...


class Hit(Protocol):
    """A passage found for a query."""

    @property
    def passage(self) -> Passage: ...


class IndexAnswer(Protocol):
    """The index's answer to a question."""

    @property
    def found(self) -> bool: ...
    @property
    def text(self) -> str: ...
    @property
    def hits(self) -> Sequence[Hit]: ...
    @property
    def passage(self) -> Passage | None: ...
    @property
    def marks(self) -> Sequence[tuple[int, int]]: ...
    @property
    def citation(self) -> str: ...
    @property
    def status(self) -> str: ...


class Index(Protocol):
    """The index, as far as the desk uses it."""

    def answer(self, query: str, *, pack: str | None = None) -> IndexAnswer: ...
    def passages(self, provisions: Sequence[str]) -> Sequence[Passage]: ...
    def related(self, provisions: Sequence[str], query: str, *, pack: str | None) -> Sequence[Passage]: ...


class IndexLibrary:
    """Passages from the index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def passages(self, provisions: Sequence[str]) -> list[Mapping[str, Any]]:
        """The passages of exactly these provisions, official words first."""
        return [passage_json(passage) for passage in self._index.passages(provisions)]

    def related(self, provisions: Sequence[str], query: str, pack: str) -> list[Mapping[str, Any]]:
        """Up to two passages near `query` beside those of `provisions`."""
        return [passage_json(passage) for passage in self._index.related(provisions, query, pack=pack)]

    def answer(self, query: str, pack: str | None) -> Found:
        """The sentences that answer, marked in their passage, with two more passages to read on."""
        answer = self._index.answer(query, pack=pack)
        if not answer.found:
            return Found(False, "")
        first = [] if answer.passage is None else [answer.passage]
        rest = [hit.passage for hit in answer.hits if hit.passage not in first]
        shown = [passage_json(passage) for passage in (*first, *rest)]
        if first:
            shown[0] = {**shown[0], "marks": [list(mark) for mark in answer.marks]}
        return Found(True, answer.text, tuple(shown), answer.citation, answer.status)


class RestatedLibrary:
    """Our restatements alone: a determination still shows what it stands on when the index is missing."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def passages(self, provisions: Sequence[str]) -> list[Mapping[str, Any]]:
        """The restated passages of these provisions."""
        known = (
            self._knowledge.provisions[name] for name in provisions if name in self._knowledge.provisions
        )
        return [
            {
                "provision": p.id,
                "citation": p.citation,
                "heading": p.heading,
                "text": p.text,
                "kind": "restated",
                "status": p.status,
            }
            for p in known
        ]  # fmt: skip

    def related(self, provisions: Sequence[str], query: str, pack: str) -> list[Mapping[str, Any]]:
        """Nothing: nearness needs the index."""
        return []

    def answer(self, query: str, pack: str | None) -> Found:
        """Nothing found: answering needs the index."""
        return Found(False, "")


def passage_json(passage: Passage) -> Mapping[str, Any]:
    """A passage as the contract names it."""
    return {
        "provision": passage.provision, "citation": passage.citation, "heading": passage.heading,
        "text": passage.text, "kind": passage.kind, "status": passage.status,
    }  # fmt: skip
