"""A message that says who the person is and nothing else: "state employee", "I work for DSS"."""

from __future__ import annotations

import re

from actions.desk.answers import normal
from actions.desk.facts import PROFILE
from actions.desk.turn import Understanding
from knowledge.model import Knowledge

ROLE = "person_role"
SHORT = 8  # words; who says more is telling a story
# What stands around the names; "none of these" names a pack only as an answer.
_AROUND = frozenset(
    {
        "hi", "hello", "hey", "i", "im", "am", "we", "were", "are", "work", "working", "works", "employed",
        "job", "my", "for", "at", "with", "in", "from", "by", "the", "a", "an", "of", "and", "here", "is",
        "state", "as", "there", "this", "just", "me", "morning", "afternoon", "good",
    }
)  # fmt: skip
# "I'm a nurse at a state prison": a post, and no topic that the model is sure of.
_POST = re.compile(r"(?:(?:hi|hello|hey|so) )*(?:im|i am|i work as|my job is) (?:an? |the )?[a-z' ]+", re.I)
UNLIKELY = 0.6
_NO_NAME = frozenset({"none of these", "another agency", "other agency"})


def named_pack(knowledge: Knowledge, text: str) -> str | None:
    """The one pack of which a name or another way to say it stands in the text."""
    words = f" {_plain(text)} "
    found = {
        pack.id: max((len(say) for say in pack.says if f" {normal(say)} " in words), default=0)
        for pack in knowledge.packs.values()
    }
    best = max(found.values(), default=0)
    longest = [name for name, length in found.items() if length == best]
    return longest[0] if best and len(longest) == 1 else None


def introduces(knowledge: Knowledge, text: str, heard: Understanding) -> bool:
    """Whether `text` says who the person is, and no more."""
    words = _plain(text)
    if "?" in text or len(words.split()) > SHORT or not set(heard.facts) <= set(PROFILE) or heard.unsure:
        return False
    rest = f" {words} "
    for name in sorted(_names(knowledge), key=len, reverse=True):
        rest = rest.replace(f" {name} ", "  ")
    if _POST.fullmatch(words) and not any(score >= UNLIKELY for _, score in heard.topics):
        return True
    named = rest.split() != words.split()
    left = sum(word not in _AROUND for word in rest.split())
    # "I'm with the State Police in Indiana": the agency itself is none of the names.
    return named and left <= (heard.pack is not None)


def _names(knowledge: Knowledge) -> set[str]:
    packs = {normal(say) for pack in knowledge.packs.values() for say in pack.says}
    roles = {normal(option.label) for option in knowledge.facts[ROLE].options}
    return (packs - _NO_NAME) | roles


def _plain(text: str) -> str:
    return " ".join(normal(text).replace(",", " ").split())
