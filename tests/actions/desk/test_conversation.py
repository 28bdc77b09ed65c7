"""What the desk says, turn by turn, over the real law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from actions.desk import Desk
from actions.desk.desk import PackError
from actions.desk.state import CaseState
from actions.desk.turn import ACTS
from knowledge.model import Knowledge
from tests.actions.desk.conversation import Conversation
from tests.stories.talk import Mentioned, kinds, words

Begin = Callable[..., Conversation]
GIFT = {
    "donor_does_business_with_agency": True,
    "item_value": Decimal(75),
    "item_type": "tangible_item",
    "person_role": "state_employee",
    "gift_recipient": "self",
    "donor_relationship": "none",
    "disposition": "not_yet_decided",
    "life_event_type": "none",
}


def decided(talk: Conversation, facts: dict[str, Any] | None = None) -> dict[str, Any]:
    """The determination, all questions answered with no."""
    said = talk.say("a basket", act="situation", topic="gift", facts=facts or GIFT)
    for _ in range(20):
        found = next((message for message in said if message["type"] == "determination"), None)
        if found is not None:
            return found
        said = talk.say("none of these" if talk.pending.get("multiple") else "no")
    raise AssertionError("it never ended")


def test_the_notice_comes_once_and_before_the_first_question(begin: Begin) -> None:
    talk = begin()
    assert kinds(talk.say("hello", act="greeting")) == ["text"]
    first = talk.say("a basket", act="situation", topic="gift")
    assert (first[0]["type"], first[0]["about"]) == ("notice", "guidance")
    assert "attorney-client privilege" in first[0]["text"]
    assert "notice" not in kinds(talk.say("1"))


def test_a_determination_carries_the_decision_and_its_words(begin: Begin) -> None:
    message = decided(begin())
    for key in (
        "outcome",
        "decided_by",
        "rules",
        "duties",
        "citations",
        "passages",
        "missing",
        "changes",
        "presumed",
        "near",
        "headline",
        "why",
        "todo",
        "changes_text",
        "layer_text",
        "disclaimer",
        "contact",
    ):
        assert key in message, key
    assert message["outcome"] == "prohibited"
    assert message["decided_by"] in message["rules"]
    assert message["passages"]
    assert {"provision", "citation", "heading", "text", "kind"} <= set(message["passages"][0])
    assert "not legal advice" in message["disclaimer"]
    assert "24 November 2026" in message["layer_text"]


def test_what_was_presumed_is_a_chip(begin: Begin) -> None:
    message = decided(begin())
    assert {chip["fact"] for chip in message["chips"]} == set(message["presumed"]) - set(GIFT)
    for chip in message["chips"]:
        assert chip["label"]


def test_a_deadline_becomes_a_date_when_the_day_is_told(begin: Begin) -> None:
    talk = begin()
    first = decided(talk)
    waiting = [duty["due_after"] for duty in first["duties"] if duty["due"] is None and duty["due_after"]]
    assert talk.pending["fact"] == waiting[0]
    said = talk.say("2026-11-20")
    again = next(message for message in said if message["type"] == "determination")
    assert any(item["when"].startswith("by ") for item in again["todo"])


def test_not_now_leaves_the_deadline_alone(begin: Begin) -> None:
    talk = begin()
    decided(talk)
    talk.say("not now")
    assert talk.pending is None


def test_a_short_remark_after_the_outcome_belongs_to_the_case(begin: Begin) -> None:
    talk = begin()
    decided(talk)
    talk.say(
        "oh, and they are a lobbyist",
        act="situation",
        topic="gift",
        facts={"donor_is_registered_lobbyist": True},
    )
    assert talk.state.case == 1
    assert talk.state.values["item_value"] == Decimal(75)


def test_a_remark_that_points_back_keeps_the_case(begin: Begin) -> None:
    talk = begin()
    decided(talk)
    talk.say("she's my first cousin", act="situation", topic="gift", topics=(("gift", 0.97),))
    assert talk.state.case == 1
    assert talk.state.values["item_value"] == Decimal(75)


def test_a_new_story_after_the_outcome_is_a_new_case(begin: Begin) -> None:
    talk = begin()
    decided(talk)
    talk.say("Now my cousin offers me a job, is that all right?", act="situation", topic="outside_employment")
    assert talk.state.case == 2
    assert talk.state.topic == "outside_employment"
    assert set(talk.state.values) == {"person_role"}


def test_facts_said_beside_an_answer_are_taken(begin: Begin) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift", facts={"person_role": "state_employee"})
    talk.say("the company did, it cost $20", act="answer", facts={"item_value": Decimal(20)})
    assert talk.state.values["item_value"] == Decimal(20)


def test_a_known_fact_changes_only_by_a_correction(begin: Begin) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift", facts={"item_value": Decimal(20)})
    talk.say("1", act="answer", facts={"item_value": Decimal(90)})
    assert talk.state.values["item_value"] == Decimal(20)


def test_a_fact_that_the_pack_settles_otherwise_is_not_taken(begin: Begin) -> None:
    talk = begin("ct-dss")
    talk.say("a basket", act="situation", topic="gift", facts={"agency": "opm", "item_value": Decimal(20)})
    assert "agency" not in talk.state.values


def test_the_profile_of_the_call_changes_the_pack(desk: Desk, begin: Begin) -> None:
    talk = begin("ct-dss")
    talk.say("a basket", act="situation", topic="gift", facts={"agency": "dss"})
    talk.state = desk.profile(talk.state, "ct-opm")
    assert talk.state.pack == "ct-opm"
    assert "agency" not in talk.state.values
    with pytest.raises(PackError, match=r"profile\.pack: 'ct-moon'"):
        desk.profile(talk.state, "ct-moon")


def test_a_correction_may_say_who_one_is(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say("a basket", act="situation", topic="gift", facts=GIFT)
    said = talk.say("actually I work for DSS", act="correct", pack="ct-dss")
    assert talk.state.pack == "ct-dss"
    assert "Department of Social Services" in words(said) or "DSS" in words(said)


def test_a_topic_that_the_pack_lacks_says_whose_it_is(begin: Begin) -> None:
    said = begin("in-state").say("second job?", act="situation", topic="outside_employment")
    assert "I have no rules about" in words(said)


def test_an_information_question_offers_to_check(begin: Begin) -> None:
    talk = begin()
    said = talk.say("what is the limit for meals?", act="information", topic="gift")
    assert kinds(said) == ["answer", "notice", "question"] or kinds(said) == ["notice", "answer", "question"]
    assert talk.pending["fact"] == "check"
    talk.say("yes")
    assert talk.state.topic == "gift"
    assert talk.pending["fact"] != "check"


def test_an_unreadable_answer_names_the_field_and_asks_again(begin: Begin) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift")
    asked = talk.pending
    said = talk.say("blue", act="answer")
    assert kinds(said) == ["text", "question"]
    assert "by its number or its words" in said[0]["text"]
    assert talk.pending == asked


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("opened", [False, True])
def test_no_act_ends_in_silence(begin: Begin, act: str, opened: bool) -> None:
    talk = begin()
    if opened:
        talk.say("a basket", act="situation", topic="gift")
    said = talk.say("something quite different", act=act)
    assert said
    assert all(message["text"] for message in said)
    if opened and act not in ("restart", "save", "distress", "talk_to_human"):
        assert said[-1]["type"] in ("question", "determination")


def test_the_same_facts_in_another_order_give_the_same_outcome(begin: Begin) -> None:
    one, two = begin(), begin()
    first = decided(one)
    two.say("a gift", act="situation", topic="gift", facts={"item_type": "tangible_item"})
    two.say("more", act="situation", topic="gift", facts=dict(reversed(list(GIFT.items()))))
    said: list[dict[str, Any]] = [dict(message) for message in two.state.said]
    while not any(message["type"] == "determination" for message in said):
        said = two.say("none of these" if two.pending.get("multiple") else "no")
    second = next(message for message in said if message["type"] == "determination")
    assert (first["outcome"], first["decided_by"]) == (second["outcome"], second["decided_by"])


def test_the_public_state_is_the_contract(begin: Begin) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift", facts={"item_value": Decimal(75)})
    state = talk.desk.public_state(talk.state)
    assert set(state) == {"pack", "topic", "facts", "pending"}
    assert state["facts"]["item_value"] == 75.0
    assert {"value", "label"} <= set(state["pending"]["options"][0])


def test_the_law_of_a_named_date_applies(begin: Begin) -> None:
    talk = begin()
    message = decided(talk, {**GIFT, "as_of_date": dt.date(2020, 5, 1)})
    assert message["as_of"] == "2020-05-01"
    assert CaseState.from_json(talk.state.to_json()).values["as_of_date"] == dt.date(2020, 5, 1)


def test_not_knowing_the_topic_takes_the_likeliest(begin: Begin) -> None:
    talk = begin()
    talk.say("it is about my aunt", act="situation", topics=(("conflict_of_interest", 0.3), ("gift", 0.2)))
    assert talk.pending["fact"] == "topic"
    assert [option["value"] for option in talk.pending["options"]][:2] == ["conflict_of_interest", "gift"]
    said = talk.say("I don't know")
    assert "Conflicts of interest" in words(said)
    assert talk.state.topic == "conflict_of_interest"


def test_something_else_asks_for_a_sentence(begin: Begin) -> None:
    talk = begin()
    talk.say("it is about my aunt", act="situation")
    assert kinds(talk.say("something else")) == ["text"]
    assert talk.pending is None


def test_a_term_is_explained_from_the_glossary(begin: Begin, knowledge: Knowledge) -> None:
    term = next(iter(knowledge.glossary.values()))
    said = begin().say(f"what does {term.term} mean?", act="ask_definition")
    assert said[0]["found"] is True
    assert term.meaning.split()[0] in said[0]["text"]


def test_abuse_is_answered_calmly(begin: Begin) -> None:
    assert kinds(begin().say("you useless thing", act="abusive")) == ["text"]


def test_two_topics_that_fit_as_well_are_asked_about(begin: Begin) -> None:
    talk = begin()
    close = (("gift_between_employees", 0.53), ("gift", 0.42))
    talk.say(
        "my colleague's firm bought lunch", act="situation", topic="gift_between_employees", topics=close
    )
    assert [option["value"] for option in talk.pending["options"]] == [*(name for name, _ in close), "other"]
    talk.say("2")
    assert talk.state.topic == "gift"


def test_someone_who_cannot_answer_may_have_been_misread(begin: Begin) -> None:
    talk = begin()
    ranking = (("outside_employment", 0.9), ("gift", 0.06))
    talk.say("a favour", act="situation", topic="outside_employment", topics=ranking)
    for _ in range(3):
        talk.say("I don't know")
    assert talk.pending["fact"] == "topic"
    assert talk.pending["options"][0]["value"] == "gift"
    talk.say("gifts")
    assert talk.state.topic == "gift"
    assert talk.state.dont_know == ()


def test_no_permission_on_a_topic_that_an_answer_denies(begin: Begin) -> None:
    talk = begin()
    ranking = (("outside_employment", 0.7), ("gift", 0.02))
    said = talk.say(
        "he picked up my lunch", act="situation", topic="outside_employment", topics=ranking,
        facts={"has_outside_work": False},
    )  # fmt: skip
    assert not any(message["type"] == "determination" for message in said)
    assert talk.pending["fact"] == "topic"
    talk.say("gifts")
    assert talk.state.topic == "gift"


def test_the_notice_is_not_repeated_when_one_s_own_situation_is_checked(begin: Begin) -> None:
    talk = begin()
    talk.say("what is the limit for meals?", act="information", topic="gift")
    assert "notice" not in kinds(talk.say("yes"))


def test_a_bare_figure_is_an_answer_that_does_not_fit(begin: Begin) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift")
    asked = talk.pending
    assert kinds(talk.say("$2500 I think", act="greeting")) == ["text", "question"]
    assert talk.pending == asked


def test_a_yes_with_news_answers_and_tells(begin: Begin) -> None:
    talk = begin()
    talk.say(
        "a second job", act="situation", topic="outside_employment", facts={"person_role": "state_employee"}
    )
    assert talk.pending["fact"] == "has_outside_work"
    news = {"outside_employer_contracts_with_agency": True}
    talk.say("yes they have a contract with us", act="correct", facts=news)
    assert talk.state.values["has_outside_work"] is True
    assert talk.state.values["outside_employer_contracts_with_agency"] is True


def test_a_guess_that_was_passed_over_is_not_offered_twice(begin: Begin) -> None:
    talk = begin()
    talk.say("a basket", act="situation", topic="gift")
    name = talk.pending["fact"]
    guess = Mentioned(name, talk.pending["options"][1]["value"], "sort of")
    said = talk.say("sort of that", act="answer", unsure=(guess,))
    assert "Did you mean" in words(said)
    assert "Did you mean" not in words(talk.say("blue", act="answer"))


def test_who_does_not_know_the_topic_keeps_the_one_it_was_taken_for(begin: Begin) -> None:
    talk = begin()
    ranking = (("outside_employment", 0.6), ("political_activity", 0.3))
    talk.say("driving at weekends", act="situation", topic="outside_employment", topics=ranking)
    for _ in range(2):
        talk.say("purple", act="answer")
    assert talk.pending["fact"] == "topic"
    talk.say("no idea", act="dont_know")
    assert talk.state.topic == "outside_employment"


def test_a_plain_no_to_a_list_of_acts_picks_none_of_them(begin: Begin) -> None:
    talk = begin("ct-lobbyist")
    talk.say("must I register?", act="situation", topic="lobbyist_registration")
    while talk.pending["fact"] != "lobbyist_conduct":
        talk.say("no")
    talk.say("nope", act="answer")
    assert talk.state.values["lobbyist_conduct"] == "none"


def test_a_term_asked_after_the_outcome_offers_no_second_check_of_the_same(begin: Begin) -> None:
    talk = begin()
    decided(talk)
    talk.say("not now")
    said = talk.say("what does restricted donor mean?", act="ask_definition", topic="gift")
    assert kinds(said) == ["answer"]
