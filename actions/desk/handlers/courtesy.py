"""Hello, thank you, start over, and what the desk cannot do."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.desk.acts import HOW_MANY, asks
from actions.desk.facts import take
from actions.desk.handlers.lookups import information
from actions.desk.handlers.matters import NO_NEWS, new_case
from actions.desk.handlers.replies import with_pack
from actions.desk.handlers.review import where_we_were
from actions.desk.introduction import introduces, named_pack
from actions.desk.messages import Answer, Text
from actions.desk.proceed import again
from actions.desk.state import CaseState
from actions.desk.turn import Reaction, Tools, Turn

ABLE = (
    "I know the state ethics rules. Ask me about gifts, meals and trips. Ask me about a second job, "
    "a family tie or the use of state things. Ask me about work after you leave."
)
SURELY_OUT = 0.8
MORE = "All right. Tell me more, change a fact, ask “what if”, or ask me something new."
ELSEWHERE = "I cannot help with that one. Ask me about a matter of ethics, or say “talk to a person”."
UNFIT = "I could not take that as an answer. If you cannot say, “I don't know” is fine."
SOON = "I can tell you as soon as I know this. If you cannot say, “I don't know” is fine."
SENTENCE = 3
PATIENCE = (
    "I can help with ethics questions only, and I want to get you an answer. This one still matters. "
    "“I don't know” is fine, and so is “talk to a person”."
)
_HELLO = re.compile(
    r"\b(?:hello|hi|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|morning)\b", re.I
)
START = "Tell me in your own words what happened, or what you would like to do."


def greeting(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Hello, and where we are; who says who they are is known from then on."""
    hello = "Hello." if _HELLO.search(turn.text) else ""
    if state.pending is not None:
        return Reaction(state, (Text(hello or UNFIT), *again(tools, state).messages), go_on=False)
    if state.phase != "new":
        return Reaction(state, (Text(f"{hello} {MORE}".strip()),), go_on=False)
    if introduces(tools.knowledge, turn.text, turn.understanding):
        return _introduced(tools, state, turn, hello)
    return Reaction(state, (Text(f"{hello or 'I am here to help.'} {ABLE} {START}"),), go_on=False)


def _introduced(tools: Tools, state: CaseState, turn: Turn, hello: str) -> Reaction:
    pack = turn.understanding.pack or named_pack(tools.knowledge, turn.text)
    known = state if pack is None else with_pack(tools, state, pack)
    after = take(tools.knowledge, known, turn.understanding.facts, "said", turn)
    title = "" if pack is None else f"I answer for: {tools.knowledge.packs[pack].title}."
    return Reaction(after, (Text(f"{hello or 'Good.'} {title} {START}".replace("  ", " ")),), go_on=False)


def small_talk(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """A word between: short, and on to what matters."""
    if state.pending is not None:
        words = SOON if len(turn.text.split()) >= SENTENCE else UNFIT
        if HOW_MANY.search(turn.text) and state.pending.kind in ("fact", "checklist"):
            words = _how_many(state.pending.at_most)
        return Reaction(state, (Text(words), *again(tools, state).messages), go_on=False)
    return Reaction(state, (Text(MORE if state.phase != "new" else START),), go_on=False)


def _how_many(left: int) -> str:
    return "This is the last one." if left == 1 else f"At most {left} more, this one included."


def thanks(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """You are welcome, and the question that still waits, unless it only offers a deadline."""
    if state.pending is not None and state.pending.kind == "date":
        done = replace(state, pending=None, dont_know=(*state.dont_know, *state.pending.facts))
        return Reaction(done, (Text("You are welcome."),), go_on=False)
    return Reaction(state, (Text("You are welcome."), *again(tools, state).messages), go_on=False)


def save(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Nothing needs saving: it is kept already."""
    text = "It is kept. Come back when you like, and we go on where we stopped."
    return Reaction(state, (Text(text),), go_on=False)


def restart(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """An empty case; who the person is stays known, what was put aside goes."""
    return Reaction(replace(new_case(state), parked=()), (Text(f"We start over. {START}"),), go_on=False)


def abusive(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Stays calm, keeps the door open, and asks on."""
    text = "I am a program, and I want to help. If I got it wrong, tell me, or say “talk to a person”."
    return Reaction(state, (Text(text), *again(tools, state).messages), go_on=False)


def out_of_scope(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """A polite no with what the desk can do; a pending question is asked again.

    A question that was not surely out of scope is looked up first: the rules may answer it all the same.
    """
    if asks(turn.text) and turn.understanding.confidence < SURELY_OUT:
        found = information(tools, state, turn)
        if any(isinstance(message, Answer) and message.found for message in found.messages):
            return found
    if state.pending is not None:
        return Reaction(state, (Text(PATIENCE), *again(tools, state).messages), go_on=False)
    if state.phase != "new" and state.topic is not None and turn.understanding.confidence < SURELY_OUT:
        return Reaction(state, (Text(NO_NEWS),), go_on=False)
    if state.phase != "new" and state.topic is not None:
        return Reaction(state, (Text(ELSEWHERE),), go_on=False)
    return Reaction(state, (Text(f"I cannot help with that. {ABLE} {START}"),), go_on=False)


def returning(tools: Tools, state: CaseState, turn: Turn) -> tuple[Text, ...]:
    """Says where we were when someone comes back on another day to an open question."""
    if state.pending is None or state.day is None or state.day == turn.today.isoformat():
        return ()
    return (where_we_were(tools, state),)
