"""Worked cases as the rulebook means them: facts that a case does not list stand at their case default."""

from __future__ import annotations

import datetime as dt

from knowledge.model import Case, Knowledge, Value

#: The day on which the worked cases are decided unless they say another.
TODAY = dt.date(2026, 6, 1)


def facts_of(knowledge: Knowledge, case: Case) -> dict[str, Value]:
    """All facts of a worked case: defaults, what the pack fixes, what the case lists."""
    defaults = {
        name: fact.case_default for name, fact in knowledge.facts.items() if fact.case_default is not None
    }
    return {**defaults, **knowledge.packs[case.pack].fixes, **case.facts}


def day_of(case: Case) -> dt.date:
    """The date whose law the case applies."""
    day = case.facts.get("as_of_date", TODAY)
    assert isinstance(day, dt.date)
    return day
