"""Limits by a clock of their own: so many in a window, none of another's business."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service import limiter
from service.errors import TooMany
from service.limiter import Limiter
from service.settings import Settings


def test_a_window_takes_so_many_and_the_next_one_as_many_again(settings: Callable[..., Settings]) -> None:
    now = [0.0]
    limits = Limiter(settings(rate_messages="2/minute"), lambda: now[0])
    for _ in range(2):
        limits.message("a")
    with pytest.raises(TooMany) as refused:
        limits.message("a")
    assert refused.value.retry_after == 60
    limits.message("b")
    now[0] = 60.0
    limits.message("a")


def test_windows_that_are_over_are_forgotten(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "MOST_WINDOWS", 3)
    now = [0.0]
    limits = Limiter(settings(rate_messages="1/minute"), lambda: now[0])
    for name in "abc":
        limits.message(name)
    now[0] = 61.0
    limits.message("d")
    assert list(limits._windows) == [("conversation", "d")]
