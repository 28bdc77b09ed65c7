"""Taking what a person said into the case, and saying what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions.desk.state import Asked, CaseState, FactEntry, Hint, How
from actions.desk.turn import Mention, Turn
from actions.desk.words import label, value_words
from knowledge.model import Knowledge, Value

WHERE = ("jurisdiction", "agency")
PROFILE = ("jurisdiction", "agency", "person_role")


def acceptable(knowledge: Knowledge, pack: str | None, facts: Mapping[str, Value]) -> dict[str, Value]:
    """Known facts of the pack's own state that do not deny what the choice of pack settles."""
    fixed = fixes(knowledge, pack)
    return {
        name: value
        for name, value in facts.items()
        if name in knowledge.facts
        and (name not in fixed or fixed[name] == value)
        and _same_state(knowledge, pack, name)
        and _offered(knowledge, pack, name, value)
    }


def _same_state(knowledge: Knowledge, pack: str | None, name: str) -> bool:
    """Whether a fact is shared or declared by a pack of the same state."""
    home = knowledge.facts[name].pack
    if pack is None or not home:
        return True
    return knowledge.packs[home].jurisdiction == knowledge.packs[pack].jurisdiction


def _offered(knowledge: Knowledge, pack: str | None, name: str, value: Value) -> bool:
    """Whether a choice is one that people of the pack's state are offered."""
    where = next((one.jurisdiction for one in knowledge.facts[name].options if one.value == value), "")
    return pack is None or where in ("", knowledge.packs[pack].jurisdiction)


def fixes(knowledge: Knowledge, pack: str | None) -> dict[str, Value]:
    """What the pack, and the packs it extends, settle; the pack itself has the last word."""
    if pack is None:
        return {}
    chosen = knowledge.packs[pack]
    return {**fixes(knowledge, chosen.extends), **chosen.fixes}


def take(
    knowledge: Knowledge, state: CaseState, facts: Mapping[str, Value], how: How, turn: Turn
) -> CaseState:
    """`state` with `facts` known; they are no longer unsure or unknown."""
    good = acceptable(knowledge, state.pack, facts)
    if not good:
        return state
    entries = {name: FactEntry(value, how, turn.message_id) for name, value in good.items()}
    return replace(
        state,
        facts={**state.facts, **entries},
        dont_know=tuple(name for name in state.dont_know if name not in good),
        hints={name: hint for name, hint in state.hints.items() if name not in good},
    )


def hear(knowledge: Knowledge, state: CaseState, unsure: Sequence[Mention]) -> CaseState:
    """`state` with what may have been said noted, to be confirmed if it comes to matter."""
    heard = {
        m.name: Hint(m.value, m.text)
        for m in unsure
        if m.name in knowledge.facts and m.name not in state.facts
    }
    good = acceptable(knowledge, state.pack, {name: hint.value for name, hint in heard.items()})
    return replace(state, hints={**state.hints, **{name: heard[name] for name in good}}) if good else state


def contradicted(knowledge: Knowledge, state: CaseState, facts: Mapping[str, Value]) -> dict[str, Value]:
    """What is known otherwise; a known fact never changes by the way."""
    good = acceptable(knowledge, state.pack, facts)
    return {
        name: value
        for name, value in good.items()
        if name in state.facts and state.facts[name].value != value and name not in WHERE
    }


def doubt(state: CaseState, facts: Mapping[str, Value], turn: Turn) -> CaseState:
    """`state` that asks which is right of what was known and `facts`; unchanged when there are none."""
    if not facts:
        return state
    hints = {name: Hint(value, turn.text) for name, value in facts.items()}
    asked = Asked("contradiction", tuple(facts))
    return replace(state, hints={**state.hints, **hints}, pending=asked)


def changed(knowledge: Knowledge, before: CaseState, after: CaseState) -> list[str]:
    """Every fact that has another value than before, in words."""
    lines = []
    for name, entry in after.facts.items():
        old = before.facts.get(name)
        if old is not None and old.value != entry.value:
            fact = knowledge.facts[name]
            was, now = value_words(fact, old.value), value_words(fact, entry.value)
            lines.append(f"{label(knowledge, name)}: {now} (before: {was})")
    return lines


def person(state: CaseState) -> dict[str, FactEntry]:
    """The facts that describe the person, which hold from one case to the next."""
    return {name: entry for name, entry in state.facts.items() if name in PROFILE}
