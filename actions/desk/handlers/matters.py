"""A described situation: it opens a case, adds to the open one, or waits while the open one is finished."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions.desk.facts import PROFILE, acceptable, changed, contradicted, doubt, hear, person, take
from actions.desk.lookup import passage_first
from actions.desk.messages import Message, Text
from actions.desk.proceed import again, ask
from actions.desk.state import PARKED, Asked, CaseState, FactEntry, Hint, Matter, remember
from actions.desk.turn import Mention, Reaction, Tools, Turn, Understanding
from actions.desk.words import clause, clauses, subject
from knowledge.model import Value

# Words with which people begin a second matter in the same message.
_SECOND = re.compile(
    r"\b(also|another (?:thing|question|matter)|separately|two (?:questions|things)|secondly|besides)\b", re.I
)
# Words that point back to who or what was told of before.
_BACK = re.compile(
    r"(?:(?:well|but|and|also|oh|no|yes|yeah|actually|wait|btw|ps),? )*"
    r"(?:s?he|it|they|that|this|those|these|there|his|her|their)(?:\b|s\b|'s|’s)",
    re.I,
)
SECOND_SCORE, PART_SCORE = 0.2, 0.5
TWO = "I hear two questions. I take one first, so that nothing gets lost."
NO_NEWS = (
    "I could not take a new fact from that. To change one, say it like “it cost $40”. To ask something else, "
    "say “new question”."
)
FOLLOW_UP_WORDS = 14
ALTERNATIVES, ALTERNATIVE_SCORE = 2, 0.005
# Two topics nearer than this are asked about rather than guessed.
CLOSE = 0.2
SURE_TOPIC = 0.6


def situation(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """A new case, more facts for the open one, or "finish or switch" when it is about something else."""
    topic = topic_of(tools, state, turn)
    if state.topic is not None and state.pending is not None and state.pending.kind == "topic":
        topic = _named(state, turn) or state.topic
        settled = replace(state, topic=topic, pending=None, confirmed=True, heard=share(turn, topic))
        return more_facts(tools, settled, turn)
    if state.phase == "asking" and state.topic is not None and topic not in (None, state.topic):
        return _other_matter(tools, state, turn, topic or "")
    if state.topic is not None and (state.phase == "asking" or _adds(state, turn, topic)):
        return more_facts(tools, state, turn)
    opened = open_case(tools, state, turn, topic)
    return replace(opened, messages=(*opened.messages, *passage_first(tools, opened.state, turn)))


def _named(state: CaseState, turn: Turn) -> str | None:
    """The topic that a description names: a sure one, else the likeliest of those that were offered."""
    understood = turn.understanding
    if understood.topic is None or share(turn, understood.topic) >= SURE_TOPIC:
        return understood.topic
    offered = state.pending.topics if state.pending is not None else ()
    return next((topic for topic, _ in understood.topics if topic in offered), understood.topic)


def share(turn: Turn, topic: str) -> float:
    """How likely a topic is; a topic without a figure was named outright."""
    return dict(turn.understanding.topics).get(topic, 1.0)


def topic_of(tools: Tools, state: CaseState, turn: Turn) -> str | None:
    """The topic understood, or the likeliest one that the person's pack answers."""
    understood = turn.understanding
    if understood.topic is None or state.pack is None:
        return understood.topic
    ranked = [understood.topic, *(topic for topic, score in understood.topics if score >= SECOND_SCORE)]
    answered = (topic for topic in ranked if state.pack in tools.knowledge.topics[topic].packs)
    return next(answered, understood.topic)


def open_case(tools: Tools, state: CaseState, turn: Turn, topic: str | None) -> Reaction:
    """A fresh case on what was said, with the person's own facts kept; a second matter is set aside."""
    fresh = new_case(state) if state.topic is not None or state.phase != "new" else state
    unclear = _unclear(tools, fresh.profile, turn, topic)
    fresh = replace(
        fresh,
        topic=None if unclear else topic,
        opening=turn.text,
        profile=fresh.profile or turn.understanding.pack,
        alternatives=_alternatives(tools, fresh.profile, turn, topic),
        heard=1.0 if topic is None or unclear else share(turn, topic),
        pending=Asked("topic", ("topic",), topics=unclear) if unclear or topic is None else None,
        waiting=None,
    )
    second = _second(tools, fresh, turn)
    facts, unsure = _of_first(fresh, turn) if second is not None else _all(turn)
    fresh = hear(tools.knowledge, fresh, unsure)
    other = contradicted(tools.knowledge, fresh, facts)
    told = {name: value for name, value in facts.items() if name not in other}
    fresh = take(tools.knowledge, fresh, told, "understood", turn)
    said: list[Message] = list(understood(tools, fresh, told))
    if second is not None:
        title = subject(tools.knowledge, second.topic)
        said.append(Text(f"{TWO} I keep the one about {title} for after."))
        fresh = park(fresh, second)
    return Reaction(fresh if fresh.pending is not None else doubt(fresh, other, turn), tuple(said))


def _all(turn: Turn) -> tuple[Mapping[str, Value], Sequence[Mention]]:
    return turn.understanding.facts, turn.understanding.unsure


def _of_first(state: CaseState, turn: Turn) -> tuple[Mapping[str, Value], Sequence[Mention]]:
    """What the parts about the first matter say, and who the person is: the rest belongs to the second."""
    own = [part for _, part in turn.parts if part.topic == state.topic]
    if not own:
        return _all(turn)
    facts = {name: value for name, value in turn.understanding.facts.items() if name in PROFILE}
    for part in own:
        facts |= part.facts
    return facts, [mention for part in own for mention in part.unsure]


def _unclear(tools: Tools, pack: str | None, turn: Turn, topic: str | None) -> tuple[str, ...]:
    """The topics to choose from when the message fits two about as well, or none."""
    ranked = [(name, score) for name, score in turn.understanding.topics
              if pack is None or pack in tools.knowledge.topics[name].packs]  # fmt: skip
    if topic is None:
        return tuple(name for name, _ in ranked)
    if _several(turn.text):
        return ()
    close = len(ranked) > 1 and ranked[0][0] == topic and ranked[0][1] - ranked[1][1] < CLOSE
    return (ranked[0][0], ranked[1][0]) if close else ()


def _alternatives(tools: Tools, pack: str | None, turn: Turn, topic: str | None) -> tuple[str, ...]:
    """What else the opening may be about, the likeliest first."""
    likely = (
        name for name, score in turn.understanding.topics if name != topic and score >= ALTERNATIVE_SCORE
    )
    served = (name for name in likely if pack is None or pack in tools.knowledge.topics[name].packs)
    return tuple(served)[:ALTERNATIVES] if topic is not None else ()


def more_facts(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Further facts for the open case."""
    other = contradicted(tools.knowledge, state, turn.understanding.facts)
    told = {name: value for name, value in turn.understanding.facts.items() if name not in other}
    new = {name: value for name, value in told.items() if name not in state.facts}
    said = understood(tools, state, new)
    heard = hear(tools.knowledge, remember(state), turn.understanding.unsure)
    after = take(tools.knowledge, heard, told, "understood", turn)
    if after.values == state.values and not other:
        said = (Text(_no_news(tools, state, told, after.hints != state.hints)),)
        if state.phase == "determined":
            return Reaction(state, (*said, *again(tools, state).messages), go_on=False)
    keep = state.pending if state.pending is not None and state.pending.kind == "topic" else None
    return Reaction(doubt(replace(after, pending=keep), other, turn), said)


def _no_news(tools: Tools, state: CaseState, told: Mapping[str, Value], heard: bool) -> str:
    known = acceptable(tools.knowledge, state.pack, told)
    if known:
        return f"I have that already: {clauses(tools.knowledge, known)}."
    if heard:
        return "I kept that in mind. It does not answer my question yet."
    if state.phase == "determined":
        return NO_NEWS
    return "I could not take a fact from that, so my question still stands."


def understood(tools: Tools, state: CaseState, facts: Mapping[str, Value]) -> tuple[Text, ...]:
    """What was taken from free words, said back so that it can be corrected, once it is known whose facts
    they are.
    """
    good = acceptable(tools.knowledge, state.pack, facts)
    if not good or state.pack is None:
        return ()
    return (Text(f"I understood: {clauses(tools.knowledge, good)}. If any of that is wrong, just tell me."),)


def new_case(state: CaseState) -> CaseState:
    """An empty case of the same conversation: the profile, the person's own facts and parked matters stay."""
    return CaseState(
        state.conversation_id, case=state.case + 1, version=state.version, profile=state.profile,
        facts=person(state), parked=state.parked, day=state.day, applied=state.applied, said=state.said,
        noticed=state.noticed,
    )  # fmt: skip


def park(state: CaseState, matter: Matter) -> CaseState:
    """`state` with `matter` kept for later; the oldest gives way."""
    others = tuple(kept for kept in state.parked if kept.topic != matter.topic)
    return replace(state, parked=(*others, matter)[-PARKED:])


def take_up(state: CaseState, matter: Matter) -> CaseState:
    """A new case on a matter that was put aside."""
    fresh = new_case(state)
    return replace(
        fresh, topic=matter.topic, opening=matter.opening, facts={**fresh.facts, **matter.facts},
        dont_know=matter.dont_know, hints=matter.hints,
    )  # fmt: skip


def settle(tools: Tools, state: CaseState, choice: str, turn: Turn) -> Reaction:
    """The answer to "finish or switch", "take it up now?" and "check your own situation?"."""
    kind = state.pending.kind if state.pending is not None else ""
    free = replace(state, pending=None, waiting=None)
    if kind == "switch" and state.waiting is not None:
        if choice == "switch":
            return Reaction(
                take_up(park(free, current(free)), state.waiting),
                (Text("All right, the new one. I keep the first."),),
            )
        return Reaction(
            park(free, state.waiting), (Text("All right, we finish this one. I keep the other for after."),)
        )
    if kind == "contradiction":
        return _which(tools, state, choice, turn)
    if kind == "check" and state.waiting is not None:
        if choice == "yes" and state.pending is not None and len(state.pending.topics) > 1:
            unclear = replace(take_up(free, state.waiting), topic=None)
            return ask(tools, unclear, Asked("topic", ("topic",), topics=state.pending.topics))
        if choice == "yes":
            return Reaction(take_up(free, state.waiting))
        return Reaction(free, (Text("All right. Ask me anything else when you like."),), go_on=False)
    if kind == "resume" and state.parked:
        rest = replace(free, parked=state.parked[:-1])
        if choice == "yes":
            return Reaction(take_up(rest, state.parked[-1]), (Text("Back to your other question."),))
        return Reaction(
            rest, (Text("All right, I let it go. Ask me anything else when you like."),), go_on=False
        )
    return Reaction(
        replace(free, dont_know=(*state.dont_know, *_date(state))), (Text("That is fine."),), go_on=False
    )


def _which(tools: Tools, state: CaseState, choice: str, turn: Turn) -> Reaction:
    """Takes the value that is right; the next contradiction, if any, is asked about then."""
    names = state.pending.facts if state.pending is not None else ()
    name, rest = names[0], names[1:]
    pending = Asked("contradiction", rest) if rest else None
    hints = {other: hint for other, hint in state.hints.items() if other != name}
    free = replace(remember(state, pending=pending), hints=hints)
    if choice != "new":
        kept = Text(f"I keep it as it was: {clause(tools.knowledge, name, state.facts[name].value)}.")
        return Reaction(free, (kept,), go_on=rest != () or state.phase != "determined")
    after = take(tools.knowledge, free, {name: state.hints[name].value}, "confirmed", turn)
    return Reaction(after, (Text(f"Changed. {'; '.join(changed(tools.knowledge, state, after))}."),))


def current(state: CaseState) -> Matter:
    """The open case as a matter to be put aside."""
    return Matter(state.topic or "", state.opening, state.facts, state.dont_know, state.hints)


def _date(state: CaseState) -> tuple[str, ...]:
    return state.pending.facts if state.pending is not None and state.pending.kind == "date" else ()


def _adds(state: CaseState, turn: Turn, topic: str | None) -> bool:
    """A short remark after the outcome that has facts, points back, or surely has no topic of its own, is
    part of the case.
    """
    short = len(turn.text.split()) <= FOLLOW_UP_WORDS and "?" not in turn.text
    if state.phase != "determined" or not short:
        return False
    if topic is None or share(turn, topic) < SURE_TOPIC:
        return True
    return topic == state.topic and (bool(turn.understanding.facts) or bool(_BACK.match(turn.text)))


def matter_of(tools: Tools, state: CaseState, turn: Turn, topic: str) -> Matter:
    """What the turn says, as a matter of its own."""
    return _matter(tools, state, turn, topic, turn.text, turn.understanding)


def _matter(tools: Tools, state: CaseState, turn: Turn, topic: str, text: str, said: Understanding) -> Matter:
    good = acceptable(tools.knowledge, state.pack, said.facts)
    facts = {name: FactEntry(value, "understood", turn.message_id) for name, value in good.items()}
    hints = {mention.name: Hint(mention.value, mention.text) for mention in said.unsure}
    return Matter(topic, text, {**person(state), **facts}, hints=hints)


def _other_matter(tools: Tools, state: CaseState, turn: Turn, topic: str) -> Reaction:
    if any(kept.topic == topic for kept in state.parked):
        kept = park(state, matter_of(tools, state, turn, topic))
        return Reaction(kept, (Text("I have kept that one for after. First this:"),))
    waiting = replace(state, waiting=matter_of(tools, state, turn, topic))
    return ask(tools, waiting, Asked("switch", ("switch",), topics=(topic,)))


def _several(text: str) -> bool:
    """Whether the words sound like more than one question."""
    return bool(_SECOND.search(text)) or text.count("?") > 1


def _is_other(tools: Tools, state: CaseState, part: Understanding) -> bool:
    """Whether a part of the message surely tells of another topic that the person's pack answers."""
    if part.act not in ("situation", "what_if") or part.topic in (None, state.topic) or not part.topics:
        return False
    served = state.pack is None or state.pack in tools.knowledge.topics[part.topic or ""].packs
    return served and part.topics[0][1] >= PART_SCORE


def _second(tools: Tools, state: CaseState, turn: Turn) -> Matter | None:
    """Another topic in the same message, when a part of it or the words and the ranking say so."""
    for text, part in turn.parts:
        if _is_other(tools, state, part):
            return _matter(tools, state, turn, part.topic or "", text, part)
    if not _several(turn.text):
        return None
    for topic, score in turn.understanding.topics:
        served = state.pack is None or state.pack in tools.knowledge.topics[topic].packs
        if topic != state.topic and score >= SECOND_SCORE and served:
            return Matter(topic, turn.text, person(state))
    return None
