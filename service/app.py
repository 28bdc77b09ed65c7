"""The HTTP application: contracts, seams and page, with Rasa running beside it while it is up."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from service.api import (
    admin,
    chat,
    conversations,
    determinations,
    handoffs,
    health,
    packs,
    problems,
    seams,
    search,
    session,
    signin,
    stream,
    understand,
)
from service.auth.provider import Provider
from service.channels import running as channels
from service.channels.mcp import PATH as MCP_PATH
from service.channels.mcp import mcp_app, mcp_server
from service.errors import StoreUnavailable
from service.guard import Guard
from service.logs import logger
from service.pages import desk, law
from service.parts import Parts

WEB = Path(__file__).parent / "web"
DRAIN_SECONDS = 5.0
ROUTERS = (
    chat, stream, conversations, determinations, understand, search, packs, session, signin, handoffs, admin,
    health,
)  # fmt: skip
PAGES = (desk, law)


def create_app(parts: Parts) -> FastAPI:
    """The application over its parts; what runs beside the requests runs while the application is up."""

    carriers = channels.configured(parts)
    tools = mcp_server(parts)
    tools_app = mcp_app(tools, parts.settings.host, parts.settings.public_origin)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with _running(parts), channels.running(carriers), tools.session_manager.run():
            yield

    app = FastAPI(
        title="Ethics Desk", version="1", lifespan=lifespan, docs_url=None, redoc_url=None,
        description="Answers an ethics question with the rule that decides it and the passage it rests on.",
    )  # fmt: skip
    app.state.parts = parts
    app.state.streams = stream.Streams()
    app.state.provider = Provider(parts.settings)
    problems.install(app)
    app.router.routes.extend(seams.ROUTES)  # first, for they are what is called most
    for module in (*ROUTERS, *PAGES):
        app.include_router(module.router)
    channels.install(app, carriers)
    app.router.routes.extend(route for route in tools_app.routes if getattr(route, "path", "") == MCP_PATH)
    app.mount("/static", StaticFiles(directory=WEB), name="static")
    app.add_middleware(
        Guard, max_body=parts.settings.max_body, seam_secret=parts.seam_secret, limiter=parts.limiter,
        hosts=parts.settings.hosts,
    )  # fmt: skip
    return app


@contextlib.asynccontextmanager
async def _running(parts: Parts) -> AsyncIterator[None]:
    """Everything that runs beside the requests, ended in the reverse order."""
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(parts.store.close)
        stack.push_async_callback(parts.relay.close)
        # Before anything new is answered: the turns of a conversation go in the order of acceptance.
        await parts.gateway.take_up()
        for work in (parts.gateway.sweep(), _retention(parts), asyncio.to_thread(parts.engine.warm)):
            stack.push_async_callback(_cancel, asyncio.create_task(work))
        stack.push_async_callback(parts.gateway.drain, DRAIN_SECONDS)
        yield


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _retention(parts: Parts) -> None:
    """Delete what the schedule ends, now and then again."""
    while True:
        try:
            await asyncio.to_thread(parts.store.sessions.sweep)
            swept = await asyncio.to_thread(parts.store.retention.sweep, dt.datetime.now(dt.UTC))
            await asyncio.to_thread(parts.store.people.sweep)
            number, newest = await asyncio.to_thread(parts.store.records.last)
            logger().info("chain", count=number, state=newest)
            if swept.all:
                logger().info("retention", count=swept.all)
        except StoreUnavailable:
            logger().warning("fault", fault="store")
        await asyncio.sleep(parts.settings.sweep_seconds)
