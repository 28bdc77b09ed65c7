"""What `understand` takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Value

SITUATION = "situation"
ANSWER = "answer"

# Acts the classifier tells apart but the public contract does not name, and what the contract calls them.
PUBLIC_ACTS: Mapping[str, str] = {
    "save": "summarise",
    "small_talk": "greeting",
    "distress": "talk_to_human",
    "abusive": "out_of_scope",
}


class Embedder(Protocol):
    """Turns texts into unit vectors, one row each; `identity` changes whenever the vectors would."""

    dimension: int
    identity: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """The open question: one fact, or a checklist of facts asked together."""

    fact: str | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact read out of a message: its value, the words it came from, and how sure that reading is."""

    name: str
    value: Value
    text: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message means.

    `facts` holds what was said plainly enough to use; `unsure` what must be confirmed before use, and what
    was said with a doubt ("as far as I know"), which then stands in `facts` as well. `pack` is the body of
    rules that the person named ("I work for DSS"), `None` when none was named.
    """

    act: str
    topic: str | None
    topics: tuple[tuple[str, float], ...]
    confidence: float
    facts: Mapping[str, Value]
    mentions: tuple[Mention, ...]
    unsure: tuple[Mention, ...]
    pack: str | None
