"""Cutting a message that may hold two matters into its parts, each to be understood by itself."""

from __future__ import annotations

import re

FEWEST_WORDS = 4
# Words with which people begin a second matter in the same message.
MARKER = (
    r"(?:also|another (?:thing|question|matter|one)|separately|second(?:ly| question| thing)|besides|plus"
    r"|on top of that|by the way|btw|oh and|different (?:topic|question|thing)"
    r"|and (?:can|may|could|should|am|is it|do|would) (?:i|we|it)\b)"
)
_SEVERAL = re.compile(rf"\b{MARKER}\b|\btwo (?:questions|things)\b", re.IGNORECASE)
_CUT = re.compile(rf"[.?!;]+\s+|,?\s+(?=\b{MARKER}\b)", re.IGNORECASE)


def parts(text: str) -> tuple[str, ...]:
    """The parts of a text that sounds like more than one matter; none for any other text."""
    if not _SEVERAL.search(text) and text.count("?") < 2:
        return ()
    found = tuple(part.strip() for part in _CUT.split(text) if len(part.split()) >= FEWEST_WORDS)
    return found if len(found) > 1 else ()
