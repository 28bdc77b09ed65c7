"""Sign-ins under way: what the identity provider's answer is checked against, once, by the same browser."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from service.store.cipher import Cipher
from service.store.database import Database
from service.store.models import SignInRow

LIFE = dt.timedelta(minutes=10)
TOKEN_BYTES = 32


class SignIns:
    """Begins a sign-in and takes it up once."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    def begin(self, body: Mapping[str, Any]) -> str:
        """Keep what the answer must match; the token comes back with the browser's next visit."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        name = _hash(token)
        sealed = self._cipher.seal(json.dumps(dict(body)), f"sign_in:{name}")
        with self._database.write() as db:
            db.execute(delete(SignInRow).where(SignInRow.begun_at < dt.datetime.now(dt.UTC) - LIFE))
            db.add(SignInRow(token_hash=name, body=sealed, begun_at=dt.datetime.now(dt.UTC)))
        return token

    def take(self, token: str) -> dict[str, Any] | None:
        """What was kept under the token, which is spent with this; None when there is nothing or too late."""
        name = _hash(token)
        with self._database.write() as db:
            spent = delete(SignInRow).where(SignInRow.token_hash == name)
            row = db.execute(spent.returning(SignInRow.body, SignInRow.begun_at)).one_or_none()
        if row is None or row.begun_at < dt.datetime.now(dt.UTC) - LIFE:
            return None
        body: dict[str, Any] = json.loads(self._cipher.open(row.body, f"sign_in:{name}"))
        return body


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
