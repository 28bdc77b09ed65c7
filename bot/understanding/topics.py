"""Topics of a message: ranked by the trained head among those that the pack answers."""

from __future__ import annotations

from bot.understanding.features import Vectors
from bot.understanding.head import Head
from knowledge.model import Knowledge

SHOWN = 3
LISTENED = 0.42  # a second topic this likely may have facts stated in the message too


class TopicReader:
    """Ranks topics."""

    def __init__(self, head: Head, knowledge: Knowledge) -> None:
        self._head = head
        self._all = frozenset(knowledge.topics)
        self._by_pack = {
            pack: frozenset(topic.id for topic in knowledge.topics.values() if pack in topic.packs)
            for pack in knowledge.packs
        }

    def ranked(self, scores: Vectors, pack: str | None) -> tuple[tuple[str, float], ...]:
        """The likeliest topics with their calibrated shares, likeliest first."""
        shares = self._head.topic_shares(scores, self._by_pack.get(pack or "", self._all))
        return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN])


def listened(topics: tuple[tuple[str, float], ...]) -> tuple[str, ...]:
    """The topics whose facts are listened for: the likeliest, and any second one that is likely enough."""
    return tuple(topic for place, (topic, share) in enumerate(topics) if place == 0 or share >= LISTENED)
