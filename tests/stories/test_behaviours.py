"""What the dialogue can do, each on two topics or more, through the real Rasa process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.desk.phrasing import PERMISSIONS
from knowledge.model import Value
from tests.stories.playing import (
    AFTER_STATE,
    CONFLICT,
    DDS_HIRING,
    GIFT,
    INDIANA_GIFT,
    LOBBYIST,
    SECOND_JOB,
    Case,
    another,
    finish,
)  # fmt: skip
from tests.stories.talk import Heard, Talk, decision, kinds, outcome, words

pytestmark = pytest.mark.rasa
Begin = Callable[..., Talk]


def cases(*chosen: Case) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", chosen, ids=[f"{one.pack}-{one.topic}" for one in chosen])


@cases(LOBBYIST, DDS_HIRING, AFTER_STATE)
def test_several_facts_at_once_are_taken_and_said_back(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    said = case.begin(it)
    assert case.facts.items() <= it.state.values.items()
    assert "I understood:" in words(said)
    assert it.pending is not None
    asked = it.pending.get("facts") or [it.pending["fact"]]
    assert not set(asked) & set(case.facts)


@cases(CONFLICT, LOBBYIST, SECOND_JOB, AFTER_STATE)
def test_any_earlier_fact_is_corrected_at_any_time(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    for name, value in case.facts.items():
        other = another(it, name, value)
        said = it.say("sorry, that was wrong", act="correct", facts={name: other})
        assert "Changed." in words(said)
        assert "(before: " in words(said)
        assert it.state.values[name] == other
        it.say("no, it was right", act="correct", facts={name: value})
        assert it.state.values[name] == value


@cases(GIFT, LOBBYIST)
def test_a_correction_after_the_outcome_says_what_became_of_it(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    first = outcome(case.play(it))
    name, value = next((n, v) for n, v in case.facts.items() if isinstance(v, bool))
    summary = it.say("summary")
    label = it.desk.tools.knowledge.facts[name].statement
    assert label in words(summary)
    said = it.say(f"{label}: no", act="correct", facts={name: not value})
    assert f"{label}: no (before: yes)" in words(said)
    while "determination" not in kinds(said):
        said = finish(it)
    assert "That changes the answer" in words(said) or "stays the same" in words(said)
    back = it.say("no wait, it was yes", act="correct", facts={name: value})
    while "determination" not in kinds(back):
        back = finish(it, dict(case.answers))
    assert outcome(back) == first


@cases(DDS_HIRING, INDIANA_GIFT, AFTER_STATE)
def test_going_back_undoes_answer_after_answer(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    seen = []
    for _ in range(2):
        seen.append((it.pending, it.state.values))
        it.say("I don't know")
    for asked, facts in reversed(seen):
        it.say("back")
        assert (it.pending, it.state.values) == (asked, facts)


@cases(AFTER_STATE, LOBBYIST, INDIANA_GIFT)
def test_why_is_answered_and_the_question_asked_again(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked, facts = it.pending, it.state.values
    said = it.say("why do you ask?")
    assert kinds(said) == ["text", "question"]
    assert said[0]["text"] == f"Why I ask: {said[1]['why']}"
    assert (it.pending, it.state.values) == (asked, facts)


@pytest.mark.parametrize(
    ("case", "term"), [(DDS_HIRING, "related party"), (LOBBYIST, "lobbyist"), (CONFLICT, "immediate family")]
)
def test_a_term_is_explained_and_the_question_asked_again(talk: Begin, case: Case, term: str) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked, facts = it.pending, it.state.values
    said = it.say(f"what does {term} mean?", act="ask_definition")
    assert kinds(said) == ["answer", "question"]
    assert said[0]["found"] is True
    assert "means:" in said[0]["text"]
    assert (it.pending, it.state.values) == (asked, facts)


@cases(SECOND_JOB, AFTER_STATE)
def test_not_knowing_a_word_is_no_answer(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked = it.pending
    said = it.say("idk what gift means", act="dont_know")
    assert kinds(said) == ["answer", "question"]
    assert it.pending == asked
    assert it.state.dont_know == ()


@cases(CONFLICT, INDIANA_GIFT)
def test_a_question_about_the_law_in_the_middle(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked, facts = it.pending, it.state.values
    said = it.say("how long is the deadline to return it?", act="information", topic="procedure")
    assert kinds(said) == ["answer", "question"]
    assert said[0]["found"] is True
    assert "30 days" in said[0]["text"]
    assert (it.pending, it.state.values) == (asked, facts)


@pytest.mark.parametrize(
    ("case", "other"),
    [
        (CONFLICT, GIFT),
        (DDS_HIRING, replace(GIFT, pack="ct-dds-contractor", topic="contractor_staff_expenses", facts={})),
    ],
)
def test_switch_to_a_new_matter_and_resume_the_first(talk: Begin, case: Case, other: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    facts = it.state.values
    said = it.say(other.opening, act="situation", topic=other.topic, facts=other.facts)
    assert kinds(said) == ["question"]
    assert [option["value"] for option in said[0]["options"]] == ["finish", "switch"]
    it.say("switch")
    assert it.state.topic == other.topic
    assert other.facts.items() <= it.state.values.items()
    decided = finish(it)
    assert decided[-1]["fact"] == "resume"
    it.say("yes")
    assert it.state.topic == case.topic
    assert facts.items() <= it.state.values.items()


@cases(SECOND_JOB, AFTER_STATE)
def test_finish_or_switch_is_asked_once(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    it.say("also about a basket", act="situation", topic="gift")
    it.say("finish this one first")
    asked = it.pending
    said = it.say("what about that basket?", act="situation", topic="gift")
    assert it.pending == asked
    assert "kept that one for after" in words(said)
    assert finish(it, dict(case.answers))[-1]["fact"] == "resume"
    it.say("no")
    assert it.state.parked == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [(SECOND_JOB, CONFLICT), (GIFT, SECOND_JOB), (LOBBYIST, replace(GIFT, pack="ct-lobbyist"))],
)
def test_two_matters_in_one_message_are_both_kept(talk: Begin, first: Case, second: Case) -> None:
    it = talk(first.pack)
    text = f"{first.opening}. Also, {second.opening}"
    parts = [
        (one.opening, Heard("situation", one.topic, ((one.topic, 0.9),), facts=one.facts))
        for one in (first, second)
    ]
    said = it.say(text, parts, act="situation", topic=first.topic, facts=first.facts)
    assert "I hear two questions" in words(said)
    assert it.state.topic == first.topic
    decided = finish(it, dict(first.answers))
    assert decided[-1]["fact"] == "resume"
    it.say("yes")
    assert it.state.topic == second.topic
    assert it.state.opening == second.opening
    assert second.facts.items() <= it.state.values.items()


@cases(GIFT, SECOND_JOB, CONFLICT, AFTER_STATE, LOBBYIST, DDS_HIRING, INDIANA_GIFT)
def test_not_knowing_ends_in_something_to_go_on_with(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    said = it.say("I have a question", act="situation", topic=case.topic)
    for _ in range(10):
        if "determination" in kinds(said):
            break
        said = it.say("I don't know")
    found = decision(said)
    assert found["outcome"] not in PERMISSIONS
    assert found["depends_text"]
    assert found["contact"]


@pytest.mark.parametrize(
    ("topic", "facts"),
    [
        ("contractor_related_party", {"related_party_amount": Decimal(9000), "authoriser_is_related": True}),
        ("contractor_staff_expenses", {"staff_expense_total": Decimal(2500)}),
    ],
)
def test_a_date_that_is_not_known_forbids_nothing(talk: Begin, topic: str, facts: dict[str, Value]) -> None:
    it = talk("ct-dds-contractor")
    it.say("we need this cleared", act="situation", topic=topic, facts=facts)
    met = (
           "expenses_requested_by_individual_side", "other_funding_explored", "only_necessary_expenses",
           "management_outside_team_approved", "paid_by_individual_or_family", "funded_by_dds_or_dss",
           "open_bidding_done", "charge_at_actual_cost", "contract_terms_complete", "pay_comparable",
    )  # fmt: skip
    said = finish(it, dict.fromkeys(met, True))
    assert "committee_notice_date" in it.state.dont_know
    assert outcome(said) not in {*PERMISSIONS, "prohibited"}
    assert "Date the committee was told" in decision(said)["depends_text"] or decision(said)["todo"]


@pytest.mark.parametrize(
    ("case", "supposed"),
    [
        (INDIANA_GIFT, {"donor_business_relationship": True}),
        (LOBBYIST, {"lobbying_amount_this_year": Decimal(100)}),
        (SECOND_JOB, {"state_role_toward_employer": "contract_or_monitoring"}),
    ],
)
def test_what_if_and_back_to_the_real_facts(talk: Begin, case: Case, supposed: dict[str, Value]) -> None:
    it = talk(case.pack)
    first = outcome(case.play(it))
    facts = it.state.values
    said = it.say("and what if it were otherwise?", act="what_if", facts=supposed)
    assert decision(said)["what_if"] is True
    assert decision(said)["outcome"] != first
    assert "only a what if" in words(said)
    assert it.state.values == facts
    assert it.state.outcome == first


@cases(CONFLICT, LOBBYIST)
def test_what_if_in_the_middle_asks_on(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked, facts = it.pending, it.state.values
    name, value = next(iter(case.facts.items()))
    said = it.say("what if that were not so?", act="what_if", facts={name: another(it, name, value)})
    assert kinds(said)[-1] == "question"
    assert (it.pending, it.state.values) == (asked, facts)


@cases(CONFLICT, DDS_HIRING, AFTER_STATE)
def test_a_summary_on_request(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    it.say("I don't know")
    asked = it.pending
    said = words(it.say("summary"))
    facts = it.desk.tools.knowledge.facts
    assert all(facts[name].statement in said for name in case.facts)
    assert "What you could not say" in said
    assert it.pending == asked


@cases(SECOND_JOB, INDIANA_GIFT)
def test_who_says_it_was_said_before_gets_what_is_known(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked = it.pending
    assert "What I know:" in words(it.say("I already told you that", act="answer"))
    assert it.pending == asked


@cases(SECOND_JOB, AFTER_STATE)
def test_another_day_begins_with_where_we_were(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    asked, facts = it.pending, it.state.values
    it.today += dt.timedelta(days=1)
    said = it.say("hi again", act="greeting")
    title = it.desk.tools.knowledge.topics[case.topic].title
    assert f"Welcome back. We were in the middle of “{title}”" in words(said)
    assert (it.pending, it.state.values) == (asked, facts)
    assert "Welcome back" not in words(it.say("why"))


@cases(LOBBYIST, DDS_HIRING, INDIANA_GIFT)
def test_a_person_gets_the_facts(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    handed = words(it.say("talk to a person"))
    knowledge = it.desk.tools.knowledge
    assert knowledge.packs[case.pack].contact.split(",")[0] in handed
    assert all(knowledge.facts[name].statement in handed for name in case.facts)
    assert it.state.phase == "handed_over"
    assert decision(finish(it, dict(case.answers)))


@pytest.mark.parametrize(("pack", "other"), [("ct-dss", "ct-opm"), ("in-state", "ct-state")])
def test_who_one_is_holds_for_the_next_case_and_can_change(talk: Begin, pack: str, other: str) -> None:
    it = talk(None)
    it.say("I got a basket", act="situation", topic="gift", pack=pack)
    assert it.state.pack == pack
    it.say("start over")
    said = it.say("and now a meal", act="situation", topic="gift")
    assert it.state.pack == pack
    assert it.pending is not None
    assert it.pending.get("fact") != "pack"
    said = it.say("actually I work somewhere else", act="correct", pack=other)
    assert it.state.pack == other
    assert it.desk.tools.knowledge.packs[other].title in words(said)


@cases(GIFT, SECOND_JOB, LOBBYIST, INDIANA_GIFT)
def test_the_same_case_told_otherwise_has_the_same_outcome(talk: Begin, case: Case) -> None:
    at_once, piecemeal, asked = talk(case.pack), talk(case.pack), talk(case.pack)
    first = decision(case.play(at_once))
    said = piecemeal.say("I have a question", act="situation", topic=case.topic)
    for name, value in reversed(list(case.facts.items())):
        if "determination" not in kinds(said):
            said = piecemeal.say("and another thing", act="situation", topic=case.topic, facts={name: value})
    second = decision(said if "determination" in kinds(said) else finish(piecemeal, dict(case.answers)))
    asked.say("a question", act="situation", topic=case.topic)
    third = decision(finish(asked, {**case.facts, **case.answers}))
    assert (first["outcome"], first["decided_by"]) == (second["outcome"], second["decided_by"])
    assert first["outcome"] == third["outcome"]


@cases(CONFLICT, LOBBYIST)
def test_a_contradiction_is_settled_by_the_person(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    case.begin(it)
    name, value = next((n, v) for n, v in case.facts.items() if n != "person_role")
    other = another(it, name, value)
    said = it.say("it is otherwise", act="situation", topic=case.topic, facts={name: other})
    assert "Which is right?" in words(said)
    assert it.state.values[name] == value
    assert "Changed." in words(it.say("1"))
    assert it.state.values[name] == other
    assert it.pending is not None


@cases(SECOND_JOB, CONFLICT)
def test_a_denied_topic_leads_to_a_question(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    denial = dict(it.desk.tools.knowledge.topics[case.topic].denied_by)
    said = it.say("something", act="situation", topic=case.topic, facts={**case.facts, **denial})
    assert "determination" not in kinds(said)
    assert it.pending is not None
    assert it.pending["fact"] == "topic"


@cases(INDIANA_GIFT, SECOND_JOB)
def test_a_permission_shows_what_it_rests_on(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    said = case.play(it)
    assert outcome(said) in PERMISSIONS
    place = kinds(said).index("determination")
    assert said[place - 1]["text"].startswith("This is what I go by:")


@cases(GIFT, SECOND_JOB, CONFLICT, AFTER_STATE, LOBBYIST, DDS_HIRING, INDIANA_GIFT)
def test_every_question_says_how_it_ends(talk: Begin, case: Case) -> None:
    it = talk(case.pack)
    asked = case.begin(it)[-1]
    for _ in range(4):
        if asked["type"] != "question":
            break
        assert asked["at_most"] >= 1
        assert asked["why"]
        assert asked["hint"]
        assert "don't know" in asked["hint"] or asked.get("multiple")
        assert asked["options"] or asked["fact_type"] in ("money", "integer", "date")
        asked = it.say("I don't know")[-1]
