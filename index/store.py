"""Articles and passages, in one SQLite file that is written once and then only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import numpy as np

from index.errors import DamagedIndexError
from index.types import Article, Passage
from index.vectors import Ids
from index.words import Filters

_SCHEMA = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, origin TEXT NOT NULL, title TEXT,
    url TEXT, source TEXT, published TEXT, published_text TEXT, place TEXT, language TEXT,
    authors TEXT NOT NULL, tags TEXT NOT NULL,  -- JSON lists of strings
    day TEXT, outlet TEXT  -- the published day and the source in lower case, for filters
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles, start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX passages_of ON passages (article);
CREATE INDEX articles_by_day ON articles (day);
"""
_COLUMNS = "id, text, origin, title, url, source, published, published_text, place, language, authors, tags"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a store holds, counted."""

    articles: int
    passages: int
    undated: int
    first_day: date | None
    last_day: date | None
    outlets: tuple[tuple[str, int], ...]  # with their numbers of articles, most first
    languages: tuple[str, ...]


class PassageStore:
    """Articles by id, and passages numbered from 0 in the order in which they were added."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def create(cls, path: Path) -> PassageStore:
        """Start an empty store in a new file."""
        db = sqlite3.connect(path)
        db.execute("PRAGMA journal_mode = OFF")  # a build that is cut short is thrown away whole
        db.execute("PRAGMA synchronous = OFF")  # and synced once, when it is complete
        db.executescript(_SCHEMA)
        return cls(db)

    @classmethod
    def open(cls, path: Path) -> PassageStore:
        """Open a finished store for reading, from any thread; raises DamagedIndexError if it is not one."""
        try:
            uri = f"file:{quote(str(path))}?mode=ro&immutable=1"
            db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            db.execute("SELECT 1 FROM articles, passages LIMIT 1")
        except sqlite3.Error as error:
            raise DamagedIndexError(f"{path}: not a store of articles: {error}") from None
        return cls(db)

    def close(self) -> None:
        """Write what is not yet written, and close the file."""
        self._db.commit()
        self._db.close()

    def add(self, article: Article, passages: Iterable[Passage]) -> None:
        """Append an article and its passages."""
        row = (
            article.id, article.text, article.origin, article.title, article.url, article.source,
            article.published.isoformat() if article.published else None, article.published_text, article.place,
            article.language, _listed(article.authors), _listed(article.tags),
            article.day.isoformat() if article.day else None, article.source and article.source.casefold(),
        )  # fmt: skip
        marks = ", ".join("?" * len(row))
        cursor = self._db.execute(f"INSERT INTO articles ({_COLUMNS}, day, outlet) VALUES ({marks})", row)
        self._db.executemany(
            # SQLite numbers from 1; FAISS from 0.
            "INSERT INTO passages VALUES ((SELECT coalesce(max(id) + 1, 0) FROM passages), ?, ?, ?)",
            ((cursor.lastrowid, passage.start, passage.end) for passage in passages),
        )

    def __len__(self) -> int:
        """The number of passages."""
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def articles(self) -> Iterator[Article]:
        """Every article, in order."""
        with closing(self._db.cursor()) as cursor:
            for row in cursor.execute(f"SELECT {_COLUMNS} FROM articles ORDER BY number"):
                yield _article(row)

    def article(self, id: str) -> Article | None:
        """The article with this id."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", (id,)).fetchone()
        return _article(row) if row else None

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, in order of number; an article is read once for all of its passages."""
        spans = self._db.execute("SELECT article, start, end FROM passages ORDER BY id").fetchall()
        number, article = 0, None
        for wanted, start, end in spans:
            if article is None or wanted != number:
                number, article = wanted, self._by_number([wanted])[wanted]
            yield Passage(article, start, end)

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these numbers, in their order; raises KeyError for a number that there is not."""
        marks = ", ".join("?" * len(ids))
        rows = self._db.execute(f"SELECT id, article, start, end FROM passages WHERE id IN ({marks})", list(ids))
        spans = {id: (article, start, end) for id, article, start, end in rows}
        articles = self._by_number(sorted({article for article, _, _ in spans.values()}))
        return [Passage(articles[spans[id][0]], spans[id][1], spans[id][2]) for id in ids]

    def ids(self, filters: Filters) -> Ids:
        """The numbers of the passages whose articles pass; an undated one passes no filter of days."""
        clauses, values = ["1"], []
        for clause, value in (
            ("day >= ?", filters.since and filters.since.isoformat()),
            ("day <= ?", filters.until and filters.until.isoformat()),
            ("outlet = ?", filters.source and filters.source.casefold()),
        ):
            if value:
                clauses.append(clause)
                values.append(value)
        rows = self._db.execute(
            f"SELECT p.id FROM passages p JOIN articles a ON p.article = a.number WHERE {' AND '.join(clauses)}",
            values,
        )
        return np.fromiter((id for (id,) in rows), dtype=np.int64)

    def summary(self) -> Summary:
        """Count what there is."""
        db = self._db
        articles, undated, first, last = db.execute(
            "SELECT count(*), count(*) - count(day), min(day), max(day) FROM articles"
        ).fetchone()
        outlets = db.execute(
            "SELECT source, count(*) FROM articles WHERE source IS NOT NULL GROUP BY outlet ORDER BY 2 DESC, 1"
        ).fetchall()
        languages = db.execute("SELECT DISTINCT coalesce(language, '') FROM articles ORDER BY 1").fetchall()
        return Summary(
            articles, len(self), undated, first and date.fromisoformat(first), last and date.fromisoformat(last),
            tuple(outlets), tuple(language for (language,) in languages),
        )  # fmt: skip

    def problems(self) -> list[str]:
        """What SQLite and the offsets say against this store; nothing if it is sound."""
        self._db.create_function("code_points", 1, len, deterministic=True)  # SQLite's length() ends at a NUL
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok"]
            ids = [id for (id,) in self._db.execute("SELECT id FROM passages ORDER BY id")]
            if ids != list(range(len(ids))):
                found.append("passages are not numbered from 0 without a gap")
            for id, start, end in self._db.execute(
                "SELECT p.id, p.start, p.end FROM passages p LEFT JOIN articles a ON p.article = a.number "
                "WHERE a.number IS NULL OR NOT (0 <= p.start AND p.start < p.end AND p.end <= code_points(a.text))"
            ):
                found.append(f"passage {id}: [{start}:{end}] is no slice of an article")
        except sqlite3.Error as error:
            found = [str(error)]
        return found

    def _by_number(self, numbers: Sequence[int]) -> dict[int, Article]:
        marks = ", ".join("?" * len(numbers))
        rows = self._db.execute(f"SELECT number, {_COLUMNS} FROM articles WHERE number IN ({marks})", list(numbers))
        return {row[0]: _article(row[1:]) for row in rows}


def _listed(values: Sequence[str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _article(row: Sequence[str | None]) -> Article:
    id, text, origin, title, url, source, published, published_text, place, language, authors, tags = row
    assert id is not None  # NOT NULL in the schema, like the next two
    assert text is not None
    assert origin is not None
    return Article(
        id, text, origin, title, url, source, _published(published), published_text, place, language,
        tuple(json.loads(authors or "[]")), tuple(json.loads(tags or "[]")),
    )  # fmt: skip


def _published(iso: str | None) -> date | datetime | None:
    if iso is None:
        return None
    return datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)
