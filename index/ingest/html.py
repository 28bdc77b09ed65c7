"""HTML as saved from an official site: the readable text, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.ingest import plain
from index.ingest.refusal import RefusedError
from index.ingest.struck import marked, unmarked

_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_SKIPPED = ["script", "style", "noscript", "template", "nav", "iframe", "svg"]
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that hold nothing, or that the next of their kind closes.
_UNNESTED = frozenset(
    (
        "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link",
        "meta", "option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    )
)  # fmt: skip
MAX_DEPTH = 4000
_STRUCK = frozenset(("s", "strike", "del"))
_SPACES = re.compile(r"[ \t\n\f]+")


@dataclass(frozen=True, slots=True)
class _Style:
    struck: bool = False
    preformatted: bool = False


def looks_like(raw: bytes) -> bool:
    """Whether the file begins as an HTML page does."""
    return _START.match(raw[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def text(raw: bytes) -> str:
    """The page's text with a blank line between blocks; struck words keep their marks.

    Raises:
        RefusedError: wrong encoding, or a page cut off before its end tag.
    """
    declared = _CHARSET.search(raw[:4096])
    source = plain.decode(raw, declared.group(1).decode("ascii") if declared else "utf-8")
    if "</html" not in source[-2000:].lower():
        raise RefusedError("the page is cut short: it has no closing </html>")
    if _depth(source) > MAX_DEPTH:
        raise RefusedError("the page's elements are nested deeper than any document's")
    tree = LexborHTMLParser(unmarked(source))
    tree.strip_tags(_SKIPPED)
    if tree.body is None:
        raise RefusedError("the page has no body")
    return _tidy("".join(_walk(tree.body)))


def _depth(source: str) -> int:
    """The greatest number of elements open at once, roughly: the parser's time grows with its square."""
    depth = deepest = 0
    for tag in _TAG.finditer(source):
        if tag[2].lower() not in _UNNESTED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _walk(body: LexborNode) -> Iterator[str]:
    """Text and breaks in reading order. A stack, not recursion: a hostile page nests a million elements."""
    stack: list[tuple[LexborNode | None, _Style, str]] = [(body.child, _Style(), "")]
    while stack:
        node, style, closing = stack.pop()
        if node is None:
            yield closing
            continue
        stack.append((node.next, style, closing))
        if node.tag == "-text":
            raw = node.text_content or ""
            words = raw if style.preformatted else _SPACES.sub(" ", raw)
            yield marked(words) if style.struck else words
        elif node.tag == "br":
            yield "\n"
        else:
            gap = "\n\n" if node.tag in _BLOCKS else ""
            yield gap
            inner = _Style(style.struck or node.tag in _STRUCK, style.preformatted or node.tag == "pre")
            stack.append((node.child, inner, gap))


def _tidy(text: str) -> str:
    lines = (line.strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
