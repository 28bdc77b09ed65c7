"""The desk: reads a text against the state and turns it into the next state with what to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.desk.handlers import HANDLERS
from actions.desk.handlers.courtesy import returning
from actions.desk.handlers.replies import with_pack
from actions.desk.library import Index, IndexLibrary, RestatedLibrary
from actions.desk.messages import DeterminationMessage, Message, Notice, Question, Text
from actions.desk.phrasing import NOTICE
from actions.desk.proceed import proceed
from actions.desk.questions import question
from actions.desk.read import read
from actions.desk.state import CaseState
from actions.desk.turn import Engine, Tools, Turn, Understanding
from actions.desk.values import facts_to_json
from knowledge.model import Knowledge


class PackError(ValueError):
    """The caller named a pack that is not known."""


class Desk:
    """The whole conversation without any of its carriers."""

    def __init__(self, knowledge: Knowledge, engine: Engine, index: Index | None) -> None:
        library = RestatedLibrary(knowledge) if index is None else IndexLibrary(index)
        self.tools = Tools(knowledge, engine, library)

    def profile(self, state: CaseState, pack: str | None) -> CaseState:
        """`state` with the pack that the caller says the person belongs to; raises `PackError` for an
        unknown one.
        """
        if pack is None or pack == state.profile:
            return state
        if pack not in self.tools.knowledge.packs:
            raise PackError(f"profile.pack: {pack!r} is none of {', '.join(self.tools.knowledge.packs)}")
        waiting = None if state.pending is not None and state.pending.kind == "pack" else state.pending
        return replace(with_pack(self.tools, state, pack), pending=waiting)

    def read(
        self, state: CaseState, text: str, understanding: Understanding, message_id: str, today: dt.date,
        *, parts: Sequence[tuple[str, Understanding]] = (),
    ) -> Turn:  # fmt: skip
        """The text as a turn, its act settled; `today` is the person's date.

        `parts` are the pieces of a text that sounds like two matters, each as it is understood alone.
        """
        turn = read(self.tools.knowledge, state, text, understanding, message_id, today)
        return replace(turn, parts=tuple(parts))

    def turn(self, state: CaseState, turn: Turn) -> CaseState:
        """The state after `turn`, one version on, with the messages to send in `said`.

        A turn that the state has already taken in changes nothing.
        """
        if state.applied == turn.message_id:
            return state
        reaction = HANDLERS[turn.act](self.tools, state, turn)
        after, said = reaction.state, [*returning(self.tools, state, turn), *reaction.messages]
        if reaction.go_on:
            further = proceed(self.tools, after, turn.today)
            after, said = further.state, [*said, *further.messages]
        after, said = _with_notice(after, said)
        return replace(
            after, version=state.version + 1, applied=turn.message_id, day=turn.today.isoformat(),
            said=tuple(message.to_json() for message in said),
        )  # fmt: skip

    def question(self, state: CaseState) -> Question | None:
        """The pending question as a person reads it."""
        return None if state.pending is None else question(self.tools.knowledge, state, state.pending)

    def public_state(self, state: CaseState) -> dict[str, Any]:
        """`state` of the chat contract: pack, topic, facts and the pending question."""
        asked = self.question(state)
        return {
            "pack": state.pack,
            "topic": state.topic,
            "facts": facts_to_json(state.values),
            "pending": None if asked is None else asked.pending(),
        }


def _with_notice(state: CaseState, said: list[Message]) -> tuple[CaseState, list[Message]]:
    """The notice once in a case, before its first question or determination; never an empty reply."""
    if not said:
        said = [Text("I am here. Tell me what happened, or what you would like to do.")]
    opens = any(isinstance(message, (Question, DeterminationMessage)) for message in said)
    if state.noticed or not opens:
        return state, said
    return replace(state, noticed=True), [Notice(NOTICE, "guidance"), *said]
