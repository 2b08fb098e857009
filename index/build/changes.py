"""What is new in the sources: files by size, time and hash, and their articles by digest. Nothing is written here."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TypeAlias

from index.build.id_conflicts import Claim, same, settle
from index.errors import SourceError
from index.parsers.isolation import read_file
from index.parsers.problems import Problem, Warn
from index.parsers.source_files import is_page, list_files
from index.settings import IndexSettings
from index.storage.articles import ArticleStore, SourceFile
from index.text.language import with_language
from index.text.passages import split_article
from index.types import Article, Passage

READING = 4  # raised when readers, sentences or passages come to other results, so that everything is read again
_SETTLED = 2 * 10**9  # nanoseconds; a file can be changed twice within one tick of its clock, and keep its time


@dataclass(frozen=True, slots=True)
class Put:
    """An article that is new, or not as it was."""

    path: str
    article: Article
    passages: list[Passage]
    digest: bytes
    replaces: bool


@dataclass(frozen=True, slots=True)
class Keep:
    """An article that is as it was, in a file that is not: it may be elsewhere now."""

    path: str
    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Read:
    """A file of which everything has been said."""

    file: SourceFile


@dataclass(frozen=True, slots=True)
class Gone:
    """Articles and files that are no longer there."""

    ids: tuple[str, ...]
    paths: tuple[str, ...]


Change: TypeAlias = Put | Keep | Read | Gone


def reading_key(settings: IndexSettings) -> str:
    """What decides, besides the files themselves, what is read from them: articles of another key are read again."""
    names = json.dumps(settings.fields, sort_keys=True)
    return f"{READING} {settings.language} {settings.passage_words} {names}"


@dataclass(frozen=True, slots=True)
class _Source:
    """A file of the sources."""

    order: int
    path: Path
    file: SourceFile
    is_known: bool  # and as it was

    def claim(self, number: int, article: Article) -> Claim:
        """Return what an article of this file claims, the `number`th in it."""
        name = self.file.name + article.origin.removeprefix(str(self.path))
        return Claim((self.order, number), self.file.path, name, article)


@dataclass(frozen=True, slots=True)
class _Owner:
    """Where an article that has an id is, and its digest."""

    path: str
    origin: str
    digest: bytes


def find_changes(settings: IndexSettings, before: ArticleStore | None, warn: Warn) -> Iterator[Change]:
    """What has to be done to `before`, read with the same `reading_key`, to make it what the sources hold; in order.

    An article may be put twice, of which the later counts. Problems with the sources, those of unchanged files among
    them, go to `warn`. Raises SourceError for a source that does not exist or is in no known format.
    """
    known = before.files() if before else {}
    there: dict[str, _Source] = {}
    for path, name in list_files(settings.sources, settings.exclude, warn, settings.follow_links):
        absolute = os.path.abspath(path)
        if absolute in there:
            raise SourceError(f"{path}: is read twice; name it or its folder once in [index] sources")
        now = _look(path, absolute, name, known.get(absolute))
        there[absolute] = _Source(len(there), path, now, now is known.get(absolute))
    gone = tuple(path for path in known if path not in there)
    yield from _SourceScan(settings, before, there, known, gone, warn).changes()


class _SourceScan:
    """One reading of what is new in the sources.

    Articles are put as they come. Of several that state one id the first is put, and the others wait until everything
    is read; an unchanged file that holds one of them is read again, since only what it holds tells which stays.
    """

    def __init__(
        self,
        settings: IndexSettings,
        before: ArticleStore | None,
        there: dict[str, _Source],
        known: dict[str, SourceFile],
        gone: tuple[str, ...],
        warn: Warn,
    ) -> None:
        self._settings = settings
        self._before = before
        self._there = there
        self._gone = gone
        self._warn = warn
        self._contested_before = {path for path, file in known.items() if file.contested}
        self._stale: dict[str, bytes] = {}  # ids and digests of what re-read and lost files held
        self._owners: dict[str, _Owner] = {}  # by id, of what there is now
        self._waiting: defaultdict[str, list[Claim]] = defaultdict(list)
        self._contested: set[str] = set()  # files that share an id with another one
        self._problems: dict[str, list[Problem]] = {}  # of the files that were read

    def changes(self) -> Iterator[Change]:
        """Read what is not as it was."""
        todo = {path for path, source in self._there.items() if not source.is_known}
        if todo or self._gone:
            yield from self._read_all(todo)
        for path, source in self._there.items():
            if path not in self._problems:
                for problem in source.file.problems:
                    self._warn(problem)

    def _read_all(self, todo: set[str]) -> Iterator[Change]:
        if self._before:
            for path, id, digest, origin in self._before.articles_of_files():
                self._owners[id] = _Owner(path, origin, digest)
        lost = todo.union(self._gone)
        self._forget(lost)
        while todo := self._with_contested(todo, lost):
            self._forget(todo)
            lost = set()
            again: set[str] = set()
            for path in sorted(todo, key=lambda path: self._there[path].order):
                yield from self._read(self._there[path], again)
            todo = again
        yield from self._settle()
        yield Gone(tuple(id for id in self._stale if id not in self._owners), self._gone)

    def _with_contested(self, todo: set[str], lost: set[str]) -> set[str]:
        """Add the files that share ids with others to those of them that are to be read, less what was read."""
        if (todo | lost) & self._contested_before:
            todo = todo | (self._contested_before & self._there.keys())
        return {path for path in todo if path not in self._problems}

    def _forget(self, paths: set[str]) -> None:
        """Make what files held what they may no longer hold."""
        for id in [id for id, owner in self._owners.items() if owner.path in paths]:
            self._stale[id] = self._owners.pop(id).digest

    def _read(self, source: _Source, again: set[str]) -> Iterator[Change]:
        """Read a file; unchanged ones that hold the id of one of its articles are added to those to be read again."""
        path, file = source.path, source.file
        problems = self._problems[file.path] = []

        def note(problem: Problem) -> None:
            problems.append(problem)
            self._warn(problem)

        for number, article in enumerate(read_file(path, file.name, note, self._settings.fields)):
            digest, owner = _digest(article), self._owners.get(article.id)
            if owner is None and article.id not in self._waiting and self._stale.get(article.id) == digest:
                self._owners[article.id] = _Owner(file.path, article.origin, digest)
                yield Keep(file.path, article.id, article.origin)
                continue
            spoken = with_language(article, self._settings.language)
            passages = split_article(spoken, self._settings.passage_words)
            if not passages:
                page = is_page(path)  # whose article was not found
                note(Problem(article.origin, "holds a headline and no text; left out", not page, page))
                continue
            if owner is None and article.id not in self._waiting:
                self._owners[article.id] = _Owner(file.path, article.origin, digest)
                yield Put(file.path, spoken, passages, digest, article.id in self._stale)
                continue
            if owner and owner.path != file.path:
                self._contested |= {owner.path, file.path}
            if owner and owner.path in self._problems and owner.digest == digest and self._comes_before(owner, source):
                note(Problem(article.origin, same(owner.origin, article.id), False))
                continue
            if owner and owner.path not in self._problems:
                again.add(owner.path)
            self._waiting[article.id].append(source.claim(number, article))
        yield Read(replace(file, problems=tuple(problems), contested=False))

    def _comes_before(self, owner: _Owner, source: _Source) -> bool:
        return self._there[owner.path].order <= source.order

    def _settle(self) -> Iterator[Change]:
        """Say which of the articles that state one id stay, and put those that are not yet where they stay."""
        if not self._waiting and not self._contested:
            return
        from index.text.duplicates import nearly_same

        for claim in self._first_claims():
            self._waiting[claim.article.id].append(claim)
        for claims in self._waiting.values():
            paths = {claim.path for claim in claims}
            self._contested |= paths if len(paths) > 1 else set()
        settled = settle(self._waiting.values(), self._owners.__contains__, nearly_same)
        for kept in settled.kept:
            article, path = replace(kept.claim.article, id=kept.id), kept.claim.path
            digest, owner = _digest(article), self._owners.get(kept.id)
            self._owners[kept.id] = _Owner(path, article.origin, digest)
            if owner and owner.origin == article.origin:
                continue
            if owner is None and self._stale.get(kept.id) == digest:
                yield Keep(path, kept.id, article.origin)
                continue
            article = with_language(article, self._settings.language)
            passages = split_article(article, self._settings.passage_words)
            yield Put(path, article, passages, digest, owner is not None or kept.id in self._stale)
        for claim, message in settled.said:
            problem = Problem(claim.article.origin, message, False)
            self._problems[claim.path].append(problem)
            self._warn(problem)
        for path in {claim.path for claim, _ in settled.said} | self._contested:
            file = replace(self._there[path].file, problems=tuple(self._problems[path]))
            yield Read(replace(file, contested=path in self._contested))

    def _first_claims(self) -> Iterator[Claim]:
        """Read once more those articles that were put before another one stated their id."""
        wanted: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for id in self._waiting:
            if owner := self._owners.get(id):
                wanted[owner.path][owner.origin] = id
        for path, origins in wanted.items():
            source = self._there[path]
            articles = read_file(source.path, source.file.name, lambda _: None, self._settings.fields)
            for number, article in enumerate(articles):
                if article.origin in origins:
                    yield source.claim(number, article)


def _look(path: Path, absolute: str, name: str, known: SourceFile | None) -> SourceFile:
    """The file as it is now; `known` itself if it is as it was."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return SourceFile(absolute, name, 0, 0, b"")
        same = known is not None and (known.name, known.size) == (name, status.st_size) and known.sha256
        if known and same and known.modified == status.st_mtime_ns:
            return known
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError:  # reading it says what is wrong
        return SourceFile(absolute, name, 0, 0, b"")
    if known and same and known.sha256 == digest:
        return known
    settled = time.time_ns() - status.st_mtime_ns > _SETTLED
    return SourceFile(absolute, name, status.st_size, status.st_mtime_ns if settled else 0, digest)


def _digest(article: Article) -> bytes:
    """Return the digest of all that was read but where it is."""
    return hashlib.sha256(repr(astuple(replace(article, origin=""))).encode("utf-8", "backslashreplace")).digest()
