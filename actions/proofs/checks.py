"""What is proved of the rules of one pack's topic, over all combinations of facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import z3

from actions.engine.merge import AGENCY, ALLOWS
from actions.engine.scope import REFER, Entry, Scope
from actions.proofs.encode import Encoding, Formula
from actions.proofs.words import tell

#: Milliseconds for one question to the solver.
PATIENCE = 20_000
#: Outcomes from this rank up bar the act.
BARS = 85
#: Amounts of which more is better for the person: what was paid to the giver for the thing.
PAID = frozenset({"consideration_paid"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the solver found. A violation breaks a promise; a note only shows where the law is silent."""

    kind: str
    pack: str
    topic: str
    about: str
    text: str
    violation: bool = True


class Prover:
    """Asks the solver about one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.knowledge = scope.knowledge
        self.encoding = Encoding(scope)
        self.solver: Any = z3.Solver()
        self.solver.set("timeout", PATIENCE)
        self.solver.add(*self.encoding.domain)
        for name, value in self.knowledge.packs[scope.pack].fixes.items():
            if name in self.encoding.variables:
                self.solver.add(self.encoding.equals(name, value))

    def findings(self) -> Iterator[Finding]:
        """Everything found in this scope, dead rules apart."""
        yield from self.gaps()
        yield from self.ties()
        yield from self.loosening()
        for name in self.scope.facts:
            if self.knowledge.facts[name].type == "money":
                yield from self.turns_with_the_amount(name)

    def can_fire(self, entry: Entry) -> bool:
        """Whether some facts make a rule fire."""
        return bool(self._solve(self.encoding.fires(entry.term)) != z3.unsat)

    def gaps(self) -> Iterator[Finding]:
        """Facts, of the people the pack is for, on which no rule speaks, and no referral of the topic."""
        speaks = [self.encoding.fires(entry.term) for entry in self.scope.entries]
        speaks += [self.encoding.fires(term) for term, _ in self.scope.referrals]
        yield from self._report(
            "gap", "no rule and no referral speaks", *self._people(), z3.Not(z3.Or(speaks))
        )

    def referrals(self) -> Iterator[str]:
        """Why the person is referred, for each referral of the topic that some facts of this pack come to."""
        silent = z3.Not(z3.Or([self.encoding.fires(entry.term) for entry in self.scope.entries]))
        for term, why in self.scope.referrals:
            if self._solve(*self._people(), silent, self.encoding.fires(term)) != z3.unsat:
                yield why

    def _people(self) -> Iterator[Formula]:
        """What holds of the people whom the pack is for; an answer that another state offers is none of
        theirs."""
        encoding = self.encoding
        for name, value in self.scope.given.items():
            if name in encoding.variables:
                yield encoding.equals(name, value)
        home = self.knowledge.packs[self.scope.pack].jurisdiction
        for name in encoding.variables:
            for option in self.knowledge.facts[name].options:
                if option.jurisdiction not in ("", home):
                    yield z3.Not(encoding.equals(name, option.value))

    def ties(self) -> Iterator[Finding]:
        """Two rules of one layer and rank that fire together with different outcomes."""
        entries = self.scope.entries
        for number, one in enumerate(entries):
            for other in entries[number + 1 :]:
                alike = one.rule.layer == other.rule.layer and one.rank == other.rank
                if alike and one.rule.outcome != other.rule.outcome:
                    both = self.encoding.fires(one.term), self.encoding.fires(other.term)
                    yield from self._report("contradiction", f"{one.rule.id} and {other.rule.id}", *both)

    def loosening(self) -> Iterator[Finding]:
        """An outcome that an agency's or contractor's own rules make kinder than the rules below them do."""
        below = [entry for entry in self.scope.entries if entry.specificity < AGENCY]
        if len(below) < len(self.scope.entries):
            speaks = z3.Or([self.encoding.fires(entry.term) for entry in below])
            kinder = self.encoding.rank() < self.encoding.rank(below)
            yield from self._report("loosening", "the agency's rules loosen", speaks, kinder)

    def turns_with_the_amount(self, name: str) -> Iterator[Finding]:
        """A larger amount, all else equal, that is allowed where the smaller is not, or barred no longer; of
        what was paid for the thing, a smaller one."""
        small = self.encoding
        large = Encoding(self.scope, " when larger", small, name)
        strict, kind = (large, small) if name in PAID else (small, large)
        conditions = [
            *large.domain, small.variables[name] > 0, small.variables[name] < large.variables[name],
            z3.Or([strict.fires(entry.term) for entry in self.scope.entries]),
            self._gravity(kind) < self._gravity(strict),
        ]  # fmt: skip
        if name in small.given:
            conditions += [small.given[name], large.given[name]]
        result = self._solve(*conditions)
        if result == z3.unsat:
            return
        text = f"{name}: not decided in time"
        if result == z3.sat:
            facts, other = strict.facts(self.model), kind.facts(self.model)[name]
            text = f"{name} at {other} is treated more kindly than in: {tell(self.knowledge, facts)}"
        yield Finding("kinder when dearer", self.scope.pack, self.scope.topic, name, text)

    def _gravity(self, encoding: Encoding) -> Formula:
        """0 allowed, 1 not before a step or an answer, 2 barred."""
        gravity: Formula = z3.IntVal(_gravity(self.scope.rank(REFER)))
        for entry in reversed(self.scope.entries):
            gravity = z3.If(encoding.fires(entry.term), z3.IntVal(_gravity(entry.rank)), gravity)
        return gravity

    def _report(self, kind: str, about: str, *conditions: Formula) -> Iterator[Finding]:
        result = self._solve(*conditions)
        if result == z3.unsat:
            return
        text = "not decided in time"
        if result == z3.sat:
            self._simplify(*conditions)
            text = tell(self.knowledge, self.encoding.facts(self.model))
        yield Finding(kind, self.scope.pack, self.scope.topic, about, text)

    def _simplify(self, *conditions: Formula) -> None:
        """Looks for a plainer model of conditions that have one: as many facts as possible at their usual
        value."""
        self.solver.push()
        self.solver.add(*conditions)
        for wish in self._usual():
            if self.solver.check(wish) == z3.sat:
                self.model = self.solver.model()
                self.solver.add(wish)
        self.solver.pop()

    def _usual(self) -> Iterator[Formula]:
        encoding = self.encoding
        for name in encoding.variables:
            value = self.knowledge.facts[name].case_default
            if value is not None:
                yield encoding.equals(name, value)
            elif name in encoding.given:
                yield z3.Not(encoding.given[name])

    def _solve(self, *conditions: Formula) -> Any:
        self.solver.push()
        self.solver.add(*conditions)
        result = self.solver.check()
        self.model = self.solver.model() if result == z3.sat else None
        self.solver.pop()
        return result


def _gravity(rank: int) -> int:
    return 0 if rank <= ALLOWS else 2 if rank >= BARS else 1
