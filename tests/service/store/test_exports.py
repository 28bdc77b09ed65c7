"""A records request gets what it asks for, and redaction takes out what anybody typed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from service.store import Store
from service.store.exports import conversation, matching, redacted, stamped

SAID = "my cousin Bob Example (bob@example.com, 860-555-0134) gave me a lamp"


def talk(store: Store, owner: str, topic: str) -> str:
    made = store.ledger.begin(owner, "api")
    message = store.ledger.accept(made, SAID).message_id
    said = ({"type": "determination", "pack": "p", "topic": topic, "outcome": "o", "text": "Not allowed."},)
    store.cases.save(replace(store.cases.load(made), version=1, applied=message, said=said), 0)
    return made


def test_a_request_names_a_person_a_topic_and_days(store: Store) -> None:
    gift, job = talk(store, "person:1", "gift"), talk(store, "person:1", "outside_employment")
    other = talk(store, "person:2", "gift")
    today = dt.datetime.now(dt.UTC).date()
    assert matching(store, owner="person:1") == [gift, job]
    assert set(matching(store, topic="gift")) == {gift, other}
    assert matching(store, owner="person:1", topic="gift", since=today, until=today) == [gift]
    assert matching(store, until=today - dt.timedelta(days=1)) == []
    assert matching(store, since=today + dt.timedelta(days=1)) == []


def test_redaction_takes_out_what_was_typed_and_what_names_somebody(store: Store) -> None:
    whole = stamped([conversation(store, talk(store, "person:1", "gift"))])
    assert SAID in json.dumps(whole)
    left = json.dumps(redacted(whole))
    for part in ("Bob", "bob@", "555-0134", "lamp"):
        assert part not in left
    assert "Not allowed." in left
    assert redacted({"reply": "write to ethics@ct.gov or (860) 555-0134"}) == {
        "reply": "write to [removed] or [removed]"
    }
