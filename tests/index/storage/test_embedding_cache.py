"""Vectors by model and text, kept batch by batch."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.errors import DamagedIndexError
from index.storage.embedding_cache import Embedder, EmbeddingCache
from tests.support.fake_models import FakeEncoder
from tests.support.paths import ROOT

KEYS = [EmbeddingCache.key(text) for text in ("one", "two", "three", "four")]
VECTORS = np.random.default_rng(1).standard_normal((4, 6)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "embeddings.sqlite"


def put(path: Path, model: str, rows: slice) -> None:
    with closing(EmbeddingCache(path, model)) as cache:
        cache.put(KEYS[rows], VECTORS[rows])


def test_a_key_is_the_sha256_of_the_text() -> None:
    assert EmbeddingCache.key("Ünï 😀") == hashlib.sha256("Ünï 😀".encode()).digest()


def test_values_come_in_the_order_asked(path: Path) -> None:
    put(path, "m", slice(0, 4))
    with closing(EmbeddingCache(path, "m")) as cache:
        wanted = [3, 0, 3, 2]
        found = cache.get([KEYS[at] for at in wanted])
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, VECTORS[wanted])
        assert cache.known([*KEYS, b"unknown"]) == set(KEYS)
        assert cache.known([]) == set()


def test_two_models_are_kept_apart(path: Path) -> None:
    put(path, "m", slice(0, 2))
    with closing(EmbeddingCache(path, "other")) as cache:
        assert cache.known(KEYS) == set()
        cache.put(KEYS[:1], VECTORS[3:])
        np.testing.assert_array_equal(cache.get(KEYS[:1]), VECTORS[3:])
    with closing(EmbeddingCache(path, "m")) as cache:
        np.testing.assert_array_equal(cache.get(KEYS[:2]), VECTORS[:2])


def test_what_is_put_again_replaces(path: Path) -> None:
    put(path, "m", slice(0, 1))
    with closing(EmbeddingCache(path, "m")) as cache:
        cache.put(KEYS[:1], VECTORS[2:3])
        np.testing.assert_array_equal(cache.get(KEYS[:1]), VECTORS[2:3])


def test_an_unknown_one_is_an_error(path: Path) -> None:
    put(path, "m", slice(0, 3))
    with closing(EmbeddingCache(path, "m")) as cache, pytest.raises(KeyError):
        cache.get(KEYS)


def test_more_than_one_query_of_keys(path: Path) -> None:
    keys = [EmbeddingCache.key(str(number)) for number in range(1203)]
    vectors = np.arange(1203 * 2, dtype=np.float32).reshape(-1, 2)
    with closing(EmbeddingCache(path, "m")) as cache:
        cache.put(keys, vectors)
        assert cache.known(keys) == set(keys)
        np.testing.assert_array_equal(cache.get(keys[::-1]), vectors[::-1])


def test_keys_and_vectors_must_pair(path: Path) -> None:
    with closing(EmbeddingCache(path, "m")) as cache, pytest.raises(ValueError, match="shorter"):
        cache.put(KEYS, VECTORS[:2])


@pytest.mark.parametrize("read_only", [False, True])
def test_a_reader_while_a_build_writes(path: Path, read_only: bool) -> None:
    with closing(EmbeddingCache(path, "m")) as writer:
        writer.put(KEYS[:2], VECTORS[:2])
        with closing(EmbeddingCache(path, "m", read_only)) as reader:
            assert reader.known(KEYS) == set(KEYS[:2])
            writer.put(KEYS[2:], VECTORS[2:])
            assert reader.known(KEYS) == set(KEYS)


def test_a_read_only_one_leaves_no_trace(path: Path) -> None:
    put(path, "m", slice(0, 2))
    before = path.read_bytes(), path.stat().st_mtime_ns, os.listdir(path.parent)
    with closing(EmbeddingCache(path, "m", read_only=True)) as cache:
        assert cache.known(KEYS) == set(KEYS[:2])
        assert os.listdir(path.parent) == before[2]
        with pytest.raises(DamagedIndexError):
            cache.put(KEYS[2:], VECTORS[2:])
    assert (path.read_bytes(), path.stat().st_mtime_ns, os.listdir(path.parent)) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.index.storage.test_embedding_cache import KEYS, VECTORS, EmbeddingCache
cache = EmbeddingCache(Path(sys.argv[1]), "m")
cache.put(KEYS[:2], VECTORS[:2])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("read_only", [False, True])
def test_a_batch_is_there_after_a_kill(path: Path, read_only: bool) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    with closing(EmbeddingCache(path, "m", read_only)) as cache:
        assert cache.known(KEYS) == set(KEYS[:2])
        np.testing.assert_array_equal(cache.get(KEYS[:2]), VECTORS[:2])


@pytest.mark.parametrize("content", [b"no database " * 1000, b"SQLite format 3\x00" + b"\x07" * 9000])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_file(path: Path, content: bytes, read_only: bool) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedIndexError) as raised, closing(EmbeddingCache(path, "m", read_only)) as cache:
        cache.known(KEYS)
    said = f"{path}: the embedding cache cannot be used (file is not a database); delete it and run: quotewire index"
    assert str(raised.value) == said


def test_broken_pages(path: Path) -> None:
    keys = [EmbeddingCache.key(str(number)) for number in range(2000)]
    with closing(EmbeddingCache(path, "m")) as cache:
        cache.put(keys, np.ones((2000, 64), dtype=np.float32))
    raw = bytearray(path.read_bytes())
    for at in range(4096, len(raw), 4096):
        raw[at : at + 16] = bytes(16)
    path.write_bytes(raw)
    with closing(EmbeddingCache(path, "m")) as cache, pytest.raises(DamagedIndexError, match=r"malformed.*delete it"):
        cache.get(keys)


def test_what_is_the_machines_fault_is_no_reason_to_delete_it(path: Path) -> None:
    put(path, "m", slice(0, 2))
    with closing(EmbeddingCache(path, "m")) as cache, closing(sqlite3.connect(path)) as other:
        cache._db.execute("PRAGMA busy_timeout = 1")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DamagedIndexError, match=r"\(database is locked\); put that right and run: quotewire index"):
            cache.put(KEYS[2:], VECTORS[2:])


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir()
    with pytest.raises(DamagedIndexError, match="unable to open database file"):
        EmbeddingCache(path, "m")


def test_an_embedder_encodes_what_the_cache_lacks_and_keeps_it(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    embed = Embedder(encoder, tmp_path / "embeddings.sqlite", "f" * 64)
    first = embed(["rain fell", "snow"])
    assert encoder.encoded == ["snow", "rain fell"], "the shorter first"
    second = embed(["snow", "the sun shone today", "rain fell"])
    assert encoder.encoded[2:] == ["the sun shone today"]
    np.testing.assert_array_equal(second[[2, 0]], first)
    np.testing.assert_array_equal(second, FakeEncoder().encode_document(["snow", "the sun shone today", "rain fell"]))


def test_an_embedder_without_a_usable_cache_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "embeddings.sqlite").write_bytes(b"no database" * 100)
    encoder = FakeEncoder()
    embed = Embedder(encoder, tmp_path / "embeddings.sqlite", "f" * 64)
    for _ in range(2):
        np.testing.assert_array_equal(embed(["rain"]), FakeEncoder().encode_document(["rain"]))
    assert encoder.encoded == ["rain", "rain"]
