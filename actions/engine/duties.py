"""What is owed under the rules that fired, with the day on which it falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from actions.engine.quantities import plus_business_days, plus_days
from actions.engine.result import DutyOwed
from actions.engine.scope import Entry
from knowledge.model import Duty, Value


def owed(entries: Iterable[Entry], facts: Mapping[str, Value], as_of: dt.date) -> tuple[DutyOwed, ...]:
    """The duties of all fired rules, each wording once, in merge order; none replaces another."""
    found: dict[tuple[str, str], DutyOwed] = {}
    for entry in entries:
        for duty in entry.rule.duties:
            found.setdefault((duty.do, duty.who), _owed(duty, entry.rule.id, facts, as_of))
    return tuple(found.values())


def _owed(duty: Duty, rule: str, facts: Mapping[str, Value], as_of: dt.date) -> DutyOwed:
    clock = duty.due
    if clock is None:
        return DutyOwed(duty.do, rule, duty.who, None, None, None, False, duty.form, False)
    start = facts.get(clock.after)
    due = None
    if isinstance(start, dt.date):
        due = plus_business_days(start, clock.days) if clock.business_days else plus_days(start, clock.days)
    return DutyOwed(
        text=duty.do, rule=rule, who=duty.who, due=due, due_after=clock.after, days=clock.days,
        business_days=clock.business_days, form=duty.form, overdue=due is not None and due < as_of,
    )  # fmt: skip
