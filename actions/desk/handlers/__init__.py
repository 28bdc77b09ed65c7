"""One handler per act: a state and a turn in, the next state and what to say out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.desk.handlers import corrections, courtesy, lookups, matters, people, replies, review
from actions.desk.state import CaseState
from actions.desk.turn import Reaction, Tools, Turn

Handler = Callable[[Tools, CaseState, Turn], Reaction]

HANDLERS: Mapping[str, Handler] = {
    "situation": matters.situation,
    "answer": replies.answer,
    "dont_know": replies.dont_know,
    "correct": corrections.correct,
    "what_if": corrections.what_if,
    "back": corrections.back,
    "information": lookups.information,
    "ask_definition": lookups.ask_definition,
    "ask_why": lookups.ask_why,
    "summarise": review.summarise,
    "talk_to_human": people.talk_to_human,
    "report_wrongdoing": people.report_wrongdoing,
    "distress": people.distress,
    "abusive": courtesy.abusive,
    "restart": courtesy.restart,
    "greeting": courtesy.greeting,
    "small_talk": courtesy.small_talk,
    "thanks": courtesy.thanks,
    "save": courtesy.save,
    "out_of_scope": courtesy.out_of_scope,
}
