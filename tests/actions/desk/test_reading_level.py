"""Our own words are plain: Flesch-Kincaid grade 8 or below, and never a question for a legal conclusion."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from actions.desk import phrasing, questions, read
from actions.desk.handlers import courtesy, matters, people, replies
from actions.desk.words import plain
from knowledge.model import Knowledge
from tests.actions.desk.reading import grade, syllables

# The formula says nothing about a few words.
SHORTEST = 8
GRADE = 8.0
SAID = [
    phrasing.DISCLAIMER,
    phrasing.NOTICE,
    courtesy.ABLE,
    courtesy.START,
    courtesy.MORE,
    courtesy.NO_NEWS,
    courtesy.SOON,
    courtesy.UNFIT,
    courtesy.PATIENCE,
    matters.TWO,
    people.WRONGDOING,
    replies.OTHER,
    replies.STUCK,
    *read.EXPECTED.values(),
    *questions.HINTS.values(),
]
# What only a lawyer, an ethics board or a court can say: the rules conclude it from facts.
CONCLUSIONS = re.compile(
    r"\b(conflicts? of interest|prohibited|permitted|unlawful|illegal|improper(?:ly)?|restricted donor"
    r"|necessary expenses?|de minimis|substantially?|reasonably|violat\w+|germane|bona fide|fiduciary)\b",
    re.I,
)


def asked(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for fact in knowledge.facts.values():
        yield fact.name, plain(fact.question)
    for checklist in knowledge.checklists.values():
        yield checklist.id, plain(checklist.question)


@pytest.mark.parametrize("text", [text for text in SAID if len(text.split()) >= SHORTEST])
def test_what_the_desk_says_is_plain(text: str) -> None:
    assert grade(text) <= GRADE


def test_every_question_is_plain(knowledge: Knowledge) -> None:
    assert {name: round(grade(text), 1) for name, text in asked(knowledge) if grade(text) > GRADE} == {}


def test_every_reason_for_asking_is_plain(knowledge: Knowledge) -> None:
    hard = {name: plain(fact.why) for name, fact in knowledge.facts.items() if grade(plain(fact.why)) > GRADE}
    assert hard == {}


def test_no_question_asks_for_a_legal_conclusion(knowledge: Knowledge) -> None:
    assert {name: text for name, text in asked(knowledge) if CONCLUSIONS.search(text)} == {}


def test_no_reason_names_a_fact_by_its_code(knowledge: Knowledge) -> None:
    texts = [text for fact in knowledge.facts.values() for text in (fact.question, fact.why, fact.statement)]
    assert [text for text in texts if "`" in text or re.search(r"[a-z]_[a-z]", text)] == []


def test_the_grade_tells_plain_from_learned() -> None:
    assert grade("The dog ran to the old red barn and sat down.") < 3
    assert grade("Notwithstanding regulatory obligations, remuneration constitutes consideration.") > 15


@pytest.mark.parametrize(
    ("word", "count"),
    [("asked", 1), ("added", 2), ("rules", 1), ("uses", 2), ("reaches", 2), ("able", 2), ("official", 3)],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count
