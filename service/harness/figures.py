"""Writes what a harness measured into the documentation, so that no figure there was typed by hand."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.settings import ROOT

DOCUMENT = ROOT / "docs" / "reliability.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: its number in the list of promises, what was done, what came of it, and the bar.

    `kept` is None where there is no bar.
    """

    item: str
    what: str
    measured: str
    bar: str = ""
    kept: bool | None = None

    @property
    def verdict(self) -> str:
        """How it went, in a word."""
        return {None: "", True: "kept", False: "missed"}[self.kept]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table under the machine that they were measured on."""
    rows = [f"| {f.item} | {f.what} | {f.measured} | {f.bar} | {f.verdict} |" for f in figures]
    head = [f"Measured on {machine()}.", "", "| item | what | measured | bar | |"]
    return "\n".join([*head, "| --- | --- | --- | --- | --- |", *rows])


def machine() -> str:
    """The machine in few words, and how much it had to do in the last quarter of an hour."""
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    busy = f"load {os.getloadavg()[2]:.0f}, what was measured included"
    parts = f"{os.cpu_count()} cores", f"{kilobytes // 1_000_000} GB", platform.system()
    return ", ".join((*parts, "everything on loopback", busy))


def write(name: str, figures: Sequence[Figure], document: Path = DOCUMENT) -> None:
    """Replace the table called `name`. Raises `ValueError` when the document has no place for it."""
    begin, end = f"<!-- {name}: begin, written by the harness -->", f"<!-- {name}: end -->"
    text = document.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{document} has no place for the table '{name}'")
    document.write_text(f"{before}{begin}\n{table(figures)}\n{end}{after}", encoding="utf-8")
