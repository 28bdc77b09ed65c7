"""The rules that speak for one pack and topic, compiled once."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from actions.engine.compile import Run, Test, compile_run, compile_test
from actions.engine.sweep import Hanging, Turning, compile_hanging, compile_turning, distinct
from actions.engine.terms import Atom, Term, Translator, facts_of, walk
from knowledge.model import FactType, Knowledge, Rule, Value

AS_OF = "as_of_date"
#: The rank of an answer that no rule gives: ask a person.
REFER = "refer_to_counsel"


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule in merge order: highest rank first, then the more specific layer, then the id."""

    position: int
    rule: Rule
    rank: int
    specificity: int
    term: Term
    facts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Scope:
    """Everything that decides one pack's topic.

    `facts` are those that any rule reads, in reading order; `referrals` are the conditions on which the
    topic says that no rule speaks, each with the reason why a person has to look.
    """

    pack: str
    topic: str
    knowledge: Knowledge
    entries: tuple[Entry, ...]
    facts: tuple[str, ...]
    types: Mapping[str, FactType]
    given: Mapping[str, Value]
    referrals: tuple[tuple[Term, str], ...]
    run: Run = field(repr=False)
    sweep: Hanging = field(repr=False)
    turning: Turning = field(repr=False)
    tests: Callable[[Term], Test] = field(repr=False)

    def rank(self, outcome: str) -> int:
        """The outcome's rank in the merge."""
        return self.knowledge.outcomes[outcome].rank

    def test(self, entry: Entry) -> Test:
        """The compiled test of one rule."""
        return self.tests(entry.term)

    def atoms(self, term: Term) -> list[Atom]:
        """The atoms of a term."""
        if id(term) not in self._atoms:
            self._atoms[id(term)] = [part for part in walk(term) if isinstance(part, Atom)]
        return self._atoms[id(term)]

    @functools.cached_property
    def _atoms(self) -> dict[int, list[Atom]]:
        return {}

    @functools.cached_property
    def parts(self) -> Mapping[int, int]:
        """For each part of the conditions, by identity, its place in a sweep."""
        terms = [entry.term for entry in self.entries]
        return {id(part): place for place, part in enumerate(distinct(terms))}

    def hanging(self, facts: Mapping[str, Value], open_: Collection[str]) -> list[int]:
        """For each rule 0 when it is certain, `ALL` when it is false, else the unknown facts on which it
        hangs."""
        swept = self.sweep(facts, open_)
        return [swept[place] for place in self.places]

    @functools.cached_property
    def places(self) -> list[int]:
        """For each rule the place of its whole condition in a sweep."""
        return [self.parts[id(entry.term)] for entry in self.entries]

    def options(self, name: str, entry: Entry | None = None) -> list[Value]:
        """The options of a choice, one for each way in which the rules, or one rule, can tell them apart."""
        key = id(entry and entry.term), name
        if key not in self._options:
            atoms = self.reading.get(name, ()) if entry is None else self.atoms(entry.term)
            reading = [self.tests(atom) for atom in atoms if name in atom.facts]
            seen: dict[tuple[int, ...], Value] = {}
            for option in self.knowledge.facts[name].options:
                seen.setdefault(tuple(test({name: option.value}, ()) for test in reading), option.value)
            self._options[key] = list(seen.values())
        return self._options[key]

    @functools.cached_property
    def _options(self) -> dict[tuple[int, str], list[Value]]:
        return {}

    @functools.cached_property
    def bits(self) -> Mapping[str, int]:
        """For each fact its bit in a set of facts."""
        return _numbered(self.facts)

    def names(self, mask: int) -> list[str]:
        """The facts of a set, in reading order."""
        return [name for name, bit in self.bits.items() if mask & bit]

    @functools.cached_property
    def reading(self) -> Mapping[str, list[Atom]]:
        """For each fact the atoms that read it."""
        found: dict[str, dict[int, Atom]] = {}
        for entry in self.entries:
            for atom in self.atoms(entry.term):
                for name in atom.facts:
                    found.setdefault(name, {})[id(atom)] = atom
        return {name: list(atoms.values()) for name, atoms in found.items()}

    @functools.cached_property
    def weight(self) -> Mapping[str, int]:
        """For each fact the number of rules that read it: what most turn on is what the topic is about."""
        return {name: len(entries) for name, entries in self.readers.items()}

    @functools.cached_property
    def _named(self) -> frozenset[str]:
        """The facts that a rule reads or a duty runs from, and those that the pack gives."""
        dues = (duty.due for entry in self.entries for duty in entry.rule.duties)
        return frozenset([AS_OF, *self.given, *self.facts, *(due.after for due in dues if due is not None)])

    @functools.cached_property
    def readers(self) -> Mapping[str, list[Entry]]:
        """For each fact the rules that read it, strongest first."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for name in entry.facts:
                found.setdefault(name, []).append(entry)
        return found

    def known(self, facts: Mapping[str, Value], as_of: dt.date) -> dict[str, Value]:
        """The facts that hold: the pack's, then the given ones that matter to the topic, the date, and the
        parameters of that date."""
        known: dict[str, Value] = {AS_OF: as_of, **self.given}
        known.update((name, value) for name, value in facts.items() if name in self._named)
        day = known[AS_OF]
        for parameter in self.knowledge.parameters.values():
            for start, value, _ in parameter.values:
                if isinstance(day, dt.date) and start <= day:
                    known[parameter.name] = value
        return known


class Body(NamedTuple):
    """The rules of one topic in one jurisdiction, compiled; its packs share them."""

    entries: tuple[Entry, ...]
    facts: tuple[str, ...]
    run: Run
    hanging: Hanging
    turning: Turning


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: 1 << number for number, name in enumerate(names)}


class Scopes:
    """Compiles a scope on first use and keeps it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.types: dict[str, FactType] = {name: fact.type for name, fact in knowledge.facts.items()}
        self.types.update(dict.fromkeys(knowledge.parameters, "money"))
        # One translator and one set of tests for all, so that packs share the conditions they have in common.
        self._translator = Translator(knowledge.facts, knowledge.derived, knowledge.parameters)
        self._tests: dict[int, Test] = {}
        self._bodies: dict[tuple[str, str], Body] = {}
        self._made: dict[tuple[str, str], Scope] = {}

    def get(self, pack: str, topic: str) -> Scope:
        """The scope of a pack's topic; raises `KeyError` for a pack or topic that does not exist."""
        if (pack, topic) not in self._made:
            self._made[pack, topic] = self._make(pack, topic)
        return self._made[pack, topic]

    def _make(self, pack: str, topic: str) -> Scope:
        home = self.knowledge.packs[pack]
        about = self.knowledge.topics[topic]
        given = {**home.assumes, **about.assumes, **home.fixes}
        # All packs of one jurisdiction run the same rules; agency layers bind by their condition.
        key = home.jurisdiction, topic
        if key not in self._bodies:
            self._bodies[key] = self._body(*key)
        body = self._bodies[key]
        silent = ((self._translator.condition(one.when), one.why) for one in about.referrals)
        # A topic that two states share has referrals that speak of the facts of one of them alone.
        referrals = tuple((term, why) for term, why in silent if set(facts_of(term)) <= {*body.facts})
        return Scope(
            pack, topic, self.knowledge, body.entries, body.facts, self.types, given, referrals,
            body.run, body.hanging, body.turning, self._test,
        )  # fmt: skip

    def _body(self, jurisdiction: str, topic: str) -> Body:
        entries = self._entries(jurisdiction, topic)
        terms = [entry.term for entry in entries]
        facts = tuple(dict.fromkeys(name for entry in entries for name in entry.facts))
        return Body(
            entries, facts, compile_run(terms, self.types),
            compile_hanging(terms, self.types, _numbered(facts)), compile_turning(terms, self.types),
        )  # fmt: skip

    def _entries(self, jurisdiction: str, topic: str) -> tuple[Entry, ...]:
        layers, outcomes = self.knowledge.layers, self.knowledge.outcomes
        chosen = [
            rule
            for rule in self.knowledge.rules.values()
            if topic in rule.topics and layers[rule.layer].jurisdiction == jurisdiction
        ]
        chosen.sort(key=lambda r: (-outcomes[r.outcome].rank, -layers[r.layer].specificity, r.id))
        entries = []
        for position, rule in enumerate(chosen):
            term = self._condition(rule)
            rank, specificity = outcomes[rule.outcome].rank, layers[rule.layer].specificity
            entries.append(Entry(position, rule, rank, specificity, term, facts_of(term)))
        return tuple(entries)

    def _test(self, term: Term) -> Test:
        found = self._tests.get(id(term))
        if found is None:
            found = self._tests[id(term)] = compile_test(term, self.types)
        return found

    def _condition(self, rule: Rule) -> Term:
        translator = self._translator
        parts = [translator.condition(rule.when)]
        binds = self.knowledge.layers[rule.layer].binds
        if binds:
            parts.append(translator.condition(binds))
        if rule.effective_from:
            parts.append(translator.condition(f"{AS_OF} >= DATE('{rule.effective_from}')"))
        if rule.effective_to:
            parts.append(translator.condition(f"{AS_OF} <= DATE('{rule.effective_to}')"))
        return translator.every(parts)
