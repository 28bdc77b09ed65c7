"""Determinations per second under the Connecticut gift rules, beside two other rule engines.

Every engine gets the same complete facts of the same worked cases and names the rules that fire; the answers
are compared before anything is timed. Below stand our full determinations with everything that explains them
(duties, missing facts, reasons, near misses, what would change it), first of the complete gift cases, then of
all worked cases with the facts that each lists and presumptions for the rest, and both again through the
service.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.engine import Engine
from actions.engine.scope import Scope
from bench import rivals, service
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


def seconds(decide: Callable[[Any], object], inputs: Sequence[Any]) -> list[float]:
    """For each input the processor's time to decide it, the best of some rounds; what else the machine does
    is left out."""
    rounds = []
    for _ in range(ROUNDS):
        times = []
        for one in inputs:
            start = time.process_time()
            decide(one)
            times.append(time.process_time() - start)
        rounds.append(times)
    return [min(times) for times in zip(*rounds, strict=True)]


def explained(engine: Engine, request: service.Request) -> object:
    """One determination with everything that the service tells of it."""
    pack, topic, facts, presume = request
    found = engine.determine(pack, topic, facts, DAY, presume=presume)
    return found.because, found.near, found.changes


def main() -> None:
    """Print one line for each engine, then ours in full."""
    knowledge = load()
    engine = Engine(knowledge)
    engine.warm()
    scope = engine.scope("ct-state", "gift")
    worlds = cases(knowledge, scope)
    expected = [scope.run(world, ())[0] for world in worlds]
    print(
        f"{len(scope.entries)} rules, {len(scope.facts)} facts, {len(worlds)} worked cases, {ROUNDS} rounds"
    )
    _line("ours, rules only", seconds(lambda world: scope.run(world, ()), worlds))
    for name, make in (("zen-engine", rivals.zen_engine), ("rule-engine", rivals.rule_engine)):
        try:
            translation, decide = make(scope)
        except ModuleNotFoundError:
            print(f"{name:40} not installed")
            continue
        inputs: list[Mapping[str, Any]] = [translation.prepare(world) for world in worlds]
        wrong = sum(decide(one) != want for one, want in zip(inputs, expected, strict=True))
        _line(name, seconds(decide, inputs), f"{wrong} of {len(inputs)} answers differ" if wrong else "")
    gifts = [("ct-state", "gift", _given(knowledge, world), False) for world in worlds]
    every = [(case.pack, case.topic, case.facts, True) for case in knowledge.cases]
    kinds: list[tuple[str, list[service.Request]]] = [
        (f"{len(gifts)} gift cases, complete", gifts),
        (f"all {len(every)} cases, with presumptions", every),
    ]
    _line(
        "ours, decided only, gift cases",
        seconds(lambda one: engine.determine(one[0], one[1], one[2], DAY), gifts),
    )
    for name, requests in kinds:
        _line(f"ours, {name}", seconds(lambda one: explained(engine, one), requests))
    app = service.application()
    if app is None:
        print("through the service: needs make setup")
        return
    for name, requests in kinds:
        _line(f"service, {name}", service.seconds(app, requests, DAY.isoformat()))


def _given(knowledge: Knowledge, world: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in world.items() if name in knowledge.facts}


def _line(name: str, times: Sequence[float], note: str = "") -> None:
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{name:44} {len(times) / sum(times):9,.0f} a second   p50 {1e3 * cuts[49]:6.3f} ms   "
        f"p99 {1e3 * cuts[98]:6.3f} ms   {note}".rstrip()
    )


if __name__ == "__main__":
    main()
