"""`ethicsdesk ingest FILE...`: take in official documents and print what became of each."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.text import Text

from index.ingest.documents import DocumentsError, load_documents
from index.ingest.ingest import ingest
from index.ingest.report import IngestReport, lines
from knowledge.load import load
from knowledge.problems import KnowledgeError

STORE = Path("var/official")


def run(paths: list[Path], store: Path = STORE, console: Console | None = None) -> int:
    """Ingest `paths` into `store` and print the report.

    Returns:
        0 when every file was taken in, 1 when one was refused, 2 when the knowledge cannot be loaded.
    """
    console = console or Console(highlight=False)
    try:
        knowledge, documents = load(), load_documents()
    except (KnowledgeError, DocumentsError) as error:
        console.print(Text(str(error), "red"))
        return 2
    reports: list[IngestReport] = []
    for path in track(paths, "Reading official documents", console=console, transient=True):
        reports += ingest([path], store, knowledge, documents)
    for report in reports:
        for number, line in enumerate(lines(report)):
            console.print(Text(line, _style(report, number)), soft_wrap=True)
    if any(report.changed for report in reports):
        console.print("The index is rebuilt at the next start.")
    return 1 if any(report.refused for report in reports) else 0


def _style(report: IngestReport, number: int) -> str:
    if number:
        return ""
    return "red" if report.refused else "green"
