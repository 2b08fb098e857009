"""Nearest neighbours by cosine: a folder of immutable segments, searched as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.encoders.encoder import Vectors
from index.errors import DamagedIndexError
from index.storage.segments import EXACT_BYTES, Segment, SegmentReport, numbers, write_segment
from index.storage.segments import Ids as Ids
from index.storage.segments import segment_files as segment_files

_MOST_SEGMENTS = 8
_MOST_DEAD = 0.2


class VectorIndex:
    """Unit vectors by passage id; their inner product is the cosine.

    >>> folder = Path("vectors")
    >>> VectorIndex.write_segment(folder, np.array([3, 7]), np.eye(2, dtype=np.float32)).kind
    'exact'
    >>> VectorIndex.open(folder).search(np.array([0.25, 0.75], dtype=np.float32), 1)
    (array([7]), array([0.75], dtype=float32))
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Raises ValueError for segments of several dimensions, or with an id in common."""
        self._segments = segments
        self.dimension = segments[0].dimension if segments else 0  # numbers in a vector
        if any(segment.dimension != self.dimension for segment in segments):
            raise ValueError("segments of different dimensions")
        ids = [segment.ids for segment in segments]
        every = np.concatenate(ids) if ids else np.empty(0, dtype=np.int64)
        order = np.argsort(every, kind="stable")
        if (np.diff(every[order]) == 0).any():
            raise ValueError("two segments hold the same id")
        if any(segment.live is not None for segment in segments):
            masks = [np.ones(len(s.ids), dtype=bool) if s.live is None else s.live for s in segments]
            order = order[np.concatenate(masks)[order]]
        self._order = order  # the row that each of .ids is in, counted through all segments
        self._starts = np.cumsum([0, *map(len, ids)])
        self.ids: Ids = every[order]  # ascending

    @classmethod
    def open(cls, folder: Path, live: Ids | None = None) -> VectorIndex:
        """Open the segments in a folder memory-mapped; of their ids only the `live` are there, if given.

        Raises DamagedIndexError for files that cannot be read, or that do not fit together.
        """
        segments = [Segment.open(folder, number, live) for number in numbers(folder)]
        try:
            return cls(segments)
        except ValueError as error:
            raise DamagedIndexError(f"{folder}: {error}") from None

    @staticmethod
    def write_segment(
        folder: Path, ids: Ids, blocks: Iterable[Vectors] | Vectors, exact_bytes: int = EXACT_BYTES
    ) -> SegmentReport:
        """Add a segment: the vectors of ascending ids, float32, shape (len(ids), dimension), whole or in blocks.

        A block is let go of before the next one is asked for. Raises ValueError unless each id has one vector.
        """
        folder.mkdir(exist_ok=True)
        number = max(numbers(folder), default=0) + 1
        return write_segment(folder, number, ids, [blocks] if isinstance(blocks, np.ndarray) else blocks, exact_bytes)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def segments(self) -> tuple[SegmentReport, ...]:
        """What each segment is."""
        return tuple(segment.report for segment in self._segments)

    def search(self, query: Vectors, k: int, among: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ids and cosines of the k nearest, best first, equal ones by id; of those `among` only, if given.

        `among` may hold ids that are not there. The cosines are exact; that these are the nearest is certain of exact
        segments, and of approximate ones for the share of them that their recall says.
        """
        among = None if among is None else np.sort(among)
        found = [segment.search(query, k, among) for segment in self._segments]
        ids = np.concatenate([np.empty(0, dtype=np.int64), *(ids for ids, _ in found)])
        cosines = np.concatenate([np.empty(0, dtype=np.float32), *(cosines for _, cosines in found)])
        best = np.lexsort((ids, -cosines))[:k]
        return ids[best], cosines[best]

    def ids_of_segments(self) -> list[Ids]:
        """The ids in each segment's rows, those that are not live among them."""
        return [segment.ids for segment in self._segments]

    def has(self, ids: Ids) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether each of the ids is there."""
        return np.isin(ids, self.ids)

    def vectors(self, ids: Ids) -> Vectors:
        """The vectors of the ids, in their order; raises KeyError for an id that is not there."""
        at = np.searchsorted(self.ids, ids)
        known = self.ids.take(at, mode="clip") == ids if len(self) else np.zeros(len(ids), dtype=bool)
        if not known.all():
            raise KeyError(int(ids[~known][0]))
        rows = self._order[at] if len(ids) else np.empty(0, dtype=np.int64)
        vectors = np.empty((len(ids), self.dimension), dtype=np.float32)
        for segment, (start, end) in zip(self._segments, pairwise(self._starts), strict=True):
            here = np.flatnonzero((start <= rows) & (rows < end))
            if len(here):
                vectors[here] = segment.vectors(rows[here] - start)
        return vectors

    def cosines(self, query: Vectors, ids: Ids) -> Vectors:
        """The cosine of each of the ids, in their order; raises KeyError for an id that is not there."""
        return self.vectors(ids) @ query.ravel() if len(ids) else np.empty(0, dtype=np.float32)


def needs_compaction(sizes: Sequence[int], dead: int) -> bool:
    """Whether segments of these sizes, `dead` of whose rows are of passages that are gone, should become one.

    >>> needs_compaction([900, 100], 200), needs_compaction([900, 100], 201), needs_compaction([9] * 9, 0)
    (False, True, True)
    """
    return len(sizes) > _MOST_SEGMENTS or dead > _MOST_DEAD * sum(sizes)


def tail_to_merge(sizes: Sequence[int], added: int) -> int:
    """How many of the last segments a new one of `added` rows should take in.

    Each segment is kept larger than twice the next one, so that there are at most log2 of the rows, and a vector is
    copied no more often than that (O'Neil et al. 1996, the log-structured merge tree).

    >>> tail_to_merge([1000, 100, 10], 4), tail_to_merge([1000, 100, 10], 5), tail_to_merge([1000, 100, 10], 100)
    (0, 1, 2)
    """
    merged = 0
    for size in reversed(sizes):
        if size > 2 * added:
            break
        merged, added = merged + 1, added + size
    return merged
