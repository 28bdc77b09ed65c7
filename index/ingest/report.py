"""What ingest did with one file: matched, unplaced, drifted, doubted, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.ingest.drift import Drift


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A stretch of the official text that no provision of ours covers.

    `offset` is counted in characters of the file's text; `opening` are its first words, `characters` its
    length.
    """

    offset: int
    opening: str
    characters: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result for one file. A refused file has `refused` and nothing else, and changed nothing.

    `missing` are provisions that `knowledge/` has of the document and the text has not; `unknown` are
    sections and subsections of the text that `knowledge/` has not; `struck_words` counts what an amendment
    strikes.
    """

    path: Path
    refused: str | None = None
    document: str = ""
    title: str = ""
    changed: bool = False
    sections: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    drifts: tuple[Drift, ...] = ()
    amendment: bool = False
    struck_words: int = 0
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    offsets: dict[str, int] = field(default_factory=dict)


def lines(report: IngestReport) -> Iterator[str]:
    """The report in plain sentences, the result first."""
    if report.refused is not None:
        yield f"{report.path.name}: refused: {report.refused}."
        return
    state = "stored" if report.changed else "already stored, nothing changed"
    yield f"{report.path.name}: {report.title}: {len(report.matched)} provisions matched, {state}."
    if report.sections:
        yield f"  {len(report.sections)} numbered sections found, each once."
    if report.amendment:
        yield f"  An amendment text: {report.struck_words} struck words were told from the rule as amended."
    yield from _listed("Not found in the text", report.missing)
    yield from _listed("In the text but not among our provisions", report.unknown)
    for one in report.unplaced:
        yield f"  Not placed: {one.characters} characters from “{one.opening} …” (character {one.offset:,})."
    for drift in report.drifts:
        yield f"  {_sentence(drift)}"
    for doubt in report.doubts:
        yield f"  To check: {doubt}"
    for note in report.notes:
        yield f"  Note: {note}."


def _listed(label: str, names: tuple[str, ...]) -> Iterator[str]:
    if names:
        yield f"  {label}: {', '.join(names)}."


def _sentence(drift: Drift) -> str:
    where = "the official text only" if drift.side == "official" else "our restatement only"
    rules = f"; rules: {', '.join(drift.rules)}" if drift.rules else "; no rule cites it"
    return f"Drift: {drift.provision}: {drift.figure} stands in {where}{rules}."
