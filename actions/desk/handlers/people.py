"""When a person must take over: on request, on wrongdoing by others, in distress."""

from __future__ import annotations

from dataclasses import replace

from actions.desk.handlers.review import summary
from actions.desk.messages import Answer, Notice, Text
from actions.desk.proceed import again
from actions.desk.state import CaseState
from actions.desk.turn import Reaction, Tools, Turn
from actions.desk.words import plain

WRONGDOING = (
    "I do not judge what another person did. The rules have a way to report it, and rules on who may "
    "learn of it. Talk to the office below first if you are not sure. Please leave names out of this chat."
)
COMPLAINT = "how to file a complaint about a violation and when it stays confidential"


def talk_to_human(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Names the contact and hands over the facts; the conversation may still go on."""
    text = f"Here is whom to ask: {contact(tools, state)}. Give them this:\n{summary(tools, state)}"
    handed = replace(state, phase="handed_over")
    return Reaction(
        handed, (Notice(text, "handed_over"), Text("You can also go on here at any time.")), go_on=False
    )


def report_wrongdoing(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """The complaint procedure and its confidentiality; never a determination about a third person."""
    found = tools.library.answer(COMPLAINT, state.pack)
    message = Answer(True, f"{WRONGDOING} Whom to ask: {contact(tools, state)}.", found.passages)
    return Reaction(state, (message, *again(tools, state).messages), go_on=False)


def distress(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """A kind word and a person; nothing is asked."""
    text = (
        "That sounds hard, and I am sorry. You do not have to sort this out alone. "
        f"A person can help: {contact(tools, state)}. Whatever you told me is kept, so there is no hurry."
    )
    return Reaction(state, (Text(text),), go_on=False)


def contact(tools: Tools, state: CaseState) -> str:
    """Whom the person's pack names; without a pack, the ethics officer."""
    return plain(tools.knowledge.packs[state.pack].contact) if state.pack else "your agency's ethics officer"
