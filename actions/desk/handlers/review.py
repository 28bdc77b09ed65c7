"""The case in a few lines: what is known, what is not, where it stands."""

from __future__ import annotations

from actions.desk.messages import Text
from actions.desk.phrasing import outcome_label
from actions.desk.proceed import again
from actions.desk.state import CaseState
from actions.desk.turn import Reaction, Tools, Turn
from actions.desk.words import clause, label, listing, subject


def summarise(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """The summary, then the pending question again."""
    return Reaction(state, (Text(summary(tools, state)), *again(tools, state).messages), go_on=False)


def summary(tools: Tools, state: CaseState) -> str:
    """What is known so far, one fact a line."""
    if state.topic is None and not state.facts:
        return "You have not told me anything yet. Say what happened, or what you would like to do."
    knowledge = tools.knowledge
    lines = [f"Your question is about {subject(knowledge, state.topic)}."] if state.topic else []
    if state.facts:
        lines.append("What I know:")
        lines += [f"- {clause(knowledge, name, entry.value)}" for name, entry in state.facts.items()]
    for said, names in (("could not say", state.unknown), ("said has not happened", state.not_yet)):
        if names:
            lines.append(f"What you {said}: {listing([label(knowledge, name) for name in names])}.")
    if state.outcome is not None and state.phase == "determined":
        lines.append(f"The answer: {outcome_label(knowledge, state.outcome)}.")
    if state.parked:
        lines.append(f"Kept for later: {listing([subject(knowledge, m.topic) for m in state.parked])}.")
    return "\n".join(lines)


def where_we_were(tools: Tools, state: CaseState) -> Text:
    """For someone who comes back another day."""
    about = subject(tools.knowledge, state.topic)
    return Text(f"Welcome back. We were in the middle of {about}. Say “summary” to see what I know so far.")
