"""From the pending question of a state to the question as a person reads it."""

from __future__ import annotations

import hashlib

from actions.desk.messages import Choice, Question
from actions.desk.state import Asked, CaseState, Hint
from actions.desk.values import Json, to_json
from actions.desk.words import label, plain, subject, value_words
from knowledge.model import Fact, Knowledge

TOKEN = "opt-"
QUOTED = 9
ABOUT_TALK = frozenset({"pack", "topic", "switch", "resume", "check", "contradiction"})
HINTS = {
    "money": "An amount like $40, or “I don't know”.",
    "date": "A date like March 3, 2026, or “I don't know”.",
    "integer": "A number like 3, or “I don't know”.",
    "bool": "Yes, no, or “I don't know”.",
    "choice": "A number, the words, or “I don't know”.",
    "checklist": "The numbers or words of all that apply, or “none of these”.",
    "talk": "A number or the words.",
}


def token(state: CaseState, asked: Asked, value: Json) -> str:
    """The opaque word that a button sends for this option: it means nothing in another case or question."""
    seed = f"{state.conversation_id}|{state.case}|{asked.kind}|{','.join(asked.facts)}|{value}"
    return TOKEN + hashlib.blake2b(seed.encode(), digest_size=8).hexdigest()


def question(knowledge: Knowledge, state: CaseState, asked: Asked) -> Question:
    """`asked` in words, with its options, their tokens, why it is asked and how many may still come."""
    choices = tuple(
        Choice(value, words, token(state, asked, value)) for value, words in _options(knowledge, state, asked)
    )
    text, why = _words(knowledge, state, asked)
    kind = knowledge.facts[asked.facts[0]].type if asked.kind in ("fact", "date", "checklist") else "choice"
    hint = HINTS["talk" if asked.kind in ABOUT_TALK else "checklist" if asked.kind == "checklist" else kind]
    left = 0 if asked.kind in ABOUT_TALK else asked.at_most
    return Question(text, asked.facts, why, choices, asked.kind == "checklist", left, kind, hint)


def options(knowledge: Knowledge, state: CaseState, asked: Asked) -> tuple[Choice, ...]:
    """The options alone, for reading an answer."""
    return question(knowledge, state, asked).options


def _options(knowledge: Knowledge, state: CaseState, asked: Asked) -> list[tuple[Json, str]]:
    if asked.kind == "pack":
        packs = sorted(knowledge.packs.values(), key=lambda pack: (pack.jurisdiction, pack.extends or ""))
        return [(pack.id, pack.title) for pack in packs]
    if asked.kind == "topic":
        return [
            *((topic, knowledge.topics[topic].title) for topic in asked.topics),
            ("other", "Something else"),
        ]
    if asked.kind == "switch":
        return [("finish", "Finish this one first"), ("switch", "Switch to the new one")]
    if asked.kind == "resume":
        return [("yes", "Yes, take it up"), ("no", "No, leave it")]
    if asked.kind == "check":
        return [("yes", "Yes, check mine"), ("no", "No, thanks")]
    if asked.kind == "contradiction":
        new, old = _values(knowledge, state, asked)
        return [("new", new), ("old", old)]
    if asked.kind == "checklist":
        return [(name, label(knowledge, name)) for name in asked.facts]
    if asked.kind == "date":
        return [("skip", "Not now")]
    where = knowledge.packs[state.pack].jurisdiction if state.pack else ""
    return _fact_options(knowledge.facts[asked.facts[0]], state.hints.get(asked.facts[0]), where)


def _values(knowledge: Knowledge, state: CaseState, asked: Asked) -> tuple[str, str]:
    """What was heard now and what was known before, in words."""
    name = asked.facts[0]
    fact = knowledge.facts[name]
    return value_words(fact, state.hints[name].value), value_words(fact, state.facts[name].value)


def _fact_options(fact: Fact, hint: Hint | None, jurisdiction: str) -> list[tuple[Json, str]]:
    if fact.type == "bool":
        return [(True, "Yes"), (False, "No")]
    if fact.type == "choice":
        return [
            (option.value, plain(option.label))
            for option in fact.options
            if option.jurisdiction in ("", jurisdiction)
        ]
    if hint is not None:
        return [(to_json(hint.value), f"Yes, {value_words(fact, hint.value)}")]
    return []


def _words(knowledge: Knowledge, state: CaseState, asked: Asked) -> tuple[str, str]:
    if asked.kind == "checklist":
        return _checklist_words(knowledge, asked)
    if asked.kind in ("fact", "date"):
        return _fact_words(knowledge.facts[asked.facts[0]], state, asked)
    if asked.kind == "pack":
        return "Who are you, and whose rules do you need?", "Each state and agency has rules of its own."
    if asked.kind == "topic":
        start = "" if state.topic is None else "I may have misread you. "
        return f"{start}What is your question about?", "It tells me which rules to read."
    if asked.kind == "contradiction":
        now, before = _values(knowledge, state, asked)
        about = label(knowledge, asked.facts[0])
        text = f"Earlier I noted “{about}: {before}”. Now I hear “{now}”. Which is right?"
        return text, "The two do not fit together, and the answer may turn on it."
    new = subject(knowledge, asked.topics[0])
    if asked.kind == "switch":
        now = subject(knowledge, state.topic)
        text = f"That sounds like a new question, about {new}."
        text = f"{text} Shall we finish the one about {now} first, or switch?"
        return text, "I take one question at a time and keep the other for you."
    if asked.kind == "check":
        about = f" about {new}" if len(asked.topics) == 1 else ""
        return f"Shall I check your own situation{about}?", "The rules turn on the facts of each case."
    return f"You also asked about {new}. Shall we take it up now?", "I kept it for you."


def _checklist_words(knowledge: Knowledge, asked: Asked) -> tuple[str, str]:
    checklist = knowledge.checklists.get(asked.checklist or "")
    ask = plain(checklist.question) if checklist else "Does any of these apply?"
    why = "Each of these is rare, but it would change the answer."
    return ask, why


def _fact_words(fact: Fact, state: CaseState, asked: Asked) -> tuple[str, str]:
    ask = plain(fact.question)
    hint = state.hints.get(fact.name)
    if asked.kind == "date":
        return f"Want the deadline as a date? {ask} Or say not now.", plain(fact.why)
    if hint is None:
        return ask, plain(fact.why)
    if fact.type == "bool":
        return f"You wrote “{_short(hint.text)}”. To be sure: {ask}", plain(fact.why)
    guess = value_words(fact, hint.value)
    guess = f"“{guess}”" if fact.type == "choice" else guess
    return f"You wrote “{_short(hint.text)}”. Did you mean {guess}? {ask}", plain(fact.why)


def _short(words: str) -> str:
    """The words as they are quoted back: the beginning of a long text is enough to know it by."""
    kept = words.split()
    return words if len(kept) <= QUOTED else f"{' '.join(kept[:QUOTED])} …"
