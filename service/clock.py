"""A clock that goes on evenly when somebody sets the machine's."""

from __future__ import annotations

import datetime as dt
import time

# Goes on while a laptop or a virtual machine sleeps, which the monotonic clock does not; only Linux has it.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SteadyClock:
    """The time of day as it was when this was made, and what has passed since. For what ends after so many
    hours: a jump of the machine's clock must not end it all at once."""

    def __init__(self) -> None:
        self._began = dt.datetime.now(dt.UTC)
        self._since = time.clock_gettime(_STEADY)

    def now(self) -> dt.datetime:
        """The time, in UTC."""
        return self._began + dt.timedelta(seconds=time.clock_gettime(_STEADY) - self._since)
