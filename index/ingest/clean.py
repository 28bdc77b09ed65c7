"""Undo what printing and copying did to the text: odd spaces, page furniture, hyphens, broken sentences.

Every step keeps the offsets into the file (see `tracked`). Nothing here knows a particular document; its
headers and footers come from its description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.ingest.documents import Document
from index.ingest.tracked import Edit, Tracked

_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
# "above- stated" and "valu-\n\nation", but not "pre- and post-".
_HYPHEN = re.compile(r"(?<=[^\W\d_])-[ \n]\s*(?!(?:and|or|to)\b)(?=[a-z])")
_NUMBER_HYPHEN = re.compile(r"(?<=\d)-[ \n]\s*(?=\d)")
# An address broken by the end of a line goes on with a piece that only an address has.
_URL_BREAK = re.compile(r"(://\S*)\n(?=_\S|(?!\S*://)\S*(?:\.pdf|\.aspx|\.html?)\b|aspx\b)")
_BREAK = re.compile(r"[ ]*\n\s*")
_WORD = re.compile(r"[^\W\d_]+")
_LINKS = re.compile(r"(?:and|or),? \(")
_OPENS = re.compile(r"\(\w{1,4}\)|Sec\.|§")
_UNFINISHED = re.compile(r"\b(?:an?|and|at|by|for|from|in|of|on|or|shall|that|the|to|which|with)$")
# A shorter line without a full stop, followed by a capital, is a heading or an entry of a list.
_SHORT_LINE = 90


def clean(text: Tracked, document: Document) -> Tracked:
    """Text without page furniture, in which a blank line parts paragraphs and no other line break remains."""
    text = text.edited(_characters(text.text))
    for pattern in document.noise:
        text = text.edited(_noise(text.text, pattern))
    text = text.edited((found.end(1), found.end(), "") for found in _URL_BREAK.finditer(text.text))
    text = text.edited(_hyphens(text.text))
    return text.edited(_breaks(text.text))


def _characters(text: str) -> Iterator[Edit]:
    for found in _ODD_SPACE.finditer(text):
        yield found.start(), found.end(), " "
    for found in _INVISIBLE.finditer(text):
        yield found.start(), found.end(), ""
    for found in _LIGATURE.finditer(text):
        yield found.start(), found.end(), _LIGATURES[found.group()]


def _noise(text: str, pattern: re.Pattern[str]) -> Iterator[Edit]:
    """Furniture on lines of its own leaves a page break; inside a line words leave a space, marks nothing."""
    for found in pattern.finditer(text):
        start, end = found.span()
        if "\n" in text[max(0, start - 1) : start] + text[end : end + 1] or "\n" in found.group():
            new = "\n\n"
        else:
            new = " " if any(map(str.isalnum, found.group())) else ""
        if start < end:
            yield start, end, new


def _hyphens(text: str) -> Iterator[Edit]:
    """A hyphen at a line's end goes where the document elsewhere has the word in one piece."""
    vocabulary = {word.lower() for word in _WORD.findall(text)}
    for found in _HYPHEN.finditer(text):
        head = _WORD.findall(text[max(0, found.start() - 40) : found.start()])[-1]
        tail = _WORD.match(text, found.end())
        whole = (head + (tail.group() if tail else "")).lower()
        yield found.start(), found.end(), "" if whole in vocabulary else "-"
    for found in _NUMBER_HYPHEN.finditer(text):
        yield found.start(), found.end(), "-"


def _breaks(text: str) -> Iterator[Edit]:
    start = 0
    for found in _BREAK.finditer(text):
        real = found.group().count("\n") > 1 and _parts(text, start, found)
        if real:
            start = found.end()
        yield found.start(), found.end(), "\n\n" if real else " "


def _parts(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a break with a blank line ends a paragraph, or a page that broke a sentence."""
    last = text[found.start() - 1 : found.start()]
    following = text[found.end() : found.end() + 12]
    if _LINKS.match(following):
        return False
    if last in ";:" or _OPENS.match(following):
        return True
    if following[:1].islower() or _UNFINISHED.search(text, max(start, found.start() - 8), found.start()):
        return False
    return last in '.!?)]”"’*' or found.start() - start < _SHORT_LINE
