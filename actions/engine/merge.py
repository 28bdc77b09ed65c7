"""From the rules that fired to one headline: the strictest outcome, and the more specific layer among
equals."""

from __future__ import annotations

from collections.abc import Sequence

from actions.engine.result import Floor
from actions.engine.scope import REFER, Entry

#: An agency or contractor layer is at least so specific; below are statute, regulation and guidance.
AGENCY = 30
#: Outcomes up to this rank allow the act: a report or a condition at most stands beside it.
ALLOWS = 50


def floor(fired: Sequence[Entry]) -> Floor | None:
    """What would hold without the agency's own rules, when such a rule decides and the outcome would
    differ."""
    if not fired or fired[0].specificity < AGENCY:
        return None
    below = [entry for entry in fired if entry.specificity < AGENCY]
    outcome = below[0].rule.outcome if below else REFER
    if outcome == fired[0].rule.outcome or not below:
        return None
    return Floor(outcome, below[0].rule.id)


def stands(top: Entry, stricter_open: bool, hangs: bool, refer: int) -> bool:
    """Whether the strongest rule that fired may be announced although not everything is known.

    What allows the act may not while a stricter rule is still possible (rulebook section 2, Unknown facts);
    what asks for a step first, or bars it, may, and the determination then says on what it depends. A rule
    that `hangs` on a fact which the person does not know (it holds if the fact has no value) neither allows
    nor bars: only a step first, up to the rank of a referral, is safe to announce either way.
    """
    return ALLOWS < top.rank <= refer if hangs else not stricter_open or top.rank > ALLOWS
