"""Text that remembers where each of its characters stood in the file.

Cleaning removes page headers, joins lines and drops struck words; the report must still say where in the
supplied file a passage begins.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

Edit = tuple[int, int, str]
"""Replace the characters from the first offset up to the second by a string."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """`text`, with `origin[i]` the offset in the file of the character `text[i]`."""

    text: str
    origin: array[int]

    @classmethod
    def of(cls, text: str) -> Tracked:
        """Text as read: every character stands where it stood."""
        return cls(text, array("L", range(len(text))))

    def edited(self, edits: Iterable[Edit]) -> Tracked:
        """Apply edits in order of their start; one that overlaps an earlier one is left out.

        Replacement characters take the offset at which the replaced stretch began.
        """
        parts: list[str] = []
        origin = array("L")
        at = 0
        for start, end, new in sorted(edits):
            if start < at:
                continue
            parts += (self.text[at:start], new)
            origin.extend(self.origin[at:start])
            origin.extend([self.origin[start] if start < len(self.origin) else 0] * len(new))
            at = end
        parts.append(self.text[at:])
        origin.extend(self.origin[at:])
        return Tracked("".join(parts), origin)

    def substituted(self, pattern: re.Pattern[str], new: str) -> Tracked:
        """Replace every match of `pattern` by the literal string `new`."""
        return self.edited((found.start(), found.end(), new) for found in pattern.finditer(self.text))

    def offset(self, position: int) -> int:
        """Where in the file the character at `position` stood; for the end of the text, one past the last."""
        if position < len(self.origin):
            return self.origin[position]
        return self.origin[-1] + 1 if self.origin else 0
