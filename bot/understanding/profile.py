"""Whom the person says they work for, and so which body of rules they ask about."""

from __future__ import annotations

import re

# How a person says where they belong; a bare mention of an agency may be about somebody else.
_BELONG = (
    r"(?:i(?:'m| am)?|we(?:'re| are)?|my job|my agency|our agency)\b[^.;!?]{0,40}?"
    r"\b(?:work|working|employed|with|at|for|in|from|job|here|started|is|agency)\b[^.;!?]{0,30}?"
)
_DDS, _HIRED = r"\b(?:dds|developmental services)\b", r"\b(?:contractor|provider|consultant)\b"
_NAMES = (
    ("ct-dds-contractor", rf"{_DDS}[^.;!?]{{0,20}}{_HIRED}|{_HIRED}[^.;!?]{{0,20}}{_DDS}"),
    ("ct-dss", r"\bdss\b|\b(?:department of )?social services\b"),
    ("ct-opm", r"\bopm\b|\boffice of policy (?:and|&) management\b"),
    ("in-state", r"\bindiana\b|\bindianapolis\b|\bhoosier\b"),
)
_PACKS = tuple((pack, re.compile(_BELONG + "(?:" + name + ")", re.IGNORECASE)) for pack, name in _NAMES)
_LOBBYIST = re.compile(
    r"\b(?:i'm|i am|we're|we are|as)\b (?:a |an |the )?"
    r"(?:registered |client |communicator |in-house )?lobbyists?\b",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^\s*(dss|opm)\b(?: here| employee| worker|[,:])", re.IGNORECASE)


def pack_said(text: str) -> str | None:
    """The pack of the employer that `text` names as the person's own, or `None`."""
    plain = text.replace("’", "'")
    for pack, form in _PACKS:
        if form.search(plain):
            return pack
    if _LOBBYIST.search(plain):
        return "ct-lobbyist"
    leading = _LEADING.match(plain)
    return f"ct-{leading[1].lower()}" if leading else None
