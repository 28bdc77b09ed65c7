"""`ethicsdesk eval`: how well the desk understands, finds and decides, on the evaluation sets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from service.settings import ROOT

# Each prints its own figures; they run apart because each loads the models for itself.
MODULES = ("bot.understanding.evaluate", "index.evaluate")


def evaluate(
    script: Annotated[
        Path | None, typer.Option(help="An evaluation that drives the API.", exists=True)
    ] = None,
    base: Annotated[
        str, typer.Option(help="The running desk that the script drives.")
    ] = "http://127.0.0.1:8000",
) -> None:
    """Print the scores on the project's own sets, and those of a script that drives the API."""
    commands = [[sys.executable, "-m", module] for module in MODULES]
    if script is not None:
        commands.append([sys.executable, str(script), "--base", base])
    statuses = [subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands]
    raise typer.Exit(max(statuses))
