"""Advisory opinions and rulings as cards."""

from __future__ import annotations

import re

from knowledge.load import load

_NAMED = re.compile(r"\bAO (?:(?:19|20)\d\d|\d\d)-\d+\b")


def test_every_opinion_that_the_law_names_is_a_card() -> None:
    knowledge = load()
    provisions = knowledge.provisions.values()
    said = " ".join(f"{one.text} {one.note} {one.superseded}" for one in provisions)
    said += " ".join(f"{rule.basis} {' '.join(rule.cites)}" for rule in knowledge.rules.values())
    named = set(_NAMED.findall(said))
    assert len(named) > 20
    assert named <= {one.id for one in provisions if one.kind == "opinion"}


def test_a_card_has_its_question_and_what_it_governs() -> None:
    cards = [one for one in load().provisions.values() if one.kind == "opinion"]
    assert len(cards) >= 130
    assert [one.id for one in cards if not (one.governs and one.heading and one.status)] == []
