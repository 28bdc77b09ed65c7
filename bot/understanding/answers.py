"""Reading a free text as the answer to one question: yes or no, a label, a number, a date, or by meaning."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz

from bot.understanding.acts import is_question
from bot.understanding.dates import dates
from bot.understanding.features import Vectors
from bot.understanding.model import Embedder, Mention
from bot.understanding.money import amounts
from bot.understanding.numbers import numbers
from bot.understanding.text import Text
from knowledge.model import Fact, Value

YES = frozenset(
    [
        "yes",
        "y",
        "yeah",
        "yep",
        "yup",
        "ya",
        "yea",
        "yess",
        "yesss",
        "yas",
        "yuh",
        "yah",
        "aye",
        "sure",
        "correct",
        "right",
        "true",
        "indeed",
        "exactly",
        "affirmative",
        "absolutely",
        "definitely",
        "certainly",
        "totally",
        "uh-huh",
        "mhm",
        "ok",
        "okay",
    ]
)
NO = frozenset(["no", "n", "nope", "nah", "naw", "nay", "noo", "nooo", "negative", "never", "nada", "false"])
_SUBJECTS = ("i", "we", "he", "she", "it", "they", "you")
_AUXILIARIES = (
    "do",
    "does",
    "did",
    "is",
    "was",
    "are",
    "were",
    "am",
    "have",
    "has",
    "had",
    "would",
    "will",
    "can",
)
_PAIRS = tuple(f"{subject} {auxiliary}" for subject in _SUBJECTS for auxiliary in _AUXILIARIES)
YES_PHRASES = (
    "of course", "you bet", "that is right", "that is correct", "i think so", "i believe so", "i guess so",
    "guess so", "for sure", "i am afraid so", "sort of", "kind of", "more or less", "pretty much", *_PAIRS,
)  # fmt: skip
NO_PHRASES = (
    "not", "no way", "i do not think so", "i doubt it", "by no means", "hardly", "none", "nothing", "nobody",
    "no one", "neither", "not that i know", "not that i am aware", "not to my knowledge",
    *(f"{pair} not" for pair in _PAIRS),
)  # fmt: skip
FILLERS = frozenset(["um", "uh", "well", "hmm", "er", "oh", "so", "like", "hm", "ah", "erm"])
HEDGED = frozenset(
    [
        "think",
        "guess",
        "believe",
        "probably",
        "maybe",
        "likely",
        "possibly",
        "suppose",
        "afraid",
        "sort",
        "kind",
        "doubt",
        "hopefully",
        "apparently",
    ]
)
NOTHING = frozenset(["nothing", "zero", "none", "nil", "free", "nada", "zilch", "0"])
LABEL_RATIO, MEANING, MEANING_DOUBT, MARGIN = 88, 0.60, 0.45, 0.08
SHORT = 6
SURE, LIKELY, DOUBT = 0.97, 0.8, 0.45
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|&|\n|\+)\s*", re.IGNORECASE)
_PLAIN = re.compile(r"[^a-z0-9$.%' ]+")
_NUMBERED = re.compile(r"(?:option |number |no\.? |#|\()?(\d{1,2})[.)]?")


@dataclass(frozen=True, slots=True)
class Answered:
    """A value for the pending question; below `LIKELY` it must be confirmed."""

    value: Value
    confidence: float
    start: int
    end: int


class Answers:
    """Matches texts to the options of questions; what an option's words mean is embedded once."""

    def __init__(self, embedder: Embedder, heard: Mapping[str, tuple[tuple[str, Value], ...]]) -> None:
        self._embedder = embedder
        self._heard = heard
        self._meant = lru_cache(256)(self._examples)

    def read(
        self, fact: Fact, text: Text, mention: Mention | None, today: dt.date, vector: Vectors
    ) -> Answered | None:
        """The value that `text` gives to `fact`; `mention` is what the declared phrases found."""
        whole = (0, len(text.original))
        direct = self._direct(fact, text, today)
        if fact.type == "bool":
            lead = leading(text.words)
            if lead is not None:
                value, hedged, rest = lead
                if mention is not None and mention.value is not value and rest:
                    return Answered(mention.value, DOUBT, *whole)
                return Answered(value, LIKELY - 0.05 if hedged else SURE, *whole)
        elif direct is not None:
            return direct
        # A question may name an option ("what counts as a vendor?") and choose none.
        asks = is_question(text.original)
        if mention is not None:
            sure = min(mention.confidence, DOUBT) if asks else mention.confidence
            return Answered(mention.value, sure, mention.start, mention.end)
        return None if asks else self._meaning(fact, text.original, vector)

    def _meaning(self, fact: Fact, said: str, vector: Vectors) -> Answered | None:
        """The value whose label or example means about the same as `said`."""
        values, rows = self._meant(fact)
        if len(set(map(str, values))) < 2 or not said.strip():
            return None
        near = rows @ vector
        best = int(np.argmax(near))
        other = max(
            (float(score) for score, value in zip(near, values, strict=True) if value != values[best]),
            default=0.0,
        )
        score = float(near[best])
        if score < MEANING_DOUBT:
            return None
        sure = score >= MEANING and score - other >= MARGIN
        return Answered(values[best], LIKELY if sure else DOUBT, 0, len(said))

    def checklist(self, facts: Sequence[Fact], text: Text) -> dict[str, bool] | None:
        """Which of `facts` were named, by label or number; none for "none of these"; `None` if unclear."""
        plain = _plain(text.original)
        if _none(text.words):
            return {fact.name: False for fact in facts}
        named: set[str] = set()
        whole = next(
            (
                fact
                for fact in facts
                if fuzz.ratio(plain, _plain(fact.statement or fact.question)) >= LABEL_RATIO
            ),
            None,
        )
        if whole is not None:
            named.add(whole.name)
        else:
            for piece in filter(None, _SPLIT.split(text.original)):
                found = _named(facts, piece)
                if found is None:
                    return None
                named.add(found)
        return {fact.name: fact.name in named for fact in facts} if named else None

    def _direct(self, fact: Fact, text: Text, today: dt.date) -> Answered | None:
        words = [word for word in text.words if word not in FILLERS]
        whole = (0, len(text.original))
        if fact.type == "choice":
            value = _option(fact, text.original)
            return Answered(value, SURE, *whole) if value is not None else None
        if fact.type == "money":
            if len(words) <= SHORT and not NOTHING.isdisjoint(words):
                return Answered(Decimal(0), SURE, *whole)
            # "I didn't know him as one": alone it is an amount, among other words a pronoun.
            bare = len(words) <= 2 * SHORT and ("one" not in words or len(words) == 1)
            found = amounts(text) or amounts(text, bare=bare)
            if len(found) != 1:
                return None
            return Answered(
                found[0].high,
                SURE if found[0].exact else DOUBT,
                text.starts[found[0].start],
                text.ends[found[0].end - 1],
            )
        if fact.type == "integer":
            return _integer(text, words)
        if fact.type == "date":
            when = dates(text.original, today)
            return (
                Answered(when[0].date, SURE if when[0].exact else DOUBT, when[0].start, when[0].end)
                if len(when) == 1
                else None
            )
        return None

    def _examples(self, fact: Fact) -> tuple[list[Value], Vectors]:
        pairs: list[tuple[str, Value]] = [(example.say, example.value) for example in fact.examples]
        pairs += self._heard.get(fact.name, ())
        if fact.type == "choice":
            pairs += [(option.label, option.value) for option in fact.options]
            pairs += [(says, option.value) for option in fact.options for says in option.says]
        if not pairs:
            return [], np.empty((0, self._embedder.dimension), np.float32)
        return [value for _, value in pairs], self._embedder.encode([said for said, _ in pairs])


def leading(words: Sequence[str]) -> tuple[bool, bool, bool] | None:
    """(value, hedged, more follows) of a text that begins with a yes or a no, or is one in other words."""
    kept = [word for word in words if (word not in FILLERS and word.isalnum()) or word == "uh-huh"]
    if not kept:
        return None
    hedged = not HEDGED.isdisjoint(kept[:SHORT]) or kept[:2] == ["not", "that"]
    said = " ".join(kept)
    if any(
        said.startswith(phrase)
        for phrase in ("not sure", "no idea", "no clue", "not certain", "i do not know")
    ):
        return None
    if kept[0] in YES:
        return True, hedged, len(kept) > 1
    if kept[0] in NO and kept[1:2] not in (["one"], ["longer"]):
        return False, hedged, len(kept) > 1
    if len(kept) > SHORT:
        return None
    for phrase in sorted((*NO_PHRASES, *YES_PHRASES), key=len, reverse=True):
        if said == phrase or (
            said.startswith(phrase + " ")
            and len(kept) <= len(phrase.split()) + 1
            and phrase not in ("not", "none", "nothing")
        ):
            return phrase in YES_PHRASES, hedged, False
    if kept[0] == "not" and len(kept) <= 3 and "sure" not in kept:
        return False, hedged, False
    return None


def _none(words: Sequence[str]) -> bool:
    kept = [word for word in words if word.isalnum() and word not in FILLERS]
    return bool(kept) and (
        (kept[0] in NO and len(kept) <= SHORT)
        or (kept[0] in ("none", "neither", "nothing") and len(kept) <= SHORT)
    )


def _plain(text: str) -> str:
    return " ".join(_PLAIN.sub(" ", text.lower().replace("’", "'")).split())


def _option(fact: Fact, said: str) -> str | None:
    """The option named by its number, its stored value or its label, typing slips forgiven."""
    plain = _plain(said).strip(" .")
    number = _NUMBERED.fullmatch(plain)
    if number and 1 <= int(number[1]) <= len(fact.options):
        return fact.options[int(number[1]) - 1].value
    ranked = [
        (
            max(
                fuzz.ratio(plain, _plain(form).strip(" ."))
                for form in (option.value.replace("_", " "), option.label)
            ),
            option.value,
        )
        for option in fact.options
    ]
    best = max(ranked, default=(0.0, ""))
    close = [value for score, value in ranked if best[0] - score < 1]
    return best[1] if best[0] >= LABEL_RATIO and len(close) == 1 else None


def _named(facts: Sequence[Fact], piece: str) -> str | None:
    plain = _plain(piece).strip(" .")
    number = _NUMBERED.fullmatch(plain)
    if number and 1 <= int(number[1]) <= len(facts):
        return facts[int(number[1]) - 1].name
    ranked = sorted(
        (
            max(
                fuzz.ratio(plain, _plain(fact.statement or fact.question)),
                fuzz.ratio(plain, fact.name.replace("_", " ")),
            ),
            fact.name,
        )
        for fact in facts
    )
    return ranked[-1][1] if ranked and ranked[-1][0] >= LABEL_RATIO else None


def _integer(text: Text, words: Sequence[str]) -> Answered | None:
    found = numbers(text.words)
    if not found and len(words) <= SHORT and not NOTHING.isdisjoint(words):
        return Answered(0, SURE, 0, len(text.original))
    if len(found) != 1 or found[0].value != int(found[0].value) or found[0].value < 0:
        return None
    return Answered(int(found[0].value), SURE, text.starts[found[0].start], text.ends[found[0].end - 1])
