"""`Understander`: one message, read against the open question, to act, topics and facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bot.understanding.acts import ActReader, says_dont_know
from bot.understanding.answers import DOUBT, LIKELY, Answered, Answers
from bot.understanding.extract import Extractor, Facts
from bot.understanding.features import Vectors
from bot.understanding.head import Head, HeadError
from bot.understanding.model import ANSWER, SITUATION, Embedder, Mention, Pending, Understanding
from bot.understanding.money import amounts
from bot.understanding.phrase_files import FOLDER as PHRASES
from bot.understanding.phrase_files import load_phrases
from bot.understanding.profile import pack_said
from bot.understanding.relevance import PROFILE, Relevance
from bot.understanding.text import Reader, Text
from bot.understanding.topics import TopicReader, listened
from knowledge.model import Fact, Knowledge, Value

LONGEST = 4000  # characters; what lies behind is not read
CHANGES = ("correct", "what_if")  # acts that put other values in the place of known ones
GUESS = 0.35  # below this share the likeliest topic is a guess
LONG_ANSWER = 14  # words from which an answer may state more than it was asked


class Understander:
    """Understands messages; holds no state, so one serves every conversation."""

    def __init__(
        self, knowledge: Knowledge, embedder: Embedder, model_dir: Path, phrases: Path = PHRASES
    ) -> None:
        """Raises `HeadError` (a ValueError) for a missing or stale model, `PhrasesError` for bad phrases."""
        loaded = load_phrases(knowledge, phrases)
        head, card = Head.load(model_dir, embedder.identity)
        if card.get("phrases") != loaded.fingerprint:
            raise HeadError("the phrases changed since the understanding was trained: train it again")
        known = frozenset(str(word) for word in _list(card.get("words")))
        self._knowledge = knowledge
        self._embedder = embedder
        self._reader = Reader(loaded.words.shorthand, known | loaded.vocabulary, loaded.vocabulary)
        self._extractor = Extractor(knowledge, loaded)
        self._relevance = Relevance(knowledge)
        self._answers = Answers(embedder, loaded.heard)
        self._acts = ActReader(head)
        self._topics = TopicReader(head, knowledge)

    def understand(
        self,
        text: str,
        *,
        pack: str | None = None,
        pending: Pending | None = None,
        facts: Mapping[str, Value] | None = None,
        topic: str | None = None,
        today: dt.date,
    ) -> Understanding:
        """What `text` means.

        Args:
            text: the message as typed.
            pack: the body of rules that the person has chosen, if any.
            pending: the question that waits for an answer.
            facts: what is known so far.
            topic: the topic of the case that is open, if any.
            today: what "yesterday" is counted from.
        """
        said = self._reader.read(text[:LONGEST])
        if not said.words:
            return Understanding("out_of_scope", None, (), 0.0, {}, (), (), None)
        vector = self._embedder.encode([said.original])[0]
        extra = self._extractor.features(said)
        scores = self._acts.scores(said.original, extra, vector)
        topics = self._topics.ranked(scores, pack)
        if pending is not None and (pending.fact or pending.facts):
            return self._answered(said, vector, scores, topics, pack, pending, facts or {}, topic, today)
        heard = self._told(said, pack, topics, today)
        told = any(mention.name not in PROFILE for mention in heard.said)
        act, confidence = self._acts.first(scores, said, bool(facts), told)
        if topic and act in CHANGES:
            heard = self._heard(said, pack, (topic,), today)
        return self._understood(act, confidence, topics, self._changed(act, heard, facts or {}, said), said)

    def _told(
        self, said: Text, pack: str | None, topics: tuple[tuple[str, float], ...], today: dt.date
    ) -> Facts:
        """Facts of a message on its likeliest topics; where the topic is a guess, so is what hangs on it."""
        heard = self._heard(said, pack, listened(topics), today)
        if len(topics) < 2 or topics[0][1] >= GUESS:
            return heard
        other = self._heard(said, pack, (topics[1][0],), today)
        both = {(mention.name, mention.value) for mention in other.said}
        sure = tuple(one for one in heard.said if one.name in PROFILE or (one.name, one.value) in both)
        doubt = tuple(
            replace(one, confidence=min(one.confidence, topics[0][1]))
            for one in heard.said
            if one not in sure
        )
        return Facts(sure, (*heard.unsure, *doubt))

    def _changed(self, act: str, heard: Facts, known: Mapping[str, Value], said: Text) -> Facts:
        """A bare amount in a correction or a "what if" is that of the one amount the case knows."""
        money = [
            name
            for name in known
            if name in self._knowledge.facts and self._knowledge.facts[name].type == "money"
        ]
        found = amounts(said)
        if (
            act not in CHANGES
            or len(money) != 1
            or len(found) != 1
            or any(m.name == money[0] for m in heard.said)
        ):
            return heard
        start, end = said.starts[found[0].start], said.ends[found[0].end - 1]
        mention = Mention(money[0], found[0].high, said.original[start:end], start, end, LIKELY)
        return replace(heard, said=(*(m for m in heard.said if m.start != start), mention))

    def _answered(
        self, said: Text, vector: Vectors, scores: Vectors, topics: tuple[tuple[str, float], ...],
        pack: str | None, pending: Pending, known: Mapping[str, Value], topic: str | None, today: dt.date,
    ) -> Understanding:  # fmt: skip
        asked = (pending.fact,) if pending.fact else pending.facts
        where = (
            (topic,)
            if topic
            else tuple({one for name in asked for one in self._relevance.topics(pack, name)})
        )
        strict = len(said.words) < LONG_ANSWER
        heard = self._heard(said, pack, where, today, strict=strict, always=asked)
        found = self._read(said, vector, pending, heard, today)
        act, confidence = self._acts.while_asked(
            scores, said, bool(found), self._corrects(heard, asked, known)
        )
        if act != ANSWER:
            if act == SITUATION:
                heard = self._told(said, pack, topics, today)
            elif act not in CHANGES:
                heard = Facts((), ())
            return self._understood(act, confidence, topics, self._changed(act, heard, known, said), said)
        others = [mention for mention in heard.said if mention.name not in asked and not strict]
        if strict and topic and found and not _counted(found[0].value):
            others = [one for one in heard.said if one.name not in asked and _measured(one.value)]
        sure = [mention for mention in found if mention.confidence >= LIKELY - 0.06]
        doubt = [mention for mention in found if mention.confidence < LIKELY]
        beside = [
            mention
            for mention in heard.unsure
            if mention.name not in asked and (not strict or (topic and found and _measured(mention.value)))
        ]
        return self._understood(ANSWER, confidence, topics, Facts((*sure, *others), (*doubt, *beside)), said)

    def _read(
        self, said: Text, vector: Vectors, pending: Pending, heard: Facts, today: dt.date
    ) -> list[Mention]:
        """Mentions of the asked facts."""
        if pending.fact:
            fact = self._knowledge.facts.get(pending.fact)
            mention = next((one for one in (*heard.said, *heard.unsure) if one.name == pending.fact), None)
            answer = self._answers.read(fact, said, mention, today, vector) if fact else None
            if answer and says_dont_know(said.original):
                # "Idk, nothing I think" is a guess: it is asked back.
                answer = replace(answer, confidence=min(answer.confidence, DOUBT))
            return [_mentioned(fact, answer, said)] if fact and answer else []
        facts = [self._knowledge.facts[name] for name in pending.facts if name in self._knowledge.facts]
        named = self._answers.checklist(facts, said)
        if named is not None:
            return [
                Mention(name, value, said.original, 0, len(said.original), 0.97)
                for name, value in named.items()
            ]
        return [mention for mention in heard.said if mention.name in pending.facts]

    def _corrects(self, heard: Facts, asked: Collection[str], known: Mapping[str, Value]) -> bool:
        """Whether something known is said otherwise."""
        return any(
            mention.name in known and known[mention.name] != mention.value and mention.name not in asked
            for mention in heard.said
        )

    def _heard(
        self, said: Text, pack: str | None, topics: Collection[str], today: dt.date, *,
        strict: bool = False, always: Collection[str] = (),
    ) -> Facts:  # fmt: skip
        relevant = self._relevance.of(pack, topics).union(always)
        heard = self._extractor.extract(
            said, relevant, topics, today, pack=pack, strict=strict, always=always
        )
        fixed = self._knowledge.packs[pack].fixes if pack else {}
        if not any(
            mention.name in PROFILE and fixed.get(mention.name, mention.value) != mention.value
            for mention in heard.said
        ):
            return heard
        agrees = tuple(one for one in heard.said if fixed.get(one.name, one.value) == one.value)
        return replace(heard, said=agrees)

    def _understood(
        self, act: str, confidence: float, topics: tuple[tuple[str, float], ...], heard: Facts, said: Text
    ) -> Understanding:
        on_topic = act not in ActReader.WITHOUT_TOPIC and bool(topics)
        return Understanding(
            act,
            topics[0][0] if on_topic else None,
            topics,
            confidence,
            {mention.name: mention.value for mention in heard.said} if act != "out_of_scope" else {},
            heard.said if act != "out_of_scope" else (),
            heard.unsure if act != "out_of_scope" else (),
            pack_said(said.original),
        )


def _mentioned(fact: Fact, answer: Answered, said: Text) -> Mention:
    return Mention(
        fact.name,
        answer.value,
        said.original[answer.start : answer.end],
        answer.start,
        answer.end,
        answer.confidence,
    )


def _counted(value: Value) -> bool:
    """Whether a value is a figure: a figure beside it in a short answer would be a second reading of it."""
    return not isinstance(value, bool | str)


def _measured(value: Value) -> bool:
    """Whether a value is a sum or a date: said beside a short answer ("I picked them, it was 80k")."""
    return isinstance(value, Decimal | dt.date)


def _list(found: object) -> list[object]:
    """`found` if it is a list, else nothing."""
    return found if isinstance(found, list) else []
