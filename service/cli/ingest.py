"""`ethicsdesk ingest FILE...`: take in the official documents, so that answers quote the official words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.settings import read_settings


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Text, HTML, PDF or DOCX files.", exists=True)],
) -> None:
    """Read official documents and tie each piece to its provision."""
    from index.ingest.command import run  # the readers of every format: no other command needs them

    raise typer.Exit(run(files, read_settings().official_dir))
