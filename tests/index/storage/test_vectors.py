"""Vectors against brute-force NumPy: order, which score is whose, and ids with holes in several segments."""

from __future__ import annotations

import doctest
import os
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.storage.vectors
from index.encoders.encoder import Vectors
from index.errors import DamagedIndexError
from index.storage.vectors import Ids, VectorIndex, needs_compaction, tail_to_merge

E = np.eye(4, dtype=np.float32)
IDS = np.arange(500) * 2 + np.arange(500) // 100  # 0, 2, …, 198, 201, 203, …: holes of several kinds
NONE = np.array([], dtype=np.int64)


def units(count: int, dimension: int = 24, seed: int = 1) -> Vectors:
    """Unit vectors as they are stored, in numbers that fp16 can hold."""
    vectors = np.random.default_rng(seed).standard_normal((count, dimension))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float16).astype(np.float32)


@pytest.fixture(params=[(), (300,), (120, 121, 400)], ids=["one segment", "two", "four"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "vectors"
    for ids, vectors in zip(np.split(IDS, request.param), np.split(units(500), request.param), strict=True):
        VectorIndex.write_segment(folder, ids, vectors)
    return folder


@pytest.fixture
def opened(folder: Path) -> VectorIndex:
    return VectorIndex.open(folder)


def test_size(opened: VectorIndex) -> None:
    assert (len(opened), opened.dimension) == (500, 24)
    assert opened.ids.tolist() == IDS.tolist()
    assert sum(segment.rows for segment in opened.segments) == 500


@pytest.mark.parametrize("k", [1, 7, 100, 499, 500, 9999])
@pytest.mark.parametrize("seed", [2, 3])
def test_the_nearest_best_first(opened: VectorIndex, k: int, seed: int) -> None:
    query = units(1, seed=seed)[0]
    cosines = units(500) @ query
    best = np.argsort(-cosines)[:k]
    ids, scores = opened.search(query, k)
    assert ids.tolist() == IDS[best].tolist()
    np.testing.assert_allclose(scores, cosines[best], atol=1e-6)


@pytest.mark.parametrize("among", [[499, 3, 77, 20, 21], [8], [], range(450, 500)])
def test_among(opened: VectorIndex, among: list[int]) -> None:
    query = units(1, seed=4)[0]
    cosines = units(500) @ query
    best = sorted(among, key=lambda row: -cosines[row])
    unknown = [-5, 1, 200, 10**12]
    for k in (2, 10):
        ids, scores = opened.search(query, k, np.array([*unknown[:2], *IDS[list(among)], *unknown[2:]]))
        assert ids.tolist() == IDS[best[:k]].tolist()
        np.testing.assert_allclose(scores, cosines[best[:k]], atol=1e-6)


def test_nothing_among_nothing(opened: VectorIndex) -> None:
    for among in (NONE, np.array([1, 200])):
        ids, scores = opened.search(units(1)[0], 5, among)
        assert (ids.tolist(), scores.tolist()) == ([], [])


def test_cosines_and_vectors_come_in_the_order_asked(opened: VectorIndex) -> None:
    query, rows = units(1, seed=5)[0], [400, 2, 399, 2, 130]
    np.testing.assert_array_equal(opened.vectors(IDS[rows]), units(500)[rows])
    np.testing.assert_allclose(opened.cosines(query, IDS[rows]), units(500)[rows] @ query, atol=1e-6)
    assert opened.cosines(query, NONE).tolist() == []
    assert opened.vectors(NONE).shape == (0, 24)


@pytest.mark.parametrize("unknown", [-1, 1, 200, int(IDS[-1]) + 1, 10**12])
def test_an_unknown_id(opened: VectorIndex, unknown: int) -> None:
    ids = np.array([IDS[3], unknown, IDS[0]])
    assert opened.has(ids).tolist() == [True, False, True]
    with pytest.raises(KeyError, match=f"^{unknown}$"):
        opened.vectors(ids)
    with pytest.raises(KeyError, match=f"^{unknown}$"):
        opened.cosines(units(1)[0], ids)


def test_by_hand(tmp_path: Path) -> None:
    VectorIndex.write_segment(tmp_path, np.array([10, 30]), np.stack([E[0], -E[0]]))
    VectorIndex.write_segment(tmp_path, np.array([20, 40]), np.stack([E[1], (E[0] + E[1]) / np.float32(np.sqrt(2))]))
    ids, scores = VectorIndex.open(tmp_path).search(E[0], 4)
    assert ids.tolist() == [10, 40, 20, 30]
    assert scores.tolist() == pytest.approx([1, 0.7071068, 0, -1], abs=3e-4)


def test_a_query_may_be_a_row(opened: VectorIndex) -> None:
    query = units(1, seed=6)
    assert opened.search(query, 3)[0].tolist() == opened.search(query[0], 3)[0].tolist()


def test_ties_by_id(tmp_path: Path) -> None:
    """The same text in a thousand articles, which is nearest, and as near as the best of the rest."""
    ids = np.random.default_rng(7).permutation(2000)
    VectorIndex.write_segment(tmp_path, np.sort(ids[:1500]), np.tile(E[0], (1500, 1)))
    VectorIndex.write_segment(tmp_path, np.sort(ids[1500:]), np.tile(E[0], (500, 1)))
    for k in (1, 100, 1300):
        assert VectorIndex.open(tmp_path).search(E[0], k)[0].tolist() == list(range(k))
        assert VectorIndex.open(tmp_path).search(E[0], k, np.arange(50, 2000))[0].tolist()[:9] == list(
            range(50, 50 + min(k, 9))
        )


def test_only_the_live(folder: Path) -> None:
    live = np.setdiff1d(IDS, IDS[::3])
    opened = VectorIndex.open(folder, live)
    query = units(1, seed=8)[0]
    order = [id for id in IDS[np.argsort(-(units(500) @ query))] if id in set(live)]
    assert opened.ids.tolist() == live.tolist()
    assert opened.search(query, 9)[0].tolist() == order[:9]
    assert opened.search(query, 9, IDS[:100])[0].tolist() == [id for id in order if id in set(IDS[:100])][:9]
    assert not opened.has(IDS[::3]).any()
    with pytest.raises(KeyError, match=r"^0$"):
        opened.cosines(query, IDS[:3])
    np.testing.assert_array_equal(opened.vectors(live[::-1]), units(500)[np.isin(IDS, live)][::-1])


def test_a_folder_without_segments(tmp_path: Path) -> None:
    empty = VectorIndex.open(tmp_path)
    assert (len(empty), empty.dimension, empty.ids.tolist(), empty.segments) == (0, 0, [], ())
    ids, scores = empty.search(E[0], 5)
    assert (ids.tolist(), scores.tolist()) == ([], [])
    assert empty.has(np.array([0])).tolist() == [False]
    assert empty.cosines(E[0], NONE).tolist() == []
    with pytest.raises(KeyError):
        empty.cosines(E[0], np.array([0]))


def test_an_id_twice(folder: Path) -> None:
    VectorIndex.write_segment(folder, IDS[7:8], units(1))
    with pytest.raises(DamagedIndexError, match=f"^{folder}: two segments hold the same id$"):
        VectorIndex.open(folder)


def test_dimensions_that_differ(folder: Path) -> None:
    VectorIndex.write_segment(folder, np.array([10**6]), units(1, 23))
    with pytest.raises(DamagedIndexError, match=f"^{folder}: segments of different dimensions$"):
        VectorIndex.open(folder)


def test_the_next_number(tmp_path: Path) -> None:
    def write(id: int) -> int:
        return VectorIndex.write_segment(tmp_path, np.array([id]), E[:1]).number

    assert [write(id) for id in (9, 4, 7)] == [1, 2, 3]
    (tmp_path / "000001.ids.npy").unlink()
    (tmp_path / "000001.faiss").unlink()
    assert write(1) == 4
    assert VectorIndex.open(tmp_path).ids.tolist() == [1, 4, 7]


def test_a_linked_segment_is_left_alone(folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (tmp_path / "next").mkdir()
    for path in folder.iterdir():
        os.link(path, tmp_path / "next" / path.name)
    VectorIndex.write_segment(tmp_path / "next", IDS[-1:] + 1, units(1))
    assert len(VectorIndex.open(tmp_path / "next")) == 501
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("keep", [IDS, IDS[::2][::-1], IDS[7:8]])
def test_what_is_kept_of_all_segments_in_one(opened: VectorIndex, tmp_path: Path, keep: Ids) -> None:
    kept = np.sort(keep)
    blocks = (opened.vectors(kept[at : at + 64]) for at in range(0, len(kept), 64))
    report = VectorIndex.write_segment(tmp_path / "compacted", kept, blocks)
    compacted = VectorIndex.open(tmp_path / "compacted")
    assert (report.number, report.rows) == (1, len(keep))
    assert compacted.ids.tolist() == sorted(keep)
    np.testing.assert_array_equal(compacted.vectors(keep), opened.vectors(keep))


def test_vectors_that_are_not_there(opened: VectorIndex) -> None:
    with pytest.raises(KeyError, match=r"^200$"):
        opened.vectors(np.array([0, 200]))


@pytest.mark.parametrize(
    ("sizes", "dead", "needed"),
    [([], 0, False), ([10], 2, False), ([10], 3, True), ([4, 6], 2, False), ([9] * 8, 0, False), ([9] * 9, 0, True)],
)
def test_needs_compaction(sizes: list[int], dead: int, needed: bool) -> None:
    assert needs_compaction(sizes, dead) is needed


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=200))
def test_appending_stays_log_structured(added: list[int]) -> None:
    sizes: list[int] = []
    for rows in added:
        kept = len(sizes) - tail_to_merge(sizes, rows)
        sizes[kept:] = [sum(sizes[kept:]) + rows]
        assert all(size > 2 * following for size, following in pairwise(sizes))
    assert sum(sizes) == sum(added)


def test_the_examples() -> None:
    with TemporaryDirectory() as folder:
        before = Path.cwd()
        os.chdir(folder)
        try:
            assert doctest.testmod(index.storage.vectors) == doctest.TestResults(failed=0, attempted=5)
        finally:
            os.chdir(before)


@settings(deadline=None)
@given(st.data())
def test_search_is_brute_force(data: st.DataObject) -> None:
    """Small whole numbers, so that every product is exact and ties are many."""
    count, dimension = data.draw(st.integers(1, 150)), data.draw(st.integers(1, 4))
    seed = data.draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    ids = np.sort(random.choice(400, count, replace=False))
    vectors = random.integers(-2, 3, (count, dimension)).astype(np.float32)
    query = random.integers(-2, 3, dimension).astype(np.float32)
    home = random.integers(0, 3, count)  # each id's segment
    k = data.draw(st.integers(1, 160))
    live, among = (random.choice(400, data.draw(st.integers(0, 400)), replace=False) for _ in range(2))
    use_live, use_among = data.draw(st.booleans()), data.draw(st.booleans())
    with TemporaryDirectory() as folder:
        for segment in set(home):
            VectorIndex.write_segment(Path(folder), ids[home == segment], vectors[home == segment])
        opened = VectorIndex.open(Path(folder), live if use_live else None)
        found, cosines = opened.search(query, k, among if use_among else None)
    eligible = np.ones(count, dtype=bool)
    if use_live:
        eligible &= np.isin(ids, live)
        assert opened.ids.tolist() == ids[eligible].tolist()
    if use_among:
        eligible &= np.isin(ids, among)
    scores = vectors[eligible] @ query
    best = np.lexsort((ids[eligible], -scores))[:k]
    assert found.tolist() == ids[eligible][best].tolist()
    assert cosines.tolist() == scores[best].tolist()
