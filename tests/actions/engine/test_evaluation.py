"""The compiled conditions against a plain reading of the rulebook's language, on random facts."""

from __future__ import annotations

import random

import pytest

from actions.engine import Engine
from actions.engine.truths import Truths
from knowledge.load import load
from knowledge.model import Knowledge
from tests.actions.engine.reference import Reference
from tests.actions.engine.worlds import draw

PLACES = [(pack, topic.id) for topic in load().topics.values() for pack in topic.packs]


def _meaning(knowledge: Knowledge, rule: str, world: dict[str, object]) -> bool | None:
    """What the rule's text says, with its layer and dates."""
    one = knowledge.rules[rule]
    reference = Reference(knowledge, world)
    parts = [reference.read(one.when)]
    binds = knowledge.layers[one.layer].binds
    if binds:
        parts.append(reference.read(binds))
    day = world["as_of_date"]
    if one.effective_from:
        parts.append(day >= one.effective_from)  # type: ignore[operator]
    if one.effective_to:
        parts.append(day <= one.effective_to)  # type: ignore[operator]
    return False if False in parts else None if None in parts else True


@pytest.mark.parametrize("place", PLACES, ids="/".join)
def test_compiled_rules_mean_what_they_say(
    knowledge: Knowledge, engine: Engine, place: tuple[str, str]
) -> None:
    scope = engine.scope(*place)
    chance = random.Random(str(place))
    for share in (1.0, 1.0, 0.9, 0.6, 0.3):
        known = draw(scope, chance, {}, share)
        sure, maybe = scope.run(known, ())
        truths = Truths(scope, known)
        for entry in scope.entries:
            got = True if entry.position in sure else None if entry.position in maybe else False
            want = _meaning(knowledge, entry.rule.id, known)  # type: ignore[arg-type]
            # The engine may know more: amounts are never below zero, and both branches of a choice may agree.
            assert got == want or want is None, (entry.rule.id, known)
            assert {0: False, 1: None, 2: True}[scope.test(entry)(known, ())] == got
            assert {0: False, 1: None, 2: True}[truths.of(entry.term)] == got
            if share == 1.0:
                assert got is not None or want is None
