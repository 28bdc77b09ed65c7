"""Which facts a pack's rules read in a topic: what a message on that topic can usefully state."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from knowledge.expression import parse
from knowledge.model import Knowledge, Pack, Rule, Value

PROFILE = frozenset(["jurisdiction", "agency", "person_role"])


class Relevance:
    """Answers from the rules themselves, so that a new rule widens what is listened for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._read: dict[str, frozenset[str]] = {}
        self.facts = lru_cache(512)(self._facts)

    def of(self, pack: str | None, topics: Iterable[str]) -> frozenset[str]:
        """Facts of `topics` in `pack`, or in any pack when none is chosen; the profile always."""
        return PROFILE.union(*(self.facts(pack, topic) for topic in topics))

    def topics(self, pack: str | None, fact: str) -> tuple[str, ...]:
        """Topics whose rules read `fact`."""
        return tuple(topic for topic in self._knowledge.topics if fact in self.facts(pack, topic))

    def _facts(self, pack: str | None, topic: str) -> frozenset[str]:
        if pack is None:
            return frozenset().union(*(self._facts(one, topic) for one in self._knowledge.packs))
        chosen = self._knowledge.packs[pack]
        rules = (
            rule
            for rule in self._knowledge.rules.values()
            if topic in rule.topics and self._runs(chosen, rule)
        )
        return frozenset(name for rule in rules for name in self._names(rule.when))

    def _runs(self, pack: Pack, rule: Rule) -> bool:
        layer = self._knowledge.layers[rule.layer]
        if layer.jurisdiction != pack.jurisdiction:
            return False
        return layer.binds is None or _possible(parse(layer.binds).tree, {**pack.assumes, **pack.fixes})

    def _names(self, expression: str) -> frozenset[str]:
        if expression not in self._read:
            self._read[expression] = frozenset()  # a cycle among derived facts is the loader's to report
            self._read[expression] = frozenset(self._expand(parse(expression).names))
        return self._read[expression]

    def _expand(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            derived = self._knowledge.derived.get(name)
            if derived is not None:
                yield from self._names(derived.expression)
            elif name in self._knowledge.facts:
                yield name


def _possible(tree: ast.expr, known: Mapping[str, Value]) -> bool:
    """Whether a layer's condition can hold for `known`; only `fact == 'value'` is looked into."""
    if (
        isinstance(tree, ast.Compare)
        and isinstance(tree.left, ast.Name)
        and isinstance(tree.ops[0], ast.Eq)
        and isinstance(tree.comparators[0], ast.Constant)
        and tree.left.id in known
    ):
        return known[tree.left.id] == tree.comparators[0].value
    return True
