"""Whose subject a question is: one of the provisions', or one that none of the documents covers.

The nearest stored question alone misleads: "how many sick days do I get?" is near to "how many days do I have
to appeal?". A logistic model over the whole vector, learned at build time from all questions that provisions
answer and all subjects that none covers, sees that one of them is about sickness.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.embed import Vectors
from index.rows import Kind

PENALTY = 0.1
# More examples of a kind teach nothing new, and a corpus of 100,000 passages has to be built in seconds.
MOST = 5000
DIGITS = 4  # stored weights must not hang on a machine's last bits


class Subject:
    """A weight for each dimension of the embedding, the bias last."""

    def __init__(self, weights: Vectors) -> None:
        self.weights = weights

    @classmethod
    def learn(cls, rows: NDArray[np.int32], vectors: Vectors) -> Subject:
        """From the rows that are questions: those of provisions against uncovered subjects."""
        covered = _some(vectors[rows[:, 0] == Kind.ANSWERS])
        others = _some(vectors[np.isin(rows[:, 0], (Kind.UNCOVERED, Kind.CROSSED))])
        if not len(covered) or not len(others):
            return cls(np.zeros(vectors.shape[1] + 1, np.float32))
        every = np.vstack([covered, others]).astype(float)
        sign = np.repeat([1.0, -1.0], [len(covered), len(others)])
        share = len(every) / 2 / np.where(sign > 0, len(covered), len(others))
        return cls(np.round(_logistic(every, sign, share), DIGITS).astype(np.float32))

    def score(self, vector: Vectors) -> float:
        """Above 0 for what the documents speak about, below 0 for what they do not."""
        return float(vector @ self.weights[:-1] + self.weights[-1])


def _some(vectors: Vectors) -> Vectors:
    return vectors[:: max(1, -(-len(vectors) // MOST))]


def _logistic(vectors: NDArray[np.float64], sign: NDArray[np.float64], share: NDArray[np.float64]) -> Vectors:
    table = np.column_stack([vectors, np.ones(len(vectors))])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (table @ weights)
        plain = np.append(weights[:-1], 0.0)
        value = float((share * np.logaddexp(0, -margin)).sum()) + PENALTY * float(plain @ plain) / 2
        return value, -(share * sign / (1 + np.exp(margin))) @ table + PENALTY * plain

    found: Vectors = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x
    return found
