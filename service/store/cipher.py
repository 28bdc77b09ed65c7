"""Encryption at rest: AES-256-GCM over what people typed and what the desk keeps of it."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.errors import StoreUnavailable

PLAIN, SEALED = b"\x00", b"\x01"
NONCE_BYTES = 12


class Cipher:
    """Seals and opens bytes. Without a key it stores them as they are, marked so that a later key still reads
    them."""

    def __init__(self, key: bytes | None) -> None:
        self._key = None if key is None else AESGCM(key)

    def seal(self, text: str, place: str) -> bytes:
        """Seal `text`, bound to the `place` (table and row) where it will lie."""
        data = text.encode("utf-8", "surrogatepass")
        if self._key is None:
            return PLAIN + data
        nonce = secrets.token_bytes(NONCE_BYTES)
        return SEALED + nonce + self._key.encrypt(nonce, data, place.encode())

    def open(self, stored: bytes, place: str) -> str:
        """Open what `seal` made for the same `place`. Raises `StoreUnavailable` without the right key."""
        if stored[:1] == PLAIN:
            return stored[1:].decode("utf-8", "surrogatepass")
        if self._key is None:
            raise StoreUnavailable(
                "The record is encrypted and no key is set.", expected="ETHICSDESK_ENCRYPTION_KEY"
            )
        nonce, sealed = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
        try:
            return self._key.decrypt(nonce, sealed, place.encode()).decode("utf-8", "surrogatepass")
        except InvalidTag as error:
            raise StoreUnavailable(
                "The record does not open with the key that is set, or was changed."
            ) from error
