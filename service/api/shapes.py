"""The bodies of the public contracts, as they stand in the OpenAPI page."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

MessageType = Literal["text", "question", "determination", "answer", "notice"]
# The engine checks a value against its fact and says what would be right; here the schema only documents it.
FactValue = Annotated[Any, WithJsonSchema({"type": ["boolean", "integer", "number", "string", "null"]})]
Name = Annotated[str, Field(max_length=100)]


class Body(BaseModel):
    """A request body: unknown fields are mistakes, and are named."""

    model_config = ConfigDict(extra="forbid", str_max_length=20000)


class ErrorDetail(BaseModel):
    """What was wrong, where, and what would be right."""

    code: str
    field: str | None
    message: str
    expected: str | None


class Problem(BaseModel):
    """Every error answer has this shape."""

    error: ErrorDetail


class Profile(Body):
    """What is known of the person from elsewhere."""

    pack: Name | None = Field(None, description="The pack that binds this person.", examples=["ct-dss"])


class ChatRequest(Body):
    """A message. Without `conversation_id` a conversation begins."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message": "A vendor sent me a $75 gift basket for Christmas, can I keep it?",
                 "profile": {"pack": "ct-state"}},
                {"conversation_id": "KqV1…", "message": "no"},
            ]
        }
    )  # fmt: skip
    conversation_id: Name | None = Field(None, description="As an earlier reply gave it.")
    message: str = Field(
        description="What the person wrote, or the token of an option; up to 4,000 characters."
    )
    profile: Profile | None = None
    facts: dict[Name, FactValue] = Field(
        {}, max_length=50, description="Facts set outright, by a form control; the message says so in words."
    )
    message_id: Name | None = Field(
        None,
        description="The sender's own id of the message; sent again, it gets the same reply.",
    )


class Pending(BaseModel):
    """The question that waits: one fact, or several of which any may apply."""

    model_config = ConfigDict(extra="allow")
    fact: str | None = None
    facts: list[str] | None = None
    options: list[dict[str, Any]] = []
    multiple: bool | None = None


class State(BaseModel):
    """Where the conversation stands."""

    model_config = ConfigDict(extra="allow")
    pack: str | None
    topic: str | None
    facts: dict[str, Any]
    pending: dict[str, Any] | None


class ChatMessage(BaseModel):
    """One message of the desk. A determination carries what POST /api/v1/determinations returns."""

    model_config = ConfigDict(extra="allow")
    type: MessageType
    text: str


class ChatReply(BaseModel):
    """What the desk says, and where the conversation stands. `held` is true while the reply is still
    coming."""

    conversation_id: str
    message_id: str
    messages: list[ChatMessage]
    state: State
    held: bool = False


class DeterminationRequest(Body):
    """Facts to decide on. Facts of other topics are accepted and ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pack": "ct-state", "topic": "gift",
                    "facts": {"donor_type": "state_vendor", "item_value": 75, "item_type": "goods"},
                    "as_of": "2026-11-02",
                }
            ]
        }
    )  # fmt: skip
    pack: Name
    topic: Name
    facts: dict[Name, FactValue] = Field({}, max_length=400)
    as_of: dt.date | None = Field(None, description="The day whose law applies; today when absent.")
    dont_know: list[Name] = Field([], max_length=400, description="Facts that the person does not know.")
    presume: bool = Field(False, description="Rely on the declared presumptions for facts not given.")


class Determination(BaseModel):
    """The outcome and everything it rests on."""

    model_config = ConfigDict(extra="allow")
    outcome: str
    decided_by: str | None
    rules: list[str]
    duties: list[dict[str, Any]]
    citations: list[dict[str, str]]
    passages: list[dict[str, Any]]
    missing: list[str]
    changes: list[dict[str, Any]]


class PendingFacts(Body):
    """The question that the text may answer: the name of one fact, or of several."""

    fact: Name | None = None
    facts: list[Name] = []


class UnderstandRequest(Body):
    """A text to understand."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "my boss gave me a $40 scarf", "pack": "ct-state"}]}
    )
    text: str
    pack: Name | None = None
    pending: PendingFacts | Name | None = None


class Understood(BaseModel):
    """What the desk makes of a text."""

    act: str
    topic: str | None
    topics: list[dict[str, Any]]
    confidence: float
    facts: dict[str, Any]
    mentions: list[dict[str, Any]]
    unsure: list[dict[str, Any]]
    pack: str | None


class SearchHit(BaseModel):
    """A passage found. `kind` tells our restatement from official words."""

    provision: str
    citation: str
    heading: str
    text: str
    kind: Literal["restated", "official"]
    score: float
    status: str


class SessionReply(BaseModel):
    """What the page needs to know."""

    csrf: str
    banner: str
    contact: str | None = None
    person: str | None = Field(None, description="The name of whoever has signed in.")
    roles: list[str] = []
    sign_in: Literal["none", "optional", "required"] = Field(
        "none", description="Whether signing in is offered or required before a conversation."
    )


class TranscriptTurn(BaseModel):
    """One message and what the desk said to it."""

    message_id: str
    said: str
    at: dt.datetime
    messages: list[ChatMessage]
    held: bool


class Transcript(BaseModel):
    """A conversation from its beginning."""

    conversation_id: str
    turns: list[TranscriptTurn]
    state: State
