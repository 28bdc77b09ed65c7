"""A yes to a risk never turns a bar or a referral into a permission.

Every worked case that is barred or referred is decided again with each rare risk (a box of a checklist)
answered yes. Where that is rightly kinder, it is listed with the reason.
"""

from __future__ import annotations

from actions.engine import Engine
from knowledge.load import load
from tests.laws.worked import day_of, facts_of

ALLOWS, REFERS = 50, 80
#: Checklists whose boxes speak for the person.
IN_FAVOUR = frozenset({"conflict_exceptions", "staff_expense_criteria", "complaint_form"})
#: Boxes that may be kinder, and why.
KINDER = {
    "self_determination_option": "families who arrange their own services are outside the procedure",
    "gift_is_pooled": "of a pooled gift the share counts, which these cases leave at nothing",
}
#: The statute lets a barred giver hand over a plaque; of a body tied to the agency only opinions speak.
PLAQUE = frozenset({"CT-GIFT-64"})


def test_a_risk_never_makes_it_kinder() -> None:
    knowledge = load()
    engine = Engine(knowledge)
    tried, wrong = 0, []
    for case in knowledge.cases:
        scope = engine.scope(case.pack, case.topic)
        world = scope.known(facts_of(knowledge, case), day_of(case))
        before, _ = scope.run(world, ())
        if before and scope.entries[before[0]].rank < REFERS:
            continue
        for name in scope.facts:
            listed = knowledge.facts[name].checklist
            if listed is None or listed in IN_FAVOUR or name in KINDER or world.get(name):
                continue
            tried += 1
            after, _ = scope.run({**world, name: True}, ())
            first = scope.entries[before[0]].rule.id if before else ""
            if after and scope.entries[after[0]].rank <= ALLOWS and first not in PLAQUE:
                wrong.append(f"{case.name}: {name} turns {first} into {scope.entries[after[0]].rule.id}")
    assert not wrong, "\n".join(wrong)
    assert tried > 3000
