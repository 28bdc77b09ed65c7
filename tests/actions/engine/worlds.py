"""Random facts for a pack's topic, drawn from the values at which some rule can change."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

from actions.engine import breakpoints
from actions.engine.scope import Scope
from knowledge.model import Value

DAY = dt.date(2026, 6, 1)


def draw(scope: Scope, chance: random.Random, facts: Mapping[str, Value], share: float) -> dict[str, Value]:
    """`facts` and, for a `share` of the other facts of the scope, a random value each."""
    world = scope.known(facts, DAY)
    names = [name for name in scope.facts if name not in world]
    chance.shuffle(names)
    for name in names:
        if chance.random() < share:
            world[name] = value(scope, chance, name, world)
    return world


def value(scope: Scope, chance: random.Random, name: str, world: Mapping[str, Value]) -> Value:
    """A random value of one fact."""
    fact = scope.knowledge.facts[name]
    return chance.choice(breakpoints.values(fact, scope.reading.get(name, ()), world, DAY))


def headline(scope: Scope, world: Mapping[str, Value]) -> tuple[int, str]:
    """Rank and outcome of the strongest rule that is true."""
    sure, _ = scope.run(world, ())
    outcome = scope.entries[sure[0]].rule.outcome if sure else "refer_to_counsel"
    return scope.rank(outcome), outcome
