"""The trained head: sentence vector and n-grams in, calibrated probabilities of acts and of topics out.

It is a kernel machine: each example pulls a message towards its label, the harder the nearer it lies. N-grams
pull linearly, so what all examples say of one is summed beforehand.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import Vectors, Vocabulary
from bot.understanding.model import SITUATION

WEIGHTS, CARD = "head.npz", "head.json"
SHARPNESS = np.float32(2.0)  # found by cross-validation: how fast the pull of an example fades with distance


class HeadError(ValueError):
    """The trained head is missing, damaged, or was trained for another embedding model."""


@dataclass(frozen=True, slots=True)
class Temperatures:
    """What makes confidences mean what they say: one number for acts, one for topics."""

    acts: float = 1.0
    topics: float = 1.0


@dataclass(frozen=True, slots=True)
class Head:
    """Examples, their pulls, and the temperatures."""

    labels: tuple[str, ...]  # what an example can be of: an act, or a topic, which is told in a situation
    topics: tuple[str, ...]
    vocabulary: Vocabulary
    examples: Vectors  # texts x dimension
    pulls: Vectors  # texts x (labels, then topics)
    grams: Vectors  # terms x (labels, then topics)
    temperatures: Temperatures

    def scores(self, text: str, extra: Collection[str], vector: Vectors) -> Vectors:
        """One score a label and a topic, before calibration; `extra` are features beside the n-grams."""
        places, weights = self.vocabulary.weigh(text, extra)
        scores: Vectors = nearness(self.examples @ vector) @ self.pulls
        return scores + weights @ self.grams[places] if len(places) else scores

    def act_shares(self, scores: Vectors) -> dict[str, float]:
        """Calibrated probabilities of acts; describing a situation is one of them."""
        told = frozenset(self.topics)
        found: dict[str, float] = {}
        of_labels = shares(self.labels, scores[: len(self.labels)], self.temperatures.acts)
        for label, share in of_labels.items():
            act = SITUATION if label in told else label
            found[act] = found.get(act, 0.0) + share
        return found

    def topic_shares(self, scores: Vectors, allowed: Collection[str] | None = None) -> dict[str, float]:
        """Calibrated probabilities of topics, among `allowed` ones when given."""
        kept = [place for place, topic in enumerate(self.topics) if allowed is None or topic in allowed]
        return shares(
            [self.topics[place] for place in kept],
            scores[len(self.labels) :][kept],
            self.temperatures.topics,
        )

    def save(self, folder: Path, card: dict[str, object]) -> None:
        """Write arrays and a readable card; nothing is pickled."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / WEIGHTS).open("wb") as file:
            np.savez_compressed(
                file,
                examples=self.examples.astype(np.float16),
                pulls=self.pulls.astype(np.float16),
                grams=self.grams.astype(np.float16),
                idf=self.vocabulary.weights,
            )
        described = {
            "labels": self.labels,
            "topics": self.topics,
            "temperatures": [self.temperatures.acts, self.temperatures.topics],
            "terms": self.vocabulary.terms,
            **card,
        }
        (folder / CARD).write_text(
            json.dumps(described, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path, embedder: str) -> tuple[Head, dict[str, object]]:
        """The head in `folder` and its card.

        Raises:
            HeadError: nothing usable is there, or it was trained on other vectors than `embedder`'s.
        """
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
                parts: dict[str, NDArray[np.float32]] = {
                    name: np.asarray(arrays[name], np.float32)
                    for name in ("examples", "pulls", "grams", "idf")
                }
            acts, topics = card["temperatures"]
            head = cls(
                tuple(card["labels"]),
                tuple(card["topics"]),
                Vocabulary.of(tuple(card["terms"]), parts["idf"]),
                parts["examples"],
                parts["pulls"],
                parts["grams"],
                Temperatures(float(acts), float(topics)),
            )
        except FileNotFoundError as error:
            raise HeadError(
                f"no trained understanding in {folder.name}: {error.filename} is missing"
            ) from error
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise HeadError(f"the trained understanding in {folder.name} cannot be read: {error}") from error
        if card.get("embedder") != embedder:
            raise HeadError(
                f"the understanding in {folder.name} was trained for another embedding model: train it again"
            )
        return head, card


def nearness(cosines: Vectors) -> Vectors:
    """How hard an example pulls, from its cosine with the message: 1 for the same text, less farther off."""
    pull: Vectors = np.exp(SHARPNESS * (cosines - np.float32(1)))
    return pull


def shares(labels: Sequence[str], scores: Vectors, temperature: float) -> dict[str, float]:
    """Probabilities of labels from their scores."""
    if not labels:
        return {}
    powers = np.exp((scores - scores.max()) / temperature)
    found = powers / powers.sum()
    return {label: float(share) for label, share in zip(labels, found, strict=True)}
