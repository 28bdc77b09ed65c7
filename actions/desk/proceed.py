"""What comes next: the question that still matters, or the determination."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

from actions.desk.facts import PROFILE
from actions.desk.messages import Message, Text
from actions.desk.phrasing import PERMISSIONS, determination_message, going_by, outcome_label
from actions.desk.questions import question
from actions.desk.state import Asked, CaseState, Kind, Phase
from actions.desk.turn import Reaction, Tools
from actions.desk.words import listing, subject
from actions.engine.result import Determination
from actions.engine.scope import REFER

DOUBTED = "I am not sure what your question is about, so I do not say yes."
ABOUT_TALK = ("switch", "resume", "check", "date", "contradiction")
TOPICS_OFFERED, LIKELY_ENOUGH = 5, 2
# Someone who cannot say this often is better served by what can be said now, and by a person.
UNKNOWN_ENOUGH = 6
# Someone who cannot answer most of the first questions was perhaps misread and may name the topic.
MISREAD = 3
# A topic heard less surely is asked about before a yes.
HEARD_FOR_YES = 0.9


def as_of(state: CaseState, today: dt.date) -> dt.date:
    """The date whose law applies: the one the person named, else today."""
    entry = state.facts.get("as_of_date")
    return entry.value if entry is not None and isinstance(entry.value, dt.date) else today


def ask(tools: Tools, state: CaseState, asked: Asked, *before: Message) -> Reaction:
    """The state that waits for `asked`, and the question in words."""
    waiting = replace(state, pending=asked, phase=_phase(state, asked))
    return Reaction(waiting, (*before, question(tools.knowledge, waiting, asked)), go_on=False)


def _phase(state: CaseState, asked: Asked) -> Phase:
    return state.phase if asked.kind in ("resume", "check", "date", "contradiction") else "asking"


def again(tools: Tools, state: CaseState) -> Reaction:
    """The pending question once more; nothing when none is pending."""
    if state.pending is None:
        return Reaction(state, (), go_on=False)
    return ask(tools, state, state.pending)


def proceed(tools: Tools, state: CaseState, today: dt.date) -> Reaction:
    """Ask what is still missing, the person's pack and the topic first, or decide."""
    if state.pending is not None and state.pending.kind in ABOUT_TALK:
        return again(tools, state)
    if state.topic is None:
        return _ask_topic(tools, state)
    if state.pack is None:
        return ask(tools, state, Asked("pack", ("pack",)))
    if state.pack not in tools.knowledge.topics[state.topic].packs:
        return _elsewhere(tools, state)
    asked = tools.engine.next_question(
        state.pack, state.topic, state.values, as_of(state, today),
        dont_know=state.unknown, absent=state.not_yet,
    )  # fmt: skip
    unknown = _times_unknown(state)
    lost = asked is not None and unknown >= MISREAD and unknown > _times_told(state)
    denied = not state.confirmed and denies_topic(tools, state)
    if denied or (lost and state.alternatives):
        return ask(
            tools, replace(state, alternatives=()), Asked("topic", ("topic",), topics=misread(tools, state))
        )
    if asked is not None and unknown < UNKNOWN_ENOUGH:
        kind: Kind = "checklist" if len(asked.facts) > 1 else "fact"
        return ask(tools, state, Asked(kind, asked.facts, asked.checklist, asked.at_most))
    return _decide(tools, state, today)


def misread(tools: Tools, state: CaseState) -> tuple[str, ...]:
    """The topics that a misread case may be about: what else the opening fits, else what the pack answers."""
    taken = (state.topic or "",)
    if state.alternatives:
        return (*state.alternatives, *taken)
    others = tuple(name for name in _served(tools, state) if name != state.topic)
    return (*taken, *others)[:TOPICS_OFFERED]


def _served(tools: Tools, state: CaseState) -> list[str]:
    """The topics on which the person's pack has rules."""
    topics = tools.knowledge.topics.values()
    return [topic.id for topic in topics if state.pack is None or state.pack in topic.packs]


def denies_topic(tools: Tools, state: CaseState) -> bool:
    """Whether an answer says that the question is not about the topic it was taken for."""
    denied = tools.knowledge.topics[state.topic or ""].denied_by
    return any(name in state.facts and state.values[name] == value for name, value in denied.items())


def _times_unknown(state: CaseState) -> int:
    """How many questions of the case were answered with "I don't know"."""
    steps = [*(step.dont_know for step in state.history), state.dont_know]
    return sum(len(after) > len(before) for before, after in itertools.pairwise(steps))


def _times_told(state: CaseState) -> int:
    """How many facts the person gave when asked, who they are aside."""
    return sum(
        entry.how in ("said", "confirmed") for name, entry in state.facts.items() if name not in PROFILE
    )


def decide(tools: Tools, state: CaseState, today: dt.date) -> Determination:
    """The determination on the facts of the case; no permission on a topic that was not surely heard."""
    determination = _by_rules(tools, state, today)
    if state.heard >= HEARD_FOR_YES or determination.outcome not in PERMISSIONS:
        return determination
    return replace(
        determination, outcome=REFER, decided_by=None, layer=None, rules=(), duties=(), citations=(),
        referral=DOUBTED,
    )  # fmt: skip


def _by_rules(tools: Tools, state: CaseState, today: dt.date) -> Determination:
    """What the rules say to the facts of the case, presumptions made."""
    if state.pack is None or state.topic is None:
        raise ValueError("a determination needs a pack and a topic")
    return tools.engine.determine(
        state.pack, state.topic, state.values, as_of(state, today),
        dont_know=state.unknown, absent=state.not_yet, presume=True,
    )  # fmt: skip


def _decide(tools: Tools, state: CaseState, today: dt.date) -> Reaction:
    if 0 < state.heard < HEARD_FOR_YES and _by_rules(tools, state, today).outcome in PERMISSIONS:
        # A yes to a question that the person did not ask is the worst answer there is.
        return ask(tools, state, Asked("topic", ("topic",), topics=misread(tools, state)))
    determination = decide(tools, state, today)
    doubtful = next(
        (n for n, v in determination.presumed.items() if n in state.hints and state.hints[n].value != v), None
    )
    if doubtful is not None and doubtful not in state.dont_know:
        return ask(tools, state, Asked("fact", (doubtful,)))
    said: list[Message] = [determination_message(tools, state, determination)]
    if determination.outcome in PERMISSIONS and determination.outcome != state.outcome:
        said.insert(0, Text(going_by(tools.knowledge, state, determination)))
    if state.outcome is not None:
        said.insert(0, Text(_difference(tools, state.outcome, determination.outcome)))
    decided = replace(state, pending=None, phase="determined", outcome=determination.outcome)
    return _follow_up(tools, decided, determination, said)


def _difference(tools: Tools, before: str, now: str) -> str:
    if before == now:
        return f"The answer stays the same: {outcome_label(tools.knowledge, now)}."
    old, new = outcome_label(tools.knowledge, before), outcome_label(tools.knowledge, now)
    return f"That changes the answer: from “{old}” to “{new}”."


def _follow_up(tools: Tools, state: CaseState, determination: Determination, said: list[Message]) -> Reaction:
    """After the outcome: the other matter that was kept, else the date that a deadline runs from."""
    if state.parked:
        return ask(tools, state, Asked("resume", ("resume",), topics=(state.parked[-1].topic,)), *said)
    dates = [duty.due_after for duty in determination.duties if duty.due is None and duty.due_after]
    wanted = next((name for name in dates if name not in state.facts and name not in state.dont_know), None)
    if wanted is not None and wanted in tools.knowledge.facts:
        return ask(tools, state, Asked("date", (wanted,)), *said)
    return Reaction(state, tuple(said), go_on=False)


def _ask_topic(tools: Tools, state: CaseState) -> Reaction:
    """Asks for the topic: the two or more that the message may mean, or the first ones of the pack."""
    likely = state.pending.topics if state.pending is not None and state.pending.kind == "topic" else ()
    served = _served(tools, state)
    offered = [topic for topic in likely if topic in served]
    if len(offered) < LIKELY_ENOUGH:
        offered += [topic for topic in served if topic not in offered]
    return ask(tools, state, Asked("topic", ("topic",), topics=tuple(offered[:TOPICS_OFFERED])))


def _elsewhere(tools: Tools, state: CaseState) -> Reaction:
    """The topic is none of this pack's: say whose it is, and whom to ask."""
    topic = tools.knowledge.topics[state.topic or ""]
    packs = listing([tools.knowledge.packs[pack].title for pack in topic.packs], "or")
    contact = tools.knowledge.packs[state.pack or ""].contact
    text = (
        f"I have no rules about {subject(tools.knowledge, topic.id)} for you. I do for: {packs}. "
        f"If that is you, tell me so. If not, ask {contact}."
    )
    return Reaction(replace(state, pending=None, topic=None, phase="new"), (Text(text),), go_on=False)
