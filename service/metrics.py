"""Prometheus metrics of the service. Labels hold ids of the law and kinds of fault, never what a person
wrote."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 4, 10)


class Metrics:
    """One registry per application, so that tests do not share counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turn_seconds = Histogram(
            "ethicsdesk_turn_seconds",
            "Time from acceptance to reply",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.turns = Counter(
            "ethicsdesk_turns", "Turns by the way they went", ["via"], registry=self.registry
        )
        self.faults = Counter("ethicsdesk_faults", "Faults by kind", ["kind"], registry=self.registry)
        self.outcomes = Counter(
            "ethicsdesk_outcomes", "Determinations given", ["topic", "outcome"], registry=self.registry
        )
        self.abstentions = Counter(
            "ethicsdesk_abstentions", "Questions about the law without an answer", registry=self.registry
        )
        self.in_hand = Gauge("ethicsdesk_turns_in_hand", "Turns under way", registry=self.registry)

    def said(self, messages: tuple[dict[str, object], ...]) -> None:
        """Count what a reply decided or could not answer."""
        for message in messages:
            if message.get("type") == "determination":
                self.outcomes.labels(str(message.get("topic")), str(message.get("outcome"))).inc()
            elif message.get("type") == "answer" and message.get("found") is False:
                self.abstentions.inc()

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
