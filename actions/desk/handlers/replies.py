"""An answer to the pending question, and "I don't know"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from actions.desk.answers import amount, normal
from actions.desk.facts import acceptable, contradicted, doubt, hear, take
from actions.desk.handlers.matters import settle, situation, understood
from actions.desk.messages import Message, Text
from actions.desk.proceed import again, ask, decide, denies_topic, misread
from actions.desk.state import Asked, CaseState, Hint, How, Phase, remember
from actions.desk.turn import Reaction, Reply, Tools, Turn
from actions.desk.words import label, money, subject
from knowledge.model import Value

UNREAD = "I still need an answer on"
STUCK = (
    "I still need an answer on this one, and I am sorry that I cannot read yours. Type just the number or a "
    "word of the list. Or say “I don't know” to go on without it, or “talk to a person”."
)
PLAIN_WORDS = 3
OTHER = "Tell me in a sentence or two what happened, or what you would like to do."


def answer(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Takes the answer; one that cannot be taken is named and the question is asked again."""
    if state.pending is None or turn.reply is None:
        return situation(tools, state, turn)
    if turn.reply.problem is not None:
        return _refused(tools, state, turn, turn.reply.problem)
    if turn.reply.choice is not None:
        return _about_talk(tools, state, turn.reply.choice, turn)
    if turn.reply.absent:
        return _absent(tools, state, turn)
    if turn.reply.guess:
        return _to_confirm(tools, state, turn)
    if turn.reply.denied:
        return Reaction(
            replace(_without_hint(state), pending=None), (Text("Thanks, then let me ask it plainly."),)
        )
    return _facts(tools, state, turn, turn.reply)


def dont_know(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Goes on without the fact: the result will say that it hangs on it."""
    asked = state.pending
    if asked is None:
        return Reaction(state, (Text(f"That is fine. {OTHER}"),), go_on=False)
    if asked.kind in ("fact", "checklist"):
        absent = tuple(name for name in state.absent if name not in asked.facts)
        return Reaction(_without(state, absent), (Text("That is fine, we go on without it."),))
    if asked.kind == "pack":
        text = "I need this one, since each has its own rules. Pick the closest, or say “talk to a person”."
        return Reaction(state, (Text(text), *again(tools, state).messages), go_on=False)
    if asked.kind == "topic":
        kept = state.topic in asked.topics and not denies_topic(tools, state)
        topic = state.topic if kept else asked.topics[0]
        title = subject(tools.knowledge, topic)
        said = Text(f"Then I take it as a question about {title}. If that is wrong, say “start over”.")
        return Reaction(replace(with_topic(state, topic), heard=0.0), (said,))
    defaults = {"contradiction": "old", "switch": "finish", "check": "yes", "resume": "no", "date": "skip"}
    return settle(tools, state, defaults[asked.kind], turn)


def _absent(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """A date that has not come: it is not asked again, and the rules take it as not there."""
    if state.pending is None or state.pending.kind != "fact":
        return dont_know(tools, state, turn)
    absent = tuple(dict.fromkeys((*state.absent, *state.pending.facts)))
    return Reaction(_without(state, absent), (Text("Good, I take it as not having happened yet."),))


def _without(state: CaseState, absent: tuple[str, ...]) -> CaseState:
    """`state` with the pending question left without an answer."""
    asked = state.pending.facts if state.pending is not None else ()
    unknown = tuple(dict.fromkeys((*state.dont_know, *asked)))
    return remember(state, dont_know=unknown, absent=absent, pending=None)


def _to_confirm(tools: Tools, state: CaseState, turn: Turn) -> Reaction:
    """Asks again with what was perhaps meant; only a clear answer makes it a fact."""
    guess = turn.reply.guess if turn.reply is not None else {}
    heard = {name: Hint(value, turn.text) for name, value in guess.items()}
    return again(tools, replace(state, hints={**state.hints, **heard}))


def _refused(tools: Tools, state: CaseState, turn: Turn, problem: str) -> Reaction:
    """What was wrong, and the question again, plainly: a guess that was passed over is not offered twice."""
    plainly = _without_hint(state)
    kept = _amount_kept(tools, plainly, turn)
    if kept is not None:
        return Reaction(*kept, go_on=False)
    said = Text(_named(tools, state, problem))
    if said.text == STUCK and state.alternatives and state.topic is not None:
        topics = misread(tools, state)
        return ask(tools, replace(plainly, alternatives=()), Asked("topic", ("topic",), topics=topics))
    return Reaction(plainly, (said, *again(tools, plainly).messages), go_on=False)


def _amount_kept(tools: Tools, state: CaseState, turn: Turn) -> tuple[CaseState, tuple[Message, ...]] | None:
    """Dollars said when something else was asked: kept for the amount that still matters, to be confirmed."""
    value = amount(turn.text)
    name = None if value is None else _open_amount(tools, state, turn)
    if value is None or name is None:
        return None
    unknown = tuple(other for other in state.dont_know if other != name)
    hints = {**state.hints, name: Hint(value, turn.text)}
    after = replace(state, hints=hints, dont_know=unknown)
    kept = Text(f"I keep the {money(value)} in mind. First I still need this.")
    return after, (kept, *again(tools, after).messages)


def _open_amount(tools: Tools, state: CaseState, turn: Turn) -> str | None:
    if state.pack is None or state.topic is None or (state.pending and state.pending.kind == "date"):
        return None
    facts = tools.knowledge.facts
    open_ = (*state.dont_know, *decide(tools, state, turn.today).missing)
    return next((name for name in open_ if name not in state.facts and facts[name].type == "money"), None)


def _without_hint(state: CaseState) -> CaseState:
    """`state` without the guess at the asked fact; a contradiction is asked by its guess, which stays."""
    if state.pending is None or state.pending.kind == "contradiction":
        return state
    asked = state.pending.facts
    return replace(state, hints={name: hint for name, hint in state.hints.items() if name not in asked})


def _named(tools: Tools, state: CaseState, problem: str) -> str:
    """The problem with the field it is about."""
    if state.pending is None or state.pending.kind not in ("fact", "date", "checklist"):
        return problem
    if any(str(message.get("text", "")).startswith(UNREAD) for message in state.said):
        return STUCK
    if state.pending.kind == "checklist":
        return f"{UNREAD} what fits. {problem}"
    return f"{UNREAD} “{label(tools.knowledge, state.pending.facts[0])}”. {problem}"


def _about_talk(tools: Tools, state: CaseState, choice: str, turn: Turn) -> Reaction:
    kind = state.pending.kind if state.pending is not None else ""
    if kind == "pack":
        after = with_pack(tools, replace(state, pending=None), choice)
        known = {name: entry.value for name, entry in after.facts.items() if entry.how == "understood"}
        return Reaction(after, understood(tools, after, known))
    if kind == "topic":
        if choice in ("other", "no"):
            return Reaction(with_topic(state, None), (Text(OTHER),), go_on=False)
        return Reaction(with_topic(state, choice))
    return settle(tools, state, choice, turn)


def with_topic(state: CaseState, topic: str | None) -> CaseState:
    """`state` about another topic: the facts stay, what was not known there may be asked anew."""
    asked_anew = state.topic is not None
    if topic == state.topic:
        return replace(state, pending=None, confirmed=asked_anew, heard=1.0)
    phase: Phase = "new" if topic is None else state.phase
    return replace(
        state,
        pending=None,
        topic=topic,
        dont_know=(),
        history=(),
        phase=phase,
        confirmed=asked_anew,
        heard=1.0,
    )


def with_pack(tools: Tools, state: CaseState, pack: str) -> CaseState:
    """`state` under another pack, without facts that it settles otherwise or that another state declares."""
    values = {name: entry.value for name, entry in state.facts.items()}
    good = acceptable(tools.knowledge, pack, values)
    return replace(state, profile=pack, facts={name: state.facts[name] for name in good})


def _facts(tools: Tools, state: CaseState, turn: Turn, reply: Reply) -> Reaction:
    asked = state.pending
    how: How = (
        "confirmed" if asked is not None and any(name in state.hints for name in asked.facts) else "said"
    )
    after = take(tools.knowledge, remember(state, pending=None), reply.facts, how, turn)
    heard = {} if reply.exact else _beside(tools, after, turn, reply.facts)
    said: list[Message] = list(understood(tools, after, {**_free(turn, reply), **heard}))
    after = take(
        tools.knowledge, hear(tools.knowledge, after, turn.understanding.unsure), heard, "understood", turn
    )
    other = {} if reply.exact else contradicted(tools.knowledge, state, turn.understanding.facts)
    return Reaction(doubt(after, other, turn), tuple(said))


def _free(turn: Turn, reply: Reply) -> Mapping[str, Value]:
    """What was read from free words rather than given exactly, to be said back."""
    said = turn.understanding.facts
    words = normal(turn.text).replace(",", " ").split()
    if reply.exact or (len(words) <= PLAIN_WORDS and words[:1] in (["yes"], ["no"])):
        return {}
    shown = (
        reply.facts if len(reply.facts) == 1 else {n: v for n, v in reply.facts.items() if said.get(n) == v}
    )
    return dict(shown)


def _beside(tools: Tools, state: CaseState, turn: Turn, taken: Mapping[str, Value]) -> dict[str, Value]:
    """Facts said beside the answer that were not known yet; a known fact changes only by a correction."""
    good = acceptable(tools.knowledge, state.pack, turn.understanding.facts)
    return {name: value for name, value in good.items() if name not in state.facts and name not in taken}
