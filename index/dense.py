"""Dense retrieval: FAISS with exact inner product over unit vectors.

Exact search over 50,000 vectors takes a few milliseconds and needs no training, so nothing is approximate.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors

# One query scans a few megabytes in a fraction of a millisecond; waking a second thread takes longer.
faiss.omp_set_num_threads(1)


class Dense:
    """The vectors of all rows, and the rows nearest to a query among those that may be seen."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.rows = int(index.ntotal)
        flat = faiss.rev_swig_ptr(index.get_xb(), self.rows * index.d)
        self.vectors = cast(Vectors, flat.reshape(self.rows, index.d))

    @classmethod
    def build(cls, vectors: Vectors) -> Dense:
        """An index of unit vectors, one row each."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> Dense:
        """The index that `write` stored."""
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """Store the index; the same vectors give the same bytes."""
        faiss.write_index(self._index, str(path))

    def nearest(self, query: Vectors, k: int, visible: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """The `k` rows nearest to the query vector, best first; only those in `visible` if given."""
        k = min(k, self.rows)
        if visible is None:
            found = self._index.search(query[None], k)[1][0]
        else:
            bits = np.packbits(visible, bitorder="little")
            params = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[call-arg, arg-type]
            found = self._index.search(query[None], k, params=params)[1][0]
        return cast(NDArray[np.int64], found[found >= 0])
