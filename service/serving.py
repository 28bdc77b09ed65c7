"""Starts everything and keeps it up: the door and Rasa at once, then the database, so that messages are
accepted; the parts when they are loaded."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import uvicorn

from service.doorway import Doorway
from service.errors import NotReady
from service.ports import port_is_free
from service.rasa_process import RasaCommand, RasaProcess
from service.settings import ROOT, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from service.limiter import Limiter
    from service.reception import Reception
    from service.store.database import Database

STOP_SECONDS = 8


def event_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The fastest event loop there is for uvicorn: uvloop, where it is installed."""
    return uvicorn.Config("", loop="auto").get_loop_factory()


async def serve(settings: Settings, report: Callable[[str], None]) -> None:
    """Serve until a signal comes; `report` gets a line per step.

    Raises `NotReady` when something is missing or damaged.
    """
    if not port_is_free(settings.port, settings.host):
        raise NotReady(f"Port {settings.port} is in use; stop what runs there or choose another with --port.")
    secret = settings.seam_secret.get_secret_value() if settings.seam_secret else secrets.token_urlsafe(32)
    processes = _rasa(settings, secret)
    async with contextlib.AsyncExitStack() as stack:
        for process in processes:
            await process.port_freed()
            process.start()
            stack.push_async_callback(process.stop)
        doorway = Doorway(settings, secret)
        server = _Server(configuration(settings, doorway))
        serving = asyncio.create_task(server.serve())
        report("Loading the law, the index and the understanding …")
        loading = asyncio.create_task(_load(settings, secret, processes, doorway))
        await asyncio.wait({serving, loading}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if loading.done():
                app = loading.result()
                doorway.about_to_open()
                # Begun and ended by one task, as the libraries' task groups ask.
                await stack.enter_async_context(app.router.lifespan_context(app))
                doorway.open(app)
                server.before_stop = app.state.streams.close
                report(f"Ethics Desk is at http://{settings.host}:{settings.port} (Ctrl-C stops it).")
        except BaseException:
            server.should_exit = True
            await serving
            raise
        await serving
        loading.cancel()


def configuration(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    """How the HTTP server runs: no logs of its own; a forwarded address is believed from named proxies."""
    return uvicorn.Config(
        app, host=settings.host, port=settings.port, lifespan="off", log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=STOP_SECONDS,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=list(settings.trusted_proxies),
    )  # fmt: skip


class _Server(uvicorn.Server):
    """Ends on a signal in our order: uvicorn would raise it again, before Rasa has been stopped. It waits for
    every answer to end, so `before_stop` has to end those that go on by themselves."""

    before_stop: Callable[[], None] = staticmethod(lambda: None)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop answering."""
        self.before_stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _load(
    settings: Settings, secret: str, processes: tuple[RasaProcess, ...], doorway: Doorway
) -> FastAPI:
    """Load everything in threads, so that the door answers meanwhile; messages are accepted first."""
    with _uncollected():
        reception = await asyncio.to_thread(_reception, settings, doorway.limiter)
        doorway.receive(reception)
        return await asyncio.to_thread(_assemble, settings, secret, processes, reception.database)


def _reception(settings: Settings, limiter: Limiter) -> Reception:
    from service.reception import Reception
    from service.store.database import open_database

    return Reception(settings, open_database(settings.store_url), limiter)


def _assemble(
    settings: Settings, secret: str, processes: tuple[RasaProcess, ...], database: Database
) -> FastAPI:
    with _absent("torch"):
        importlib.import_module("spacy")
    from service.app import create_app
    from service.parts import assemble

    return create_app(assemble(settings, secret, processes, database))


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Look for garbage afterwards: what is loaded stays, and looking through it again and again takes a
    tenth of the start and, later, of the turns."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@contextlib.contextmanager
def _absent(module: str) -> Iterator[None]:
    """Make an import of `module` fail. spaCy's thinc imports torch wherever it finds it, which took half of
    the start and a fifth of the memory; nothing of ours runs on it.
    """
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[module]


def _rasa(settings: Settings, secret: str) -> tuple[RasaProcess, ...]:
    if settings.rasa_urls:
        return ()
    command = RasaCommand(
        settings.rasa_python,
        ROOT,
        settings.rasa_model,
        settings.service_url,
        secret,
        settings.tracker_url,
        settings.tracker_key(),
    )
    ports = range(settings.rasa_port, settings.rasa_port + settings.rasa_processes)
    return tuple(RasaProcess(command, port, settings.rasa_start_limit) for port in ports)
