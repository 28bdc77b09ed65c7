"""Takes messages in before anything is there to answer them: the database is opened long before the law, the
index and the understanding are loaded. What it commits is a turn as soon as the gateway is there."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request

from service.api.shapes import ChatRequest
from service.auth.caller import caller_of, check_may_speak
from service.gateway import outbox, typed
from service.limiter import Limiter
from service.settings import ROOT, Settings
from service.store import lives
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.ledger import Accepted, Ledger
from service.store.models import CaseRow
from service.store.sessions import Sessions

PACKS = ROOT / "knowledge" / "packs"


@dataclass(frozen=True, slots=True)
class Received:
    """An accepted message. `body` is the request as it may be sent again: the desk knows it for a repeat."""

    accepted: Accepted
    body: bytes


class Reception:
    """One per start, over the opened database."""

    def __init__(self, settings: Settings, database: Database, limiter: Limiter) -> None:
        self.database = database
        self._settings = settings
        self._limiter = limiter
        self._cipher = Cipher(settings.key())
        self._ledger = Ledger(database, self._cipher)
        self._sessions = Sessions(database, lives(settings))
        self._packs = frozenset(path.name for path in PACKS.iterdir())

    def take(self, request: Request, body: bytes) -> Received | None:
        """Commit a message of `POST /api/v1/chat`; None for what only the loaded desk can judge.

        Raises the `ServiceError` that the desk would raise for a caller who may not say this.
        """
        try:
            said = ChatRequest.model_validate_json(body)
        except ValidationError:
            return None
        text, problem = typed.read(said.message, self._settings.max_message)
        pack = said.profile.pack if said.profile else None
        if problem or said.facts or (pack and pack not in self._packs):
            return None
        caller = caller_of(request, self._settings, self._sessions)
        check_may_speak(caller, self._settings)
        if said.conversation_id:
            self._limiter.message(said.conversation_id)
            self._ledger.check(said.conversation_id, caller.owner)
        conversation_id = said.conversation_id or self._ledger.begin(
            caller.owner, caller.channel, said.message_id
        )
        key = said.message_id or uuid.uuid4().hex
        accepted = self._ledger.accept(conversation_id, text, key, pack=pack or None)
        again = said.model_copy(update={"conversation_id": conversation_id, "message_id": key})
        return Received(accepted, again.model_dump_json(exclude_unset=True).encode())

    def held(self, accepted: Accepted) -> dict[str, Any]:
        """The holding reply, with the case as it is stored; what is asked comes with the reply itself."""
        messages = [*([outbox.masked()] if accepted.masked else []), outbox.held()]
        state: dict[str, Any] = {"pack": accepted.pack, "topic": None, "facts": {}, "pending": None}
        return {
            "conversation_id": accepted.conversation_id, "message_id": accepted.message_id,
            "messages": messages, "state": state | self._case(accepted.conversation_id), "held": True,
        }  # fmt: skip

    def _case(self, conversation_id: str) -> dict[str, Any]:
        # The desk's modules, which are being imported anyway by then: nothing was to wait for them before.
        from actions.desk.state import CaseState
        from actions.desk.values import facts_to_json

        with self.database.read() as db:
            row = db.get(CaseRow, conversation_id)
        if row is None:
            return {}
        state = CaseState.from_json(json.loads(self._cipher.open(row.state, f"case:{conversation_id}")))
        return {"pack": state.pack, "topic": state.topic, "facts": facts_to_json(state.values)}
