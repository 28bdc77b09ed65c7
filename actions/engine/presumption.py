"""On which presumptions a decision may rest.

A presumption may only err on the strict side. Stricter rules never count on one (the planner and the guard
leave presumed facts unknown there). What is left is the default: where a presumption is wrong and no rule
fires at all, the answer is a referral, which is stricter than any permission. So a permission may rest on
presumptions only when some rule is certain to fire whatever the presumed facts really are.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from actions.engine import breakpoints
from actions.engine.reasons import Reasons
from actions.engine.scope import AS_OF, REFER, Entry, Scope
from knowledge.model import Value

#: More combinations of values than this are not tried; what rests on them then counts as unsafe.
COMBINATIONS = 512


def presumptions(scope: Scope, known: Mapping[str, Value]) -> dict[str, Value]:
    """The presumed values of the facts that are not known."""
    facts = scope.knowledge.facts
    return {
        name: value
        for name in scope.facts
        if name not in known and (value := facts[name].presume) is not None
    }


def footing(
    scope: Scope, known: Mapping[str, Value], presumed: Mapping[str, Value], targets: Sequence[Entry]
) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The fewest presumptions on which one of `targets` may rest, and those on which it may not.

    `targets` are true on `known` and `presumed` together. The first answer is None when no safe set was
    found.
    """
    names = list(presumed)
    bits = {name: 1 << number for number, name in enumerate(names)}
    reasons = Reasons(scope, {**presumed, **known}, bits)
    unsafe: set[str] = set()
    for mask in sorted({mask for entry in targets for mask in reasons.of(entry.term)[1]}, key=int.bit_count):
        relied = frozenset(name for name in names if bits[name] & mask)
        if targets[0].rank >= scope.rank(REFER) or _covered(scope, known, relied):
            return relied, frozenset()
        unsafe |= relied
    return None, frozenset(unsafe)


def _covered(scope: Scope, known: Mapping[str, Value], relied: frozenset[str]) -> bool:
    """Whether some rule fires for every combination of values of the facts relied on."""
    # What most rules read settles most, so that less has to be tried.
    choices = _choices(scope, known, sorted(relied, key=lambda name: (-scope.weight[name], name)))
    many = math.prod(len(values) for values in choices.values())
    return many <= COMBINATIONS and _fires(scope, known, choices)


def _fires(scope: Scope, known: Mapping[str, Value], choices: Mapping[str, Sequence[Value]]) -> bool:
    """Whether some rule fires whatever the facts of `choices` are; a fact is tried only where it matters."""
    sure, maybe = scope.run(known, choices)
    if sure or not maybe or not choices:
        return bool(sure)
    (name, values), *others = choices.items()
    rest = dict(others)
    return all(_fires(scope, {**known, name: value}, rest) for value in values)


def worlds(
    scope: Scope, known: Mapping[str, Value], names: Sequence[str]
) -> Iterator[dict[str, Value]] | None:
    """`known` with every combination of values of `names` that can matter, and without any of them, or None
    when they are too many."""
    choices = _choices(scope, known, names)
    if math.prod(len(values) + 1 for values in choices.values()) > COMBINATIONS:
        return None
    return (
        {**known, **{name: one for name, one in zip(choices, combination, strict=True) if one is not None}}
        for combination in itertools.product(*([*values, None] for values in choices.values()))
    )


def _choices(scope: Scope, known: Mapping[str, Value], names: Sequence[str]) -> dict[str, list[Value]]:
    """The values of each fact that can matter."""
    today = known[AS_OF]
    assert isinstance(today, dt.date)
    facts = scope.knowledge.facts
    return {
        name: scope.options(name)
        if facts[name].type == "choice"
        else breakpoints.values(facts[name], scope.reading.get(name, ()), known, today)
        for name in names
    }
