"""Ingest of official documents: from files as a deployer has them to passages tied to provisions."""

from index.ingest.ingest import ingest
from index.ingest.report import IngestReport

__all__ = ["IngestReport", "ingest"]
