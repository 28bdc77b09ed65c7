"""The pattern language of `knowledge/phrases`, compiled to spaCy Matcher patterns.

    they sell~ us ..          words; `sell~` any form of a verb or noun, `contract*` any ending
    (sells|supplies|deals with)   one of these; `(a|an)?` may be missing
    @giver                    one of the words or phrases of a class in `_words.yml`
    ..  ...                   a gap of up to 3, up to 8 words inside one sentence
    _                         any one word
    #n                        a number ("12", "a dozen"), captured

A class's phrases of the same length mix word by word; keep odd ones in a class of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from bot.understanding.numbers import GROUPS, SCALES, TENS
from bot.understanding.text import STOPS, tokens
from knowledge.numerals import UNITS

GAPS = {"..": 3, "...": 8}
NUMBER = "#n"
MAXIMUM_FORMS = 400
_NUMBER = "^(?:[0-9][0-9,.]*k?|" + "|".join(sorted({*UNITS, *TENS, *GROUPS, *SCALES})) + ")$"
_PARTS = re.compile(r"\)\?|[()|]|[^\s()|]+")


class PatternError(ValueError):
    """The text is not a pattern; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Element:
    """One token: one of `words`, or beginning with one of `prefixes`; or a gap of up to `gap`.

    An `optional` token may be missing.
    """

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    gap: int = 0
    number: bool = False
    any: bool = False
    optional: bool = False

    @property
    def fixed(self) -> bool:
        """Whether a text without one of `words` cannot match."""
        return bool(self.words) and not self.prefixes and not self.number and not self.optional

    @property
    def required(self) -> bool:
        """Whether some word must stand here."""
        return self.fixed or (bool(self.prefixes) and not self.optional)

    def to_spacy(self) -> dict[str, Any]:
        """This element in spaCy's terms."""
        if self.optional:
            return {**replace(self, optional=False).to_spacy(), "OP": "?"}
        if self.gap or self.any:
            stops = {"LOWER": {"NOT_IN": sorted(STOPS)}}
            return {**stops, "OP": f"{{0,{self.gap}}}"} if self.gap else stops
        if self.number:
            return {"LOWER": {"REGEX": _NUMBER}}
        if self.prefixes:
            either = [re.escape(word) + "$" for word in sorted(self.words)]
            either += [re.escape(prefix) for prefix in self.prefixes]
            return {"LOWER": {"REGEX": "^(?:" + "|".join(either) + ")"}}
        if len(self.words) == 1:
            return {"LOWER": next(iter(self.words))}
        return {"LOWER": {"IN": sorted(self.words)}}


Form = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What patterns may refer to: classes of phrases, irregular forms, shorthand."""

    classes: Mapping[str, tuple[str, ...]]
    irregular: Mapping[str, tuple[str, ...]]
    shorthand: Mapping[str, str]

    def forms(self, word: str) -> frozenset[str]:
        """A word with its inflections: those listed as irregular, else the regular ones."""
        if word in self.irregular:
            return frozenset((word, *self.irregular[word]))
        if word.endswith("e"):
            return frozenset((word, f"{word}s", f"{word}d", f"{word[:-1]}ing"))
        if word.endswith("y") and word[-2:-1] not in "aeiou":
            return frozenset((word, f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"))
        plural = "es" if word.endswith(("s", "sh", "ch", "x", "z")) else "s"
        doubled = {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"} if _doubles(word) else set()
        return frozenset((word, f"{word}{plural}", f"{word}ed", f"{word}ing")) | doubled


def compile_pattern(source: str, words: Words) -> tuple[Form, ...]:
    """Every form of a pattern.

    Raises:
        PatternError: an unknown class, unbalanced parentheses, a form without a word, or too many forms.
    """
    parts = _PARTS.findall(source)
    forms = _Parser(source, parts, words).all()
    forms = tuple(dict.fromkeys(_trim(form) for whole in forms for form in _ended(whole)))
    if not all(any(element.required for element in form) for form in forms):
        raise PatternError(f"a form without any word of its own: {source!r}")
    return forms


class _Parser:
    """Recursive descent over the parts of one pattern; every step returns the forms a piece may take."""

    def __init__(self, source: str, parts: Sequence[str], words: Words) -> None:
        self.source, self.parts, self.words, self.at = source, parts, words, 0

    def all(self) -> tuple[Form, ...]:
        forms = self._either()
        if self.at < len(self.parts):
            raise PatternError(f"unbalanced parenthesis: {self.source!r}")
        return tuple(forms)

    def _either(self) -> list[Form]:
        """Alternatives up to a closing parenthesis; those of one word become one element."""
        forms = self._sequence()
        while self._next() == "|":
            self.at += 1
            forms += self._sequence()
        single = [form[0] for form in forms if len(form) == 1 and _plain(form[0])]
        rest = [form for form in forms if len(form) != 1 or not _plain(form[0])]
        return ([(_either(single),)] if single else []) + rest

    def _sequence(self) -> list[Form]:
        forms: list[Form] = [()]
        start = self.at
        while self._next() not in ("", "|", ")", ")?"):
            piece = self._piece()
            forms = [form + more for form in forms for more in piece]
            if len(forms) > MAXIMUM_FORMS:
                raise PatternError(f"more than {MAXIMUM_FORMS} forms: {self.source!r}")
        if self.at == start:
            raise PatternError(f"an empty alternative: {self.source!r}")
        return forms

    def _piece(self) -> list[Form]:
        part = self._next()
        self.at += 1
        if part == "(":
            forms = self._either()
            closing = self._next()
            if closing not in (")", ")?"):
                raise PatternError(f"unbalanced parenthesis: {self.source!r}")
            self.at += 1
            return _optional(forms) if closing == ")?" else forms
        optional = part.endswith("?") and len(part) > 1
        word = part[:-1] if optional else part
        forms = (
            list(_class(word[1:], self.words)) if word.startswith("@") else [tuple(_word(word, self.words))]
        )
        return _optional(forms) if optional else forms

    def _next(self) -> str:
        return self.parts[self.at] if self.at < len(self.parts) else ""


def _class(name: str, words: Words) -> Iterator[Form]:
    if name not in words.classes:
        raise PatternError(f"unknown word class @{name}")
    by_length: dict[int, list[Form]] = {}
    for phrase in words.classes[name]:
        form = tuple(element for word in phrase.split() for element in _word(word, words))
        by_length.setdefault(len(form), []).append(form)
    for forms in by_length.values():
        yield tuple(_either(column) for column in zip(*forms, strict=True))


def _either(elements: Sequence[Element]) -> Element:
    return Element(
        frozenset().union(*(element.words for element in elements)),
        tuple(sorted({prefix for element in elements for prefix in element.prefixes})),
        number=any(element.number for element in elements),
        any=any(element.any for element in elements),
    )


def _word(word: str, words: Words) -> Iterator[Element]:
    if word in GAPS:
        yield Element(gap=GAPS[word])
    elif word == "_":
        yield Element(any=True)
    elif word == NUMBER:
        yield Element(number=True)
    elif word.endswith("*") and len(word) > 3:
        yield Element(prefixes=(word[:-1].lower(),))
    elif word.endswith("~"):
        yield Element(words.forms(word[:-1].lower()))
    else:
        yield from _spoken(word)


@lru_cache(1 << 14)
def _spoken(word: str) -> Form:
    """A plain word as the tokens that a message would have in its place."""
    pieces = [piece for piece, _, _ in tokens(word)]
    return tuple(
        Element(frozenset((piece, "'s") if piece in ("is", "has") else (piece,))) for piece in pieces
    )


def _plain(element: Element) -> bool:
    return not element.gap and not element.optional


def _optional(forms: list[Form]) -> list[Form]:
    """Forms that may be missing: one token is marked so, anything longer is a form more."""
    if len(forms) == 1 and len(forms[0]) == 1 and not forms[0][0].gap:
        return [(replace(forms[0][0], optional=True),)]
    return [*forms, ()]


def _ended(form: Form) -> Iterator[Form]:
    """The form with no gap beside optional tokens at its ends: a gap there would take in anything."""
    end = len(form)
    while end > 0 and form[end - 1].optional:
        end -= 1
    if end < len(form) and end > 0 and form[end - 1].gap:
        yield from _ended(form[:-1])
        yield from _ended((*form[:-1], replace(form[-1], optional=False)))
        return
    start = 0
    while start < len(form) and form[start].optional:
        start += 1
    if 0 < start < len(form) and form[start].gap:
        yield from _ended(form[1:])
        yield from _ended((replace(form[0], optional=False), *form[1:]))
        return
    yield form


def _trim(form: Form) -> Form:
    """A form without gaps at its ends."""
    start, end = 0, len(form)
    while start < end and form[start].gap:
        start += 1
    while end > start and form[end - 1].gap:
        end -= 1
    return form[start:end]


def _doubles(word: str) -> bool:
    vowels = "aeiou"
    return len(word) > 2 and word[-1] not in f"{vowels}wxy" and word[-2] in vowels and word[-3] not in vowels
