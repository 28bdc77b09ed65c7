"""What the published rules say to a question, as a message."""

from __future__ import annotations

import re

from actions.desk.acts import asks
from actions.desk.messages import Answer
from actions.desk.state import CaseState
from actions.desk.turn import Found, Tools, Turn
from actions.desk.words import plain

# "Who decides", "how long", "by when": these ask what the rules say. "May I" asks for a decision.
_ASKS_RULES = re.compile(
    r"^(?:(?:and|so|but|ok|okay|well|um|hi|hello),? )*"
    r"(?:who|whose|whom|when|where|which|how(?! about\b)|what(?!\s+(?:if|about|now|do i do|should i do)\b)"
    r"|(?:by|from|until|to|at|for|on|in|under) (?:whom|what|which|when|how))\b",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def looked_up(tools: Tools, state: CaseState, turn: Turn) -> Answer:
    """The sentences that answer, with their citation, or that nothing was found and who can help."""
    found = tools.library.answer(turn.text, state.pack)
    return Answer(found.found, _words(found) if found.found else _nothing(tools, state), found.passages)


def passage_first(tools: Tools, state: CaseState, turn: Turn) -> tuple[Answer, ...]:
    """What the rules say to a text that ends in a question about them, or in one of no known topic.

    A model hears facts in such questions too ("how do I see my file?"), so the case is opened all the same.
    """
    last = _SENTENCE.split(turn.text.strip())[-1]
    wanted = asks(last) if state.topic is None else _ASKS_RULES.match(last)
    if turn.parts or not wanted:
        return ()
    answer = looked_up(tools, state, turn)
    return (answer,) if answer.found else ()


def _words(found: Found) -> str:
    source = f" ({found.citation})" if found.citation else ""
    note = f" Note: {found.status}." if found.status else ""
    return f"{found.text}{source}{note}"


def _nothing(tools: Tools, state: CaseState) -> str:
    contact = plain(tools.knowledge.packs[state.pack].contact) if state.pack else "your ethics contact"
    return f"I found nothing in the published rules that answers this. A person can help: {contact}."
