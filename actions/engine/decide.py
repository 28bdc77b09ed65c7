"""The determination of one case: run the rules, merge, guard against what is not known, explain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from actions.engine import duties, merge
from actions.engine.ask import Planner, overrules, same_outcome
from actions.engine.explain import Explanation
from actions.engine.possible import possible
from actions.engine.presumption import footing, presumptions, worlds
from actions.engine.result import Determination, Fired
from actions.engine.scope import AS_OF, REFER, Entry, Scope
from actions.engine.sweep import union
from knowledge.model import Value


def determine(
    scope: Scope,
    given: Mapping[str, Value],
    as_of: dt.date,
    dont_know: frozenset[str],
    absent: frozenset[str],
    presume: bool,
) -> Determination:
    """Decide one case on the facts given. See `Engine.determine`."""
    known = scope.known(given, as_of)
    assumed, fired = _fire(scope, known, presumptions(scope, known) if presume else {})
    top = fired[0] if fired else None
    stricter = _ahead(scope, known, top, dont_know)
    hangs = _hangs(scope, {**assumed, **known}, top, dont_know)
    announced = top is not None and merge.stands(top, bool(stricter), bool(hangs), scope.rank(REFER))
    if hangs and not announced:
        fired = [entry for entry in fired if scope.test(entry)({**assumed, **known}, dont_know) == 2]
    plan = Planner(scope, known, dont_know, assumed, absent=absent).plan()
    missing = tuple(dict.fromkeys(name for ask in plan for name in ask.facts))
    told = Explanation(scope, {**assumed, **known}, fired, announced)
    relied = _relied(told, assumed)
    open_ = _open(scope, known, dont_know, stricter, missing) | hangs
    if told.top is not None and told.top.rank > merge.ALLOWS:
        open_ |= relied.keys() & dont_know
    depends_on = tuple(name for name in scope.facts if name in open_)
    return _write(known, told, as_of, missing, depends_on, relied)


def _fire(
    scope: Scope, known: Mapping[str, Value], assumed: dict[str, Value]
) -> tuple[dict[str, Value], list[Entry]]:
    """The rules that fire, strongest first, and the presumptions that were left after the unsafe ones
    fell."""
    while True:
        sure, _ = scope.run({**assumed, **known}, ())
        fired = [scope.entries[position] for position in sure]
        targets = [entry for entry in fired if entry.rank == fired[0].rank and same_outcome(entry, fired[0])]
        unsafe = footing(scope, known, assumed, targets)[1] if assumed and targets else ()
        if not unsafe:
            return assumed, fired
        assumed = {name: value for name, value in assumed.items() if name not in unsafe}


def _ahead(
    scope: Scope, known: Mapping[str, Value], top: Entry | None, dont_know: Collection[str]
) -> list[Entry]:
    """The rules that would overrule `top` and are not false on what is known, strictest first; empty when
    none of them is possible.

    The decision is final, so `is_set` of a fact that was never asked is false here; what it could become is
    in `missing`.
    """
    sure, maybe = scope.run(known, dont_know)
    entries = [scope.entries[position] for position in sorted(sure + maybe)]
    ahead = [entry for entry in entries if top is None or overrules(entry, top)]
    return ahead if any(possible(scope, entry, known, dont_know) for entry in ahead) else []


def _hangs(
    scope: Scope, facts: Mapping[str, Value], top: Entry | None, dont_know: frozenset[str]
) -> frozenset[str]:
    """What the person does not know, if `top` fires only while it has no value and a value could lead
    elsewhere."""
    if top is None or scope.test(top)(facts, dont_know) == 2:
        return frozenset()
    names = dont_know.intersection(scope.names(scope.hanging(facts, dont_know)[top.position]))
    found = worlds(scope, facts, sorted(names))
    if found is None:
        return names
    firsts = (scope.run(world, dont_know - names)[0][:1] for world in found)
    alike = all(first and same_outcome(scope.entries[first[0]], top) for first in firsts)
    return frozenset() if alike else names


def _open(
    scope: Scope,
    known: Mapping[str, Value],
    dont_know: Collection[str],
    stricter: Sequence[Entry],
    missing: Collection[str],
) -> set[str]:
    """The unknown facts because of which a stricter rule is possible: those to ask and those that the person
    could not tell, or all where these are none."""
    if not stricter:
        return set()
    hanging = scope.hanging(known, dont_know)
    every = set(scope.names(union(hanging[entry.position] for entry in stricter)))
    return every.intersection({*missing, *dont_know}) or every


def _write(
    known: Mapping[str, Value],
    told: Explanation,
    as_of: dt.date,
    missing: tuple[str, ...],
    depends_on: tuple[str, ...],
    relied: Mapping[str, Value],
) -> Determination:
    day = known[AS_OF]
    applied = day if isinstance(day, dt.date) else as_of
    scope, fired, top = told.scope, told.fired, told.top
    return Determination(
        pack=scope.pack,
        topic=scope.topic,
        as_of=applied,
        outcome=top.rule.outcome if top else REFER,
        decided_by=top.rule.id if top else None,
        layer=top.rule.layer if top else None,
        rules=tuple(_fired(entry) for entry in fired),
        duties=duties.owed(fired, told.facts, applied),
        citations=tuple(dict.fromkeys(cite for entry in fired for cite in entry.rule.cites)),
        missing=missing,
        depends_on=depends_on,
        presumed=relied,
        floor=merge.floor(fired) if top else None,
        unverified=top.rule.unverified if top else False,
        facts_used={name: known[name] for name in scope.facts if name in known},
        referral=_referral(scope, told.facts) if not fired else None,
        told=told,
    )


def _referral(scope: Scope, facts: Mapping[str, Value]) -> str | None:
    """Why the rules are silent, where the topic says so."""
    return next((why for term, why in scope.referrals if scope.tests(term)(facts, ()) == 2), None)


def _fired(entry: Entry) -> Fired:
    rule = entry.rule
    return Fired(rule.id, rule.title, rule.outcome, rule.layer, rule.cites, rule.basis, rule.unverified)


def _relied(told: Explanation, assumed: Mapping[str, Value]) -> dict[str, Value]:
    """The presumptions on which the rules that fired rest."""
    if not assumed:
        return {}
    names = dict.fromkeys(name for facts in told.because().values() for name in facts)
    return {name: assumed[name] for name in names if name in assumed}
