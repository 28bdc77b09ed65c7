"""Finding declared phrases in a message: spaCy's Matcher, run only where a phrase's rarest word occurs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import spacy
from spacy.matcher import Matcher

from bot.understanding.numbers import TENS
from bot.understanding.pattern import Form
from bot.understanding.phrases import NEGATIONS, Line
from bot.understanding.text import Text
from knowledge.model import Value
from knowledge.numerals import UNITS

SHORTEST_PREFIX = 3
REACH = 3  # how many words before a phrase a negation may stand
HEDGE_REACH = 6
BREAKS = frozenset(
    [
        ".",
        ",",
        ";",
        "!",
        "?",
        ":",
        "(",
        ")",
        "but",
        "and",
        "or",
        "because",
        "so",
        "if",
        "though",
        "although",
        "while",
    ]
)
WEAK_HEDGES = frozenset(
    [
        "think",
        "believe",
        "probably",
        "guess",
        "presumably",
        "apparently",
        "likely",
        "suppose",
        "supposedly",
        "pretty",
    ]
)
DOUBTS = frozenset(["maybe", "perhaps", "possibly", "might", "unsure", "whether", "unclear", "unknown"])
DOUBTING = (
    "not sure",
    "no idea",
    "not know",
    "not certain",
    "wonder if",
    "in case",
    "not clear",
    "can not tell",
    "would it matter",
    "does it matter",
    "what if he",
    "what if she",
    "if he were",
    "if she were",
    "if they were",
    "difference between",
)
ASIDE = 5  # words: a remark of this length at a sentence's end is about what stands before it
ASKING = (("whether",), ("not", "sure", "if"), ("not", "sure", "whether"), ("wonder", "if"), ("no", "idea"))
KNOWLEDGE = ("as far as", "to my knowledge", "from what", "afaik")
ARTICLES = frozenset(("a", "an", "the", "any", "even", "really"))
OTHERS = frozenset(
    [
        "wife",
        "husband",
        "spouse",
        "partner",
        "fiance",
        "fiancee",
        "brother",
        "sister",
        "son",
        "daughter",
        "mother",
        "father",
        "mom",
        "dad",
        "cousin",
        "uncle",
        "aunt",
        "nephew",
        "niece",
        "friend",
        "buddy",
        "neighbor",
        "coworker",
        "colleague",
        "boss",
        "supervisor",
        "manager",
        "director",
        "commissioner",
        "employee",
        "staffer",
        "roommate",
        "predecessor",
        "guy",
        "woman",
        "someone",
        "somebody",
    ]
)
NAMING = frozenset(
    ("my", "a", "an", "our", "his", "her", "the", "another", "one", "that", "this", "old", "best")
)
SELF = frozenset(("i", "me", "we", "us", "my", "myself"))
_vocab = spacy.blank("en").vocab


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in tokens `start` to `end` (exclusive), `hedged` said with a doubt, `doubtful` not said."""

    line: Line
    start: int
    end: int
    negated: bool = False
    hedged: bool = False
    doubtful: bool = False


class Finder:
    """Finds the lines of one collection in texts."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)
        self._matchers: dict[int, Matcher] = {}
        spread = Counter(
            word
            for line in self._lines
            for form in line.forms
            for element in form
            for word in set(element.words)
        )
        self._anchors: defaultdict[str, list[tuple[int, Form]]] = defaultdict(list)
        for number, line in enumerate(self._lines):
            for form in line.forms:
                for key in _anchor(form, spread):
                    self._anchors[key].append((number, form))

    def find(self, text: Text) -> Iterator[Hit]:
        """Every phrase in `text`, longest first within a line, with how it was said."""
        present = set(text.words)
        keys = present | {word[:end] for word in present for end in range(SHORTEST_PREFIX, len(word) + 1)}
        chosen: set[int] = set()
        for key in sorted(keys):
            for number, form in self._anchors.get(key, ()):
                if number not in chosen and all(
                    not element.fixed or not element.words.isdisjoint(present) for element in form
                ):
                    chosen.add(number)
        for number in sorted(chosen):
            line = self._lines[number]
            for _, start, end in sorted(self._matcher(number)(text.doc)):
                low, high = text.sentence(start)
                if line.own and _of_another(text.words[low:start]):
                    continue
                if line.unless.isdisjoint(text.words[low:high]):
                    yield _said(text, Hit(line, start, end), low, high)

    def _matcher(self, number: int) -> Matcher:
        matcher = self._matchers.get(number)
        if matcher is None:
            matcher = Matcher(_vocab)
            forms = [[element.to_spacy() for element in form] for form in self._lines[number].forms]
            matcher.add("line", forms, greedy="LONGEST")
            self._matchers[number] = matcher
        return matcher


def _anchor(form: Form, spread: Counter[str]) -> Iterable[str]:
    """The words (or beginnings) one of which any text with this form has: the rarest such set."""
    sets = [element.words for element in form if element.fixed]
    if sets:
        return min(sets, key=lambda words: (sum(spread[word] for word in words), sorted(words)))
    prefixed = next(element for element in form if element.required)
    return (*prefixed.prefixes, *prefixed.words)


def _said(text: Text, hit: Hit, low: int, high: int) -> Hit:
    """`hit` with its polarity and certainty, read from the words around it in its sentence."""
    before = list(text.words[low : hit.start])
    clause = before[_last_break(before) :]
    inside = text.words[hit.start : hit.end]
    negated = not hit.line.negative and (_denied(clause, inside, hit.line.value))
    after = _about_it(text.words[hit.end : high])
    passed = [word for word in inside if word in DOUBTS and not _names(hit.line, word)]
    around = [*_aside_from_amounts(before[-HEDGE_REACH:]), *passed, *_aside_from_amounts(after)]
    said = " ".join(around)
    within = " ".join(inside)
    passed_over = [
        phrase for phrase in DOUBTING if phrase in within and not _names(hit.line, phrase.split()[-1])
    ]
    doubtful = not DOUBTS.isdisjoint(around) or bool(passed_over) or any(one in said for one in DOUBTING)
    hedged = not WEAK_HEDGES.isdisjoint(around) or any(
        phrase in " ".join(text.words[low:high]) for phrase in KNOWLEDGE
    )
    return Hit(hit.line, hit.start, hit.end, negated, hedged, doubtful)


def _about_it(after: Sequence[str]) -> list[str]:
    """The words after a phrase that may throw doubt on it.

    Nearby words in its own clause do. So does what ends the sentence ("he lobbies, I'm not sure"). A doubt
    with words of its own behind it is about those: "a mug, no idea whether they sell to us".
    """
    end = next((at for at, word in enumerate(after) if word in BREAKS), len(after))
    own = list(after[: min(end, HEDGE_REACH)])
    for phrase in ASKING:
        if own[: len(phrase)] == list(phrase):
            own = []
    rest = [word for word in after[end:] if word not in BREAKS]
    return own + rest if len(rest) <= ASIDE else own


def _aside_from_amounts(words: Sequence[str]) -> list[str]:
    """`words` without doubts about the number that follows ("maybe $300"): they are about no other fact."""
    after = [*words[1:], ""]
    return [
        word for word, next_ in zip(words, after, strict=False) if not (word in DOUBTS and _counts(next_))
    ]


def _counts(word: str) -> bool:
    return word == "$" or word[:1].isdigit() or word in UNITS or word in TENS


def _names(line: Line, word: str) -> bool:
    """Whether a pattern asks for `word` itself, rather than passing over it in a gap."""
    return any(word in element.words for form in line.forms for element in form)


def _denied(clause: Sequence[str], inside: Sequence[str], value: Value | None) -> bool:
    """Whether a phrase is denied: "they don't sell to us". A thing is denied only directly: "no lunch"."""
    if isinstance(value, bool):
        return not NEGATIONS.isdisjoint(clause[-REACH:]) or not NEGATIONS.isdisjoint(_without_asides(inside))
    near = [word for word in clause if word not in ARTICLES]
    return bool(near) and near[-1] in NEGATIONS


def _of_another(before: Sequence[str]) -> bool:
    """Whether the words before a phrase make somebody else its subject: "my wife has (a second job)"."""
    clause = before[_last_break(before) :]
    at = next((at for at in range(len(clause) - 1, 0, -1) if clause[at] in OTHERS), None)
    return at is not None and clause[at - 1] in NAMING and SELF.isdisjoint(clause[at:])


def _without_asides(words: Sequence[str]) -> Sequence[str]:
    """`words` without what stands between two commas: "my sister, no tie to us, gave me a bike"."""
    commas = [at for at, word in enumerate(words) if word == ","]
    return [*words[: commas[0]], *words[commas[-1] :]] if len(commas) > 1 else words


def _last_break(words: Sequence[str]) -> int:
    return next((at + 1 for at in range(len(words) - 1, -1, -1) if words[at] in BREAKS), 0)
