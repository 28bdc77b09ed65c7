"""Events as they lie in Rasa's database: sealed when the service has a key, for slots are facts.

The service hands this process a key of its own, made from the one set there (service/rasa_process.py);
AES-256-GCM, bound to the place it is for. What was stored before a key was set stays readable.
"""

from __future__ import annotations

import base64
import os
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.types import Text, TypeDecorator

VARIABLE = "ETHICSDESK_RASA_KEY"
MARK = "sealed:"  # never begins an event, which is a JSON object
PLACE = b"rasa events"
NONCE_BYTES = 12


class Sealed(TypeDecorator):  # type: ignore[type-arg]
    """Text that is sealed on its way into the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Seal it, if there is a key."""
        key = _key()
        if value is None or key is None:
            return value
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + key.encrypt(nonce, value.encode("utf-8", "surrogatepass"), PLACE)
        return MARK + base64.b64encode(sealed).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        """Open it. What another key sealed counts as a restart: the next turn sets the slots anew."""
        if value is None or not value.startswith(MARK):
            return value
        key, sealed = _key(), base64.b64decode(value[len(MARK) :])
        if key is None:
            return LOST
        try:
            opened = key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], PLACE)
        except InvalidTag:
            return LOST
        return opened.decode("utf-8", "surrogatepass")


LOST = '{"event": "restart", "timestamp": 0}'


def _key() -> AESGCM | None:
    """This process's key, if the service has one."""
    told = os.environ.get(VARIABLE)
    return AESGCM(base64.b64decode(told)) if told else None


def install() -> None:
    """Have Rasa's own table seal its events, whichever class reads and writes it."""
    SQLTrackerStore.SQLEvent.__table__.c.data.type = Sealed()
