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
    found = worlds(scope, known, sorted(relied))
    return found is not None and all(scope.run(world, ())[0] for world in found)


def worlds(
    scope: Scope, known: Mapping[str, Value], names: Sequence[str], *, unset: bool = False
) -> Iterator[dict[str, Value]] | None:
    """`known` with every combination of values of `names` that can matter, or None when they are too many;
    with `unset` each of them may also stay without a value."""
    today = known[AS_OF]
    assert isinstance(today, dt.date)
    facts = scope.knowledge.facts
    choices: list[list[Value | None]] = [
        [
            *breakpoints.values(facts[name], scope.reading.get(name, ()), known, today),
            *([None] if unset else []),
        ]
        for name in names
    ]
    if math.prod(len(values) for values in choices) > COMBINATIONS:
        return None
    return (
        {**known, **{name: one for name, one in zip(names, combination, strict=True) if one is not None}}
        for combination in itertools.product(*choices)
    )
