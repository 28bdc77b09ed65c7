"""Topics of a message: ranked by the trained head among those that the pack answers.

A message that is clearly about a topic which the pack lacks is not forced into one that it has: the desk says
whose topic it is.
"""

from __future__ import annotations

from bot.understanding.features import Vectors
from bot.understanding.head import Head
from knowledge.model import Knowledge

SHOWN = 3
ELSEWHERE = 0.8  # from this share, among all topics, a message is about a topic that the pack lacks
LISTENED = 0.42  # a second topic this likely may have facts stated in the message too


class TopicReader:
    """Ranks topics."""

    def __init__(self, head: Head, knowledge: Knowledge) -> None:
        self._head = head
        self._all = frozenset(knowledge.topics)
        self._wider = {topic.id: topic.part_of for topic in knowledge.topics.values()}
        self._by_pack = {
            pack: frozenset(topic.id for topic in knowledge.topics.values() if pack in topic.packs)
            for pack in knowledge.packs
        }

    def ranked(self, scores: Vectors, pack: str | None) -> tuple[tuple[str, float], ...]:
        """The likeliest topics with their calibrated shares, likeliest first."""
        served = self._by_pack.get(pack or "", self._all)
        topic, share = _likeliest(self._head.topic_shares(scores))[0]
        if share >= ELSEWHERE and topic not in served and self._wider[topic] not in served:
            return ((topic, share),)
        return _likeliest(self._head.topic_shares(scores, served))[:SHOWN]


def _likeliest(shares: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def listened(topics: tuple[tuple[str, float], ...]) -> tuple[str, ...]:
    """The topics whose facts are listened for: the likeliest, and any second one that is likely enough."""
    return tuple(topic for place, (topic, share) in enumerate(topics) if place == 0 or share >= LISTENED)
