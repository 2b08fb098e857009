"""One immutable part of the vector index. The only place that imports faiss.

NNNNNN.ids.npy   passage ids: int64, strictly ascending
NNNNNN.faiss     row r is the vector of ids[r]: fp16, and where there are many, 1-bit codes beside it to search first
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Vectors
from index.errors import DamagedIndexError

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Every figure here is measured in benchmarks/RESULTS.md by benchmarks/index_types.py.
EXACT_BYTES = 100_000_000  # of fp16 that one core scans in 5 ms: 130,000 vectors of 384 numbers
RECALL = 0.98  # of the true 100 nearest; a segment whose codes cannot reach it is searched exactly
_FACTORS = (5, 10, 20, 40)  # candidates from the codes for each result, tried in turn
_FEW = 20_000  # rows left by a filter, up to which scanning just them is as fast as scanning codes
_DEPTH = 100  # nearest that the recall is measured for; so many are always searched for
_SAMPLE = 128  # queries
_NOISE = 0.8  # length of what is added to a stored unit vector to make a query: as hard to find as real questions
_TRAINING = 32_768  # vectors; all that is learnt from them is their mean
_CORES = faiss.omp_get_max_threads()


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """What a segment is."""

    number: int
    kind: Literal["exact", "approximate"]
    rows: int
    factor: float = 1.0  # approximate: candidates taken from the codes for each result, and put in order by fp16
    recall: float | None = None  # of the 100 nearest, measured as it was written; not known of an opened one


class Segment:
    """Vectors in rows, memory-mapped, with the ids that they stand for; of these only the `live`, if given."""

    def __init__(self, report: SegmentReport, ids: Ids, index: Any, live: Ids | None = None) -> None:
        self.report = report
        self.ids = ids
        self.live: Mask | None = None if live is None else _mask(ids, np.unique(live))
        self._index = index
        is_refined = isinstance(index, faiss.IndexRefine)
        self._flat: Any = faiss.downcast_index(index.refine_index) if is_refined else index
        self.dimension = int(index.d)

    @classmethod
    def open(cls, folder: Path, number: int, live: Ids | None = None) -> Segment:
        """Open a written segment; raises DamagedIndexError for files that cannot be read or do not fit together."""
        ids_file, index_file = _paths(folder, number)
        try:
            ids = np.load(ids_file, mmap_mode="r", allow_pickle=False)
        except (OSError, EOFError, ValueError):
            raise DamagedIndexError(f"{ids_file}: not an array that NumPy can read") from None
        if ids.dtype != np.int64 or ids.ndim != 1 or not (np.diff(ids) > 0).all():
            raise DamagedIndexError(f"{ids_file}: not ascending passage ids")
        try:
            index: Any = faiss.read_index(str(index_file), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError:
            raise DamagedIndexError(f"{index_file}: not a vector index that faiss can read") from None
        is_refined = isinstance(index, faiss.IndexRefine)
        matrix, codes = (index.refine_index, index.base_index) if is_refined else (index, index)
        if not isinstance(faiss.downcast_index(matrix), faiss.IndexScalarQuantizer):
            raise DamagedIndexError(f"{index_file}: a faiss index of another kind than quotewire writes")
        if not len(ids) == matrix.ntotal == codes.ntotal:
            raise DamagedIndexError(f"{index_file}: {matrix.ntotal} vectors for the {len(ids)} ids of {ids_file.name}")
        kind: Any = "approximate" if is_refined else "exact"
        return cls(SegmentReport(number, kind, len(ids), index.k_factor if is_refined else 1.0), ids, index, live)

    def search(self, query: Vectors, k: int, among: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ids and cosines of the k nearest, best first, equal ones by id; of `among` (ascending) only, if given."""
        mask = self.live
        if among is not None:
            passing = _mask(self.ids, among)
            mask = passing if mask is None else mask & passing
        rows = len(self.ids) if mask is None else int(np.count_nonzero(mask))
        selector = None if mask is None else _selector(mask)
        k = min(k, rows)
        fetch = min(max(k, _DEPTH) + 1, rows)
        while fetch:
            cosines, found = self._nearest(query, fetch, rows, selector)
            if fetch == rows or cosines[-1] < cosines[k - 1]:
                best = np.lexsort((found, -cosines))[:k]
                return self.ids[found[best]], cosines[best]
            fetch = min(2 * fetch, rows)  # more are as near as the k-th, and which of them faiss found is chance
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)

    def vectors(self, rows: Ids) -> Vectors:
        """The vectors in these rows, in their order."""
        return np.asarray(self._flat.reconstruct_batch(rows), dtype=np.float32)

    def _nearest(self, query: Vectors, fetch: int, rows: int, selector: Any) -> tuple[Vectors, Ids]:
        """Cosines and rows, best first, of the `fetch` nearest of as many `rows` as the selector lets pass."""
        faiss.omp_set_num_threads(1)  # idle OpenMP threads spin for milliseconds after each search; set for this thread
        parameters: Any = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        index = self._flat
        if self.report.kind == "approximate" and rows > _FEW:
            index = self._index
            codes = faiss.RaBitQSearchParameters(sel=selector)  # type: ignore[call-arg]
            factor = min(self.report.factor, rows / fetch)
            parameters = faiss.IndexRefineSearchParameters(k_factor=factor, base_index_params=codes)  # type: ignore[call-arg]
        cosines, found = index.search(query.reshape(1, -1), fetch, params=parameters)
        return cosines[0], found[0]


def write_segment(
    folder: Path, number: int, ids: Ids, blocks: Iterable[Vectors], exact_bytes: int = EXACT_BYTES
) -> SegmentReport:
    """Write the vectors of ascending ids, which come in blocks, as the segment of this number.

    More than exact_bytes of fp16 get codes too: RaBitQ (Gao and Long 2024), a bit for each number, all of which are
    scanned, so that a filter costs no recall. Raises ValueError unless each id has one vector.
    """
    if not len(ids) or not (np.diff(ids) > 0).all():
        raise ValueError("a segment needs ids, and in ascending order")
    faiss.omp_set_num_threads(_CORES)
    blocks = iter(blocks)
    head = _head(blocks)
    flat = faiss.IndexScalarQuantizer(head.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index: Any = flat
    if len(ids) * flat.code_size > exact_bytes:
        index = faiss.IndexRefine(faiss.IndexRaBitQ(head.shape[1], faiss.METRIC_INNER_PRODUCT), flat)
        index.train(head[:_TRAINING])
    for block in chain([head], blocks):
        index.add(block)
    if index.ntotal != len(ids):
        raise ValueError(f"{index.ntotal} vectors for {len(ids)} ids")
    recall = 1.0
    if index is not flat:
        index.k_factor, recall = _calibrate(index, flat)
        if recall < RECALL:
            index, recall = flat, 1.0
    ids_file, index_file = _paths(folder, number)
    np.save(ids_file, np.asarray(ids, dtype=np.int64), allow_pickle=False)
    faiss.write_index(index, str(index_file))
    if index is flat:
        return SegmentReport(number, "exact", len(ids), recall=recall)
    return SegmentReport(number, "approximate", len(ids), index.k_factor, recall)


def numbers(folder: Path) -> list[int]:
    """The numbers of the segments in a folder, ascending; a segment that lacks a file counts."""
    return sorted({int(path.name[:6]) for path in folder.glob(f"{'[0-9]' * 6}.*")})


def segment_files(number: int) -> tuple[str, str]:
    """The names of a segment's files: of its ids, of its vectors."""
    return f"{number:06d}.ids.npy", f"{number:06d}.faiss"


def _paths(folder: Path, number: int) -> tuple[Path, Path]:
    ids, vectors = segment_files(number)
    return folder / ids, folder / vectors


def _mask(ids: Ids, among: Ids) -> Mask:
    """Which of the ids are among others; both ascend, and so a few others cost little (np.isin looks at every id)."""
    mask = np.zeros(len(ids), dtype=bool)
    at = np.searchsorted(ids, among)
    mask[at[ids.take(at, mode="clip") == among]] = True
    return mask


def _selector(mask: Mask) -> Any:
    """What lets faiss see only some rows."""
    bits: Any = np.packbits(mask, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]


def _head(blocks: Iterator[Vectors]) -> Vectors:
    """The first blocks, as many as there is something to learn from."""
    taken: list[Vectors] = []
    for block in blocks:
        taken.append(block)
        if sum(map(len, taken)) >= _TRAINING:
            break
    return taken[0] if len(taken) == 1 else np.concatenate(taken)


def _calibrate(index: Any, flat: Any) -> tuple[float, float]:
    """The first factor that reaches RECALL, or the last one, and its recall over a sample of perturbed vectors."""
    random = np.random.default_rng(0)
    rows = np.sort(random.choice(index.ntotal, min(_SAMPLE, index.ntotal), replace=False))
    queries = flat.reconstruct_batch(rows)
    queries += _NOISE / np.sqrt(index.d) * random.standard_normal(queries.shape, dtype=np.float32)
    k = min(_DEPTH, index.ntotal)
    nearest = flat.search(queries, k)[1]
    factor = recall = 0.0
    for factor in _FACTORS:
        parameters = faiss.IndexRefineSearchParameters(k_factor=min(factor, index.ntotal / k))  # type: ignore[call-arg]
        found = index.search(queries, k, params=parameters)[1]
        recall = float(np.mean([len(np.intersect1d(*pair)) / k for pair in zip(found, nearest, strict=True)]))
        if recall >= RECALL:
            break
    return factor, recall
