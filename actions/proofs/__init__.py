"""Proofs about the law as data, over all combinations of facts; needs the solver z3."""

from __future__ import annotations

from collections.abc import Iterator

from actions.engine import Engine
from actions.proofs.checks import Finding, Prover
from knowledge.model import Knowledge

__all__ = ["Finding", "Prover", "verify"]


def verify(knowledge: Knowledge) -> Iterator[Finding]:
    """All findings, one pack's topic after the other, and last the rules that can fire nowhere.

    Proved are: some rule or a declared referral always speaks, no two rules of one layer contradict each
    other, no rule and no referral is dead, a larger sum is never treated more kindly, no agency layer
    loosens. Each referral that facts can come to is told in a note.
    """
    engine = Engine(knowledge)
    silent = dict.fromkeys(knowledge.rules)
    for topic in knowledge.topics.values():
        unused = dict.fromkeys(one.why for one in topic.referrals)
        for pack in topic.packs:
            prover = Prover(engine.scope(pack, topic.id))
            yield from prover.findings()
            for why in prover.referrals():
                unused.pop(why, None)
                yield Finding("referral", pack, topic.id, "no rule speaks", why, violation=False)
            for entry in prover.scope.entries:
                if entry.rule.id in silent and prover.can_fire(entry):
                    del silent[entry.rule.id]
        for why in unused:
            yield Finding("dead referral", "", topic.id, why, "a rule always speaks there")
    for rule in silent:
        home = knowledge.rules[rule]
        yield Finding("dead rule", home.pack, home.topics[0] if home.topics else "", rule, "can never fire")
