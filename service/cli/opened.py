"""The store as the commands open it: beside a running desk, with the same settings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.settings import read_settings

if TYPE_CHECKING:
    from service.store import Store


@contextlib.contextmanager
def opened() -> Iterator[Store]:
    """The store, closed again afterwards."""
    # The database's libraries take a second to import: no other command waits for them.
    from knowledge.load import load
    from service.store import open_store

    store = open_store(read_settings(), load().fingerprint)
    try:
        yield store
    finally:
        store.close()
