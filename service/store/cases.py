"""The cases as the desk keeps them. A turn is one save: the case, what was said, and the record, or
nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from actions.desk.state import CaseState, StaleState
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.handoffs import NOTICE, Handoffs
from service.store.ledger import Ledger, Result
from service.store.models import CaseRow, TurnRow
from service.store.records import Records
from service.store.statistics import Statistics
from service.store.switches import Switches


class Cases:
    """Implements the desk's `CaseStore` over SQL."""

    def __init__(
        self, database: Database, cipher: Cipher, *, ledger: Ledger, records: Records, switches: Switches,
        handoffs: Handoffs, statistics: Statistics,
    ) -> None:  # fmt: skip
        self._database = database
        self._cipher = cipher
        self._ledger = ledger
        self._records = records
        self._switches = switches
        self._handoffs = handoffs
        self._statistics = statistics

    def load(self, conversation_id: str) -> CaseState:
        """The conversation's state, a new one when there is none."""
        with self._database.read() as db:
            row = db.get(CaseRow, conversation_id)
        if row is None:
            return CaseState(conversation_id)
        return CaseState.from_json(json.loads(self._cipher.open(row.state, f"case:{conversation_id}")))

    def save(self, state: CaseState, expected: int) -> None:
        """Store a state, what it says, and its determinations.

        Raises `StaleState` when the case has moved on or the message was answered before: nothing is applied
        twice.
        """
        state = self._switches.apply(state)
        sealed = self._cipher.seal(json.dumps(state.to_json()), f"case:{state.conversation_id}")
        now = dt.datetime.now(dt.UTC)
        said: Sequence[Mapping[str, Any]] = ()
        with self._database.write() as db:
            row = db.get(CaseRow, state.conversation_id, with_for_update=True)
            if (row.version if row else 0) != expected:
                raise StaleState
            new_turn = state.applied is not None and (row is None or row.applied != state.applied)
            if row is None:
                row = CaseRow(conversation_id=state.conversation_id)
                db.add(row)
            row.version, row.applied, row.state, row.updated_at = state.version, state.applied, sealed, now
            if new_turn:
                said = self._conclude(db, state, state.applied or "")
        if new_turn:
            self._ledger.answered(state.applied or "", said, state)

    def _conclude(self, db: Session, state: CaseState, message_id: str) -> Sequence[Mapping[str, Any]]:
        """Record what is said to the message, and give it."""
        if db.get(TurnRow, message_id) is not None:
            raise StaleState
        said = state.said
        owner = self._handoffs.owner(db, state.conversation_id)
        if owner is not None and self._handoffs.wanted(state, owner):
            self._handoffs.hand_on(db, state, owner, message_id)
            said = (*said, NOTICE)
        self._ledger.answer(db, message_id, said, _result(state))
        for message in state.said:
            if message.get("type") == "determination" and not message.get("what_if"):
                self._records.append(db, state.conversation_id, message_id, message)
                self._statistics.count(db, message)
        return said


def _result(state: CaseState) -> Result:
    handed_over = any(message.get("outcome") == "refer_to_counsel" for message in state.said)
    return "referred" if handed_over or state.phase == "handed_over" else "answered"
