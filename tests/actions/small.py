"""The type of the fixture that builds small bodies of rules."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.model import Knowledge

Build = Callable[..., Knowledge]
