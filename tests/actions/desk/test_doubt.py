"""What does not fit together, or may be about something else, is asked about before it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from knowledge.load import load
from tests.actions.desk.conversation import Conversation, determination, permitted
from tests.stories.talk import Heard, kinds, words

KNOWLEDGE = load()
Begin = Callable[..., Conversation]


@pytest.mark.parametrize(("topic", "denial"), [
    (topic.id, dict(topic.denied_by)) for topic in KNOWLEDGE.topics.values() if topic.denied_by
])  # fmt: skip
def test_a_denied_topic_is_asked_about_before_anything_is_allowed(
    begin: Begin, topic: str, denial: dict[str, Any]
) -> None:
    talk = begin(KNOWLEDGE.topics[topic].packs[0])
    said = talk.say("a question", act="situation", topic=topic, facts=denial)
    assert determination(said) is None
    assert talk.pending["fact"] == "topic"
    assert talk.pending["options"][0]["value"] == topic
    assert talk.state.topic == topic


def test_what_contradicts_an_earlier_answer_is_asked_about(begin: Begin) -> None:
    talk = begin("ct-state")
    facts = {"person_role": "state_employee", "item_value": Decimal(75), "item_type": "food_beverage"}
    talk.say("dinner for $75", act="situation", topic="gift", facts=facts)
    said = talk.say(
        "dinner was nine dollars", act="situation", topic="gift", facts={"item_value": Decimal(9)}
    )
    assert talk.state.values["item_value"] == Decimal(75)
    assert "Earlier I noted “Cost for one person: $75”. Now I hear “$9”." in words(said)
    assert [option["label"] for option in talk.pending["options"]] == ["$9", "$75"]
    assert "Now I hear “$9”." in words(talk.say("opt-0"))  # a button of nothing: the question stays as it was
    said = talk.say("75")
    assert "I keep it as it was" in words(said)
    assert talk.state.values["item_value"] == Decimal(75)
    talk.say("it was $9 I think", act="situation", topic="gift", facts={"item_value": Decimal(9)})
    assert "Changed. Cost for one person: $9 (before: $75)." in words(talk.say("$9"))
    assert talk.state.values["item_value"] == Decimal(9)


def test_two_contradictions_are_asked_about_one_by_one(begin: Begin) -> None:
    talk = begin("ct-state")
    facts = {"item_value": Decimal(75), "received_date": dt.date(2026, 11, 1)}
    talk.say("a gift", act="situation", topic="gift", facts=facts)
    other = {"item_value": Decimal(9), "received_date": dt.date(2026, 11, 2)}
    talk.say("a gift again", act="situation", topic="gift", facts=other)
    talk.say("1")
    assert talk.pending["fact"] == "received_date"
    talk.say("I don't know")
    assert talk.state.values["item_value"] == Decimal(9)
    assert talk.state.values["received_date"] == dt.date(2026, 11, 1)


def test_the_facts_of_two_matters_do_not_mix(begin: Begin) -> None:
    talk = begin("ct-state")
    whole = {
        "donor_relationship": "sibling",
        "item_type": "food_beverage",
        "person_role": "unpaid_board_member",
    }
    board = Heard(
        "situation",
        "conflict_of_interest",
        (("conflict_of_interest", 0.9),),
        facts={"affected_party": "sibling"},
    )
    basket = Heard("situation", "gift", (("gift", 0.9),), facts={"item_type": "food_beverage"})
    parts = [("my brother's firm needs a permit", board), ("also a basket", basket)]
    heard = Heard("situation", "gift", facts=whole)
    turn = talk.desk.read(talk.state, "both", heard, "m1", talk.today, parts=parts)
    state = talk.desk.turn(talk.state, turn)
    assert state.values == {"item_type": "food_beverage", "person_role": "unpaid_board_member"}
    assert state.parked[-1].facts["affected_party"].value == "sibling"


def test_someone_who_cannot_be_read_twice_may_have_been_misread(begin: Begin) -> None:
    talk = begin("ct-state")
    ranking = (("state_contracts", 0.6), ("conflict_of_interest", 0.3))
    talk.say("my wife's firm bids", act="situation", topic="state_contracts", topics=ranking)
    talk.say("she is in marketing", act="answer")
    talk.say("her employer", act="answer")
    assert talk.pending["fact"] == "topic"
    assert [option["value"] for option in talk.pending["options"]] == [
        "conflict_of_interest",
        "state_contracts",
        "other",
    ]


def test_none_of_the_topics_asks_for_a_sentence(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say("it is about my aunt", act="situation", topics=(("conflict_of_interest", 0.3), ("gift", 0.2)))
    assert kinds(talk.say("none", act="dont_know")) == ["text"]
    assert talk.pending is None


def test_another_role_in_the_next_story_is_asked_about(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say("a basket", act="situation", topic="gift", facts={"person_role": "state_employee"})
    talk.say("start over")
    facts = {"person_role": "contractor_or_consultant", "takes_new_job": True}
    said = talk.say("hired as a consultant?", act="situation", topic="post_employment", facts=facts)
    assert "Which is right?" in words(said)
    assert talk.state.values == {"person_role": "state_employee", "takes_new_job": True}
    talk.say("2")
    assert talk.state.values["person_role"] == "state_employee"
    assert talk.state.topic == "post_employment"


def test_to_suppose_what_is_known_supposes_nothing(begin: Begin) -> None:
    talk, _ = permitted(begin)
    said = talk.say("what if they had a contract?", act="what_if", facts={"in_recipient": "self"})
    assert determination(said) is None
    assert "What should be different?" in words(said)


def test_an_unclear_question_offers_to_check_and_then_asks_what_it_is_about(begin: Begin) -> None:
    talk = begin("ct-state")
    ranking = (("penalties", 0.3), ("gift", 0.25))
    said = talk.say("does a civil union count?", act="information", topic="penalties", topics=ranking)
    assert said[-1]["text"] == "Shall I check your own situation?"
    talk.say("yes")
    assert [option["value"] for option in talk.pending["options"]] == ["penalties", "gift", "other"]
    talk.say("gifts")
    assert talk.state.topic == "gift"


def to_yes(begin: Begin, share: float) -> tuple[Conversation, list[dict[str, Any]]]:
    """A case that ends in a yes, its topic heard so surely, up to what the desk says last."""
    talk = begin("in-state")
    facts = {"in_item_type": "gift", "in_recipient": "self", "donor_business_relationship": False}
    topics = (("gift", share), ("fees_honoraria_expenses", 1 - share))
    said = talk.say("a basket", act="situation", topic="gift", topics=topics, facts=facts)
    while determination(said) is None and talk.pending.get("fact") != "topic":
        said = talk.say("none of these" if talk.pending.get("multiple") else "no")
    return talk, said


def test_before_a_yes_a_topic_that_was_not_surely_heard_is_asked_about(begin: Begin) -> None:
    talk, said = to_yes(begin, 0.7)
    assert determination(said) is None
    assert {"gift", "fees_honoraria_expenses"} <= {option["value"] for option in talk.pending["options"]}
    decided = determination(talk.say("gifts"))
    assert decided is not None
    assert decided["outcome"] == "permitted"


def test_who_cannot_say_what_it_is_about_gets_no_yes(begin: Begin) -> None:
    talk, _ = to_yes(begin, 0.7)
    decided = determination(talk.say("I don't know"))
    assert decided is not None
    assert decided["outcome"] == "refer_to_counsel"
    assert "not sure what your question is about" in decided["why"]
    assert decided["passages"] == []
    assert not any("Ask before you act" in change for change in decided["changes_text"])


def test_a_what_if_says_no_yes_either_before_that(begin: Begin) -> None:
    talk, _ = to_yes(begin, 0.7)
    talk.say("back")
    supposed = talk.say("what if it cost $5", act="what_if", facts={"item_value": Decimal(5)})
    decided = determination(supposed)
    assert decided is not None
    assert decided["what_if"]
    assert decided["outcome"] == "refer_to_counsel"


def test_a_topic_that_was_surely_heard_is_not_asked_about(begin: Begin) -> None:
    assert determination(to_yes(begin, 0.95)[1]) is not None
