"""The confusion table as one HTML page with its picture drawn in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

CELL, MARGIN, FONT = 18, 190, 11
STYLE = "body{font:15px system-ui;margin:2rem;max-width:70rem}td,th{padding:.2rem .6rem;text-align:left}"


def page(title: str, figures: Sequence[str], truth: Sequence[str], guessed: Sequence[str]) -> str:
    """An HTML page: figures, picture, and every confusion with its count."""
    pairs = Counter(zip(truth, guessed, strict=True))
    confused = sorted(((count, *pair) for pair, count in pairs.items() if pair[0] != pair[1]), reverse=True)
    rows = "".join(
        f"<tr><td>{count}</td><td>{escape(want)}</td><td>{escape(got)}</td></tr>"
        for count, want, got in confused
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in figures)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1><ul>{items}</ul>{picture(pairs)}"
        "<h2>Confusions</h2><table><tr><th>times</th><th>meant</th><th>read as</th></tr>"
        f"{rows}</table></html>\n"
    )


def picture(pairs: Counter[tuple[str, str]]) -> str:
    """The table as SVG: rows are what was meant, columns what was read, darker is more often."""
    labels = sorted({label for pair in pairs for label in pair})
    place = {label: at for at, label in enumerate(labels)}
    given = Counter({label: sum(n for (want, _), n in pairs.items() if want == label) for label in labels})
    side = MARGIN + CELL * len(labels) + 4
    cells = "".join(
        f'<rect x="{MARGIN + CELL * place[got]}" y="{MARGIN + CELL * place[want]}" width="{CELL - 1}" '
        f'height="{CELL - 1}" fill="{"#1b5e9c" if want == got else "#b3261e"}" '
        f'fill-opacity="{max(0.12, count / given[want]):.2f}"><title>{escape(want)} read as {escape(got)}: '
        f"{count}</title></rect>"
        for (want, got), count in sorted(pairs.items())
    )
    names = "".join(
        f'<text x="{MARGIN - 6}" y="{MARGIN + CELL * at + 13}" text-anchor="end">{escape(label)}</text>'
        f'<text transform="translate({MARGIN + CELL * at + 13},{MARGIN - 6}) rotate(-90)">'
        f"{escape(label)}</text>"
        for label, at in place.items()
    )
    return (
        f'<svg viewBox="0 0 {side} {side}" width="{side}" font-size="{FONT}" role="img" '
        f'aria-label="Confusion table">{names}{cells}</svg>'
    )
