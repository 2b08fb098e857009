"""Articles and passages, in one SQLite file that is written once and then only read.

The next generation's file begins as a copy of it, from which only what changed is taken out and put in.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from index.errors import DamagedIndexError
from index.keys import article_key
from index.parsers.problems import Problem
from index.types import Article, Passage

if TYPE_CHECKING:  # status needs neither FAISS nor tantivy, and NumPy no more than they
    from index.storage.lexical_index import ArticleFilters
    from index.storage.vectors import Ids
    from index.text.duplicates import SignedArticle

_SCHEMA = """
CREATE TABLE files (  -- what was read; a file that is as it was is not read again
    number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, sha256 BLOB NOT NULL, problems TEXT NOT NULL,  -- a JSON list of what was warned of
    contested INTEGER NOT NULL  -- SourceFile.contested
);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, file INTEGER NOT NULL, digest BLOB NOT NULL,  -- of the article as it was read
    key TEXT NOT NULL, story INTEGER, signature BLOB,  -- of index.keys and text.duplicates; before the long text
    id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, origin TEXT NOT NULL, title TEXT,
    url TEXT, source TEXT, published TEXT, published_text TEXT, place TEXT, language TEXT,
    authors TEXT NOT NULL, tags TEXT NOT NULL,  -- JSON lists of strings
    modified TEXT,  -- the day of the last change
    day TEXT, outlet TEXT  -- the published day and the source in lower case, for filters
);
CREATE TABLE passages (  -- a number is never given twice: older vectors may still be filed under it
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX articles_of ON articles (file);
CREATE INDEX passages_of ON passages (article);
CREATE INDEX articles_by_day ON articles (day);
CREATE INDEX articles_by_key ON articles (key);
CREATE INDEX articles_by_story ON articles (story);
CREATE INDEX articles_undated ON articles (origin, id) WHERE day IS NULL;
CREATE INDEX articles_by_title ON articles (title, day, outlet) WHERE title IS NOT NULL;
CREATE INDEX articles_untitled ON articles (origin, id) WHERE title IS NULL;
"""
_SEE = "see what else is wrong with: quotewire index verify"
_DAY = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"
_MAY_BE_TEXT = ("title", "url", "source", "published_text", "place", "language", "outlet", "modified")
# What is first found wrong, without reading the texts themselves, so that no question fails for it.
_CHECKS = (
    (
        "an article",
        "SELECT 1 FROM articles WHERE typeof(id) != 'text' OR typeof(text) != 'text' OR typeof(origin) != 'text' OR "
        + " OR ".join(f"typeof({column}) NOT IN ('text', 'null')" for column in _MAY_BE_TEXT)
        + f" OR (day IS NOT NULL AND (typeof(day) != 'text' OR day NOT GLOB '{_DAY}' "
        "OR date(day, '+0 days') IS NOT day)) "
        f"OR (published IS NOT NULL AND (typeof(published) != 'text' OR published NOT GLOB '{_DAY}*' OR day IS NULL)) "
        "OR typeof(authors) != 'text' OR typeof(tags) != 'text' OR NOT json_valid(authors) OR NOT json_valid(tags) "
        "OR json_type(authors) != 'array' OR json_type(tags) != 'array' LIMIT 1",
    ),
    (
        "a passage",
        "SELECT 1 FROM passages p LEFT JOIN articles a ON p.article = a.number WHERE a.number IS NULL "
        "OR typeof(start) != 'integer' OR typeof(end) != 'integer' OR NOT (0 <= start AND start < end) LIMIT 1",
    ),
    ("a file", "SELECT 1 FROM files WHERE typeof(path) != 'text' OR NOT json_valid(problems) LIMIT 1"),
)
_COLUMNS = "id, text, origin, title, url, source, published, published_text, place, language, authors, tags, modified"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was when its articles were read."""

    path: str  # absolute
    name: str  # relative to its source; the id of an article that states none
    size: int  # bytes
    modified: int  # nanoseconds since 1970; 0: not to be trusted
    sha256: bytes  # empty: could not be read, so it is read again
    problems: tuple[Problem, ...] = ()
    contested: bool = False  # whether an article in it states an id that one in another file states, too


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


class ArticleStore:
    """Articles by id, and passages by numbers that ascend from 0 in the order in which they were added."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def create(cls, path: Path, base: ArticleStore | None = None) -> ArticleStore:
        """Start a store in a new file: empty, or as a copy of another one."""
        db = sqlite3.connect(path)
        if base:
            base._db.backup(db)
        db.execute("PRAGMA journal_mode = OFF")  # a build that is cut short is thrown away whole
        db.execute("PRAGMA synchronous = OFF")  # and synced once, when it is complete
        if not base:
            db.executescript(_SCHEMA)
        return cls(db)

    @classmethod
    def open(cls, path: Path) -> ArticleStore:
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

    def add(
        self,
        article: Article,
        passages: Iterable[Passage],
        path: str = "",
        digest: bytes = b"",
        signature: bytes | None = None,
    ) -> None:
        """Append an article, read from the file of this path, and its passages; raises ValueError for an id twice."""
        row = (
            self._file(path), digest, article_key(article.id), signature,
            article.id, article.text, article.origin, article.title, article.url, article.source,
            article.published.isoformat() if article.published else None, article.published_text,
            article.place, article.language, _listed(article.authors), _listed(article.tags),
            article.modified.isoformat() if article.modified else None,
            article.day.isoformat() if article.day else None, article.source and article.source.casefold(),
        )  # fmt: skip
        marks = ", ".join("?" * len(row))
        columns = f"file, digest, key, signature, {_COLUMNS}, day, outlet"
        cursor = self._db.execute(f"INSERT INTO articles ({columns}) VALUES ({marks})", row)
        first = self.next_id()
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            ((first + at, cursor.lastrowid, passage.start, passage.end) for at, passage in enumerate(passages)),
        )

    def remove(self, id: str) -> list[int]:
        """Take an article out, and dissolve the story that it was the first of; returns its passages' numbers."""
        [number] = self._db.execute("SELECT number FROM articles WHERE id = ?", (id,)).fetchone()
        rows = self._db.execute("DELETE FROM passages WHERE article = ? RETURNING id", (number,)).fetchall()
        self._db.execute("DELETE FROM articles WHERE number = ?", (number,))
        self._db.execute("UPDATE articles SET story = NULL WHERE story = ?", (number,))
        return [id for (id,) in rows]

    def move(self, id: str, origin: str, path: str) -> None:
        """Note that an article stands elsewhere now."""
        self._db.execute("UPDATE articles SET origin = ?, file = ? WHERE id = ?", (origin, self._file(path), id))

    def without_story(self) -> list[SignedArticle]:
        """The articles that were added, or whose story was dissolved, since stories were last put, in order."""
        return list(self._signed("story IS NULL AND signature IS NOT NULL ORDER BY number"))

    def firsts(self) -> Iterator[SignedArticle]:
        """The first article of each story; the story has its number."""
        return self._signed("story = number ORDER BY number")

    def put_stories(self, stories: Mapping[int, int]) -> None:
        """Note to which story articles belong, by their numbers."""
        self._db.executemany("UPDATE articles SET story = ? WHERE number = ?", ((s, a) for a, s in stories.items()))

    def put_file(self, file: SourceFile) -> None:
        """Note how a file was when it was read."""
        self._db.execute(
            "UPDATE files SET name = ?, size = ?, modified = ?, sha256 = ?, problems = ?, contested = ? "
            "WHERE number = ?",
            (file.name, file.size, file.modified, file.sha256, json.dumps([astuple(p) for p in file.problems]),
             file.contested, self._file(file.path)),
        )  # fmt: skip

    def drop_file(self, path: str) -> None:
        """Forget a file that is gone; its articles are removed or moved by themselves."""
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def files(self) -> dict[str, SourceFile]:
        """The files that were read, by path."""
        rows = self._db.execute("SELECT path, name, size, modified, sha256, problems, contested FROM files")
        return {
            path: SourceFile(
                path, name, size, modified, sha256, tuple(Problem(*p) for p in json.loads(problems)), bool(contested)
            )
            for path, name, size, modified, sha256, problems, contested in rows
        }

    def articles_of_files(self) -> Iterator[tuple[str, str, bytes, str]]:
        """For every article the path of its file, its id, digest and origin."""
        yield from self._db.execute(
            "SELECT f.path, a.id, a.digest, a.origin FROM articles a JOIN files f ON a.file = f.number"
        )

    def next_id(self) -> int:
        """The number that the next passage gets: one more than any that was ever given."""
        row = self._db.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'passages'").fetchone()
        return int(row[0]) if row else 0

    def content(self) -> str:
        """The SHA-256 of all articles, in whatever order they were added."""
        content = hashlib.sha256()
        for id, digest in self._db.execute("SELECT id, digest FROM articles ORDER BY id"):
            content.update(f"{id}\n".encode("utf-8", "backslashreplace") + digest)
        return content.hexdigest()

    def _file(self, path: str) -> int:
        """The number of a file."""
        self._db.execute("INSERT OR IGNORE INTO files VALUES (NULL, ?, '', 0, 0, x'', '[]', 0)", (path,))
        return int(self._db.execute("SELECT number FROM files WHERE path = ?", (path,)).fetchone()[0])

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

    def known_texts(self, texts: Iterable[str]) -> set[str]:
        """Those of the texts that an article has, to the last character."""
        query = "SELECT text FROM articles WHERE text IN (SELECT value FROM json_each(?))"
        return {text for (text,) in self._db.execute(query, (json.dumps(list(texts)),))}

    def articles_by_key(self, key: str) -> list[Article]:
        """The articles whose ids have this key of `index.keys`: one, or none, or hardly ever two."""
        return [_article(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM articles WHERE key = ?", (key,))]

    def copies(self, ids: Iterable[str]) -> dict[str, tuple[Article, ...]]:
        """For each of these articles the others of its story, the oldest first and the undated last."""
        columns = ", ".join(f"b.{column}" for column in _COLUMNS.split(", "))
        query = (
            f"SELECT {columns} FROM articles a JOIN articles b ON a.story = b.story AND a.number != b.number "
            "WHERE a.id = ? ORDER BY b.day NULLS LAST, b.number"
        )
        return {id: tuple(_article(row) for row in self._db.execute(query, (id,))) for id in ids}

    def passage_ids(self, since: int = 0) -> Ids:
        """The numbers of all passages from this one on, ascending, int64."""
        import numpy as np

        rows = self._db.execute("SELECT id FROM passages WHERE id >= ? ORDER BY id", (since,))
        return np.fromiter((id for (id,) in rows), dtype=np.int64)

    def newest_first(self, ids: Ids) -> list[int]:
        """These passages' numbers, those of the newest articles first and of the undated last."""
        wanted = set(ids.tolist())
        rows = self._db.execute(
            "SELECT p.id FROM passages p JOIN articles a ON p.article = a.number ORDER BY a.day DESC NULLS LAST, p.id"
        )
        return [id for (id,) in rows if id in wanted]

    def all_passages(self, since: int = 0) -> Iterator[Passage]:
        """Every passage from this number on, in order; an article is read once for all of its passages."""
        query = "SELECT article, start, end FROM passages WHERE id >= ? ORDER BY id"
        spans = self._db.execute(query, (since,)).fetchall()
        number, article = 0, None
        for wanted, start, end in spans:
            if article is None or wanted != number:
                number, article = wanted, self._by_number([wanted])[wanted]
            yield Passage(article, start, end)

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these numbers, in their order; raises DamagedIndexError for a number that there is not."""
        marks = ", ".join("?" * len(ids))
        rows = self._db.execute(f"SELECT id, article, start, end FROM passages WHERE id IN ({marks})", list(ids))
        spans = {id: (article, start, end) for id, article, start, end in rows}
        articles = self._by_number(sorted({article for article, _, _ in spans.values()}))
        try:
            return [Passage(articles[spans[id][0]], spans[id][1], spans[id][2]) for id in ids]
        except KeyError as error:
            raise DamagedIndexError(f"the index names passage {error} and does not hold it; {_SEE}") from None
        except ValueError as error:
            raise DamagedIndexError(f"the index holds a passage that is none: {error}; {_SEE}") from None

    def each(self, ids: Iterable[int]) -> Iterator[Passage]:
        """The passages with these numbers, however many, in their order; a thousand are in memory at a time."""
        wanted = iter(ids)
        while block := list(islice(wanted, 1000)):
            yield from self.passages(block)

    def days(self, ids: Sequence[int]) -> Ids:
        """The days of the passages' articles, as date.toordinal counts them, in their order; 0 for an undated one."""
        import numpy as np

        marks = ", ".join("?" * len(ids))
        rows = self._db.execute(
            f"SELECT p.id, a.day FROM passages p JOIN articles a ON p.article = a.number WHERE p.id IN ({marks})",
            list(ids),
        )
        days = {id: date.fromisoformat(day).toordinal() if day else 0 for id, day in rows}
        return np.array([days[id] for id in ids], dtype=np.int64)

    def ids(self, filters: ArticleFilters) -> Ids:
        """The numbers of the passages whose articles pass; an undated one passes no filter of days."""
        import numpy as np

        condition, values = _condition(filters)
        rows = self._db.execute(f"SELECT number FROM articles WHERE {condition}", values)
        passages, articles = self._articles_of_passages
        return passages[np.isin(articles, np.fromiter((number for (number,) in rows), dtype=np.int64))]

    def ids_of(self, articles: Iterable[str]) -> Ids:
        """Return the numbers of the passages of the articles with these ids, ascending."""
        import numpy as np

        query = "SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(query, (json.dumps(list(articles)),))
        passages, of = self._articles_of_passages
        return passages[np.isin(of, np.fromiter((number for (number,) in rows), dtype=np.int64))]

    def latest(self, filters: ArticleFilters, k: int) -> list[Passage]:
        """The first passages of the k newest articles that pass: newest first, and the undated last.

        Of one day those come first that state a later time, and of no day those that were added last.
        """
        condition, values = _condition(filters)
        found: list[int] = []
        # Apart, since the time stands behind the text, which takes long to read of all undated articles.
        for part, order in (
            ("day IS NOT NULL", "day DESC, datetime(published) DESC, number DESC"),
            ("day IS NULL", "number DESC"),
        ):
            rows = self._db.execute(
                "SELECT (SELECT min(id) FROM passages WHERE article = number) AS first FROM articles "
                f"WHERE {part} AND first IS NOT NULL AND {condition} ORDER BY {order} LIMIT ?",
                (*values, k - len(found)),
            )
            found += [id for (id,) in rows]
        return self.passages(found)

    def in_headlines(self, words: Collection[str], filters: ArticleFilters, k: int) -> list[Passage]:
        """The first passages of the k newest articles that pass and whose headline has one of these words, or holds it.

        Letters count as they are written.
        """
        condition, values = _condition(filters)
        # With +day SQLite goes through the index of headlines, and not through the articles by their days.
        holds = " OR ".join(["instr(title, ?)"] * len(words)) or "0"
        rows = self._db.execute(
            f"SELECT (SELECT min(id) FROM passages WHERE article = number) AS first FROM articles "
            f"WHERE title IS NOT NULL AND ({holds}) AND {condition} ORDER BY +day DESC LIMIT ?",
            (*words, *values, k),
        )
        return self.passages([id for (id,) in rows if id is not None])

    @cached_property
    def _articles_of_passages(self) -> tuple[Ids, Ids]:
        """The numbers of all passages and of their articles, side by side: SQLite would join them at each question."""
        import numpy as np

        rows = self._db.execute("SELECT id, article FROM passages ORDER BY id")
        pairs = np.fromiter((number for row in rows for number in row), dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def count(self) -> int:
        """The number of articles."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def first_day(self) -> date | None:
        """The day of the oldest dated article, if there is one."""
        [first] = self._db.execute("SELECT min(day) FROM articles").fetchone()
        return first and date.fromisoformat(first)

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

    def misshapen(self) -> str | None:
        """What in this store is first found to be of another form than quotewire writes; no text is read for that."""
        try:
            return next((kind for kind, check in _CHECKS if self._db.execute(check).fetchone()), None)
        except sqlite3.Error as error:
            return str(error)

    def lacking(self, what: Literal["day", "title"]) -> Iterator[tuple[str, str]]:
        """The ids and origins of the articles without a whole date, or without a headline, by their origins."""
        return iter(self._db.execute(f"SELECT id, origin FROM articles WHERE {what} IS NULL ORDER BY origin"))

    def problems(self) -> list[str]:
        """What SQLite and the offsets say against this store; nothing if it is sound."""
        self._db.create_function("code_points", 1, len, deterministic=True)  # SQLite's length() ends at a NUL
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok"]
            for id, start, end in self._db.execute(
                "SELECT p.id, p.start, p.end FROM passages p LEFT JOIN articles a ON p.article = a.number "
                "WHERE a.number IS NULL OR NOT (0 <= p.start AND p.start < p.end AND p.end <= code_points(a.text))"
            ):
                found.append(f"passage {id}: [{start}:{end}] is no slice of an article")
        except sqlite3.Error as error:
            found = [str(error)]
        return found

    def _signed(self, condition: str) -> Iterator[SignedArticle]:
        from index.text.duplicates import SignedArticle

        for number, day, signature in self._db.execute(
            f"SELECT number, day, signature FROM articles WHERE {condition}"
        ):
            yield SignedArticle(number, day and date.fromisoformat(day), signature)

    def _by_number(self, numbers: Sequence[int]) -> dict[int, Article]:
        marks = ", ".join("?" * len(numbers))
        rows = self._db.execute(f"SELECT number, {_COLUMNS} FROM articles WHERE number IN ({marks})", list(numbers))
        return {row[0]: _article(row[1:]) for row in rows}


def _condition(filters: ArticleFilters) -> tuple[str, list[str]]:
    """A filter in SQL."""
    clauses, values = ["1"], []
    for clause, value in (
        ("day >= ?", filters.since and filters.since.isoformat()),
        ("day <= ?", filters.until and filters.until.isoformat()),
        ("outlet = ?", filters.source and filters.source.casefold()),
    ):
        if value:
            clauses.append(clause)
            values.append(value)
    return " AND ".join(clauses), values


def _listed(values: Sequence[str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _article(row: Sequence[str | None]) -> Article:
    id, text, origin, title, url, source, published, published_text, place, language, authors, tags, modified = row
    assert id is not None  # NOT NULL in the schema, like the next two
    assert text is not None
    assert origin is not None
    try:
        return Article(
            id, text, origin, title, url, source, _published(published), published_text, place, language,
            tuple(json.loads(authors or "[]")), tuple(json.loads(tags or "[]")),
            date.fromisoformat(modified) if modified else None,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise DamagedIndexError(f"the index holds an article that is none: {error}; {_SEE}") from None


def _published(iso: str | None) -> date | datetime | None:
    if iso is None:
        return None
    return datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)
