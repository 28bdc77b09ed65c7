"""What a message does: the trained head's acts, held against the open question."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import ClassVar

from bot.understanding.features import Vectors
from bot.understanding.head import Head
from bot.understanding.model import ANSWER, SITUATION
from bot.understanding.text import Text

# Classes of the head that are told apart for training alone, and the act that they mean.
FOLDED = {"abusive": "out_of_scope"}
# Acts that a message may do while a question waits, beside answering it.
SIDE = frozenset(
    [
        "information",
        "ask_definition",
        "ask_why",
        "what_if",
        "correct",
        "dont_know",
        "summarise",
        "back",
        "restart",
        "talk_to_human",
        "greeting",
        "thanks",
        "out_of_scope",
        "report_wrongdoing",
        "save",
        "small_talk",
        "distress",
    ]
)
# Those that win even over a text that can be read as an answer, when they are likely enough.
INTERRUPTS = frozenset(("correct", "ask_why", "restart", "back", "talk_to_human"))
SIDE_SHARE, FOUND_SIDE_SHARE, NEW_MATTER_SHARE = 0.5, 0.75, 0.75
CORRECTS_SHARE = 0.95
# Taken rather than a situation when likely enough: a refusal says what the desk can do, and a third person
# gets no determination. `evaluate` prints what the second share refuses, rightly and wrongly: above 0.5
# one in twenty of what is none of its business gets through, below 0.3 one in a hundred of the rest is lost.
REFUSED_FROM = 0.35
# Facts that a rule reads speak for a matter of the desk's: it is refused only with so much more certainty.
TOLD = 0.3
REPORT_FROM = 0.4
NEW_MATTER_WORDS = 10
_LEADING_UP = r"(?:(?:wait|so|ok|okay|hm+|um+|uh+|and|but|also|sorry|well|oh|hold on|first)\b[\s,.:-]*)*"
_ASKING = "what|why|how|when|where|who|which|can|could|may|should|is|are|do|does|would|will|am|must"
_QUESTION = re.compile(rf"\?\s*$|^\W*{_LEADING_UP}(?:{_ASKING})\b", re.IGNORECASE)
_NOT_KNOWING = (
    r"i (?:really |honestly |just |truly )?(?:do ?n[o']?t|dont) "
    r"(?:really |actually )?(?:know|remember|recall)",
    r"(?:i(?:'m| am) |im )?(?:really |honestly )?(?:not|un) ?(?:sure|certain)",
    r"(?:i have )?no (?:idea|clue)", r"dunno", r"idk", r"beats me", r"can'?t (?:say|tell|remember)",
    r"hard to (?:say|tell)", r"who knows", r"couldn'?t (?:say|tell)",
)  # fmt: skip
_DONT_KNOW = re.compile(
    r"^\W*(?:um+ |uh+ |well,? |honestly,? |sorry,? |oh |hm+,? )*(?:" + "|".join(_NOT_KNOWING) + r")\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^\W*(?:no,? )?"
    r"(?:wait|actually|correction|sorry|oops|i meant|scratch that|my mistake|i was wrong|let me correct)\b",
    re.IGNORECASE,
)


class ActReader:
    """Decides acts from the head's scores."""

    WITHOUT_TOPIC: ClassVar[frozenset[str]] = frozenset(
        [
            "ask_why",
            "dont_know",
            "summarise",
            "back",
            "restart",
            "talk_to_human",
            "greeting",
            "thanks",
            "out_of_scope",
            "save",
            "small_talk",
            "distress",
        ]
    )

    def __init__(self, head: Head) -> None:
        self._head = head

    def scores(self, text: str, extra: Collection[str], vector: Vectors) -> Vectors:
        """The head's scores of a text."""
        return self._head.scores(text, extra, vector)

    def first(self, scores: Vectors, said: Text, known: bool, told: bool = False) -> tuple[str, float]:
        """The act of a message while no question waits; `known` says that a case is open, `told` that facts
        were read."""
        if says_dont_know(said.original) and len(said.words) <= NEW_MATTER_WORDS:
            return "dont_know", 0.9
        shares = self._acts(scores)
        act, share = max(shares.items(), key=lambda pair: (pair[1], pair[0]))
        if act == "out_of_scope" and told:
            act, share = SITUATION, 1 - share
        if act == SITUATION:
            for other, least in (
                ("report_wrongdoing", REPORT_FROM),
                ("out_of_scope", REFUSED_FROM + (TOLD if told else 0)),
            ):
                if shares[other] >= least:
                    return other, shares[other]
        if act in ("correct", "what_if") and not known and shares[SITUATION] > 0.05:
            return SITUATION, shares[SITUATION] + share
        return act, share

    def while_asked(self, scores: Vectors, said: Text, found: bool, corrects: bool) -> tuple[str, float]:
        """The act of a message while a question waits; `found` says that it can be read as an answer."""
        if says_dont_know(said.original) and not found:
            return "dont_know", 0.95
        if corrects and _CORRECTS.search(said.original):
            return "correct", 0.9
        shares = self._acts(scores)
        side, share = max(((act, shares.get(act, 0.0)) for act in SIDE), key=lambda pair: (pair[1], pair[0]))
        question = is_question(said.original)
        if question and share >= 0.3 and not (found and share < SIDE_SHARE):
            return side, share
        # "No, she's a dentist" answers; where nothing known changes, only a plain correction is one.
        enough = CORRECTS_SHARE if side == "correct" and not corrects else FOUND_SIDE_SHARE
        if found and not (share >= enough and side in INTERRUPTS):
            return ANSWER, max(0.6, 1 - share)
        if share >= SIDE_SHARE:
            return side, share
        if len(said.words) >= NEW_MATTER_WORDS and shares[SITUATION] >= NEW_MATTER_SHARE:
            return SITUATION, shares[SITUATION]
        return ANSWER, 0.5

    def _acts(self, scores: Vectors) -> dict[str, float]:
        """Shares of acts, folded ones put together."""
        shares: dict[str, float] = {}
        for label, share in self._head.act_shares(scores).items():
            act = FOLDED.get(label, label)
            shares[act] = shares.get(act, 0.0) + share
        return shares


def is_question(text: str) -> bool:
    """Whether a text asks rather than tells."""
    return bool(_QUESTION.search(text))


def says_dont_know(text: str) -> bool:
    """Whether a text begins by saying that the person does not know."""
    return bool(_DONT_KNOW.search(text))
