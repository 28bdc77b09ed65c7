"""Which questions are left, and which to ask next.

The planner imagines the usual answers to everything unknown (a presumption, the usual value, a plain no),
decides that world, and looks for the fewest questions whose answers settle it: every stricter rule must be
closed and the deciding rule must hold, whatever the other answers are. One of these is asked; an unusual
answer makes a new plan. Presumed facts help the deciding rule to hold, but never close a stricter one.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from actions.engine.possible import possible
from actions.engine.presumption import footing, presumptions
from actions.engine.reasons import Masks, Reasons, cover, minimal
from actions.engine.result import Question
from actions.engine.scope import AS_OF, REFER, Entry, Scope
from actions.engine.sweep import union
from knowledge.model import Fact, Value

#: A question counts this much; its place in the natural order only breaks ties.
QUESTION = 10_000
#: So many other answers to the next question are looked into to say how many questions may still come.
LOOK = 4
_TYPE_ORDER = {"choice": 0, "money": 1, "integer": 1, "bool": 2, "date": 3}


@dataclass(frozen=True, slots=True)
class Ask:
    """One question that could be asked: its facts, in order, and its place among the others."""

    facts: tuple[str, ...]
    checklist: str | None
    place: tuple[int, ...]


def usual(fact: Fact) -> Value | None:
    """The answer to expect; None for a fact that most people have no answer to (a date)."""
    if fact.presume is not None:
        return fact.presume
    if fact.case_default is not None:
        return fact.case_default
    return False if fact.type == "bool" else None


def asks(scope: Scope, known: Mapping[str, Value], dont_know: Collection[str]) -> list[Ask]:
    """All questions that are left for a scope, in natural order: who, what, how much, when, and rare things
    last; of two of a kind, first what more rules read."""
    groups: dict[str, list[str]] = {}
    facts = scope.knowledge.facts
    for name in scope.facts:
        if name not in known and name not in dont_know and name != AS_OF:
            groups.setdefault(facts[name].checklist or f"fact {name}", []).append(name)
    found = []
    for names in groups.values():
        listed = facts[names[0]].checklist
        # Who speaks comes before everything else: it decides which rules bind.
        who = 0 if names[0].endswith("role") or names[0] == "agency" else 1
        weight = max(scope.weight[name] for name in names)
        kind, first = _TYPE_ORDER[facts[names[0]].type], scope.bits[names[0]]
        rare = 2 if listed else int(facts[names[0]].rare)
        place = (rare, who, kind, -weight, first)
        found.append(Ask(tuple(names), listed, place))
    return sorted(found, key=lambda ask: ask.place)


class Planner:
    """The state of one case while looking for what to ask.

    Args:
        scope: the rules that speak.
        known: the facts that hold.
        dont_know: facts that the person cannot answer; whether they have a value is not known either.
        presumable: values that may be presumed for facts that are not known.
        expect: answers to imagine instead of the usual ones; with the true answers the plan is the shortest
            conversation that could have been.
        absent: facts of which the person said that they have no value, such as a date that has not come.
    """

    def __init__(
        self,
        scope: Scope,
        known: Mapping[str, Value],
        dont_know: Collection[str],
        presumable: Mapping[str, Value],
        expect: Mapping[str, Value | None] | None = None,
        absent: Collection[str] = (),
    ) -> None:
        self.scope = scope
        self.known = known
        self.dont_know = dont_know
        self.absent = absent
        self.presumable = presumable
        self.expect = expect
        facts = scope.knowledge.facts
        self.asks = asks(scope, known, {*dont_know, *absent})
        self.open = frozenset(name for ask in self.asks for name in ask.facts)
        self.bit = {name: 1 << number for number, ask in enumerate(self.asks) for name in ask.facts}
        self.cost = {1 << number: QUESTION + number for number in range(len(self.asks))}
        self.world: dict[str, Value] = dict(known)
        for name in self.open:
            value = usual(facts[name]) if expect is None else expect.get(name)
            if value is not None:
                self.world[name] = value
        self._impossible: set[int] = set()

    @functools.cached_property
    def _now(self) -> tuple[list[int], list[int]]:
        """The rules that are certain and possible on what is known, every answer still open."""
        return self.scope.run(self.known, self.open.union(self.dont_know))

    def _settled(self) -> bool:
        """Whether what is known decides and nothing possible overrules it; the common case, and quickly
        seen."""
        sure, maybe = self._now
        entries = self.scope.entries
        return bool(sure) and not any(overrules(entries[position], entries[sure[0]]) for position in maybe)

    @functools.cached_property
    def _fired(self) -> tuple[list[int], list[int]]:
        """What fires in the usual world, with presumptions for what the person does not know."""
        return self.scope.run({**self.presumable, **self.world}, ())

    @functools.cached_property
    def target(self) -> list[Entry]:
        """The rules that decide the usual world; empty when none does."""
        sure = [self.scope.entries[position] for position in self._fired[0]]
        return [entry for entry in sure if entry.rank == sure[0].rank and same_outcome(entry, sure[0])]

    @functools.cached_property
    def _strict(self) -> Reasons:
        return Reasons(self.scope, self.world, self.bit, self.dont_know, self._swept)

    @functools.cached_property
    def _swept(self) -> list[int]:
        return self.scope.sweep(self.world, self.dont_know)

    @functools.cached_property
    def _ahead(self) -> list[tuple[Entry, Masks]]:
        """The rules that could still overrule the target, each with the answers that would close it.

        A rule without such answers stays open because of what the person does not know. Where a fact has no
        usual answer, any answer to it is progress.
        """
        sure, maybe = self._now
        top = self.target[0] if self.target else None
        found = []
        for position in sorted(sure + maybe):
            entry = self.scope.entries[position]
            if top is None or overrules(entry, top):
                truth, masks = self._strict.of(entry.term)
                if truth != 0:
                    asked = self.scope.names(union([self._swept[self.scope.places[position]]]))
                    masks = minimal(self.bit[name] for name in asked if name in self.open)
                found.append((entry, masks))
        return found

    @functools.cached_property
    def blockers(self) -> list[tuple[Entry, Masks]]:
        """The rules that answers must close."""
        ahead = self._ahead
        if self.target and not all(masks for _, masks in ahead):
            # What the person does not know leaves a stricter rule open whatever else is said: the answer is a
            # referral, which only a still stricter outcome could change.
            rank = max(self.target[0].rank, self.scope.rank(REFER))
            ahead = [(entry, masks) for entry, masks in ahead if entry.rank > rank]
        return [(entry, masks) for entry, masks in ahead if masks]

    @functools.cached_property
    def _target_masks(self) -> Masks:
        """The answers with which the target holds, given what is presumed."""
        bits = {name: bit for name, bit in self.bit.items() if name not in self.presumable}
        reasons = Reasons(self.scope, {**self.presumable, **self.world}, bits)
        return minimal(mask for entry in self.target for mask in reasons.of(entry.term)[1])

    def plan(self) -> list[Ask]:
        """The fewest questions that would settle the usual world, the next first; empty when it is
        settled."""
        if self._settled():
            return []
        while True:
            closing = [masks for entry, masks in self.blockers if entry.position not in self._impossible]
            mask = cover([*closing, self._target_masks] if self.target else closing, self.cost) or 0
            unsafe = self._unsafe(mask)
            if unsafe:
                return self._barring(unsafe).plan()
            if not mask or self._needed(mask & -mask, mask):
                return [ask for number, ask in enumerate(self.asks) if mask >> number & 1]

    def live(self) -> frozenset[str]:
        """The facts on which the truth of some rule still hangs, whatever the usual answers are."""
        hanging = self.scope.hanging(self.known, self.open.union(self.dont_know))
        return frozenset(self.scope.names(union(hanging)))

    def _barring(self, unsafe: Collection[str]) -> Planner:
        rest = {name: value for name, value in self.presumable.items() if name not in unsafe}
        return Planner(self.scope, self.known, self.dont_know, rest, self.expect, self.absent)

    def _unsafe(self, mask: int) -> frozenset[str]:
        """Presumptions on which the target would have to rest after these questions, and may not."""
        if not self.target or not self.presumable:
            return frozenset()
        told = {name: value for name, value in self.world.items() if self.bit.get(name, 0) & ~mask == 0}
        rest = {name: value for name, value in self.presumable.items() if name not in told}
        held = [entry for entry in self.target if self.scope.test(entry)({**rest, **told}, ()) == 2]
        return footing(self.scope, told, rest, held)[1] if held else frozenset()

    def after(self, ask: Ask) -> Iterator[Planner]:
        """The case as it would stand after some of the other answers to a question; for how long it may
        take."""
        none = dict.fromkeys(ask.facts, False) if ask.checklist else {}
        facts = self.scope.knowledge.facts
        answers = ((name, value) for name in ask.facts for value in self._unusual(facts[name]))
        for name, value in itertools.islice(answers, LOOK):
            known = {**self.known, **none, name: value}
            presumable = presumptions(self.scope, known)
            yield Planner(self.scope, known, self.dont_know, presumable, absent=self.absent)

    def _unusual(self, fact: Fact) -> list[Value]:
        expected = self.world.get(fact.name)
        if fact.type == "bool":
            return [not expected]
        return [option.value for option in fact.options if option.value != expected]

    def _needed(self, bit: int, mask: int) -> bool:
        """Whether a question of the plan is asked for a rule that is truly possible.

        Rules that only seem possible, because their unknown parts exclude each other, are dropped on the way.
        """
        rest = mask & ~bit
        if self.target and all(one & ~rest for one in self._target_masks):
            return True
        for entry, masks in self.blockers:
            if entry.position not in self._impossible and all(one & ~rest for one in masks):
                if possible(self.scope, entry, self.known, self.open.union(self.dont_know)):
                    return True
                self._impossible.add(entry.position)
        return False


def same_outcome(entry: Entry, other: Entry) -> bool:
    """Whether two rules give the same outcome."""
    return entry.rule.outcome == other.rule.outcome


def overrules(entry: Entry, other: Entry) -> bool:
    """Whether `entry`, when it fires, changes the headline that `other` would give."""
    stronger = (entry.rank, entry.specificity) > (other.rank, other.specificity)
    return stronger and not same_outcome(entry, other)


def question(planner: Planner) -> Question | None:
    """The next question of a case, or None when its outcome is settled."""
    plan = planner.plan()
    if not plan:
        return None
    longest = max([len(plan), *(1 + len(after.plan()) for after in planner.after(plan[0]))])
    live = planner.live() if plan[0].checklist else frozenset(plan[0].facts)
    return Question(tuple(name for name in plan[0].facts if name in live), plan[0].checklist, longest)
