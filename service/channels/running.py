"""Which channels are on, and what they do beside requests. A channel is on when its secrets are set."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from service.channels.slack.app import Slack
from service.parts import Parts


class Channel(Protocol):
    """What every channel offers."""

    @property
    def path(self) -> str:
        """Where the platform delivers."""
        ...

    @property
    def endpoint(self) -> ASGIApp:
        """What answers there, its guard outermost."""
        ...

    async def run(self) -> None:
        """What it does beside requests."""
        ...


def configured(parts: Parts) -> list[Channel]:
    """The channels whose secrets are set."""
    settings = parts.settings
    secret, token = settings.slack_signing_secret, settings.slack_bot_token
    if secret is None or token is None:
        return []
    return [
        Slack(parts, secret=secret.get_secret_value(), token=token.get_secret_value(),
              api_url=settings.slack_api_url)
    ]  # fmt: skip


def install(app: FastAPI, channels: Sequence[Channel]) -> None:
    """Give each channel its address. They are the platforms' contracts, not ours: OpenAPI leaves them out."""
    for channel in channels:
        app.router.routes.append(Route(channel.path, channel.endpoint, include_in_schema=False))


@contextlib.asynccontextmanager
async def running(channels: Sequence[Channel]) -> AsyncIterator[None]:
    """Run what the channels do beside requests."""
    tasks = [asyncio.create_task(channel.run()) for channel in channels]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
