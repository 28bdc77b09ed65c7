"""The record: one database for what was accepted, what is known, what was said and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.settings import Settings
from service.store.audit import Audit
from service.store.cases import Cases
from service.store.cipher import Cipher
from service.store.database import Database, open_database
from service.store.handoffs import Handoffs
from service.store.ledger import Ledger
from service.store.people import People
from service.store.records import Records
from service.store.retention import Retention, Schedule
from service.store.sessions import Lives, Sessions
from service.store.signins import SignIns
from service.store.statistics import Statistics
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
    sign_ins: SignIns
    people: People
    handoffs: Handoffs
    statistics: Statistics
    retention: Retention
    audit: Audit

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
        self.trackers.close()


def open_store(settings: Settings, law: str, database: Database | None = None) -> Store:
    """The store over its database, which is opened here unless it is open already. `law` is the fingerprint
    that determinations are kept with.

    Raises `NotReady` when the database is damaged or cannot be opened.
    """
    database = database or open_database(settings.store_url)
    cipher = Cipher(settings.key())
    ledger, records = Ledger(database, cipher), Records(database, cipher, law)
    trackers = Trackers(settings.tracker_url)
    switches, statistics = Switches(database, settings.banner), Statistics(database)
    handoffs = Handoffs(database, cipher, on=settings.sign_in != "anonymous")
    return Store(
        database=database,
        trackers=trackers,
        ledger=ledger,
        cases=Cases(database, cipher, ledger=ledger, records=records, switches=switches,
                    handoffs=handoffs, statistics=statistics),
        records=records,
        switches=switches,
        sessions=Sessions(database, lives(settings)),
        sign_ins=SignIns(database, cipher),
        people=People(database, cipher),
        handoffs=handoffs,
        statistics=statistics,
        retention=Retention(database, trackers, _schedule(settings)),
        audit=Audit(database),
    )  # fmt: skip


def lives(settings: Settings) -> Lives:
    """How long sessions last."""
    return Lives(
        idle=dt.timedelta(hours=settings.session_idle_hours),
        visitor=dt.timedelta(days=settings.session_days),
        person=dt.timedelta(hours=settings.sign_in_hours),
    )


def _schedule(settings: Settings) -> Schedule:
    return Schedule(settings.transcript_days, settings.record_years, settings.correspondence_years)


__all__ = ["Store", "lives", "open_store"]
