"""Days to keep as an iCalendar file (RFC 5545), written where the person stands; nobody else hears."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

LINE = 73  # octets, so that a folded line with its leading space stays within 75


def dated(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a determination says to do by a day."""
    return [item for item in message.get("todo") or () if item.get("due")]


def calendar(items: Sequence[Mapping[str, Any]], details: str, now: dt.datetime) -> str:
    """One all-day entry for each item, with a reminder two days before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ethics Desk//EN"]
    for item in items:
        lines += _entry(str(item["text"]), dt.date.fromisoformat(str(item["due"])), details, now)
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _entry(text: str, due: dt.date, details: str, now: dt.datetime) -> list[str]:
    name = hashlib.blake2b(f"{due}|{text}".encode(), digest_size=8).hexdigest()
    return [
        "BEGIN:VEVENT", f"UID:{name}@ethics-desk", f"DTSTAMP:{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}", f"DTEND;VALUE=DATE:{due + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_plain(f'Due: {text}')}", f"DESCRIPTION:{_plain(details)}", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_plain(text)}", "TRIGGER:-P2D", "END:VALARM",
        "END:VEVENT",
    ]  # fmt: skip


def _plain(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _fold(line: str) -> str:
    """A long line in pieces that begin with a space, cut between characters."""
    pieces, octets = [""], 0
    for char in line:
        size = len(char.encode())
        if octets + size > LINE:
            pieces.append("")
            octets = 0
        pieces[-1] += char
        octets += size
    return "\r\n ".join(pieces)
