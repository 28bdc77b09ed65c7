"""The determination of one case: run the rules, merge, guard against what is not known, explain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from actions.engine import duties, merge
from actions.engine.ask import Planner, overrules, same_outcome
from actions.engine.explain import Explanation
from actions.engine.possible import possible
from actions.engine.presumption import footing, presumptions
from actions.engine.result import Determination, Fired
from actions.engine.scope import AS_OF, REFER, Entry, Scope
from actions.engine.truths import Truths
from knowledge.model import Value


def determine(
    scope: Scope, given: Mapping[str, Value], as_of: dt.date, dont_know: Collection[str], presume: bool
) -> Determination:
    """Decide one case on the facts given. See `Engine.determine`."""
    known = scope.known(given, as_of)
    assumed, fired = _fire(scope, known, presumptions(scope, known) if presume else {})
    top = fired[0] if fired else None
    stricter = _ahead(scope, known, top)
    announced = merge.stands(top, bool(stricter))
    outcome = top.rule.outcome if top is not None and announced else REFER
    plan = Planner(scope, known, dont_know, assumed).plan()
    missing = tuple(dict.fromkeys(name for ask in plan for name in ask.facts))
    return _write(scope, known, as_of, dont_know, assumed, fired, outcome, announced, missing, stricter)


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


def _ahead(scope: Scope, known: Mapping[str, Value], top: Entry | None) -> list[Entry]:
    """The rules that would overrule `top` and are not false on what is known, strictest first; empty when
    none of them is possible.

    The decision is final, so `is_set` of an unanswered fact is false here; what it could become is in
    `missing`.
    """
    sure, maybe = scope.run(known, ())
    entries = [scope.entries[position] for position in sorted(sure + maybe)]
    ahead = [entry for entry in entries if top is None or overrules(entry, top)]
    return ahead if any(possible(scope, entry, known, ()) for entry in ahead) else []


def _write(
    scope: Scope,
    known: Mapping[str, Value],
    as_of: dt.date,
    dont_know: Collection[str],
    assumed: Mapping[str, Value],
    fired: Sequence[Entry],
    outcome: str,
    announced: bool,
    missing: tuple[str, ...],
    stricter: Sequence[Entry],
) -> Determination:
    facts = {**assumed, **known}
    day = known[AS_OF]
    applied = day if isinstance(day, dt.date) else as_of
    told = Explanation(scope, facts, fired, announced)
    top = fired[0] if fired and announced else None
    return Determination(
        pack=scope.pack,
        topic=scope.topic,
        as_of=applied,
        outcome=outcome,
        decided_by=top.rule.id if top else None,
        layer=top.rule.layer if top else None,
        rules=tuple(_fired(entry) for entry in fired),
        duties=duties.owed(fired, facts, applied),
        citations=tuple(dict.fromkeys(cite for entry in fired for cite in entry.rule.cites)),
        missing=missing,
        depends_on=_depends(scope, known, dont_know, missing, stricter),
        presumed=_relied(told, assumed),
        floor=merge.floor(fired) if top else None,
        unverified=top.rule.unverified if top else False,
        facts_used={name: known[name] for name in scope.facts if name in known},
        told=told,
    )


def _fired(entry: Entry) -> Fired:
    rule = entry.rule
    return Fired(rule.id, rule.title, rule.outcome, rule.layer, rule.cites, rule.basis, rule.unverified)


def _relied(told: Explanation, assumed: Mapping[str, Value]) -> dict[str, Value]:
    """The presumptions on which the rules that fired rest."""
    if not assumed:
        return {}
    names = dict.fromkeys(name for facts in told.because().values() for name in facts)
    return {name: assumed[name] for name in names if name in assumed}


def _depends(
    scope: Scope,
    known: Mapping[str, Value],
    dont_know: Collection[str],
    missing: tuple[str, ...],
    stricter: Sequence[Entry],
) -> tuple[str, ...]:
    """The unknown facts on which the outcome hangs: those to ask and those that the person could not tell."""
    truths = Truths(scope, known)
    open_ = {name for entry in stricter for name in truths.hangs_on(entry.term)}
    named = {*missing, *dont_know} & open_
    return tuple(name for name in scope.facts if name in (named or open_))
