"""Posts to Slack's Web API, and says what a refusal means."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from service.channels.courier import Post, Refused
from service.logs import logger
from service.store.channels import Place

TOO_MANY, SERVER_FAULT = 429, 500
PASSING = frozenset({"ratelimited", "rate_limited", "service_unavailable", "internal_error", "fatal_error",
                     "request_timeout"})  # fmt: skip


async def send(client: AsyncWebClient, place: Place, post: Post) -> str:
    """Post; gives the message's timestamp. Raises `Refused`."""
    try:
        answer = await client.chat_postMessage(**place.address, **post.body, unfurl_links=False)
    except SlackApiError as error:
        raise Refused(_wait(error)) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(0.5) from error
    return f"{answer.get('channel')}:{answer.get('ts')}"


async def direct(client: AsyncWebClient, user: str) -> str:
    """The channel of the direct message with a person. Raises `Refused`."""
    try:
        opened = await client.conversations_open(users=user)
    except SlackApiError as error:
        raise Refused(_wait(error)) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(0.5) from error
    return str((opened.get("channel") or {}).get("id", ""))


async def update(client: AsyncWebClient, reference: str, body: dict[str, Any]) -> None:
    """Replace a posted message; that it cannot be replaced costs nobody an answer."""
    channel, _, stamp = reference.partition(":")
    try:
        await client.chat_update(channel=channel, ts=stamp, **body)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
        logger().warning("fault", fault="slack_update")


def _wait(error: SlackApiError) -> float | None:
    response = error.response
    headers = {str(name).lower(): value for name, value in dict(response.headers or {}).items()}
    after = headers.get("retry-after")
    after = after[0] if isinstance(after, list) else after
    if response.status_code == TOO_MANY or after:
        return float(after) if after and str(after).replace(".", "", 1).isdigit() else 1.0
    if response.status_code >= SERVER_FAULT or response.get("error") in PASSING:
        return 0.5
    return None
