"""What must hold of every decision, whatever the facts."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.engine import Engine
from actions.engine.scope import Scope
from knowledge.load import load
from knowledge.model import Value
from tests.actions.engine.worlds import DAY, draw, headline, value

PLACES = [(pack, topic.id) for topic in load().topics.values() for pack in topic.packs]
ALLOWS = 50

places = st.sampled_from(PLACES)
chances = st.integers(0, 2**32).map(random.Random)
shares = st.sampled_from([0.2, 0.5, 0.8])
some = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _given(scope: Scope, world: dict[str, Value]) -> dict[str, Value]:
    return {name: one for name, one in world.items() if name in scope.facts and name != "as_of_date"}


@some
@given(places, chances, shares)
def test_order_of_facts_never_matters(
    engine: Engine, place: tuple[str, str], chance: random.Random, share: float
) -> None:
    facts = list(_given(engine.scope(*place), draw(engine.scope(*place), chance, {}, share)).items())
    shuffled = facts.copy()
    chance.shuffle(shuffled)
    first, second = (engine.determine(*place, dict(one), DAY, presume=True) for one in (facts, shuffled))
    assert first == second
    assert first.changes == second.changes
    assert first.near == second.near
    assert engine.next_question(*place, dict(facts), DAY) == engine.next_question(*place, dict(shuffled), DAY)


@some
@given(places, chances, shares)
def test_what_is_allowed_stays_allowed_whatever_is_not_known(
    engine: Engine, place: tuple[str, str], chance: random.Random, share: float
) -> None:
    scope = engine.scope(*place)
    facts = _given(scope, draw(scope, chance, {}, share))
    decided = engine.determine(*place, facts, DAY)
    if decided.rules and scope.rank(decided.outcome) <= ALLOWS:
        # A date that nobody gave stays out: the decision says in `missing` that it could matter.
        unset = _settable(scope)
        for _ in range(30):
            world = draw(scope, chance, facts, 1.0)
            kept = {name: one for name, one in world.items() if name in facts or name not in unset}
            assert headline(scope, kept)[0] <= scope.rank(decided.outcome)


def _settable(scope: Scope) -> set[str]:
    """Facts of which a rule asks whether they were answered at all; the date is always known."""
    asked = (name for name, atoms in scope.reading.items() if any(atom.asks_whether_set for atom in atoms))
    return {*asked} - {"as_of_date"}


@some
@given(places, chances, shares)
def test_a_rule_that_fired_still_fires_when_more_is_known(
    engine: Engine, place: tuple[str, str], chance: random.Random, share: float
) -> None:
    scope = engine.scope(*place)
    facts = _given(scope, draw(scope, chance, {}, share))
    before = {rule.rule for rule in engine.determine(*place, facts, DAY).rules}
    more = draw(scope, chance, facts, 0.5)
    kept = {name: one for name, one in more.items() if name in facts or name not in _settable(scope)}
    after = {rule.rule for rule in engine.determine(*place, _given(scope, kept), DAY).rules}
    assert before <= after


@some
@given(places, chances, shares)
def test_a_settled_case_asks_nothing_that_matters(
    engine: Engine, place: tuple[str, str], chance: random.Random, share: float
) -> None:
    """Answers at random until nothing is asked; then no further fact makes it stricter, or changes it at all
    where nothing was presumed."""
    scope = engine.scope(*place)
    facts = _given(scope, draw(scope, chance, {}, share))
    while asked := engine.next_question(*place, facts, DAY):
        assert not set(asked.facts) & set(facts)
        for name in asked.facts:
            facts[name] = value(scope, chance, name, {"as_of_date": DAY, **facts})
    decided = engine.determine(*place, facts, DAY, presume=True)
    assert not decided.missing
    assert not decided.depends_on
    for _ in range(15):
        rank, outcome = headline(scope, draw(scope, chance, facts, 1.0))
        if decided.rules:
            assert rank <= scope.rank(decided.outcome)
        if not decided.presumed:
            assert outcome == decided.outcome


@some
@given(places, chances, st.sampled_from([0.0, 0.3, 0.6]))
def test_not_knowing_ends_and_says_what_it_hangs_on(
    engine: Engine, place: tuple[str, str], chance: random.Random, share: float
) -> None:
    scope = engine.scope(*place)
    facts = _given(scope, draw(scope, chance, {}, share))
    dont_know: set[str] = set()
    while asked := engine.next_question(*place, facts, DAY, dont_know=dont_know):
        assert not set(asked.facts) & (set(facts) | dont_know)
        for name in asked.facts:
            if chance.random() < 0.5:
                dont_know.add(name)
            else:
                facts[name] = value(scope, chance, name, {"as_of_date": DAY, **facts})
    decided = engine.determine(*place, facts, DAY, dont_know=dont_know, presume=True)
    if decided.rules and decided.decided_by is None:
        assert set(decided.depends_on) & dont_know


def _open(scope: Scope) -> set[str]:
    return set(scope.facts) - set(scope.given)


PRESUMED = [name for name, fact in load().facts.items() if fact.presume is not None]


@pytest.mark.parametrize("name", PRESUMED)
def test_flipping_a_presumption_never_makes_it_stricter(engine: Engine, name: str) -> None:
    """Talks at random until the case is settled; whenever the fact was presumed, every other value of it,
    with anything for the rest, is no stricter than the outcome given."""
    chance = random.Random(name)
    homes = [place for place in PLACES if name in _open(engine.scope(*place))]
    relied = 0
    for _ in range(25):
        place = chance.choice(homes)
        scope = engine.scope(*place)
        facts = _given(scope, draw(scope, chance, {}, chance.choice([0.1, 0.4, 0.7])))
        facts.pop(name, None)
        while (asked := engine.next_question(*place, facts, DAY)) and name not in asked.facts:
            for one in asked.facts:
                facts[one] = value(scope, chance, one, {"as_of_date": DAY, **facts})
        if asked:
            continue
        decided = engine.determine(*place, facts, DAY, presume=True)
        relied += name in decided.presumed
        for _ in range(6):
            flipped = {**facts, name: value(scope, chance, name, {"as_of_date": DAY, **facts})}
            rank, _ = headline(scope, draw(scope, chance, flipped, 1.0))
            assert not decided.rules or rank <= scope.rank(decided.outcome)
