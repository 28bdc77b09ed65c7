"""The shape of each kind of YAML file: pydantic models that name every key and refuse any other."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Scalar = bool | int | float | dt.date | str
Text = Annotated[
    str,
    Field(min_length=1),
    BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value),
]


class Shape(BaseModel):
    """Base of all shapes: unknown keys are errors, so that a misspelt key is never silently ignored."""

    model_config = ConfigDict(extra="forbid", strict=True)


class OptionShape(Shape):
    value: Text
    label: Text
    says: list[Text] = []
    jurisdiction: str = ""


class ExampleShape(Shape):
    say: Text
    value: Scalar


class FactShape(Shape):
    name: Text
    type: Literal["bool", "choice", "money", "date", "integer"]
    question: Text
    why: Text
    statement: str = ""
    options: list[OptionShape] = []
    examples: list[ExampleShape] = []
    presume: Scalar | None = None
    rare: bool = False
    changeable: bool = True
    sensitivity: Literal["none", "identity", "money", "health", "family"] = "none"
    case_default: Scalar | None = None


class DerivedShape(Shape):
    name: Text
    expression: Text
    meaning: Text


class DueShape(Shape):
    after: Text
    days: int = 0
    business_days: bool = False


class DutyShape(Shape):
    do: Text
    due: DueShape | None = None
    form: Text | None = None
    who: Literal["you", "giver", "recipient", "agency"] = "you"


class CaseShape(Shape):
    name: Text
    pack: Text
    topic: Text
    facts: dict[str, Scalar]
    outcome: Text
    rules: Annotated[list[Text], Field(min_length=1)]


class RuleShape(Shape):
    id: Text
    title: Text
    topics: Annotated[list[Text], Field(min_length=1)]
    when: Text
    outcome: Text
    layer: Text
    cites: Annotated[list[Text], Field(min_length=1)]
    basis: Text
    unverified: bool = False
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    duties: Annotated[list[DutyShape], Field(min_length=1)]
    cases: list[CaseShape] = []


class ProvisionShape(Shape):
    id: Text
    heading: Text
    document: Text
    status: Text
    topic: Text
    text: Text
    kind: Literal["provision", "opinion"] = "provision"
    parent: Text | None = None
    effective: str = ""
    note: str = ""
    superseded: str = ""
    answers: list[Text] = []
    governs: list[Text] = []
    repeats: list[Text] = []


class ParameterValueShape(Shape):
    since: dt.date
    value: int | float
    reference: Text


class ParameterShape(Shape):
    name: Text
    meaning: Text
    unit: Literal["USD", "days", "years", "percent", "count", "business days", "hours"]
    last_checked: dt.date
    values: Annotated[list[ParameterValueShape], Field(min_length=1)]


class PackShape(Shape):
    id: Text
    title: Text
    binds: Text
    jurisdiction: Text
    extends: Text | None = None
    fixes: dict[str, Scalar]
    assumes: dict[str, Scalar] = {}
    contact: Text
    documents: list[Text] = []
    says: list[Text] = []


class ReferralShape(Shape):
    when: Text
    why: Text


class TopicShape(Shape):
    id: Text
    title: Text
    description: Text
    packs: Annotated[list[Text], Field(min_length=1)]
    assumes: dict[str, Scalar] = {}
    denied_by: dict[str, Scalar] = {}
    referrals: list[ReferralShape] = []
    part_of: Text | None = None


class OutcomeShape(Shape):
    id: Text
    rank: int
    label: Text
    sentence: Text


class LayerShape(Shape):
    id: Text
    title: Text
    jurisdiction: Text
    specificity: int
    binds: Text | None = None


class ChecklistShape(Shape):
    id: Text
    question: Text
    facts: Annotated[list[Text], Field(min_length=2)]


class TermShape(Shape):
    term: Text
    meaning: Text
    cites: list[Text] = []
    synonyms: list[Text] = []


def as_list(content: Any) -> list[Any]:
    """A file holds either one entry or a list of entries; both are read as a list."""
    return content if isinstance(content, list) else [content]
