"""Masks social security and payment card numbers before anything is stored."""

from __future__ import annotations

import re

MASK = "[number removed]"
# A social security number never has area 000, 666 or 900-999, group 00 or serial 0000 (SSA numbering scheme).
_AREA, _GROUP, _SERIAL = r"(?!000|666|9\d\d)\d{3}", r"(?!00)\d{2}", r"(?!0000)\d{4}"
_BETWEEN = r"[-‐‑‒–—−. \u00a0\u202f]"
_SEPARATED = re.compile(rf"(?<![\d-]){_AREA}({_BETWEEN}){_GROUP}\1{_SERIAL}(?![\d-])")
_WORDS = r"\b(?:ssn|social\s+security(?:\s+(?:number|no\.?))?)\W{0,3}(?:is\W+)?"
_NAMED = re.compile(rf"(?i){_WORDS}({_AREA}{_GROUP}{_SERIAL})\b")
# In one piece, or in the groups in which cards print them; two dates side by side are no card.
_FOURS = r"\d{4}(?P=s)\d{4}(?P=s)\d{1,4}(?:(?P=s)\d{3})?"
_FOURS = r"\d{4}(?P=s)\d{4}(?P=s)\d{1,4}(?:(?P=s)\d{3})?"
_GROUPS = rf"\d{{4}}(?P<s>{_BETWEEN})(?:{_FOURS}|\d{{6}}(?P=s)\d{{4,5}})"
_CARD = re.compile(rf"(?<![\d.$])(?:\d{{13,19}}|{_GROUPS})(?!\d)")


def mask(text: str) -> tuple[str, bool]:
    """The text with such numbers replaced by `MASK`, and whether there were any."""
    masked = _SEPARATED.sub(MASK, text)
    masked = _NAMED.sub(lambda found: found[0].replace(found[1], MASK), masked)
    masked = _CARD.sub(lambda found: MASK if _luhn(found[0]) else found[0], masked)
    return masked, masked != text


def _luhn(number: str) -> bool:
    """Whether the check digit of ISO/IEC 7812-1 fits."""
    digits = [int(char) for char in number if char.isdigit()]
    total = sum(digits[-1::-2])
    for digit in digits[-2::-2]:
        total += digit * 2 - 9 * (digit > 4)
    return total % 10 == 0
