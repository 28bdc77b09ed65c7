"""Determinations per second under the Connecticut gift rules, beside two other rule engines.

Every engine gets the same complete facts of the same worked cases and names the rules that fire; the answers
are compared before anything is timed. Our full determination (guard, duties, missing facts) is a line of its
own.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.engine import Engine
from actions.engine.scope import Scope
from bench import rivals
from knowledge.load import load
from knowledge.model import Knowledge, Value

ROUNDS = 5
DAY = dt.date(2026, 6, 1)


def cases(knowledge: Knowledge, scope: Scope) -> list[dict[str, Value]]:
    """The facts of the worked cases of a scope's topic, complete."""
    usual = {
        name: fact.case_default for name, fact in knowledge.facts.items() if fact.case_default is not None
    }
    fixes = knowledge.packs[scope.pack].fixes
    found = []
    for case in knowledge.cases:
        if case.topic == scope.topic and case.pack == scope.pack:
            found.append(scope.known({**usual, **fixes, **case.facts}, DAY))
    return found


def rate(decide: Callable[[Any], object], inputs: Sequence[Any]) -> tuple[float, float]:
    """Decisions per second, the best of some rounds, and the 99th percentile of one in microseconds."""
    best, slowest = 0.0, []
    for _ in range(ROUNDS):
        times = []
        for one in inputs:
            start = time.perf_counter()
            decide(one)
            times.append(time.perf_counter() - start)
        best = max(best, len(inputs) / sum(times))
        slowest.append(statistics.quantiles(times, n=100)[98])
    return best, 1e6 * min(slowest)


def main() -> None:
    """Print one line for each engine."""
    knowledge = load()
    engine = Engine(knowledge)
    scope = engine.scope("ct-state", "gift")
    worlds = cases(knowledge, scope)
    expected = [scope.run(world, ())[0] for world in worlds]
    print(
        f"{len(scope.entries)} rules, {len(scope.facts)} facts, {len(worlds)} worked cases, {ROUNDS} rounds"
    )
    _line("ours, rules only", *rate(lambda world: scope.run(world, ()), worlds))
    _line(
        "ours, full determination",
        *rate(lambda world: engine.determine("ct-state", "gift", world, DAY), worlds),
    )
    for name, make in (("zen-engine", rivals.zen_engine), ("rule-engine", rivals.rule_engine)):
        try:
            translation, decide = make(scope)
        except ModuleNotFoundError:
            print(f"{name:26} not installed")
            continue
        inputs: list[Mapping[str, Any]] = [translation.prepare(world) for world in worlds]
        wrong = sum(decide(one) != want for one, want in zip(inputs, expected, strict=True))
        _line(name, *rate(decide, inputs), f"{wrong} of {len(inputs)} answers differ" if wrong else "")


def _line(name: str, per_second: float, slow: float, note: str = "") -> None:
    print(f"{name:26} {per_second:10,.0f} a second   p99 {slow:8,.0f} µs   {note}")


if __name__ == "__main__":
    main()
