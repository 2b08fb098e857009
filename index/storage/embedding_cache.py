"""The embedding cache: each distinct passage is embedded once per model, ever."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import numpy as np

from index.encoders.encoder import Encoder, Vectors
from index.errors import DamagedIndexError

_CHUNK = 500  # keys a query; SQLite allows 32,766 parameters


class EmbeddingCache:
    """Vectors by the text that they stand for, of one model; a batch that was put is there after a kill."""

    def __init__(self, path: Path, fingerprint: str, read_only: bool = False) -> None:
        self._path = path
        self._fingerprint = fingerprint
        try:
            if read_only:
                self._db = _read_only(path)
                return
            self._db = sqlite3.connect(path)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS embeddings "
                "(model TEXT NOT NULL, key BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, key)) WITHOUT ROWID"
            )
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    @staticmethod
    def key(text: str) -> bytes:
        """What a text is looked up by: its SHA-256."""
        return hashlib.sha256(text.encode()).digest()

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the keys that have a vector."""
        return {key for key, _ in self._rows(keys, "key, 1")}

    def get(self, keys: Sequence[bytes]) -> Vectors:
        """The vectors of these keys, float32, shape (len(keys), dimension); raises KeyError for an unknown one."""
        found = dict(self._rows(keys, "key, vector"))
        if not keys:
            return np.empty((0, 0), dtype=np.float32)
        return np.frombuffer(b"".join(found[key] for key in keys), dtype="<f4").reshape(len(keys), -1)

    def put(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keep a batch, in one transaction."""
        rows = [
            (self._fingerprint, key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True)
        ]
        try:
            with self._db:
                self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    def forget(self) -> None:
        """Remove all vectors of this model."""
        try:
            with self._db:
                self._db.execute("DELETE FROM embeddings WHERE model = ?", (self._fingerprint,))
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _rows(self, keys: Sequence[bytes], columns: str) -> list[tuple[bytes, bytes]]:
        rows = []
        try:
            for at in range(0, len(keys), _CHUNK):
                chunk = keys[at : at + _CHUNK]
                marks = ", ".join("?" * len(chunk))
                sql = f"SELECT {columns} FROM embeddings WHERE model = ? AND key IN ({marks})"
                rows += self._db.execute(sql, (self._fingerprint, *chunk)).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None
        return rows

    def _damaged(self, error: sqlite3.DatabaseError) -> DamagedIndexError:
        # An OperationalError is the machine's: a full disk, a file that may not be written.
        remedy = "put that right" if isinstance(error, sqlite3.OperationalError) else "delete it"
        return DamagedIndexError(
            f"{self._path}: the embedding cache cannot be used ({error}); {remedy} and run: quotewire index"
        )


class Embedder:
    """Vectors of texts: those in the cache, and for the others the model's, which are kept there."""

    def __init__(self, encoder: Encoder, path: Path, fingerprint: str) -> None:
        self._encoder = encoder
        self._path = path
        self._fingerprint = fingerprint

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row a text; where the cache cannot be used, nothing is kept and all are computed."""
        try:
            with closing(EmbeddingCache(self._path, self._fingerprint)) as cache:
                keys = [EmbeddingCache.key(text) for text in texts]
                known = cache.known(keys)
                missing = [at for at, key in enumerate(keys) if key not in known]
                if missing:
                    cache.put([keys[at] for at in missing], self._encoded([texts[at] for at in missing]))
                return cache.get(keys)
        except DamagedIndexError:
            return self._encoded(texts)

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        """Encoded in order of length, so that little is padded."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.empty((len(texts), self._encoder.dimension), dtype=np.float32)
        vectors[order] = self._encoder.encode_document([texts[at] for at in order])
        return vectors


def _read_only(path: Path) -> sqlite3.Connection:
    """Open a cache and leave no trace: SQLite makes no file beside it unless a build is, or was, writing."""
    is_at_rest = not path.with_name(f"{path.name}-wal").exists()
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro{'&immutable=1' if is_at_rest else ''}", uri=True)
