"""Stand-ins for the models, so that the service is tested without loading them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.understanding.model import Pending, Understanding
from knowledge.model import Value

ACTS = {"hello": "greeting", "why": "ask_why", "who are you": "information", "person": "talk_to_human"}


class FakeUnderstander:
    """Understands a gift and an amount of money, nothing else; breaks on the word "crash"."""

    def understand(
        self,
        text: str,
        *,
        pack: str | None = None,
        pending: Pending | None = None,
        facts: Mapping[str, Value] | None = None,
        topic: str | None = None,
        today: dt.date,
    ) -> Understanding:
        """What the text means, by its words."""
        if "crash" in text:
            raise RuntimeError(text)
        amount = re.search(r"\$(\d+)", text)
        found: dict[str, Any] = {"item_value": Decimal(amount[1])} if amount else {}
        act = ACTS.get(text.lower(), "situation" if "gift" in text.lower() else "answer")
        topic = "gift" if act == "situation" else None
        return Understanding(act, topic, (("gift", 0.9),) if topic else (), 0.9, found, (), (), None)


class FakeIndex:
    """Finds nothing."""

    def search(self, query: str, *, pack: str | None = None, k: int = 5) -> list[Any]:
        """No hits."""
        return []

    def passages(self, provisions: Any) -> list[Any]:
        """No passages."""
        return []

    def related(self, provisions: Any, query: str, *, pack: str | None, k: int = 2) -> list[Any]:
        """No passages."""
        return []

    def answer(self, query: str, *, pack: str | None = None) -> Any:
        """Nothing found."""
        return type("Nothing", (), {"found": False, "text": "", "hits": (), "passage": None})()
