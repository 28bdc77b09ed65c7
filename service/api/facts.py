"""Facts from JSON, with what is wrong with one said as a problem of its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.engine import FactError
from knowledge.model import Value
from service.errors import InvalidInput
from service.parts import Parts


def parse_facts(parts: Parts, pack: str, raw: Mapping[str, Any]) -> dict[str, Value]:
    """The typed facts; null is a fact that is not known. Raises `InvalidInput` naming the first that does not
    fit."""
    try:
        return parts.engine.parse_facts(pack, raw)
    except FactError as error:
        problem = f"{error.problem[:1].upper()}{error.problem[1:]}."
        raise InvalidInput(problem, field=f"facts.{error.name}", expected=error.expected) from error
