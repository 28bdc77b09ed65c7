"""The engine's public face."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from actions.engine import ask, decide, values
from actions.engine.presumption import presumptions
from actions.engine.result import Determination, Question
from actions.engine.scope import Scope, Scopes
from knowledge.model import Knowledge, Value


class Engine:
    """Decides cases under one `Knowledge`. Holds only compiled rules; safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._scopes = Scopes(knowledge)

    def scope(self, pack: str, topic: str) -> Scope:
        """The compiled rules of a pack's topic; raises `KeyError` for an unknown pack or topic."""
        return self._scopes.get(pack, topic)

    def warm(self) -> None:
        """Compile everything now (a second or two), so that no first question of a topic waits for it."""
        for topic in self.knowledge.topics.values():
            for pack in topic.packs:
                scope = self.scope(pack, topic.id)
                for entry in scope.entries:
                    scope.test(entry)
                    for atom in scope.atoms(entry.term):
                        scope.tests(atom)
                for term, _ in scope.referrals:
                    scope.tests(term)

    def determine(
        self,
        pack: str,
        topic: str,
        facts: Mapping[str, Value],
        as_of: dt.date,
        *,
        dont_know: Collection[str] = (),
        absent: Collection[str] = (),
        presume: bool = False,
    ) -> Determination:
        """Decide on the given facts alone, or with `presume` also on what may safely be presumed.

        `as_of` is the date whose law applies unless the facts give `as_of_date`. A fact that is not given is
        not known; no permission stands while an unknown fact could still forbid: the outcome is then a
        referral, and `depends_on` names the facts. Facts that no rule of the topic reads are ignored.

        `dont_know` are facts that the person cannot tell: nothing is allowed or barred because they have no
        value. `absent` are facts that have none, such as the date of a notice that was not given yet.
        """
        scope = self.scope(pack, topic)
        return decide.determine(scope, facts, as_of, frozenset(dont_know), frozenset(absent), presume)

    def next_question(
        self,
        pack: str,
        topic: str,
        facts: Mapping[str, Value],
        as_of: dt.date,
        *,
        dont_know: Collection[str] = (),
        absent: Collection[str] = (),
    ) -> Question | None:
        """What to ask next, or None when nothing that can be asked would change the outcome."""
        scope = self.scope(pack, topic)
        known = scope.known(facts, as_of)
        presumable = presumptions(scope, known)
        planner = ask.Planner(scope, known, frozenset(dont_know), presumable, absent=frozenset(absent))
        return ask.question(planner)

    def parse_facts(self, pack: str, raw: Mapping[str, object]) -> dict[str, Value]:
        """Typed facts from JSON values; raises `FactError` naming the fact and what would be right."""
        return values.parse_facts(self.knowledge, pack, raw)
