"""Whether what a model read out of an answer may be taken for the answer, or is asked back first.

A permission rests on what a person said. "No money" is no to one thing, "ok thx" is yes to nothing, and
"no one special" is not one dollar, however sure a model is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from actions.desk.answers import denies_all, normal
from actions.desk.state import Asked
from actions.desk.turn import Understanding
from knowledge.model import Fact, Value

Verdict = Literal["take", "ask", "refuse"]
# How people begin who only go along.
GOING_ALONG = frozenset({"ok", "okay", "k", "fine", "cool", "great", "alright", "thx", "thanks", "whatever"})
PLAINLY = frozenset({"yes", "yeah", "yep", "yup", "no", "nope", "nah", "not", "none"})
YES_LIKE = frozenset({"yes", "yeah", "yep", "yup", "sure", "please"})
NEGATIONS = frozenset({"no", "nope", "nah", "not", "never", "nobody", "none", "nothing", "neither", "noone"})
DENIALS = frozenset({"dont", "doesnt", "didnt", "wont", "wouldnt", "isnt", "arent", "cant"})
# After "no", these begin a sentence that bears the no out; a noun begins another thought ("no money").
GOING_ON = frozenset(
    {
        "i", "im", "id", "ill", "he", "hes", "she", "shes", "it", "its", "they", "theyre", "we", "were",
        "you", "that", "thats", "this", "there", "theres", "not", "never", "nothing", "my", "his", "her",
        "our", "their", "the", "just", "because", "actually", "nope", "no", "sir", "maam", "thanks", "but",
        "only", "at", "way",
    }
)  # fmt: skip
FEW = 2


def verdict(asked: Asked, fact: Fact, text: str, said: Mapping[str, Value], heard: Understanding) -> Verdict:
    """Take `said`, ask it back, or refuse it as no answer to `asked`, whose first fact is `fact`."""
    words = normal(text).replace(",", " ").split()
    if not said or not words:
        return "take"
    if asked.kind == "checklist":
        everything = len(said) == len(asked.facts) and not any(said.values())
        return "refuse" if everything and not denies_all(text) else _along(words, said)
    if fact.type == "bool":
        return "ask" if _other_no(asked, text, words, heard) else _along(words, said)
    if fact.type == "choice":
        return "refuse" if len(words) <= FEW and words[0] in YES_LIKE else "take"
    return "ask" if _no_figure(fact, text, said) else "take"


def bears_out(text: str) -> bool:
    """Whether a text that begins with a no goes on to bear it out, or says nothing more."""
    words = normal(text).split()
    if not words or denies_all(text):
        return True
    first = words[0].rstrip(",")
    if first not in NEGATIONS:
        return not (len(words) > 1 and words[1] in DENIALS)
    follows = len(words) == 1 or words[0].endswith(",") or words[1].rstrip(",") in GOING_ON
    return first in ("no", "nope", "nah") and follows


def _along(words: list[str], said: Mapping[str, Value]) -> Verdict:
    yes_or_no = any(isinstance(value, bool) for value in said.values())
    return "refuse" if yes_or_no and words[0] in GOING_ALONG and PLAINLY.isdisjoint(words) else "take"


def _other_no(asked: Asked, text: str, words: list[str], heard: Understanding) -> bool:
    """Whether a no was read out of the whole text, not out of words for the fact, and may be about
    something else.
    """
    read_whole = any(one.name in asked.facts and len(one.text) >= len(text) - FEW for one in heard.mentions)
    negative = words[0] in NEGATIONS or (len(words) > 1 and words[1] in DENIALS)
    return read_whole and negative and not bears_out(text)


def _no_figure(fact: Fact, text: str, said: Mapping[str, Value]) -> bool:
    """Whether a figure of nothing or one was read out of words without a figure."""
    value = said.get(fact.name)
    if fact.type not in ("money", "integer") or any(character.isdigit() for character in text):
        return False
    if any(example.value == value for example in fact.examples):
        return False
    return isinstance(value, Decimal | int) and value <= 1
