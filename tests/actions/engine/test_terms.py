"""How conditions become terms: flattened, shared, and simplified no further than their meaning allows."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from actions.engine.terms import (
    ALWAYS,
    Atom,
    Every,
    Flag,
    Not,
    Some,
    Term,
    Translator,
    facts_of,
    walk,
)
from knowledge.expression import ExpressionError
from tests.actions.small import Build

FACTS = {**dict.fromkeys("abcd", "bool"), "m": "money", "n": "integer", "k": "choice:x y", "day": "date"}


@pytest.fixture
def translator(build: Build) -> Translator:
    return _translator(build, {"both": "a and b", "share": "m / n if n > 0 else m", "ready": "True"})


def _translator(build: Build, derived: Mapping[str, str]) -> Translator:
    known = build(FACTS, [], derived=derived)
    return Translator(known.facts, known.derived, known.parameters)


def _text(term: Term) -> str:
    match term:
        case Flag(fact=name):
            return name
        case Atom(tree=tree):
            return ast.unparse(tree)
        case Not(part=part):
            return f"not {_text(part)}"
        case Every(parts=parts):
            return f"every({', '.join(map(_text, parts))})"
        case Some(parts=parts):
            return f"some({', '.join(map(_text, parts))})"
    return str(term is ALWAYS)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a and (b and c)", "every(a, b, c)"),
        ("a or (b or c)", "some(a, b, c)"),
        ("a and (b or c)", "every(a, some(b, c))"),
        ("a or (b and c)", "some(a, every(b, c))"),
        ("a and a", "a"),
        ("a or a", "a"),
        ("not not a", "a"),
        ("not a", "not a"),
        ("both and c", "every(a, b, c)"),
        ("a and True", "a"),
        ("a or False", "a"),
        ("False or a or b", "some(a, b)"),
        ("True and a and b", "every(a, b)"),
        ("a and False", "False"),
        ("a or True", "True"),
        ("True and True", "True"),
        ("False or False", "False"),
        ("not True", "False"),
        ("not False", "True"),
        ("ready", "True"),
        ("not ready and a", "False"),
        ("1 < m < 5", "every(1 < m, m < 5)"),
        ("a if b else c", "some(every(b, a), every(not b, c), every(a, c))"),
        ("share < 5", "some(every(n > 0, m / n < 5), every(not n > 0, m < 5), every(m / n < 5, m < 5))"),
        ("is_set(day) and k in ('x', 'y')", "every(is_set(day), k in ('x', 'y'))"),
    ],
)
def test_a_condition_becomes_its_simplest_term(translator: Translator, source: str, text: str) -> None:
    assert _text(translator.condition(source)) == text


def test_equal_parts_are_one_object(translator: Translator) -> None:
    for source in ("a", "not a", "m < 5", "a and b", "a or b", "not (a and b)", "share < 5", "both"):
        assert translator.condition(source) is translator.condition(source)
    assert translator.condition("a and b") is translator.condition("both")
    assert translator.condition("a and b") is not translator.condition("a or b")
    assert translator.condition("m < 5") is not translator.condition("m < 6")
    assert translator.condition("not a") is not translator.condition("not b")


def test_what_is_no_condition_is_refused(translator: Translator) -> None:
    with pytest.raises(ExpressionError, match="m is no yes/no fact and no condition"):
        translator.condition("m and a")
    with pytest.raises(ExpressionError, match="no condition: m \\+ 1"):
        translator.condition("a and m + 1")
    with pytest.raises(ExpressionError, match="unknown name elsewhere"):
        translator.condition("elsewhere < 5")


def test_the_facts_of_a_term_in_reading_order(translator: Translator) -> None:
    assert facts_of(translator.condition("d and (m < 5 or not a) and d")) == ("d", "m", "a")
    assert facts_of(translator.condition("share < 5 and is_set(day)")) == ("n", "m", "day")
    term = translator.condition("a and (b or a)")
    assert [_text(part) for part in walk(term)] == ["a", "b", "some(b, a)", "every(a, some(b, a))"]


def test_only_is_set_asks_whether_a_fact_is_set(translator: Translator) -> None:
    asked, compared = translator.condition("is_set(day)"), translator.condition("m < 5")
    assert isinstance(asked, Atom)
    assert isinstance(compared, Atom)
    assert asked.asks_whether_set
    assert not compared.asks_whether_set
