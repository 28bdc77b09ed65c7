"""Proofs about the law as data, over all combinations of facts; needs the solver z3."""

from __future__ import annotations

from collections.abc import Iterator

from actions.engine import Engine
from actions.proofs.checks import Finding, Prover
from knowledge.model import Knowledge

__all__ = ["Finding", "Prover", "verify"]


def verify(knowledge: Knowledge) -> Iterator[Finding]:
    """All findings, one pack's topic after the other, and last the rules that can fire nowhere.

    Proved are: no two rules of one layer contradict each other, no rule is dead, a larger sum is never
    treated more kindly, no agency layer loosens. Where no rule speaks the engine refers to a person; such
    gaps are notes.
    """
    engine = Engine(knowledge)
    silent = dict.fromkeys(knowledge.rules)
    for topic in knowledge.topics.values():
        for pack in topic.packs:
            prover = Prover(engine.scope(pack, topic.id))
            yield from prover.findings()
            for entry in prover.scope.entries:
                if entry.rule.id in silent and prover.can_fire(entry):
                    del silent[entry.rule.id]
    for rule in silent:
        home = knowledge.rules[rule]
        yield Finding("dead rule", home.pack, home.topics[0] if home.topics else "", rule, "can never fire")
