"""Hands a turn to Rasa over its REST channel. What Rasa returns only says whether the turn went through."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import aiohttp

from service.errors import RelayFault
from service.gateway.breaker import Breaker
from service.settings import Settings

OK = 200


class Relay:
    """The Rasa processes, each with its breaker. A conversation always goes to the same one."""

    def __init__(self, urls: Sequence[str], settings: Settings) -> None:
        self._urls = tuple(urls)
        self._breakers = {url: Breaker(settings.breaker_failures, settings.breaker_rest) for url in urls}
        self._timeout = aiohttp.ClientTimeout(total=settings.relay_budget)
        self._client: aiohttp.ClientSession | None = None

    def url_of(self, conversation_id: str) -> str | None:
        """The process of a conversation, by a hash of its id; None when there are none."""
        if not self._urls:
            return None
        number = int.from_bytes(hashlib.sha256(conversation_id.encode()).digest()[:8])
        return self._urls[number % len(self._urls)]

    async def send(self, conversation_id: str, sender: str, message_id: str) -> None:
        """Have Rasa take the turn. Raises `RelayFault` when it fails, is silent, or is being left alone.

        The text never goes there: Rasa gets the message's id, asks the service to parse it, and stores no
        text.
        """
        url = self.url_of(conversation_id)
        if url is None:
            raise RelayFault("none configured")
        breaker = self._breakers[url]
        if not breaker.closed:
            raise RelayFault("left alone")
        try:
            await self._post(
                url, {"sender": sender, "message": message_id, "metadata": {"message_id": message_id}}
            )
        except RelayFault:
            breaker.failed()
            raise
        breaker.succeeded()

    async def _post(self, url: str, body: dict[str, object]) -> None:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._client.post(f"{url}/webhooks/rest/webhook", json=body) as reply:
                if reply.status != OK:
                    raise RelayFault(f"status {reply.status}")
                said = await reply.json(content_type=None)
        except TimeoutError as error:
            raise RelayFault("no answer in time") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise RelayFault(type(error).__name__) from error
        if not isinstance(said, list) or not said:
            raise RelayFault("empty reply")

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
