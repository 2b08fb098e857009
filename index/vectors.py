"""Nearest neighbours by cosine. The only place that imports faiss."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.errors import DamagedIndexError

Ids = NDArray[np.int64]


class VectorIndex:
    """Unit vectors numbered from 0; exact inner product, which is their cosine.

    >>> index = VectorIndex.build(np.eye(2, dtype=np.float32))
    >>> index.search(np.array([0.6, 0.8], dtype=np.float32), 1)
    (array([1]), array([0.8], dtype=float32))
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> VectorIndex:
        """Index the rows of a float32 array of shape (n, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Open a saved index memory-mapped; raises DamagedIndexError for a file that faiss cannot read."""
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError:
            raise DamagedIndexError(f"{path}: not a vector index that faiss can read") from None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._index.d)

    def search(self, query: Vectors, k: int, among: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ids and cosines of the k nearest, best first; of those `among` only, if given."""
        chosen = None if among is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        scores, ids = self._index.search(query.reshape(1, -1), min(k, max(1, len(self))), params=chosen)
        found = ids[0] >= 0  # faiss fills up with -1 where fewer were found
        return ids[0][found], scores[0][found]

    def cosines(self, query: Vectors, ids: Ids) -> Vectors:
        """The cosine of each of the vectors that ids number, in their order."""
        if not len(ids):
            return np.empty(0, dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(ids) @ query.ravel(), dtype=np.float32)
