"""Changing what was said: a correction, a "what if" that changes nothing, and a step back."""

from __future__ import annotations

from dataclasses import replace

from actions.desk.answers import figure
from actions.desk.facts import acceptable, changed, fixes, take
from actions.desk.handlers.matters import situation, understood
from actions.desk.handlers.replies import with_pack
from actions.desk.messages import Message, Text
from actions.desk.phrasing import determination_message, outcome_label
from actions.desk.proceed import again, decide
from actions.desk.state import CaseState, FactEntry, remember
from actions.desk.turn import Reaction, Tools, Turn
from actions.desk.words import clauses
from knowledge.model import Value


def correct(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Takes the new values, says what changed, and goes on from there."""
    if state.topic is None:
        return situation(tools, state, turn)
    before = state
    said: list[Message] = []
    pack = turn.understanding.pack
    if pack is not None and pack != state.pack:
        state = with_pack(tools, state, pack)
        said.append(Text(f"From here on I answer for: {tools.knowledge.packs[pack].title}."))
    good = acceptable(tools.knowledge, state.pack, turn.understanding.facts) or _figure(tools, state, turn)
    if not good and not said:
        text = "What should I change? Name the fact and what is right, like “it was $120”."
        return Reaction(state, (Text(text), *again(tools, state).messages), go_on=False)
    after = take(tools.knowledge, remember(state, pending=None), good, "said", turn)
    lines = changed(tools.knowledge, before, after)
    if lines:
        said.append(Text(f"Changed. {'; '.join(lines)}."))
    said.extend(understood(tools, state, {n: v for n, v in good.items() if n not in before.facts}))
    if good and not said:
        said.append(Text(f"That is how I have it: {clauses(tools.knowledge, good)}."))
    return Reaction(after, tuple(said))


def what_if(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """The determination on changed facts; the real facts stay as they are."""
    if state.topic is None or state.pack is None:
        return situation(tools, state, turn)
    good = _supposed(tools, state, turn) or _figure(tools, state, turn)
    if not good:
        text = "What should be different? Say it like “what if it cost $40?”."
        return Reaction(state, (Text(text), *again(tools, state).messages), go_on=False)
    supposed = {name: FactEntry(value, "assumed", turn.message_id) for name, value in good.items()}
    unknown = tuple(name for name in state.dont_know if name not in good)
    imagined = replace(state, facts={**state.facts, **supposed}, dont_know=unknown)
    determination = decide(tools, imagined, turn.today)
    said: list[Message] = [
        Text(f"Suppose: {clauses(tools.knowledge, good)}."),
        determination_message(tools, imagined, determination, what_if=True),
        Text(_real(tools, state)),
    ]
    return Reaction(state, (*said, *again(tools, state).messages), go_on=False)


def _supposed(tools: Tools, state: CaseState, turn: Turn) -> dict[str, Value]:
    """What is other than the case has it: to suppose what is known is to have misheard the rest."""
    known = {**fixes(tools.knowledge, state.pack), **state.values}
    good = acceptable(tools.knowledge, state.pack, turn.understanding.facts)
    return {name: value for name, value in good.items() if known.get(name) != value}


def _figure(tools: Tools, state: CaseState, turn: Turn) -> dict[str, Value]:
    """A bare figure as the one amount that the case knows or is asked for ("what if it was 20")."""
    value = figure(turn.text)
    facts = tools.knowledge.facts
    known = [name for name in state.facts if facts[name].type == "money"]
    asked = state.pending.facts if state.pending is not None and state.pending.kind == "fact" else ()
    known = known or [name for name in asked if facts[name].type == "money"]
    return {known[0]: value} if value is not None and len(known) == 1 else {}


def back(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Takes back the last answer and asks its question again."""
    if not state.history:
        return Reaction(
            state,
            (Text("We are at the start; there is nothing to go back to."), *again(tools, state).messages),
            go_on=False,
        )
    step = state.history[-1]
    earlier = replace(
        state, facts=step.facts, dont_know=step.dont_know, pending=step.pending, history=state.history[:-1],
        phase="asking" if step.pending is not None else state.phase,
    )  # fmt: skip
    if step.pending is None:
        return Reaction(earlier, (Text("One step back."),))
    return Reaction(earlier, (Text("One step back."), *again(tools, earlier).messages), go_on=False)


def _real(tools: Tools, state: CaseState) -> str:
    if state.outcome is None or state.phase != "determined":
        return "That was only a what if. Your own facts are as you gave them."
    outcome = outcome_label(tools.knowledge, state.outcome)
    return f"That was only a what if. On your own facts the answer is still “{outcome}”."
