"""`ethicsdesk serve`: the page, the REST contracts and the dialogue, until Ctrl-C."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from service import logs
from service.serving import event_loop
from service.serving import serve as keep_serving
from service.settings import read_settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    rasa_port: Annotated[int | None, typer.Option(help="Loopback port of the first Rasa process.")] = None,
    rasa_processes: Annotated[int | None, typer.Option(help="Rasa processes to run; 0 for none.")] = None,
) -> None:
    """Serve the web page and the REST contracts."""
    given = {"host": host, "port": port, "rasa_port": rasa_port, "rasa_processes": rasa_processes}
    settings = read_settings(**{name: value for name, value in given.items() if value is not None})
    logs.configure(settings.log_level)
    console = Console(stderr=True, highlight=False)
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        runner.run(keep_serving(settings, console.print))
