"""Every act has its rules, in one file of its family, in and out of the form."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.desk.turn import ACTS
from actions.rasa_actions import ASKING, FORM, FORM_ACTS

RULES = Path(__file__).parents[2] / "bot" / "rules"


def rules() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.name, rule)
        for path in sorted(RULES.glob("*.yml"))
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    ]


def of(act: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, rule) for name, rule in rules() if rule["steps"][0].get("intent") == act]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_answered_whether_or_not_a_question_is_open(act: str) -> None:
    outside = [rule for _, rule in of(act) if "condition" not in rule]
    assert {rule["steps"][2]["slot_was_set"][0][ASKING] for rule in outside} == {True, False}
    assert all(rule["steps"][1] == {"action": f"action_{act}"} for rule in outside)


@pytest.mark.parametrize("act", ACTS)
def test_a_side_step_in_the_form_comes_back_to_it(act: str) -> None:
    inside = [rule for _, rule in of(act) if "condition" in rule]
    if act in FORM_ACTS:
        assert inside == []
        return
    (rule,) = inside
    assert rule["condition"] == [{"active_loop": FORM}]
    assert rule["steps"][-2:] == [{"action": FORM}, {"active_loop": FORM}]


@pytest.mark.parametrize("act", ACTS)
def test_the_rules_of_an_act_stand_in_one_file(act: str) -> None:
    assert len({name for name, _ in of(act)}) == 1


def test_no_two_rules_share_a_name() -> None:
    assert [name for name, count in Counter(rule["rule"] for _, rule in rules()).items() if count > 1] == []
