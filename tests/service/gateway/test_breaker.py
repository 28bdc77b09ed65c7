"""The breaker opens after faults in a row, rests, and lets one call try."""

from __future__ import annotations

from service.gateway.breaker import Breaker


def test_it_opens_after_faults_in_a_row_and_tries_again_after_a_rest() -> None:
    now = 0.0
    breaker = Breaker(2, 5, clock=lambda: now)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert [breaker.closed] == [True]
    breaker.failed()
    assert [breaker.closed] == [False]
    now = 5.0
    assert [breaker.closed, breaker.closed] == [True, False], "one trial, not a crowd"
    breaker.succeeded()
    assert [breaker.closed] == [True]
