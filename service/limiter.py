"""Rate limits in memory: per conversation for messages, per network address for everything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItem, parse

from service.errors import SettingsError, TooMany
from service.settings import Settings

MOST_WINDOWS = 10_000  # then those that are over are forgotten


@dataclass(slots=True)
class _Window:
    ends: float
    count: int = 0


class Limiter:
    """Counts in fixed windows and refuses. By its own clock: a window must not last a day because somebody
    set the machine's back."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._messages = _parse("rate_messages", settings.rate_messages)
        self._address = _parse("rate_address", settings.rate_address)

    def request(self, address: str) -> None:
        """Count a request; raises `TooMany` beyond the limit."""
        self._hit(self._address, "address", address)

    def message(self, conversation_id: str) -> None:
        """Count a message of a conversation; raises `TooMany` beyond the limit."""
        self._hit(self._messages, "conversation", conversation_id)

    def _hit(self, limit: RateLimitItem, kind: str, name: str) -> None:
        now = self._clock()
        window = self._windows.get((kind, name))
        if window is None or window.ends <= now:
            if len(self._windows) >= MOST_WINDOWS:
                self._windows = {key: one for key, one in self._windows.items() if one.ends > now}
            window = self._windows[kind, name] = _Window(now + limit.get_expiry())
        window.count += 1
        if window.count > limit.amount:
            wait = max(1, round(window.ends - now))
            raise TooMany(f"That was a little fast; please try again in {wait} s.", retry_after=wait)


def _parse(name: str, text: str) -> RateLimitItem:
    try:
        return parse(text)
    except ValueError as error:
        raise SettingsError(
            f"ETHICSDESK_{name.upper()}: {text!r} is no rate, expected one like 60/minute"
        ) from error
