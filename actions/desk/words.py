"""Facts and values in plain words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from knowledge.model import Fact, Knowledge, Value

_EMPHASIS = re.compile(r"\*\*(.+?)\*\*")
# A label that is only the value's name says nothing better than the value itself.
_PLAIN = str.maketrans({"_": " "})


def plain(text: str) -> str:
    """`text` without the emphasis marks of the knowledge files: messages carry no markup."""
    return " ".join(_EMPHASIS.sub(r"\1", text).split())


def day(date: dt.date) -> str:
    """A date as people write it: 3 March 2026."""
    return f"{date.day} {date:%B %Y}"


def money(amount: Decimal) -> str:
    """Dollars, with cents only when there are any."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"


def value_words(fact: Fact | None, value: Value) -> str:
    """The value as its option label, an amount, a date, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, int):
        return str(value)
    labels = {option.value: option.label for option in fact.options} if fact else {}
    return plain(labels.get(value, value.translate(_PLAIN)))


def subject(knowledge: Knowledge, topic: str | None) -> str:
    """A topic as it is named inside a sentence."""
    return f"“{knowledge.topics[topic].title}”" if topic else "your question"


def label(knowledge: Knowledge, name: str) -> str:
    """A short name for a fact: its statement, or the fact's name without underscores."""
    fact = knowledge.facts.get(name)
    if fact is not None and fact.statement:
        return plain(fact.statement).rstrip(".")
    return name.translate(_PLAIN).capitalize()


def small(words: str) -> str:
    """The words as they stand inside a sentence; "DSS" and "I" keep their capitals."""
    return words if words[:2].isupper() or words.split(" ")[0] == "I" else words[:1].lower() + words[1:]


def clause(knowledge: Knowledge, name: str, value: Value) -> str:
    """One fact as a few words: "The giver is a lobbyist: no", "Cost for one person: $75"."""
    return f"{label(knowledge, name)}: {value_words(knowledge.facts.get(name), value)}"


def listing(items: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def clauses(knowledge: Knowledge, facts: Mapping[str, Value], separator: str = "; ") -> str:
    """Several facts in one line."""
    return separator.join(clause(knowledge, name, value) for name, value in facts.items())
