"""The trained head: sentence vector and n-grams in, calibrated probabilities of labels out."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import Vectors, Vocabulary

WEIGHTS, CARD = "head.npz", "head.json"
VECTOR_SCALE = np.float32(2.0)  # found by cross-validation: the sentence vector weighs twice the n-grams


class HeadError(ValueError):
    """The trained head is missing, damaged, or was trained for another embedding model."""


@dataclass(frozen=True, slots=True)
class Head:
    """A linear map to labels and the temperature that makes its confidence mean what it says."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    vectors: Vectors  # labels x dimension
    grams: Vectors  # terms x labels
    bias: Vectors
    temperature: float

    def scores(self, text: str, extra: Collection[str], vector: Vectors) -> Vectors:
        """One score a label, before calibration; `extra` are features beside the text's own n-grams."""
        places, weights = self.vocabulary.weigh(text, extra)
        scores: Vectors = self.vectors @ (vector * VECTOR_SCALE) + self.bias
        return scores + weights @ self.grams[places] if len(places) else scores

    def probabilities(self, scores: Vectors, allowed: Collection[str] | None = None) -> dict[str, float]:
        """Calibrated probabilities, among `allowed` labels when given."""
        kept = [place for place, label in enumerate(self.labels) if allowed is None or label in allowed]
        if not kept:
            return {}
        powers = np.exp((scores[kept] - scores[kept].max()) / self.temperature)
        shares = powers / powers.sum()
        return {self.labels[place]: float(share) for place, share in zip(kept, shares, strict=True)}

    def save(self, folder: Path, card: dict[str, object]) -> None:
        """Write arrays and a readable card; nothing is pickled."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / WEIGHTS).open("wb") as file:
            np.savez_compressed(
                file,
                vectors=self.vectors,
                grams=self.grams.astype(np.float16),
                bias=self.bias,
                idf=self.vocabulary.weights,
            )
        described = {
            "labels": self.labels,
            "temperature": self.temperature,
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
                    name: np.asarray(arrays[name], np.float32) for name in ("vectors", "grams", "bias", "idf")
                }
            head = cls(
                tuple(card["labels"]),
                Vocabulary.of(tuple(card["terms"]), parts["idf"]),
                parts["vectors"],
                parts["grams"],
                parts["bias"],
                float(card["temperature"]),
            )
        except FileNotFoundError as error:
            raise HeadError(
                f"no trained understanding in {folder.name}: {error.filename} is missing"
            ) from error
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise HeadError(f"the trained understanding in {folder.name} cannot be read: {error}") from error
        if card.get("embedder") != embedder:
            raise HeadError(
                f"the understanding in {folder.name} was trained for another embedding model: train it again"
            )
        return head, card
