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
from service.channels.teams.app import Teams
from service.channels.teams.login import bot_token
from service.channels.teams.tokens import CLOUDS, Keys
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
    settings, found = parts.settings, list[Channel]()
    secret, token = settings.slack_signing_secret, settings.slack_bot_token
    if secret is not None and token is not None:
        found.append(Slack(parts, secret=secret.get_secret_value(), token=token.get_secret_value(),
                           api_url=settings.slack_api_url))  # fmt: skip
    if settings.teams_app_id and settings.teams_app_secret is not None and settings.teams_tenants:
        cloud = CLOUDS[settings.teams_cloud]
        found.append(Teams(parts, app_id=settings.teams_app_id, tenants=settings.teams_tenants, cloud=cloud,
                           keys=Keys(cloud.keys), token=bot_token(settings, cloud)))  # fmt: skip
    return found


def install(app: FastAPI, channels: Sequence[Channel]) -> None:
    """Give each channel its address. They are the platforms' contracts, not ours: OpenAPI leaves them out."""
    for channel in channels:
        route = Route(channel.path, channel.endpoint, include_in_schema=False)
        # An endpoint that is a method would be taken for a handler of GET alone; each answers for itself.
        route.app, route.methods = channel.endpoint, None
        app.router.routes.append(route)


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
