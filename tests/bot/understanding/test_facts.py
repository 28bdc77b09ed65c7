from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

Facts = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("text", "topic", "stated"),
    [
        ("A roofer who sells to our agency sent me a scarf worth $40", "gift",
         {"donor_does_business_with_agency": True, "item_type": "tangible_item", "item_value": Decimal(40)}),
        ("they don't do any business with us", "gift", {"donor_does_business_with_agency": False}),
        ("he is not a lobbyist as far as I know", "gift", {"donor_is_registered_lobbyist": False}),
        ("my sister-in-law works for a vendor of ours", "gift",
         {"donor_relationship": "spouse_sibling", "donor_does_business_with_agency": True}),
        ("her ex-husband paid; he left before the food came", "gift", {"donor_present": False}),
        ("eleven of us will each chip in for my boss's retirement", "gift_between_employees",
         {"gift_is_pooled": True, "coworker_gift_direction": "to_supervisor",
          "life_event_type": "retirement_from_public_service"}),
        ("my boss gave me a $60 pen", "gift_between_employees",
         {"coworker_gift_direction": "to_subordinate"}),
        ("my employee gave me a $60 pen", "gift_between_employees",
         {"coworker_gift_direction": "to_supervisor"}),
        ("no fee, but they cover a hotel worth $300", "fees_honoraria_expenses",
         {"fee_offered": Decimal(0), "expenses_offered": True, "includes_lodging": True,
          "expenses_value": Decimal(300)}),
        ("they pay me $300 for a speech", "fees_honoraria_expenses",
         {"fee_offered": Decimal(300), "engagement_type": "speech"}),
        ("hired the president's niece on July 1, 2026", "contractor_hiring_relative",
         {"hire_relationship": "other_relative", "hire_date": dt.date(2026, 7, 1),
          "related_to": "executive_director_ceo_president_officer"}),
        (
            "our vendor wants to take my whole unit out for bbq, maybe 300 total for 12 people", "gift",
            {"gift_recipient": "office_group", "item_type": "food_beverage", "group_size": 12,
             "group_total_value": 300, "donor_seeks_business_with_agency": None},
        ),
        ("A supplier dropped a clock on my desk on Jan 3 2026. I sent it back February 4.", "gift",
         {"received_date": dt.date(2026, 1, 3), "disposition": "returned",
          "disposition_date": dt.date(2026, 2, 4)}),
        ("I sent it back on February 4; it had come on January 3", "gift",
         {"received_date": dt.date(2026, 1, 3), "disposition_date": dt.date(2026, 2, 4)}),
        ("Brought on the director's husband as a driver on 2026-02-12, told the committee on March 12 2026",
         "contractor_hiring_relative",
         {"hire_date": dt.date(2026, 2, 12), "committee_notice_date": dt.date(2026, 3, 12)}),
        ("my wife's shop bid on a state job and won, $6k", "state_contracts", {"contract_kind": None}),
        ("the seminar is run by a trade group, but a vendor pays for my room", "fees_honoraria_expenses",
         {"payer_is_event_sponsor": None}),
        ("my report is two weeks late", "penalties", {"late_filing_days": 14}),
    ],
)  # fmt: skip
def test_facts_are_read(facts: Facts, text: str, topic: str, stated: dict[str, Any]) -> None:
    pack = "ct-dds-contractor" if topic.startswith("contractor") else "ct-state"
    got = facts(text, topic, pack)
    assert {name: got.get(name) for name in stated} == stated


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("I don't know whether he is a lobbyist", "donor_is_registered_lobbyist"),
        ("not sure he is a lobbyist, it was $40", "donor_is_registered_lobbyist"),
        ("maybe they sell to us", "donor_does_business_with_agency"),
        ("between $40 and $60", "item_value"),
        ("under a hundred dollars", "item_value"),
    ],
)
def test_what_is_doubtful_is_not_used(facts: Facts, text: str, fact: str) -> None:
    assert fact not in facts(text)


def test_contradictions_settle_nothing(facts: Facts) -> None:
    assert "donor_present" not in facts("the rep was there. nobody from the company came")


def test_a_phrase_means_its_fact_in_its_topic_alone(facts: Facts) -> None:
    assert "affected_party" in facts("my dad's shop", "conflict_of_interest")
    assert "affected_party" not in facts("my dad's shop", "gift")


def test_indiana_is_asked_other_facts(facts: Facts) -> None:
    text = "a vendor gave me two tickets"
    assert facts(text, "gift", "in-state")["donor_business_relationship"] is True
    assert "donor_does_business_with_agency" not in facts(text, "gift", "in-state")


def test_a_doubt_reaches_only_what_it_is_about(facts: Facts) -> None:
    got = facts("he gave me a scarf, no idea whether he does business with us")
    assert got["item_type"] == "tangible_item"
    assert "donor_does_business_with_agency" not in got


def test_an_aside_denies_nothing(facts: Facts) -> None:
    got = facts("my sister, no connection to us, bought me a bike", "gift", "in-state")
    assert got["from_relative"] is True


def test_somebody_elses_work_is_not_the_writers(facts: Facts) -> None:
    assert "has_outside_work" not in facts("my wife has a second job at a bar", "outside_employment")
    assert facts("my wife's firm wants me for a second job", "outside_employment")["has_outside_work"] is True


def test_a_contracts_sum_is_no_gifts_price(facts: Facts) -> None:
    got = facts("they have a $2 million contract with us and offered me a hat worth 18 dollars")
    assert got["item_value"] == Decimal(18)
