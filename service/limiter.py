"""Rate limits in memory: per conversation for messages, per network address for everything."""

from __future__ import annotations

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from service.errors import SettingsError, TooMany
from service.settings import Settings


class Limiter:
    """Counts and refuses."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._messages = _parse("rate_messages", settings.rate_messages)
        self._address = _parse("rate_address", settings.rate_address)

    def request(self, address: str) -> None:
        """Count a request; raises `TooMany` beyond the limit."""
        self._hit(self._address, "address", address)

    def message(self, conversation_id: str) -> None:
        """Count a message of a conversation; raises `TooMany` beyond the limit."""
        self._hit(self._messages, "conversation", conversation_id)

    def _hit(self, limit: RateLimitItem, kind: str, name: str) -> None:
        if not self._limiter.hit(limit, kind, name):
            reset = self._limiter.get_window_stats(limit, kind, name).reset_time
            wait = max(1, round(reset - time.time()))
            raise TooMany(f"That was a little fast; please try again in {wait} s.", retry_after=wait)


def _parse(name: str, text: str) -> RateLimitItem:
    try:
        return parse(text)
    except ValueError as error:
        raise SettingsError(
            f"ETHICSDESK_{name.upper()}: {text!r} is no rate, expected one like 60/minute"
        ) from error
