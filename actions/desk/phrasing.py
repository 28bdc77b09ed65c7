"""A determination in plain words: outcome, why, what to do, what would change it, what it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.desk.decision import decision_json
from actions.desk.facts import PROFILE
from actions.desk.messages import DeterminationMessage
from actions.desk.state import CaseState
from actions.desk.turn import Tools
from actions.desk.values import to_json
from actions.desk.words import clause, clauses, day, label, listing, plain, small
from actions.engine.result import Determination, DutyOwed, NearMiss
from knowledge.model import Knowledge, Value

DISCLAIMER = "This is guidance from published rules. It is not legal advice, and it binds no one."
NOTICE = (
    "Before we start: I give guidance from published rules, not legal advice. I am not your lawyer, and "
    "what you tell me is not protected by attorney-client privilege."
)
NEAR_SHOWN, HANGS_SHOWN, DENIED_SHOWN = 3, 4, 3
# What lets a person go ahead: before it is said, the person sees which facts it rests on.
PERMISSIONS = frozenset(
    {"permitted", "permitted_with_conditions", "reportable", "no_conflict", "not_covered"}
)


def determination_message(
    tools: Tools, state: CaseState, determination: Determination, *, what_if: bool = False
) -> DeterminationMessage:
    """Everything a person needs to act on `determination`, and the decision itself for machines."""
    knowledge = tools.knowledge
    passages = tools.library.passages(determination.citations)
    related = tools.library.related(
        determination.citations, _query(knowledge, state, determination), determination.pack
    )
    return DeterminationMessage(
        decision=decision_json(knowledge, determination, passages),
        label=outcome_label(knowledge, determination.outcome),
        headline=headline(knowledge, determination, what_if),
        why=reason(knowledge, determination),
        todo=tuple(_todo(knowledge, duty) for duty in determination.duties),
        changes_text=tuple(
            f"With “{clauses(knowledge, change.facts)}” the answer would be: "
            f"{outcome_label(knowledge, change.outcome)}."
            for change in determination.changes
            if change.outcome != determination.outcome
        ),
        why_not=tuple(_why_not(knowledge, determination, near) for near in determination.near[:NEAR_SHOWN]),
        chips=tuple(_chips(knowledge, state, determination)),
        layer_text=layer_text(knowledge, determination),
        depends_text=depends_text(knowledge, state, determination),
        disclaimer=DISCLAIMER,
        contact=f"Whom to ask: {plain(knowledge.packs[determination.pack].contact)}.",
        what_if=what_if,
        related=tuple(related),
    )


def outcome_label(knowledge: Knowledge, outcome: str) -> str:
    """An outcome in two or three words."""
    return knowledge.outcomes[outcome].label


def headline(knowledge: Knowledge, determination: Determination, what_if: bool) -> str:
    """The outcome in one plain sentence."""
    outcome = knowledge.outcomes[determination.outcome]
    return f"{'What if: ' if what_if else ''}{plain(outcome.sentence)}"


def reason(knowledge: Knowledge, determination: Determination) -> str:
    """Why, in two or three sentences: the rule that decided, the facts that made it true, and its
    standing.
    """
    decided = next((fired for fired in determination.rules if fired.rule == determination.decided_by), None)
    if decided is None:
        if determination.referral is not None:
            return plain(determination.referral)
        if determination.depends_on:
            return "I cannot say more than this, because a fact that could forbid it is not known."
        return "No rule that I know settles these facts, so a person must look at them."
    provisions = [
        knowledge.provisions[cite].citation for cite in decided.cites if cite in knowledge.provisions
    ]
    source = f" ({listing(provisions[:3])})" if provisions else ""
    sentences = [f"The rule that decides is “{plain(decided.title)}”{source}."]
    known = _telling(determination, determination.because.get(decided.rule, ()))
    if known:
        sentences.append(f"It fits what I know: {clauses(knowledge, known)}.")
    if determination.unverified:
        sentences.append(
            "I could not check all of this rule against its source. Confirm it before you rely on it."
        )
    return " ".join(sentences)


def going_by(knowledge: Knowledge, state: CaseState, determination: Determination) -> str:
    """What a permission rests on: what the person said is so, and what they said is not."""
    used = {name: state.values[name] for name in determination.facts_used if name in state.facts}
    so = {name: value for name, value in used.items() if value is not False and name not in PROFILE}
    denied = [f"“{label(knowledge, name)}”" for name, value in used.items() if value is False]
    told = f" {clauses(knowledge, so)}." if so else ""
    if len(denied) > DENIED_SHOWN:
        denied = [*denied[:DENIED_SHOWN], f"{len(denied) - DENIED_SHOWN} more"]
    no = f" You said no to {listing(denied)}." if denied else ""
    if not told and not no:
        return "I go by what is true of most cases, as shown below. If any of it is wrong, tell me."
    return f"This is what I go by:{told}{no} If any of it is wrong, tell me."


def _telling(determination: Determination, because: Sequence[str]) -> dict[str, Value]:
    """The facts that make the case what it is: what is so, not the many things that are not."""
    used = determination.facts_used
    ordinary = (False, "none", "self", "other")
    return {
        name: used[name]
        for name in because
        if name in used and name not in PROFILE and used[name] not in ordinary and used[name] != 0
    }


def depends_text(knowledge: Knowledge, state: CaseState, determination: Determination) -> str:
    """What the answer hangs on when something was not known: what the person could not say comes first."""
    unknown = sorted(determination.depends_on, key=lambda name: name not in state.dont_know)
    if not unknown:
        return ""
    names = [f"“{label(knowledge, name)}”" for name in unknown[:HANGS_SHOWN]]
    if len(unknown) > HANGS_SHOWN:
        names.append(f"{len(unknown) - HANGS_SHOWN} more")
    return f"The answer hangs on this: {listing(names)}. Find out and tell me, or take it to a person."


def layer_text(knowledge: Knowledge, determination: Determination) -> str:
    """Which body of rules decided, and the outcome under it when an agency is stricter."""
    if determination.layer is None:
        return ""
    text = f"Decided by: {knowledge.layers[determination.layer].title}."
    if determination.floor is not None and determination.floor.outcome != determination.outcome:
        floor = outcome_label(knowledge, determination.floor.outcome)
        text += f" Your agency is stricter here: under the state-wide rules alone it would be “{floor}”."
    return f"{text} Law as of {day(determination.as_of)}."


def _query(knowledge: Knowledge, state: CaseState, determination: Determination) -> str:
    return state.opening or knowledge.topics[determination.topic].description


def _todo(knowledge: Knowledge, duty: DutyOwed) -> Mapping[str, Any]:
    return {
        "text": plain(duty.text),
        "who": duty.who,
        "due": duty.due.isoformat() if duty.due else None,
        "when": _when(knowledge, duty),
        "form": duty.form,
        "rule": duty.rule,
    }


def _when(knowledge: Knowledge, duty: DutyOwed) -> str:
    if duty.due is not None:
        return f"by {day(duty.due)}" + (" (this day has passed)" if duty.overdue else "")
    if duty.due_after is None or duty.days is None:
        return ""
    days = f"{abs(duty.days)} {'business ' if duty.business_days else ''}days"
    side = "after" if duty.days >= 0 else "before"
    return f"within {days} {side} this: {small(label(knowledge, duty.due_after))}"


def _why_not(knowledge: Knowledge, determination: Determination, near: NearMiss) -> str:
    known = {**determination.presumed, **determination.facts_used}
    failed = {name: known[name] for name in near.failed_on if name in known}
    looked = f"I also looked at “{plain(near.title)}”."
    if not failed:
        needs = listing([f"“{label(knowledge, name)}”" for name in near.failed_on])
        return f"{looked} It turns on {needs}, which I do not know."
    return f"{looked} It does not fit, because: {clauses(knowledge, failed)}."


def _chips(knowledge: Knowledge, state: CaseState, determination: Determination) -> list[Mapping[str, Any]]:
    """What was taken for granted: each can be changed by saying so."""
    return [
        {"fact": name, "value": to_json(value), "label": clause(knowledge, name, value), "presumed": True}
        for name, value in determination.presumed.items()
        if name not in state.facts and name in knowledge.facts
    ]
