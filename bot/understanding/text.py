"""A message as tokens: contractions opened, shorthand and typing slips put right, offsets kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import spacy
from rapidfuzz.distance import DamerauLevenshtein
from spacy.tokens import Doc

OPENED = {
    "n't": "not", "nt": "not", "ca": "can", "wo": "will", "'re": "are", "'ve": "have", "'ll": "will",
    "'d": "would", "'m": "am", "cannot": "can", "`s": "'s",
}  # fmt: skip
STOPS = frozenset(".!?;\n")
SLIP_LENGTH = 7  # shorter words have too many neighbours to be corrected safely
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\t": " "})
_nlp = spacy.blank("en")
_vocab = _nlp.vocab


@dataclass(frozen=True, slots=True)
class Text:
    """Tokens of one message. `words` are what patterns match; `starts` and `ends` point into the original."""

    original: str
    doc: Doc
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The person's own words for tokens `start` to `end` (exclusive)."""
        return self.original[self.starts[start] : self.ends[end - 1]]

    def sentence(self, at: int) -> tuple[int, int]:
        """Token bounds of the sentence around token `at`."""
        start = at
        while start > 0 and self.words[start - 1] not in STOPS:
            start -= 1
        end = at
        while end < len(self.words) and self.words[end] not in STOPS:
            end += 1
        return start, end


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end) of `text`, lower-cased, contractions opened; patterns are cut the same way."""
    plain = text.translate(_STRAIGHT)
    found = []
    for token in _nlp.make_doc(plain):
        word = token.text.lower()
        if word.strip(" ") or "\n" in word:
            found.append((OPENED.get(word, word), token.idx, token.idx + len(token.text)))
    return found


class Reader:
    """Makes `Text` of messages with the shorthand and the vocabulary of the phrases."""

    def __init__(self, shorthand: Mapping[str, str], known: frozenset[str], targets: frozenset[str]) -> None:
        """`known` words are never corrected; a slip is corrected to one of `targets`."""
        self._shorthand = dict(shorthand)
        self._known = known
        self._targets = sorted(word for word in targets if len(word) >= SLIP_LENGTH and word.isalpha())
        self._correct = lru_cache(4096)(self._nearest)

    def read(self, text: str) -> Text:
        """Tokens of `text`, corrected."""
        found = tokens(text)
        words = tuple(self._word(word) for word, _, _ in found)
        doc = Doc(_vocab, words=list(words))
        return Text(text, doc, words, tuple(at for _, at, _ in found), tuple(at for _, _, at in found))

    def _word(self, word: str) -> str:
        if word in self._shorthand:
            return self._shorthand[word]
        if len(word) < SLIP_LENGTH or word in self._known or not word.isalpha():
            return word
        return self._correct(word)

    def _nearest(self, word: str) -> str:
        near = [
            target
            for target in self._targets
            if target[0] == word[0]
            and abs(len(target) - len(word)) <= 1
            and DamerauLevenshtein.distance(word, target, score_cutoff=1) <= 1
        ]
        return near[0] if len(near) == 1 else word
