"""The store as the commands open it: beside a running desk, with the same settings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from knowledge.load import load
from service.settings import read_settings
from service.store import Store, open_store


@contextlib.contextmanager
def opened() -> Iterator[Store]:
    """The store, closed again afterwards."""
    store = open_store(read_settings(), load().fingerprint)
    try:
        yield store
    finally:
        store.close()
