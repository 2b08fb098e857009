"""What is new in the sources: files by size, time and hash, and their articles by digest. Nothing is written here."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TypeAlias

from index.errors import SourceError
from index.language import with_language
from index.passages import split_article
from index.readers import Problem, Warn, list_files, read_file
from index.settings import IndexSettings
from index.store import PassageStore, SourceFile
from index.types import Article, Passage

READING = 3  # raised when readers, sentences or passages come to other results, so that everything is read again
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
    """An article that is as it was, in a file that is not: it may stand elsewhere now."""

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
    """What decides, beside the files themselves, what is read from them: articles of another key are read again."""
    names = json.dumps(settings.fields, sort_keys=True)
    return f"{READING} {settings.language} {settings.passage_words} {names}"


def find_changes(settings: IndexSettings, before: PassageStore | None, warn: Warn) -> Iterator[Change]:
    """What has to be done to `before`, read with the same `reading_key`, to make it what the sources hold; in order.

    Problems with the sources, those of unchanged files among them, go to `warn`. Raises SourceError for a source that
    does not exist or is in no known format, and for two articles with one id.
    """
    known = before.files() if before else {}
    changed: list[tuple[Path, SourceFile]] = []
    there: set[str] = set()
    for path, name in list_files(settings.sources, settings.exclude):
        absolute = os.path.abspath(path)
        if absolute in there:
            raise SourceError(f"{path}: is read twice; name it or its folder once in [index] sources")
        there.add(absolute)
        now = _look(path, absolute, name, known.get(absolute))
        if now is known.get(absolute):
            for problem in now.problems:
                warn(problem)
        else:
            changed.append((path, now))
    gone = tuple(path for path in known if path not in there)
    if changed or gone:
        yield from _articles(settings, before, changed, gone, warn)


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


def _articles(
    settings: IndexSettings,
    before: PassageStore | None,
    changed: list[tuple[Path, SourceFile]],
    gone: tuple[str, ...],
    warn: Warn,
) -> Iterator[Change]:
    stale: dict[str, bytes] = {}  # what changed and lost files held
    origins: dict[str, str] = {}  # what is there now
    if before:
        unread = {file.path for _, file in changed} | set(gone)
        for owner, id, digest, origin in before.articles_of_files():
            if owner in unread:
                stale[id] = digest
            else:
                origins[id] = origin
    for path, file in changed:
        problems: list[Problem] = []

        def note(problem: Problem, problems: list[Problem] = problems) -> None:
            problems.append(problem)
            warn(problem)

        for article in read_file(path, file.name, note, settings.fields):
            if other := origins.get(article.id):
                raise _two(other, article)
            origins[article.id] = article.origin
            digest = _digest(article)
            if stale.get(article.id) == digest:
                yield Keep(file.path, article.id, article.origin)
                continue
            article = with_language(article, settings.language)
            passages = split_article(article, settings.passage_words)
            if passages:
                yield Put(file.path, article, passages, digest, article.id in stale)
            else:
                note(Problem(article.origin, "holds a headline and no text; skipped", skipped=True))
                del origins[article.id]
        yield Read(replace(file, problems=tuple(problems)))
    yield Gone(tuple(id for id in stale if id not in origins), gone)


def _digest(article: Article) -> bytes:
    """Of all that was read but where it stands."""
    return hashlib.sha256(repr(astuple(replace(article, origin=""))).encode("utf-8", "backslashreplace")).digest()


def _two(other: str, article: Article) -> SourceError:
    return SourceError(
        f"{other} and {article.origin}: two articles with the id {article.id}; "
        "remove one, give it an id in its row or front matter, or name one folder"
    )
