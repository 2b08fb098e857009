"""What is on disk, the codes of large segments, and files that are damaged."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.encoder import Vectors
from index.errors import DamagedIndexError
from index.storage.segments import RECALL, Ids, SegmentReport
from index.storage.vectors import VectorIndex

ROWS, DIMENSION = 20_000, 96
IDS = np.arange(ROWS) * 3 + 5


def unit(vectors: NDArray[np.floating]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def like_text(count: int, seed: int) -> Vectors:
    """Vectors near a space of fewer dimensions than they have numbers, as those of sentences are."""
    random = np.random.default_rng(seed)
    directions = np.random.default_rng(1).standard_normal((32, DIMENSION))
    return unit(random.standard_normal((count, 32)) @ directions + 0.5 * random.standard_normal((count, DIMENSION)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors")
    blocks = np.array_split(like_text(ROWS, 2), 7)
    report = VectorIndex.write_segment(folder, IDS, iter(blocks), exact_bytes=0)
    assert (report.number, report.kind, report.rows) == (1, "approximate", ROWS)
    assert report.recall is not None
    assert report.recall >= RECALL
    assert report.factor in (5, 10, 20, 40)
    return folder


def recall(index: VectorIndex, among: Ids | None = None) -> float:
    stored, shares = index.vectors(IDS), []
    eligible = IDS if among is None else np.intersect1d(IDS, among)
    for query in like_text(50, 3):
        cosines = stored[(eligible - 5) // 3] @ query
        nearest = eligible[np.argsort(-cosines)[:100]]
        ids, found = index.search(query, 100, among)
        assert len(ids) == len(nearest), "never short"
        np.testing.assert_allclose(found, cosines[np.searchsorted(eligible, ids)], atol=1e-6)
        assert (np.diff(found) <= 0).all()
        shares.append(len(np.intersect1d(ids, nearest)) / len(nearest))
    return float(np.mean(shares))


def test_fp16_is_close(folder: Path) -> None:
    vectors, stored = like_text(ROWS, 2), VectorIndex.open(folder).vectors(IDS)
    np.testing.assert_allclose(stored, vectors, rtol=2**-11, atol=2**-25)  # half a unit in the last place
    cosines = vectors @ vectors[0]
    np.testing.assert_allclose(stored @ vectors[0], cosines, atol=2e-4)
    assert (stored != vectors).any()


def test_codes_find_nearly_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.segments._FEW", 0)
    index = VectorIndex.open(folder)
    assert index.segments[0].recall is None
    assert RECALL <= recall(index) < 1, "if all were found, the codes would not have been searched"


@pytest.mark.parametrize("share", [0.5, 0.1, 0.01, 0.001])
@pytest.mark.parametrize("few", [0, 20_000])
def test_a_filter_costs_no_recall(folder: Path, share: float, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.segments._FEW", few)
    among = np.random.default_rng(4).permutation(3 * ROWS)[: int(share * 3 * ROWS)] + 5  # two thirds are not there
    found = recall(VectorIndex.open(folder), among)
    assert found >= RECALL
    if few:
        assert found == 1, "few rows are compared exactly"


def test_a_few_are_as_certain_as_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.segments._FEW", 0)
    index = VectorIndex.open(folder)
    for query in like_text(10, 5):
        assert index.search(query, 3)[0].tolist() == index.search(query, 100)[0][:3].tolist()


@pytest.mark.parametrize("exact_bytes", [0, 10**9])
def test_equal_input_gives_equal_files(tmp_path: Path, exact_bytes: int) -> None:
    for name, count in (("a", 1), ("b", 9)):
        blocks = np.array_split(like_text(3000, 6), count)
        VectorIndex.write_segment(tmp_path / name, np.arange(3000), iter(blocks), exact_bytes)
    files = {path.name for path in (tmp_path / "a").iterdir()}
    assert files == {"000001.ids.npy", "000001.faiss"} == {path.name for path in (tmp_path / "b").iterdir()}
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_fp16_and_codes_are_all_that_is_stored(tmp_path: Path) -> None:
    for name, exact_bytes, each in (("exact", 10**9, 2 * DIMENSION), ("codes", 0, 2 * DIMENSION + DIMENSION // 8 + 8)):
        VectorIndex.write_segment(tmp_path / name, np.arange(3000), like_text(3000, 7), exact_bytes)
        size = (tmp_path / name / "000001.faiss").stat().st_size
        assert each * 3000 <= size < each * 3000 + 2000


@pytest.mark.parametrize(
    ("rows", "dimension", "kind"), [(1, 2, "approximate"), (30, 3, "approximate"), (9000, 1, "exact")]
)
def test_codes_that_cannot_do_it_are_not_kept(tmp_path: Path, rows: int, dimension: int, kind: str) -> None:
    vectors = unit(np.random.default_rng(8).standard_normal((rows, dimension)))
    report = VectorIndex.write_segment(tmp_path, np.arange(rows), vectors, exact_bytes=0)
    assert (report.kind, report.recall) == (kind, 1.0)
    index = VectorIndex.open(tmp_path)
    cosines = index.vectors(np.arange(rows)) @ vectors[0]
    best = np.lexsort((np.arange(rows), -cosines))[:10]
    ids, found = index.search(vectors[0], 10)
    assert ids.tolist() == best.tolist()
    np.testing.assert_allclose(found, cosines[best], atol=1e-6)


def test_the_limit(tmp_path: Path) -> None:
    kinds = [
        VectorIndex.write_segment(tmp_path, np.arange(100) + 100 * at, like_text(100, at), 2 * DIMENSION * most).kind
        for at, most in enumerate((100, 99))
    ]
    assert kinds == ["exact", "approximate"]


@pytest.mark.parametrize(
    ("ids", "count", "message"),
    [
        ([], 0, "a segment needs ids, and in ascending order"),
        ([1, 1], 2, "a segment needs ids, and in ascending order"),
        ([2, 1], 2, "a segment needs ids, and in ascending order"),
        ([1, 2], 3, "3 vectors for 2 ids"),
        ([1, 2, 3], 2, "2 vectors for 3 ids"),
    ],
)
def test_what_does_not_pair(tmp_path: Path, ids: list[int], count: int, message: str) -> None:
    vectors = like_text(5, 9)[:count]
    with pytest.raises(ValueError, match=f"^{message}$"):
        VectorIndex.write_segment(tmp_path, np.array(ids, dtype=np.int64), vectors)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def two(tmp_path: Path) -> Path:
    folder = tmp_path / "two"
    VectorIndex.write_segment(folder, np.arange(50), like_text(50, 10))
    VectorIndex.write_segment(folder, np.arange(50, 150), like_text(100, 11), exact_bytes=0)
    return folder


@pytest.mark.parametrize("content", [None, b"", b"no index", b"IxFI" + bytes(40), b"IxSQ", b"IxRF" + bytes(40)])
@pytest.mark.parametrize("number", [1, 2])
def test_what_faiss_cannot_read(two: Path, number: int, content: bytes | None) -> None:
    path = two / f"{number:06d}.faiss"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError, match=f"^{path}: not a vector index that faiss can read$"):
        VectorIndex.open(two)


@pytest.mark.parametrize("content", [None, b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_what_numpy_cannot_read(two: Path, content: bytes | None) -> None:
    path = two / "000002.ids.npy"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError, match=f"^{path}: not an array that NumPy can read$"):
        VectorIndex.open(two)


@pytest.mark.parametrize("name", ["000001.ids.npy", "000001.faiss", "000002.ids.npy", "000002.faiss"])
def test_a_cut_file(two: Path, name: str) -> None:
    path = two / name
    for left in (path.stat().st_size - 1, path.stat().st_size // 2, 10):
        path.write_bytes(path.read_bytes()[:left])
        with pytest.raises(DamagedIndexError, match=f"^{path}: "):
            VectorIndex.open(two)


@pytest.mark.parametrize(
    "ids", [np.arange(50, dtype=np.int32), np.arange(50.0), np.arange(50)[::-1], np.arange(50)[None], np.zeros(50, int)]
)
def test_what_are_no_ids(two: Path, ids: Ids) -> None:
    np.save(two / "000001.ids.npy", ids)
    with pytest.raises(DamagedIndexError, match=r"000001\.ids\.npy: not ascending passage ids$"):
        VectorIndex.open(two)


def test_counts_that_differ(two: Path) -> None:
    np.save(two / "000001.ids.npy", np.arange(49))
    with pytest.raises(DamagedIndexError, match=r"000001\.faiss: 50 vectors for the 49 ids of 000001\.ids\.npy$"):
        VectorIndex.open(two)


def test_another_kind_of_index(two: Path) -> None:
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(like_text(50, 10))
    faiss.write_index(index, str(two / "000001.faiss"))
    with pytest.raises(DamagedIndexError, match=r"000001\.faiss: a faiss index of another kind than quotewire writes$"):
        VectorIndex.open(two)


def test_reports(two: Path) -> None:
    first, second = VectorIndex.open(two).segments
    assert first == SegmentReport(1, "exact", 50)
    assert (second.number, second.kind, second.rows, second.recall) == (2, "approximate", 100, None)
