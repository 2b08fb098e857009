"""index.vectors against brute-force NumPy: order, and which score is whose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import Vectors
from index.errors import DamagedIndexError
from index.vectors import VectorIndex

E = np.eye(4, dtype=np.float32)


def units(count: int, dimension: int, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(params=["built", "loaded"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> VectorIndex:
    built = VectorIndex.build(units(500, 24))
    if request.param == "built":
        return built
    built.save(tmp_path / "vectors.faiss")
    return VectorIndex.load(tmp_path / "vectors.faiss")


def test_size(index: VectorIndex) -> None:
    assert (len(index), index.dimension) == (500, 24)


@pytest.mark.parametrize("k", [1, 7, 500, 9999])
@pytest.mark.parametrize("seed", [2, 3])
def test_the_nearest_best_first(index: VectorIndex, k: int, seed: int) -> None:
    query = units(1, 24, seed)[0]
    cosines = units(500, 24) @ query
    best = np.argsort(-cosines)[:k]
    ids, scores = index.search(query, k)
    assert ids.tolist() == best.tolist()
    np.testing.assert_allclose(scores, cosines[best], atol=1e-6)


@pytest.mark.parametrize("among", [[499, 3, 77, 20, 21], [8], []])
def test_among(index: VectorIndex, among: list[int]) -> None:
    query = units(1, 24, 4)[0]
    cosines = units(500, 24) @ query
    best = sorted(among, key=lambda id: -cosines[id])
    for k in (2, 10):
        ids, scores = index.search(query, k, np.array(among, dtype=np.int64))
        assert ids.tolist() == best[:k]
        np.testing.assert_allclose(scores, cosines[best[:k]], atol=1e-6)


def test_cosines_come_in_the_order_asked(index: VectorIndex) -> None:
    query = units(1, 24, 5)[0]
    ids = np.array([400, 2, 399, 2])
    np.testing.assert_allclose(index.cosines(query, ids), units(500, 24)[ids] @ query, atol=1e-6)
    assert index.cosines(query, np.array([], dtype=np.int64)).tolist() == []


def test_by_hand() -> None:
    index = VectorIndex.build(np.stack([E[0], E[1], -E[0], (E[0] + E[1]) / np.float32(np.sqrt(2))]))
    ids, scores = index.search(E[0], 4)
    assert ids.tolist() == [0, 3, 1, 2]
    assert scores.tolist() == pytest.approx([1, 0.7071068, 0, -1])


def test_a_query_may_be_a_row(index: VectorIndex) -> None:
    query = units(1, 24, 6)
    assert index.search(query, 3)[0].tolist() == index.search(query[0], 3)[0].tolist()


@pytest.mark.parametrize("content", [None, b"", b"no index", b"IxFI" + bytes(40)])
def test_what_faiss_cannot_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError) as raised:
        len(VectorIndex.load(path))
    assert str(raised.value) == f"{path}: not a vector index that faiss can read"


def test_a_cut_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    VectorIndex.build(units(500, 24)).save(path)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(DamagedIndexError):
        VectorIndex.load(path)
