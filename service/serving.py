"""Starts everything and keeps it up: Rasa first, because it takes longest, then the parts, then the HTTP
server."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from service.errors import NotReady
from service.ports import port_is_free
from service.rasa_process import RasaCommand, RasaProcess
from service.settings import ROOT, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

STOP_SECONDS = 8


async def serve(settings: Settings, report: Callable[[str], None]) -> None:
    """Serve until a signal comes. Raises `NotReady` when something is missing; `report` gets one line per
    step."""
    if not port_is_free(settings.port, settings.host):
        raise NotReady(f"Port {settings.port} is in use; stop what runs there or choose another with --port.")
    secret = settings.seam_secret.get_secret_value() if settings.seam_secret else secrets.token_urlsafe(32)
    processes = _rasa(settings, secret)
    async with contextlib.AsyncExitStack() as stack:
        for process in processes:
            process.start()
            stack.push_async_callback(process.stop)
        report("Loading the law, the index and the understanding …")
        app = await asyncio.to_thread(_assemble, settings, secret, processes)
        config = uvicorn.Config(
            app, host=settings.host, port=settings.port, log_config=None, access_log=False,
            server_header=False, timeout_graceful_shutdown=STOP_SECONDS,
        )  # fmt: skip
        report(f"Ethics Desk is at http://{settings.host}:{settings.port} (Ctrl-C stops it).")
        await uvicorn.Server(config).serve()


def _assemble(settings: Settings, secret: str, processes: tuple[RasaProcess, ...]) -> FastAPI:
    # Importing the models' libraries takes seconds; in this thread Rasa's start is watched meanwhile.
    from service.app import create_app
    from service.parts import assemble

    return create_app(assemble(settings, secret, processes))


def _rasa(settings: Settings, secret: str) -> tuple[RasaProcess, ...]:
    if settings.rasa_urls:
        return ()
    command = RasaCommand(settings.rasa_python, ROOT, settings.rasa_model, settings.service_url, secret,
                          settings.tracker_url)  # fmt: skip
    ports = range(settings.rasa_port, settings.rasa_port + settings.rasa_processes)
    return tuple(RasaProcess(command, port, settings.rasa_start_limit) for port in ports)
