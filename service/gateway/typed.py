"""What somebody typed, made fit to store: no control characters, no halves of characters, not too long."""

from __future__ import annotations

import unicodedata

from service.errors import InvalidInput

SPACES = "\n\t"
UNWANTED = ("Cc", "Cs")


def clean(text: str) -> str:
    """What was typed without control characters and halves of characters."""
    kept = (char if char in SPACES or unicodedata.category(char) not in UNWANTED else " " for char in text)
    return "".join(kept).strip()


def read(message: str, longest: int) -> tuple[str, InvalidInput | None]:
    """The message clean, and what is wrong with it if anything is; `longest` in characters."""
    text, expected = clean(message), f"1 to {longest:,} characters"
    if not text:
        return text, InvalidInput("The message is empty.", field="message", expected=expected)
    if len(message) > longest:
        return text, InvalidInput(
            f"The message has {len(message):,} characters.", field="message", expected=expected
        )
    return text, None
