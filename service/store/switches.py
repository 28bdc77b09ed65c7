"""Kill switches: refer everything of a pack, a topic or a rule to a person, at once and without a deploy.

They lie in the store, so that every process sees them; each process reads them again after `FRESH` seconds.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import select

from actions.desk.state import CaseState
from service.store.database import Database
from service.store.models import SwitchRow

Kind = Literal["pack", "topic", "rule", "banner"]
FRESH = 5.0
REFER = "refer_to_counsel"
SENTENCE = "Questions of this kind are answered by a person at the moment, not by this desk."


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch in force. `note` is shown to whoever meets it."""

    kind: str
    target: str
    note: str
    set_at: dt.datetime


class Switches:
    """Reads, sets and applies the switches."""

    def __init__(self, database: Database, banner: str = "") -> None:
        self._database = database
        self._banner = banner
        self._read_at = float("-inf")
        self._known: tuple[Switch, ...] = ()

    def all(self) -> tuple[Switch, ...]:
        """The switches in force, at most `FRESH` seconds old."""
        if time.monotonic() - self._read_at > FRESH:
            with self._database.read() as db:
                rows = db.scalars(select(SwitchRow).order_by(SwitchRow.kind, SwitchRow.target)).all()
            self._known = tuple(Switch(row.kind, row.target, row.note, row.set_at) for row in rows)
            self._read_at = time.monotonic()
        return self._known

    def banner(self) -> str:
        """The notice above every conversation: the switch's, else the setting's."""
        return next((switch.note for switch in self.all() if switch.kind == "banner"), self._banner)

    def set(self, kind: Kind, target: str, note: str) -> None:
        """Refer from now on what the switch names (or show the banner)."""
        with self._database.write() as db:
            db.merge(SwitchRow(kind=kind, target=target, note=note, set_at=dt.datetime.now(dt.UTC)))
        self._read_at = float("-inf")

    def lift(self, kind: Kind, target: str) -> bool:
        """Take a switch back; false when it was not set."""
        with self._database.write() as db:
            row = db.get(SwitchRow, (kind, target))
            if row is not None:
                db.delete(row)
        self._read_at = float("-inf")
        return row is not None

    def stops(self, pack: str | None, topic: str | None, rules: tuple[str, ...] = ()) -> Switch | None:
        """The switch that stops this pack, topic or one of these rules, if any does."""
        for switch in self.all():
            hit = {
                "pack": switch.target == pack,
                "topic": switch.target == topic,
                "rule": switch.target in rules,
            }
            if hit.get(switch.kind, False):
                return switch
        return None

    def apply(self, state: CaseState) -> CaseState:
        """The state as it may be shown: what a switch stops is handed to a person instead of asked or
        decided."""
        rules = tuple(rule for message in state.said for rule in _rules(message))
        switch = self.stops(state.pack, state.topic, rules)
        if switch is None or not any(
            message.get("type") in ("question", "determination") for message in state.said
        ):
            return state
        kept = [message for message in state.said if message.get("type") not in ("question", "determination")]
        return replace(
            state, said=(*kept, referral(switch)), pending=None, phase="handed_over", outcome=REFER
        )


def referral(switch: Switch) -> dict[str, Any]:
    """What is said in place of what the switch stops."""
    return {"type": "notice", "about": "referred", "outcome": REFER, "text": switch.note or SENTENCE}


def _rules(message: Mapping[str, Any]) -> list[str]:
    return [
        str(rule.get("id")) if isinstance(rule, Mapping) else str(rule) for rule in message.get("rules", ())
    ]
