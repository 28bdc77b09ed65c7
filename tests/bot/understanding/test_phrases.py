from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.pattern import PatternError, Words, compile_pattern
from bot.understanding.phrase_files import FOLDER, PhrasesError, load_phrases
from bot.understanding.phrases import Phrases
from knowledge.model import Knowledge

WORDS = Words({"us": ("us", "our agency", "my office")}, {"sell": ("sells", "sold", "selling")}, {})


def test_alternatives_options_and_forms_multiply() -> None:
    forms = compile_pattern("(buy|pay for) (a)? drink", WORDS)
    assert [len(form) for form in forms] == [3, 4]
    assert all(form[-2].optional for form in forms)
    assert len(compile_pattern("(buy|pay for) (a nice)? drink", WORDS)) == 4
    assert compile_pattern("sell~", WORDS)[0][0].words == {"sell", "sells", "sold", "selling"}
    assert {len(form) for form in compile_pattern("to @us", WORDS)} == {2, 3}


def test_gaps_at_the_ends_are_dropped() -> None:
    (form,) = compile_pattern(".. sold ..", WORDS)
    assert len(form) == 1


def test_no_gap_opens_towards_an_optional_end() -> None:
    forms = compile_pattern("sold .. (it|them)?", WORDS)
    assert sorted(len(form) for form in forms) == [1, 3]
    assert not any(element.optional for form in forms for element in form)


@pytest.mark.parametrize("source", ["(a|b", "a)", "", "@nobody", "..", "(a|)", "#n", "(a)?"])
def test_bad_patterns_are_refused(source: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(source, WORDS)


def test_every_problem_is_named(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "_words.yml").write_text((FOLDER / "_words.yml").read_text("utf-8"), "utf-8")
    (tmp_path / "donor_present.yml").write_text("says: {maybe: [he was there]}\ntopics: [gifts]\n", "utf-8")
    (tmp_path / "no_such_fact.yml").write_text("says: {true: [x]}\n", "utf-8")
    (tmp_path / "item_type.yml").write_text("says: [\n", "utf-8")
    (tmp_path / "item_value.yml").write_text("quantity: [{near: ['(a']}]\n", "utf-8")
    with pytest.raises(PhrasesError) as error:
        load_phrases(knowledge, tmp_path)
    lines = str(error.value).splitlines()
    assert {line.split(":")[0] for line in lines} == {path.name for path in tmp_path.glob("[a-z]*.yml")}
    assert any("unknown topic gifts" in line for line in lines)
    assert any("'maybe' is no value" in line for line in lines)


def test_phrases_cover_the_facts_people_state(phrases: Phrases, knowledge: Knowledge) -> None:
    said = {line.fact for line in phrases.lines} | {quantity.fact for quantity in phrases.quantities}
    assert said <= set(knowledge.facts)
    assert len(said) > 250


def test_conditions_of_quantities_are_yes_no_facts(phrases: Phrases, knowledge: Knowledge) -> None:
    for quantity in phrases.quantities:
        for name in (quantity.given, quantity.absent):
            assert name is None or knowledge.facts[name].type == "bool"
