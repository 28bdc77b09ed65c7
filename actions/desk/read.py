"""From a text and its understanding to a turn: what a reply answers exactly is settled here, before any
handler.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace

from actions.desk.acts import COMMANDING, COMMANDS, REMARKS, asks, impatient, settled, vague
from actions.desk.answers import lead, normal, plain_no, read_reply
from actions.desk.doubtful import bears_out, verdict
from actions.desk.introduction import introduces, named_pack
from actions.desk.questions import TOKEN, options
from actions.desk.state import Asked, CaseState
from actions.desk.turn import Reply, Turn, Understanding
from knowledge.model import Knowledge

# A bare figure is an answer that does not fit, never a greeting.
LEADING = frozenset({"answer", "situation", "dont_know", "out_of_scope"})
COURTESIES = frozenset({"greeting", "thanks", "small_talk", "out_of_scope"})
EXPECTED = {
    "bool": "I need a yes or a no, or “I don't know”.",
    "choice": "Pick one of the options by its number or its words, or say “I don't know”.",
    "money": "I need an amount in dollars, like $40, or “I don't know”.",
    "integer": "I need a number, like 3, or “I don't know”.",
    "date": "I need a date, like March 3, 2026, or “I don't know”.",
}
OTHER_EXPECTED = "Pick one of the options by its number or its words."


def clean(text: str) -> str:
    """`text` without control characters, its blanks single."""
    kept = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text) if c != "\0")
    return " ".join(kept.split())


def read(
    knowledge: Knowledge,
    state: CaseState,
    text: str,
    understanding: Understanding,
    message_id: str,
    today: dt.date,
) -> Turn:
    """The turn with its final act. Exact answers to the pending question win over what the model heard."""
    words = clean(text)
    act, reply = _act(knowledge, state, words, understanding, today)
    return Turn(message_id, words, today, act, understanding, reply)


def _act(
    knowledge: Knowledge, state: CaseState, text: str, understanding: Understanding, today: dt.date
) -> tuple[str, Reply | None]:
    asked = state.pending
    if asked is None:
        return _unasked(knowledge, state, text, understanding), None
    if not text or text.startswith(TOKEN):
        reply = (
            read_reply(asked, text, knowledge.facts, options(knowledge, state, asked), state.hints, today)
            if text
            else None
        )
        return "answer", reply or Reply(
            problem="That button belongs to another question." if text else expected(knowledge, asked)
        )
    reply = read_reply(asked, text, knowledge.facts, options(knowledge, state, asked), state.hints, today)
    if reply is not None and reply.problem is None:
        return ("dont_know" if reply.unknown else "answer"), replace(reply, exact=True)
    if reply is not None:
        return "answer", reply
    command = COMMANDS.get(normal(text))
    if command is not None:
        return command, None
    if asked.kind in ("fact", "checklist", "date") and vague(text):
        return "answer", Reply(problem=expected(knowledge, asked))
    return _heard(knowledge, state, asked, text, understanding, today)


def _unasked(knowledge: Knowledge, state: CaseState, text: str, understanding: Understanding) -> str:
    command = COMMANDS.get(normal(text))
    if command is not None:
        return command
    if not text or text.startswith(TOKEN) or (text.startswith("/") and understanding.act in COMMANDING):
        return "out_of_scope"
    if normal(text) in REMARKS or plain_no(text) or not any(character.isalnum() for character in text):
        return "small_talk"
    if state.phase == "determined" and impatient(text):
        return "ask_why"
    if state.phase == "new" and introduces(knowledge, text, understanding):
        return "greeting"
    act = settled(text, understanding)
    if act in ("answer", "dont_know") and (understanding.facts or understanding.topic):
        return "situation"
    return "out_of_scope" if act == "answer" else act


def _heard(
    knowledge: Knowledge,
    state: CaseState,
    asked: Asked,
    text: str,
    understanding: Understanding,
    today: dt.date,
) -> tuple[str, Reply | None]:
    """What the model made of a text that is no exact answer."""
    act = "small_talk" if impatient(text) else settled(text, understanding)
    problem = Reply(problem=expected(knowledge, asked))
    no = plain_no(text)
    if no is not None and act in ("dont_know", "answer", "out_of_scope", "greeting", "small_talk"):
        reply = read_reply(asked, no, knowledge.facts, options(knowledge, state, asked), state.hints, today)
        return "answer", reply or problem
    if text.startswith("/") and act in COMMANDING:
        return "answer", problem
    if asked.kind == "pack":
        return _pack(knowledge, text, understanding, problem)
    if asked.kind == "topic" and act == "answer" and understanding.topic is not None:
        return "answer", Reply(choice=understanding.topic)
    if asked.kind not in ("fact", "checklist", "date"):
        return (act, None) if act != "answer" else ("answer", problem)
    said = {name: understanding.facts[name] for name in asked.facts if name in understanding.facts}
    judged = verdict(asked, knowledge.facts[asked.facts[0]], text, said, understanding)
    if judged != "take":
        return "answer", Reply(guess=said) if judged == "ask" else problem
    same = act == "situation" and understanding.topic in (None, state.topic)
    if said and (act == "answer" or same):
        return "answer", Reply(facts=said)
    changes = any(name in state.facts for name in understanding.facts)
    leads = act in LEADING or (act == "correct" and not changes)
    led = lead(asked, text, knowledge.facts[asked.facts[0]]) if leads and bears_out(text) else None
    if led is not None and not said:
        return "answer", led
    if act in COURTESIES and any(character.isdigit() for character in text):
        return "answer", problem
    if act != "answer":
        return act, None
    unsure = any(mention.name in asked.facts for mention in understanding.unsure)
    return "answer", Reply() if understanding.facts or unsure else problem


def _pack(
    knowledge: Knowledge, text: str, understanding: Understanding, problem: Reply
) -> tuple[str, Reply | None]:
    """The pack that a text names as the person's own; a remark that names none is no answer, but side
    questions are heard.
    """
    named = understanding.pack or named_pack(knowledge, text)
    if named is not None:
        return "answer", Reply(choice=named)
    act = understanding.act
    if act in ("answer", "situation", "correct") and understanding.facts:
        return "situation", None
    unread = act in ("answer", "situation", "correct") or introduces(knowledge, text, understanding)
    if unread or (act == "out_of_scope" and not asks(text)):
        return "answer", problem
    return act, None


def expected(knowledge: Knowledge, asked: Asked) -> str:
    """What would be a right answer to `asked`."""
    if asked.kind == "checklist":
        return "Give the numbers or words of those that apply, or say “none of these”."
    if asked.kind not in ("fact", "date"):
        return OTHER_EXPECTED
    return EXPECTED[knowledge.facts[asked.facts[0]].type]
