"""What is known of each official document: how to recognise it, clean it and cut it, as data.

One file a document, `knowledge/packs/<pack>/documents/<id>.yml`, so that a lawyer of another state can add
one. It holds no sentence of the document: patterns, and opening words of passages that carry no number.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)

from index.ingest.phrase import phrase, strike

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
Pattern = re.Pattern[str]


class DocumentsError(ValueError):
    """Descriptions of documents that cannot be used; the message lists every problem with its file."""


def _compiled(value: object) -> Pattern:
    try:
        return re.compile(str(value), re.MULTILINE | re.DOTALL)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error


def _usable(value: str) -> str:
    phrase(value)
    return value


Regex = Annotated[Any, PlainValidator(_compiled)]
Phrase = Annotated[str, AfterValidator(_usable)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Marks(_Shape):
    """Patterns of which at least `enough` occur in the document and, together, in no other."""

    enough: Annotated[int, Field(ge=1)]
    patterns: Annotated[list[Regex], Field(min_length=1)]


class Revision(_Shape):
    """Where the document states its own date, and the date that our restatement was made from."""

    pattern: Regex
    # YAML reads a bare year as a number.
    expected: Annotated[str, BeforeValidator(str)]


class Sections(_Shape):
    """How numbered sections begin and end.

    `pattern` has a group `number` and may have `heading`; it must match up to the section's first own word.
    `id` makes the provision's id from `{number}`. What follows the last match of `ends` inside a section is a
    title of the next part and belongs to no section.
    """

    pattern: Regex
    id: str
    ends: Regex | None = None


class Opening(_Shape):
    """A passage without a number: it begins at these words (`…` stands for any few words between).

    `within` names the passage that contains it, where its id does not tell.
    """

    id: str
    begins: Phrase
    within: str | None = None


class Struck(_Shape):
    """Words that the amendment strikes, in `[brackets]` amid the words around; `…` for any words between.

    `of` names the provision that shows these struck words; without it they are dropped.
    """

    words: Annotated[str, AfterValidator(lambda value: strike(value) and value)]
    of: str | None = None


class Document(_Shape):
    """One official document. `id` is what provisions name as their document."""

    id: str
    title: str
    marks: Marks
    closing: Regex
    revision: Revision | None = None
    noise: list[Regex] = []
    titles: list[Phrase] = []
    sections: Sections | None = None
    passages: list[Opening] = []
    amendment: bool = False
    struck: list[Struck] = []


def load_documents(root: Path = KNOWLEDGE) -> dict[str, Document]:
    """Every described document under `root`, by id.

    Raises:
        DocumentsError: a file is no YAML, has a wrong shape, or repeats an id.
    """
    found: dict[str, Document] = {}
    problems: list[str] = []
    for path in sorted(root.glob("packs/*/documents/*.yml")):
        name = path.relative_to(root).as_posix()
        try:
            document = Document.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            problems.append(f"{name}: {error}")
        except ValidationError as error:
            problems += [f"{name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        else:
            if document.id in found:
                problems.append(f"{name}: id: {document.id} is described twice")
            found[document.id] = document
    if problems:
        raise DocumentsError("\n".join(problems))
    return found
