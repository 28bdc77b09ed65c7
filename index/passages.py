"""Passages: the pieces of text in the index, each tied to its provision.

A restated passage is our own wording from `knowledge/`; an official one was cut from an ingested document and
lies in `var/official/*.jsonl`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from knowledge.model import Provision

LONGEST = 1200  # characters; about the embedding model's 256 tokens
_SENTENCE_END = re.compile(r"\n+|(?<=[.;?!])\s+(?=[A-Z(\[\"“‘$0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?:No|Sec|Secs|St|Dr|Mr|Ms|Mrs|Inc|Co|e\.g|i\.e|vs|cf|Art|Op|[A-Z])\.)$")


class PassageError(ValueError):
    """A file of official passages cannot be read; says which file and line."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text tied to its provision. `status` is the provision's, or the ingested piece's own."""

    id: str
    provision: str
    citation: str
    heading: str
    text: str
    kind: Literal["restated", "official"]
    pack: str
    status: str


def restated(provision: Provision) -> list[Passage]:
    """The passages of one provision in our own words."""
    return [
        Passage(
            id=f"{provision.id}#restated{part}",
            provision=provision.id,
            citation=provision.citation,
            heading=provision.heading,
            text=text,
            kind="restated",
            pack=provision.pack,
            status=provision.status,
        )
        for part, text in _numbered(cut(provision.text))
    ]


def official(folder: Path, provisions: Mapping[str, Provision]) -> list[Passage]:
    """The official passages that ingest stored, in order of file and line.

    Raises:
        PassageError: a line is no JSON, lacks a key or names a provision that `knowledge/` does not have.
    """
    found: list[Passage] = []
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else []:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                found += _official_line(line, f"{path.name} line {number}", provisions)
    return _numbered_apart(found)


def _official_line(line: str, where: str, provisions: Mapping[str, Provision]) -> Iterator[Passage]:
    try:
        row = json.loads(line)
        provision = provisions[row["provision"]]
        pieces = cut(row["text"])
    except (ValueError, TypeError, KeyError) as error:
        raise PassageError(f"{where}: {error!r}; ingest the document again") from error
    for text in pieces:
        yield Passage(
            id=f"{provision.id}#official",
            provision=provision.id,
            citation=row.get("citation") or provision.citation,
            heading=row.get("heading") or provision.heading,
            text=text,
            kind="official",
            pack=provision.pack,
            status=row.get("status") or provision.status,
        )


def _numbered_apart(passages: Sequence[Passage]) -> list[Passage]:
    """Distinct ids for the pieces of one provision, in their order."""
    seen: dict[str, int] = {}
    numbered = []
    for passage in passages:
        seen[passage.id] = seen.get(passage.id, 0) + 1
        count = seen[passage.id]
        numbered.append(passage if count == 1 else replace(passage, id=f"{passage.id}.{count}"))
    return numbered


def _numbered(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(texts, 1):
        yield ("" if number == 1 else f".{number}"), text


def cut(text: str) -> list[str]:
    """The text in pieces of at most about `LONGEST` characters: at paragraphs, else sentences."""
    pieces: list[str] = []
    for paragraph in _paragraphs(text):
        if pieces and len(pieces[-1]) + len(paragraph) < LONGEST:
            pieces[-1] += "\n" + paragraph
        else:
            pieces.append(paragraph)
    return pieces


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n+", text.strip()):
        if len(paragraph) <= LONGEST:
            yield paragraph.strip()
            continue
        piece = ""
        for start, end in sentences(paragraph):
            if piece and len(piece) + end - start > LONGEST:
                yield piece
                piece = ""
            piece = f"{piece} {paragraph[start:end]}".strip()
        yield piece


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of `text` starts and ends; an abbreviation's full stop ends none."""
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in [*_SENTENCE_END.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if gap and "\n" not in gap.group() and _ABBREVIATION.search(text[start:end]):
            continue
        spans.append((start, end))
        start = gap.end() if gap else end
    return [(start, end) for start, end in spans if text[start:end].strip()]


def parent_of(identifier: str, provisions: Mapping[str, Provision]) -> str | None:
    """The provision that contains this one: the declared parent, or the id without its last bracket."""
    declared = provisions[identifier].parent
    if declared is not None:
        return declared if declared in provisions else None
    shorter = identifier
    while (cut_at := shorter.rfind("(")) > 0:
        shorter = shorter[:cut_at].strip()
        if shorter in provisions:
            return shorter
    return None


def ancestors(identifier: str, provisions: Mapping[str, Provision]) -> Iterator[str]:
    """The provisions that contain this one, the nearest first."""
    seen = {identifier}
    parent = parent_of(identifier, provisions)
    while parent is not None and parent not in seen:
        yield parent
        seen.add(parent)
        parent = parent_of(parent, provisions)


def corpus(provisions: Mapping[str, Provision], official_folder: Path) -> list[Passage]:
    """Every passage, official ones of a provision before its restatement, in the order of the provisions."""
    by_provision: dict[str, list[Passage]] = {identifier: [] for identifier in provisions}
    for passage in official(official_folder, provisions):
        by_provision[passage.provision].append(passage)
    return [passage for key in provisions for passage in (*by_provision[key], *restated(provisions[key]))]
