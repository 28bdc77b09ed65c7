"""A circuit breaker: after some faults in a row the other side is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Closed while all is well; open for `rest` seconds after `failures` faults in a row; then one trial."""

    def __init__(self, failures: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures = failures
        self._rest = rest
        self._clock = clock
        self._faults = 0
        self._open_until = float("-inf")

    @property
    def closed(self) -> bool:
        """Whether a call may be made now. Letting one through while half open holds the others back."""
        if self._faults < self._failures:
            return True
        if self._clock() < self._open_until:
            return False
        self._open_until = self._clock() + self._rest
        return True

    def succeeded(self) -> None:
        """The call came back well."""
        self._faults = 0

    def failed(self) -> None:
        """The call did not come back well."""
        self._faults += 1
        if self._faults >= self._failures:
            self._open_until = self._clock() + self._rest
