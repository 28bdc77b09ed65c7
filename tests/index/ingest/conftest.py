"""The official documents, which the repository does not carry, and what ingest makes of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.ingest import IngestReport, ingest
from index.ingest.documents import Document, load_documents
from knowledge.load import load
from knowledge.model import Knowledge

ROOT = Path(__file__).parents[3]
DOCUMENTS = {
    "000": "dss-memo",
    "001": "opm-policy",
    "002": "igpr009",
    "003": "rcsa-2015",
    "004": "28-ir-3452",
}


@pytest.fixture(scope="session")
def sources() -> dict[str, Path]:
    """The five documents by number, from ETHICSDESK_SOURCES or the folder shared/sources beside us."""
    folder = Path(os.environ.get("ETHICSDESK_SOURCES") or ROOT.parent / "shared" / "sources")
    found = {path.name[:3]: path for path in folder.glob("00?_*.txt")}
    if set(found) != set(DOCUMENTS):
        pytest.skip(f"the official documents are not in {folder}; set ETHICSDESK_SOURCES to their folder")
    return found


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    return load_documents()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("official")


@pytest.fixture(scope="session")
def reports(sources: dict[str, Path], store: Path, knowledge: Knowledge) -> dict[str, IngestReport]:
    """The five documents taken in as they are, by document id."""
    found = ingest([sources[number] for number in sorted(sources)], store, knowledge)
    refused = [report.refused for report in found if report.refused]
    assert refused == []
    return {report.document: report for report in found}
