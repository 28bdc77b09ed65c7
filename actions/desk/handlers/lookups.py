"""Questions about the law and about the desk's own questions; the case waits and is taken up again."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.desk.answers import normal
from actions.desk.handlers.matters import matter_of, share, topic_of
from actions.desk.lookup import looked_up
from actions.desk.messages import Answer, Message, Text
from actions.desk.phrasing import layer_text, outcome_label, reason
from actions.desk.proceed import again, ask, decide
from actions.desk.questions import question
from actions.desk.state import Asked, CaseState
from actions.desk.turn import Reaction, Tools, Turn
from actions.desk.words import plain
from knowledge.model import Term

LIKELY = 0.5
_MEANT = re.compile(
    r"\bwhat (?:does |do |is |are |s )?(?:you mean by |meant by |the meaning of )?(?:an |a |the )?(.{2,40}?)"
    r"(?: means?)?$"
)


def information(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """What the published rules say, or that nothing was found and whom to ask; then the case goes on."""
    return _and_check(tools, state, turn, looked_up(tools, state, turn))


def ask_definition(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """A term in plain words from the glossary, else what the rules say about it."""
    term = _term(tools, turn.text)
    if term is None:
        return _not_in_glossary(tools, state, turn)
    passages = tuple(tools.library.passages(term.cites))
    message = Answer(True, f"“{term.term}” means: {plain(term.meaning)}", passages)
    return _and_check(tools, state, turn, message)


def _not_in_glossary(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """What the rules say, if they speak of the word at all; a passage without it explains nothing."""
    word = _asked_word(turn.text)
    if word is None:
        return information(tools, state, turn)
    found = tools.library.answer(turn.text, state.pack)
    if found.found and word in normal(found.text):
        return information(tools, state, turn)
    text = f"I have no meaning for “{word}” in my word list. Try another word for it, or ask a person."
    return _and_check(tools, state, turn, Answer(False, text))


def _asked_word(text: str) -> str | None:
    match = _MEANT.search(normal(text).rstrip("?"))
    return match[1].strip() if match else None


def ask_why(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Why the pending question is asked, or why the outcome is what it is."""
    if state.pending is not None:
        why = question(tools.knowledge, state, state.pending).why
        said: tuple[Message, ...] = (Text(f"Why I ask: {why}"), *again(tools, state).messages)
        return Reaction(state, said, go_on=False)
    if state.phase == "determined" and state.topic is not None and state.pack is not None:
        determination = decide(tools, state, turn.today)
        words = (
            f"The answer: {outcome_label(tools.knowledge, determination.outcome)}. "
            f"{reason(tools.knowledge, determination)} {layer_text(tools.knowledge, determination)}"
        )
        return Reaction(state, (Text(words.strip()),), go_on=False)
    return Reaction(
        state,
        (Text("I ask only what can still change the answer. Tell me what happened, and I start."),),
        go_on=False,
    )


def _and_check(tools: Tools, state: CaseState, turn: Turn, message: Answer) -> Reaction:
    """The answer, then the open question; with none open, the offer to check the person's own situation."""
    if state.pending is not None:
        return Reaction(state, (message, *again(tools, state).messages), go_on=False)
    topic = topic_of(tools, state, turn)
    checked = state.phase == "determined" and topic == state.topic
    if topic is None or checked:
        return Reaction(state, (message,), go_on=False)
    waiting = replace(state, waiting=matter_of(tools, state, turn, topic))
    topics = (topic,) if share(turn, topic) >= LIKELY else _ranked(tools, state, turn, topic)
    return ask(tools, waiting, Asked("check", ("check",), topics=topics), message)


def _ranked(tools: Tools, state: CaseState, turn: Turn, topic: str) -> tuple[str, ...]:
    """The topics that an unclear question may be about, to choose from when it comes to that."""
    likely = (name for name, _ in turn.understanding.topics if name != topic)
    served = (
        name for name in likely if state.pack is None or state.pack in tools.knowledge.topics[name].packs
    )
    return (topic, *served)


def _term(tools: Tools, text: str) -> Term | None:
    """The longest term of the glossary, or synonym of one, that the text names."""
    words = f" {normal(text).rstrip('?')} "
    best: tuple[int, Term] | None = None
    for term in tools.knowledge.glossary.values():
        for name in (term.term, *term.synonyms):
            if f" {normal(name)} " in words and (best is None or len(name) > best[0]):
                best = (len(name), term)
    return best[1] if best else None
