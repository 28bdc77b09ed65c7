"""Vague, contradictory and misread answers: none of them ever ends in a permission."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from actions.desk.phrasing import PERMISSIONS
from knowledge.load import load
from tests.actions.desk.conversation import Conversation, determination, permitted
from tests.stories.talk import Mentioned, kinds, words

Begin = Callable[..., Conversation]
KNOWLEDGE = load()
SERVED = [(pack, topic.id) for topic in KNOWLEDGE.topics.values() for pack in topic.packs]
# How people wave a question away, with the act that a model may hear in it.
VAGUE = [
    ("it's fine", "answer"),
    ("they're ok", "greeting"),
    ("same as before", "back"),
    ("👍", "greeting"),
    ("ok", "greeting"),
    ("whatever you think", "out_of_scope"),
    ("all good", "thanks"),
    ("as usual", "answer"),
    ("you tell me", "talk_to_human"),
    ("probably", "dont_know"),
    ("speaker", "talk_to_human"),
    ("all of them", "dont_know"),
]
MOST = 12
SOME = [
    ("ct-state", "gift"),
    ("in-state", "gift"),
    ("ct-opm", "outside_employment"),
    ("ct-lobbyist", "lobbyist_registration"),
]


def open_to(begin: Begin, pack: str, topic: str) -> Conversation:
    talk = begin(pack)
    talk.say("I have a question", act="situation", topic=topic)
    return talk


@pytest.mark.parametrize(("text", "act"), VAGUE)
@pytest.mark.parametrize(("pack", "topic"), SOME)
def test_a_vague_word_is_no_fact(begin: Begin, pack: str, topic: str, text: str, act: str) -> None:
    talk = open_to(begin, pack, topic)
    for _ in range(3):
        before = dict(talk.state.values)
        said = talk.say(text, act=act, confidence=0.7)
        assert talk.state.values == before
        assert determination(said) is None


@pytest.mark.parametrize(("pack", "topic"), SERVED)
def test_knowing_nothing_permits_nothing(begin: Begin, pack: str, topic: str) -> None:
    talk = open_to(begin, pack, topic)
    for _ in range(MOST):
        if talk.state.pending is None:
            break
        said = talk.say("I don't know")
        found = determination(said)
        if found is not None:
            assert found["outcome"] not in PERMISSIONS - {"not_covered"}, found["decided_by"]
            assert found["contact"]
            assert found["depends_text"] or found["todo"] or found["why"]
            break
    else:
        raise AssertionError("it never ended")


@pytest.mark.parametrize("no", ["nah", "no", "nope", "no no no"])
@pytest.mark.parametrize(("pack", "topic"), SERVED)
def test_a_bare_no_is_a_fact_only_where_no_is_an_answer(begin: Begin, pack: str, topic: str, no: str) -> None:
    talk = open_to(begin, pack, topic)
    for _ in range(3):
        asked = talk.state.pending
        before = talk.state.values
        if asked is None or asked.kind not in ("fact", "checklist"):
            break
        fact = KNOWLEDGE.facts[asked.facts[0]]
        talk.say(no, act="dont_know", confidence=0.6)
        gained = {name: value for name, value in talk.state.values.items() if name not in before}
        if asked.kind == "checklist" or fact.type == "bool":
            assert set(gained.values()) <= {False}
        elif fact.type == "choice":
            label = next((option.label for option in fact.options if option.value == "none"), "")
            closed = fact.question.startswith(("Is ", "Do ", "Does ", "Would "))
            assert not gained or label.lower().startswith(("no ", "not ")) or closed
            break
        else:
            assert not gained or gained[fact.name] in {example.value for example in fact.examples}
            break


@pytest.mark.parametrize("text", ["nah", "nothing", "free", "none of these", "no one special", "nobody"])
def test_no_figure_is_read_out_of_a_no(begin: Begin, text: str) -> None:
    talk = begin("ct-state")
    facts = {"person_role": "state_employee", "gift_recipient": "self", "item_type": "food_beverage",
             "donor_does_business_with_agency": True}  # fmt: skip
    talk.say("lunch", act="situation", topic="gift", facts=facts)
    assert talk.pending["fact"] == "item_value"
    heard = {"item_value": Decimal(1 if "one" in text else 0)}
    talk.say(text, act="answer", facts=heard)
    assert "item_value" not in talk.state.values


def test_a_no_that_may_mean_none_is_asked_back(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say(
        "a conflict", act="situation", topic="conflict_of_interest", facts={"person_role": "state_employee"}
    )
    while talk.pending.get("fact") != "affected_party":
        talk.say("yes" if talk.pending.get("fact") == "official_action_required" else "no")
    said = talk.say("nah")
    assert "Did you mean “Nobody connected with me”?" in words(said)
    assert "affected_party" not in talk.state.values
    talk.say("yes")
    assert talk.state.facts["affected_party"].how == "confirmed"


def test_before_a_permission_the_understood_facts_are_shown(begin: Begin) -> None:
    _, said = permitted(begin)
    found = determination(said)
    assert found is not None
    assert found["outcome"] in PERMISSIONS
    shown = said[kinds(said).index("determination") - 1]["text"]
    assert shown.startswith("This is what I go by:")
    assert "Who received it: Me" in shown
    assert "You said no to" in shown
    assert {chip["fact"] for chip in found["chips"]} == set(found["presumed"])


def test_a_permission_is_not_announced_twice(begin: Begin) -> None:
    talk, _ = permitted(begin)
    said = talk.say("it is for my child", act="correct", facts={"in_recipient": "minor_child"})
    assert "This is what I go by" not in words(said) or determination(said) is not None


def test_an_amount_said_too_early_is_kept_and_confirmed(begin: Begin) -> None:
    talk = begin("ct-state")
    facts = {
        "person_role": "state_employee",
        "item_type": "food_beverage",
        "donor_does_business_with_agency": True,
    }
    talk.say("dinner", act="situation", topic="gift", facts=facts)
    assert talk.pending["fact"] == "gift_recipient"
    assert "I keep the $60 in mind" in words(talk.say("like 60", act="answer"))
    said = talk.say("me")
    assert "Did you mean $60?" in words(said)
    assert "item_value" not in talk.state.values
    talk.say("yes")
    assert talk.state.values["item_value"] == Decimal(60)


def test_a_choice_of_another_state_is_not_taken(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say("a basket", act="situation", topic="gift")
    assert talk.pending["fact"] == "person_role"
    talk.say("somebody in state service", act="answer", facts={"person_role": "in_state_employee"})
    assert "person_role" not in talk.state.values
    talk.say("I'm a state employee", act="answer")
    assert talk.state.values["person_role"] == "state_employee"


def test_a_checklist_hears_the_usual_words_for_its_lines(begin: Begin) -> None:
    talk = begin("ct-dss")
    facts = {"given_because_of_position": True, "item_type": "food_beverage", "gift_recipient": "self",
             "item_value": Decimal(5)}  # fmt: skip
    talk.say("cookies", act="situation", topic="gift", facts=facts)
    while "donor_is_client_or_applicant" not in (talk.pending.get("facts") or ()):
        talk.say("no" if talk.pending.get("fact") else "none of these")
    talk.say("a client", act="answer")
    assert talk.state.values["donor_is_client_or_applicant"] is True
    assert talk.state.values["donor_is_registered_lobbyist"] is False


def test_an_unfit_answer_is_helped_on_the_second_time(begin: Begin) -> None:
    talk = begin("ct-state")
    talk.say("a basket", act="situation", topic="gift")
    assert "I still need an answer on “Your role”" in words(talk.say("blue", act="answer"))
    again = words(talk.say("green", act="answer"))
    assert "Type just the number" in again
    assert "talk to a person" in again


def test_how_many_more_is_answered(begin: Begin) -> None:
    talk = begin("ct-state")
    first = talk.say("a basket", act="situation", topic="gift")
    said = talk.say("ugh how many more", act="answer")
    assert f"At most {first[-1]['at_most']} more" in words(said)


def test_a_remark_after_the_outcome_keeps_the_case(begin: Begin) -> None:
    talk, _ = permitted(begin)
    facts = talk.state.values
    said = talk.say("she is in marketing", act="situation")
    assert kinds(said) == ["text"]
    assert (talk.state.case, talk.state.values, talk.state.topic) == (1, facts, "gift")


@pytest.mark.parametrize(
    "text",
    [
        "ok thx bye",
        "fine whatever",
        "cool, all good",
        "it's fine",
        "they're ok",
        "yeah no",
        "yes and no",
        "no one special",
        "nothing special",
        "not a big deal",
        "no worries",
        "don't worry about it",
        "trust me",
        "same as before",
        "the usual",
        "sort of",
        "I'm good",
        "sounds good",
        "that's legal I think",
    ],
)
def test_going_along_is_no_yes(begin: Begin, text: str) -> None:
    talk = begin("ct-opm")
    talk.say("a second job", act="situation", topic="outside_employment")
    assert talk.pending["fact"] == "has_outside_work"
    for heard in (True, False):
        talk.say(text, act="answer", facts={"has_outside_work": heard})
        assert "has_outside_work" not in talk.state.values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("yes it is", True),
        ("no, it is not", False),
        ("ok, yes", True),
        ("yes, it's a shop", True),
    ],
)
def test_a_plain_yes_or_no_is_taken(begin: Begin, text: str, value: bool) -> None:
    talk = begin("ct-opm")
    talk.say("a second job", act="situation", topic="outside_employment")
    talk.say(text, act="answer", facts={"has_outside_work": value})
    assert talk.state.values["has_outside_work"] is value


@pytest.mark.parametrize("text", ["no money", "no state car", "none of the lobbyists", "not on Mondays"])
def test_a_no_to_one_thing_is_no_to_nothing_else(begin: Begin, text: str) -> None:
    talk = begin("ct-opm")
    talk.say(
        "phones", act="situation", topic="political_activity", facts={"political_activity": "campaigning"}
    )
    asked = talk.pending["facts"]
    said = talk.say(text, act="answer", facts=dict.fromkeys(asked, False))
    assert determination(said) is None
    assert talk.pending["facts"] == asked
    assert not set(asked) & set(talk.state.values)


@pytest.mark.parametrize(
    "text",
    ["no, none of these apply", "none that I know of", "nope", "nothing like that", "not to my knowledge"],
)
def test_a_no_to_the_whole_list_is_taken(begin: Begin, text: str) -> None:
    talk = begin("ct-opm")
    talk.say(
        "phones", act="situation", topic="political_activity", facts={"political_activity": "campaigning"}
    )
    asked = talk.pending["facts"]
    talk.say(text, act="answer", facts=dict.fromkeys(asked, False))
    assert all(talk.state.values[name] is False for name in asked)


def asked_about_work(begin: Begin, text: str, value: bool) -> Conversation:
    talk = begin("ct-opm")
    talk.say("a second job", act="situation", topic="outside_employment")
    whole = (Mentioned("has_outside_work", value, text),)
    talk.say(text, act="answer", facts={"has_outside_work": value}, mentions=whole)
    return talk


@pytest.mark.parametrize(
    "text",
    [
        "no money",
        "no harm done",
        "never asked",
        "nobody cares",
        "I don't care",
        "no one told me",
        "they don't mind",
    ],
)
def test_a_no_to_something_else_is_asked_back(begin: Begin, text: str) -> None:
    talk = asked_about_work(begin, text, False)
    assert "has_outside_work" not in talk.state.values
    assert f"You wrote “{text}”. To be sure:" in words([dict(message) for message in talk.state.said])
    talk.say("no")
    assert talk.state.values["has_outside_work"] is False


@pytest.mark.parametrize(
    ("text", "value"),
    [("no, he has his own shop", False), ("no he is not", False), ("not that I know of", False),
     ("no way", False), ("they sell us toner", True), ("yup, my boss knows", True)],
)  # fmt: skip
def test_a_no_that_is_borne_out_is_taken(begin: Begin, text: str, value: bool) -> None:
    assert asked_about_work(begin, text, value).state.values["has_outside_work"] is value


@pytest.mark.parametrize("text", ["yes please", "yes", "sure"])
def test_a_yes_chooses_nothing(begin: Begin, text: str) -> None:
    talk = begin("ct-state")
    talk.say("politics", act="situation", topic="political_activity", facts={"person_role": "state_employee"})
    assert talk.pending["fact"] == "political_activity"
    talk.say(text, act="answer", facts={"political_activity": "none"})
    assert "political_activity" not in talk.state.values


def test_asking_again_after_the_outcome_gets_the_answer_and_its_reason(begin: Begin) -> None:
    talk, _ = permitted(begin)
    said = words(talk.say("so am I good?", act="distress"))
    assert said.startswith("The answer: Allowed.")
    assert "The rule that decides" in said
