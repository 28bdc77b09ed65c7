"""Posts to Teams through the Microsoft 365 Agents connector, and says what a refusal means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
from microsoft_agents.activity import Activity, ConversationParameters
from microsoft_agents.hosting.core.connector.teams import TeamsConnectorClient

from service.channels.courier import Refused

PASSING = frozenset({412, 429, 500, 502, 503, 504})
Made = TypeVar("Made")
Token = Callable[[], Awaitable[str]]


class Connector:
    """Calls the service address that a conversation came from. `token` gives the bot's own access token."""

    def __init__(self, token: Token) -> None:
        self._token = token

    async def post(self, service: str, conversation: str, body: Mapping[str, Any]) -> str:
        """Post or, with an id in the body, replace; gives the activity's id. Raises `Refused`."""
        activity = Activity.model_validate(body)

        async def call(client: TeamsConnectorClient) -> str:
            if activity.id:
                answer = await client.conversations.update_activity(conversation, activity.id, activity)
            else:
                answer = await client.conversations.send_to_conversation(conversation, activity)
            return str(answer.id or "")

        return await self._call(service, call)

    async def direct(self, service: str, *, bot: str, person: str, tenant: str) -> str:
        """The personal chat with somebody, begun if there is none; gives its id. Raises `Refused`."""
        wanted = ConversationParameters.model_validate(
            {"isGroup": False, "bot": {"id": bot}, "members": [{"id": person}], "tenantId": tenant,
             "channelData": {"tenant": {"id": tenant}}}
        )  # fmt: skip

        async def call(client: TeamsConnectorClient) -> str:
            return str((await client.conversations.create_conversation(wanted)).id or "")

        return await self._call(service, call)

    async def _call(self, service: str, call: Callable[[TeamsConnectorClient], Awaitable[Made]]) -> Made:
        client = None
        try:
            client = TeamsConnectorClient(endpoint=service, token=await self._token())
            return await call(client)
        except aiohttp.ClientResponseError as error:
            after = str(error.headers.get("Retry-After", "1")) if error.headers else "1"
            waits = float(after) if after.isdigit() else 1.0
            raise Refused(waits if error.status in PASSING else None) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Refused(1.0) from error
        finally:
            if client is not None:
                await client.close()
