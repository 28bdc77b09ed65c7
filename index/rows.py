"""What is embedded: several short texts for each provision, one row of the dense index each.

A question is put in an employee's words, a provision in the law's. So a provision is stored as the questions
it answers, as its heading, as each of its sentences, and as its whole text under the headings that contain
it; the nearest of them counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from index.passages import Passage, ancestors, sentences
from knowledge.model import Pack, Provision

SHORTEST_SENTENCE = 25  # characters; a shorter one says nothing by itself


class Kind(IntEnum):
    """What a row's text is."""

    ANSWERS = 0
    CONTEXT = 1
    SENTENCE = 2
    HEADING = 3
    UNCOVERED = 4
    OFFICIAL = 5
    CROSSED = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One embedded text; `start` and `end` mark a sentence in its passage. -1 where it has no such owner."""

    kind: Kind
    provision: int
    passage: int
    start: int
    end: int
    text: str


def rows(
    provisions: Mapping[str, Provision],
    passages: Sequence[Passage],
    packs: Mapping[str, Pack],
    uncovered: Sequence[str],
    crossed: Sequence[str],
) -> list[Row]:
    """All rows, those of one provision together and in the provisions' order, uncovered subjects last."""
    mine: dict[str, list[int]] = {identifier: [] for identifier in provisions}
    for number, passage in enumerate(passages):
        mine[passage.provision].append(number)
    found: list[Row] = []
    for place, provision in enumerate(provisions.values()):
        path = context(provision, provisions, packs)
        found.append(Row(Kind.HEADING, place, -1, -1, -1, path))
        found += [Row(Kind.ANSWERS, place, -1, -1, -1, question) for question in provision.answers]
        for number in mine[provision.id]:
            found += _passage_rows(place, number, passages[number], path)
    found += [Row(Kind.UNCOVERED, -1, -1, -1, -1, subject) for subject in uncovered]
    return found + [Row(Kind.CROSSED, -1, -1, -1, -1, subject) for subject in crossed]


def _passage_rows(place: int, number: int, passage: Passage, path: str) -> Iterator[Row]:
    spans = sentences(passage.text)
    spans = [(start, end) for start, end in spans if end - start >= SHORTEST_SENTENCE] or [
        (0, len(passage.text))
    ]
    if passage.kind == "official":
        for start, end in spans:
            yield Row(Kind.OFFICIAL, place, number, start, end, passage.text[start:end])
        return
    yield Row(Kind.CONTEXT, place, number, 0, len(passage.text), f"{path}: {passage.text}")
    for start, end in spans:
        sentence = passage.text[start:end]
        # A sentence among others leans on its heading.
        yield Row(
            Kind.SENTENCE,
            place,
            number,
            start,
            end,
            f"{passage.heading}: {sentence}" if len(spans) > 1 else sentence,
        )


def context(provision: Provision, provisions: Mapping[str, Provision], packs: Mapping[str, Pack]) -> str:
    """The headings above a provision and its own, the widest first, each once, after the pack's title."""
    above = [provisions[identifier].heading for identifier in ancestors(provision.id, provisions)]
    headings = list(dict.fromkeys(_plain(heading) for heading in (*reversed(above), provision.heading)))
    pack = packs.get(provision.pack)
    return " – ".join([pack.title, *headings] if pack and pack.extends else headings)


def _plain(heading: str) -> str:
    """A heading without the bracket of its own place that some carry at their end."""
    return heading.split(" - (")[0].strip()


def table(found: Sequence[Row]) -> NDArray[np.int32]:
    """The rows' owners as an array: kind, provision, passage, start, end."""
    return np.array([(row.kind, row.provision, row.passage, row.start, row.end) for row in found], np.int32)
