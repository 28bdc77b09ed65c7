"""The record: one database for what was accepted, what is known, what was said and decided."""

from __future__ import annotations

from dataclasses import dataclass

from service.settings import Settings
from service.store.audit import Audit
from service.store.cases import Cases
from service.store.cipher import Cipher
from service.store.database import Database
from service.store.ledger import Ledger
from service.store.records import Records
from service.store.retention import Retention
from service.store.sessions import Sessions
from service.store.switches import Switches
from service.store.trackers import Trackers


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that is kept, by what it is for."""

    database: Database
    trackers: Trackers
    ledger: Ledger
    cases: Cases
    records: Records
    switches: Switches
    sessions: Sessions
    retention: Retention
    audit: Audit

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
        self.trackers.close()


def open_store(settings: Settings, law: str) -> Store:
    """Open the store and bring its tables up to date. `law` is the fingerprint that determinations are kept
    with.

    Raises `NotReady` when the database is damaged or cannot be opened.
    """
    database = Database(settings.store_url)
    database.migrate()
    cipher = Cipher(settings.key())
    ledger, records = Ledger(database, cipher), Records(database, cipher, law)
    trackers = Trackers(settings.tracker_url)
    switches = Switches(database, settings.banner)
    return Store(
        database=database,
        trackers=trackers,
        ledger=ledger,
        cases=Cases(database, cipher, ledger=ledger, records=records, switches=switches),
        records=records,
        switches=switches,
        sessions=Sessions(database, settings.session_days),
        retention=Retention(database, trackers, settings.transcript_days, settings.record_years),
        audit=Audit(database),
    )


__all__ = ["Store", "open_store"]
