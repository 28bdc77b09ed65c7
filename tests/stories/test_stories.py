"""Whole conversations through the real Rasa process."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.stories.playing import ORDINARY, finish
from tests.stories.talk import Mentioned, Talk, kinds, outcome, words

pytestmark = pytest.mark.rasa
Begin = Callable[..., Talk]
BASKET = {
    "donor_does_business_with_agency": True,
    "item_value": Decimal(75),
    "item_type": "tangible_item",
    "life_event_type": "holiday",
    "person_role": "state_employee",
}
SECOND_JOB = {"person_role": "state_employee", "takes_new_job": True}


def test_a_gift_from_first_message_to_determination(talk: Begin) -> None:
    it = talk()
    first = it.say("A vendor sent me a $75 basket", act="situation", topic="gift", facts=BASKET)
    assert kinds(first) == ["notice", "text", "question"]
    assert outcome(finish(it)) == "prohibited"
    assert it.state.phase == "determined"


def test_correction_after_the_outcome_says_what_changed(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a $75 basket", act="situation", topic="gift", facts=BASKET)
    finish(it)
    said = it.say("actually it was $120", act="correct", facts={"item_value": Decimal(120)})
    assert "$120 (before: $75)" in words(said)
    assert "stays the same" in words(said)
    assert it.state.values["item_value"] == Decimal(120)


def test_correction_in_the_middle_of_a_second_job(talk: Begin) -> None:
    it = talk()
    it.say("I want a second job", act="situation", topic="outside_employment", facts=SECOND_JOB)
    it.say("sorry, I am an appointed official", act="correct", facts={"person_role": "public_official"})
    assert it.state.values["person_role"] == "public_official"
    assert it.pending is not None


@pytest.mark.parametrize("topic", ["gift", "outside_employment"])
def test_back_takes_the_last_answer_back(talk: Begin, topic: str) -> None:
    it = talk()
    it.say("I have a question", act="situation", topic=topic)
    asked = it.pending
    it.say("1")
    assert it.pending != asked
    it.say("back")
    assert it.pending == asked


@pytest.mark.parametrize("topic", ["gift", "conflict_of_interest"])
def test_side_questions_never_answer_the_question(talk: Begin, topic: str) -> None:
    it = talk()
    it.say("I have a question", act="situation", topic=topic)
    asked, facts = it.pending, it.state.values
    why = it.say("why do you ask?")
    assert words(why).startswith("Why I ask:")
    term = it.say("what does immediate family mean?", act="ask_definition")
    assert kinds(term) == ["answer", "question"]
    law = it.say("how long does an opinion take?", act="information")
    assert kinds(law) == ["answer", "question"]
    assert law[0]["found"] is False
    it.say("thanks")
    it.say("what do I owe you for the weather?", act="out_of_scope")
    assert (it.pending, it.state.values) == (asked, facts)


def test_a_new_matter_waits_and_is_taken_up_again(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    said = it.say("Also, may I take a second job?", act="situation", topic="outside_employment")
    assert kinds(said) == ["question"]
    it.say("switch")
    assert it.state.topic == "outside_employment"
    decided = finish(it, {"has_outside_work": True, "person_role": "state_employee"})
    assert decided[-1]["fact"] == "resume"
    it.say("yes")
    assert it.state.topic == "gift"
    assert it.state.values["item_value"] == Decimal(75)
    assert outcome(finish(it)) == "prohibited"


def test_finish_first_keeps_the_new_matter(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    it.say("May I take a second job?", act="situation", topic="outside_employment")
    it.say("finish this one first")
    decided = finish(it)
    assert outcome(decided) == "prohibited"
    assert decided[-1]["fact"] == "resume"


def test_two_matters_in_one_message(talk: Begin) -> None:
    it = talk()
    ranking = (("gift", 0.6), ("outside_employment", 0.35))
    text = "A vendor sent me a basket. Also, may I take a second job?"
    said = it.say(text, act="situation", topic="gift", topics=ranking, facts=BASKET)
    assert "two questions" in words(said)
    assert finish(it)[-1]["fact"] == "resume"


@pytest.mark.parametrize("topic", ["gift", "outside_employment"])
def test_not_knowing_anything_ends_in_something_useful(talk: Begin, topic: str) -> None:
    it = talk()
    said = it.say("I have a question", act="situation", topic=topic)
    for _ in range(8):
        if "determination" in kinds(said):
            break
        said = it.say("I don't know")
    decided = next(message for message in said if message["type"] == "determination")
    assert decided["outcome"] == "refer_to_counsel"
    assert decided["depends_on"]
    assert decided["depends_text"]
    assert decided["contact"]


def test_what_if_leaves_the_facts_alone(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    finish(it)
    before = it.state.values
    said = it.say("what if it cost $9?", act="what_if", facts={"item_value": Decimal(9)})
    supposed = next(message for message in said if message["type"] == "determination")
    assert supposed["what_if"] is True
    assert supposed["facts_used"]["item_value"] == 9.0
    assert it.state.values == before
    assert "only a what if" in words(said)


def test_summary_and_a_person(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    assert "$75" in words(it.say("summary"))
    handed = it.say("talk to a person")
    assert kinds(handed)[0] == "notice"
    assert "$75" in words(handed)
    assert it.state.phase == "handed_over"
    assert outcome(finish(it)) == "prohibited"


def test_start_over_and_a_second_case(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    it.say("start over")
    assert it.pending is None
    assert set(it.state.values) == {"person_role"}
    again = it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    assert "question" in kinds(again)
    assert outcome(finish(it)) == "prohibited"


def test_the_next_day_says_where_we_were(talk: Begin) -> None:
    it = talk()
    it.say("A vendor sent me a basket", act="situation", topic="gift", facts=BASKET)
    it.today = it.today.replace(day=25)
    assert "Welcome back" in words(it.say("hello"))


def test_without_a_pack_the_first_question_is_who(talk: Begin) -> None:
    it = talk(None)
    it.say("Someone gave me a basket", act="situation", topic="gift", facts={"item_value": Decimal(75)})
    assert it.pending is not None
    assert it.pending["fact"] == "pack"
    it.say("Indiana state employees and special state appointees")
    assert it.state.pack == "in-state"
    assert it.pending["fact"] != "pack"


def test_the_text_may_say_who(talk: Begin) -> None:
    it = talk(None)
    it.say("I work for DSS and got a basket", act="situation", topic="gift", pack="ct-dss")
    assert it.state.pack == "ct-dss"


def test_an_unsure_mention_is_confirmed_and_never_guessed(talk: Begin) -> None:
    it = talk()
    unsure = (Mentioned("item_value", Decimal(30), "thirty-ish"),)
    facts = {name: value for name, value in {**BASKET, **ORDINARY}.items() if name != "item_value"}
    it.say("I got a thirty-ish basket", act="situation", topic="gift", facts=facts, unsure=unsure)
    for _ in range(20):
        if it.pending is None or it.pending.get("fact") == "item_value":
            break
        it.say("none of these" if it.pending.get("multiple") else "no")
    assert "item_value" not in it.state.values
    question = it.desk.question(it.state)
    assert question is not None
    assert "Did you mean $30?" in question.text
    it.say("yes")
    assert it.state.facts["item_value"].value == Decimal(30)
    assert it.state.facts["item_value"].how == "confirmed"


@pytest.mark.parametrize(
    "text", ["/restart", "/back", "😀", "<script>alert(1)</script>", "-5", "99999999999999"]
)
def test_bad_input_costs_nothing(talk: Begin, text: str) -> None:
    it = talk()
    it.say("I have a question", act="situation", topic="gift", facts=BASKET | ORDINARY)
    asked, facts = it.pending, it.state.values
    said = it.say(text, act="restart" if text.startswith("/") else "answer")
    assert kinds(said) == ["text", "question"]
    assert (it.pending, it.state.values) == (asked, facts)


def test_a_button_token_answers_and_an_old_one_does_not(talk: Begin) -> None:
    it = talk()
    it.say("I have a question", act="situation", topic="gift", facts={"item_value": Decimal(75)})
    assert it.pending is not None
    token = it.pending["options"][0]["token"]
    first = it.pending["fact"]
    it.say(token)
    assert first in it.state.values
    said = it.say(token)
    assert "another question" in words(said)


def test_wrongdoing_of_others_gets_the_procedure_and_no_verdict(talk: Begin) -> None:
    it = talk()
    said = it.say("my boss takes bribes", act="report_wrongdoing")
    assert kinds(said) == ["answer"]
    assert "complaint" in words(said) or "report" in words(said)


def test_who_one_is_is_remembered_and_can_be_changed(talk: Begin) -> None:
    it = talk(None)
    it.say("I work for DSS and got a basket", act="situation", topic="gift", facts=BASKET, pack="ct-dss")
    finish(it)
    it.say("Now about a second job?", act="situation", topic="outside_employment")
    assert it.state.pack == "ct-dss"
    assert it.state.values["person_role"] == "state_employee"
    said = it.say("actually I moved to OPM", act="correct", pack="ct-opm")
    assert it.state.pack == "ct-opm"
    assert "From here on" in words(said)


@pytest.mark.parametrize("topic", ["gift", "outside_employment"])
def test_several_facts_at_once_are_all_taken(talk: Begin, topic: str) -> None:
    it = talk()
    facts = {"person_role": "state_employee", "item_value": Decimal(20), "has_outside_work": True}
    said = it.say("I am with the state, it was $20", act="situation", topic=topic, facts=facts)
    assert facts.items() <= it.state.values.items()
    assert "$20" in words(said)
