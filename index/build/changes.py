"""Find what has changed in the sources since the last build. Nothing is written here.

A file counts as unchanged by its size, time and hash (index/build/file_snapshot.py) and is not parsed again; in a
changed file, articles are compared by their digests.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TypeAlias

from index.build.file_snapshot import snapshot
from index.build.id_conflicts import IdClaim, copy_message, resolve
from index.errors import SourceError
from index.parsers.isolation import read_file
from index.parsers.problems import Problem, Warn
from index.parsers.source_files import is_page, list_files
from index.settings import IndexSettings
from index.storage.articles import ArticleStore, SourceFile
from index.text.language import with_language
from index.text.passages import split_article
from index.types import Article, Passage

READING = 4  # raise it when parsing, sentences or passages give other results, so that every source is read again


@dataclass(frozen=True, slots=True)
class ArticleChanged:
    """An article is new, or differs from the stored one with its id, which it then replaces."""

    path: str
    article: Article
    passages: list[Passage]
    digest: bytes
    replaces: bool


@dataclass(frozen=True, slots=True)
class ArticleMoved:
    """An article is unchanged, but its file is not: its file or its row may be another one now."""

    path: str
    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file has been read to its end: its state is recorded, so that the next build can skip it."""

    file: SourceFile


@dataclass(frozen=True, slots=True)
class Removed:
    """Articles, by id, and files, by path, are no longer in the sources."""

    ids: tuple[str, ...]
    paths: tuple[str, ...]


Change: TypeAlias = ArticleChanged | ArticleMoved | FileRead | Removed


def reading_key(settings: IndexSettings) -> str:
    """Return a key of what decides, besides the files, which articles and passages are read from them.

    A store that was read with another key cannot be updated: everything is read again.
    """
    names = json.dumps(settings.fields, sort_keys=True)
    return f"{READING} {settings.language} {settings.passage_words} {names}"


def find_changes(settings: IndexSettings, before: ArticleStore | None, warn: Warn) -> Iterator[Change]:
    """Yield, in order, the changes that turn `before` into what the sources hold now; None stands for an empty store.

    `before` must have been read with the same `reading_key`. An article may be yielded twice; the later one counts.
    Problems with the sources are passed to `warn`, those recorded for unchanged files included. Raises SourceError
    for a source that does not exist or has no supported format, and for a file that two sources contain.
    """
    stored = before.files() if before else {}
    present: dict[str, _PresentFile] = {}
    for path, name in list_files(settings.sources, settings.exclude, warn, settings.follow_links):
        absolute = os.path.abspath(path)
        if absolute in present:
            raise SourceError(f"{path}: is read twice; name it or its folder only once among the sources")
        file = snapshot(path, absolute, name, stored.get(absolute))
        present[absolute] = _PresentFile(len(present), path, file, is_unchanged=file is stored.get(absolute))
    yield from _SourceComparison(settings, before, stored, present, warn).changes()


@dataclass(frozen=True, slots=True)
class _PresentFile:
    """A file that is in the sources now."""

    order: int  # among the sources' files
    path: Path
    file: SourceFile
    is_unchanged: bool

    def claim(self, number: int, article: Article) -> IdClaim:
        """Return the claim of the `number`th article of this file to its id."""
        name = self.file.name + article.origin.removeprefix(str(self.path))
        return IdClaim((self.order, number), self.file.path, name, article)


@dataclass(frozen=True, slots=True)
class _Holder:
    """The article that holds an id: where it is, and its digest."""

    path: str
    origin: str
    digest: bytes


class _SourceComparison:
    """One comparison of a store with the sources.

    Articles are yielded as their files are read. If several state the same id, the first is yielded at once, and the
    others wait until every file is read. An unchanged file that holds one of them is read again, because the decision
    which one keeps the id needs their texts.
    """

    def __init__(
        self,
        settings: IndexSettings,
        before: ArticleStore | None,
        stored: dict[str, SourceFile],
        present: dict[str, _PresentFile],
        warn: Warn,
    ) -> None:
        self._settings = settings
        self._before = before
        self._present = present
        self._removed_paths = tuple(path for path in stored if path not in present)
        self._warn = warn
        self._contested_before = {path for path, file in stored.items() if file.contested}
        self._holders: dict[str, _Holder] = {}  # by id: the articles that are in the sources now
        self._previous: dict[str, bytes] = {}  # digests by id of the stored articles of files that changed or went
        self._rivals: defaultdict[str, list[IdClaim]] = defaultdict(list)  # by id: articles that found it held
        self._contested: set[str] = set()  # files that share an id with another file
        self._problems: dict[str, list[Problem]] = {}  # by path, of the files that were read

    def changes(self) -> Iterator[Change]:
        """Read the files that have changed; repeat the recorded problems of the others."""
        to_read = {path for path, present in self._present.items() if not present.is_unchanged}
        if to_read or self._removed_paths:
            yield from self._read_all(to_read)
        for path, present in self._present.items():
            if path not in self._problems:
                for problem in present.file.problems:
                    self._warn(problem)

    def _read_all(self, to_read: set[str]) -> Iterator[Change]:
        if self._before:
            for path, id, digest, origin in self._before.articles_of_files():
                self._holders[id] = _Holder(path, origin, digest)
        outdated = to_read.union(self._removed_paths)
        self._release_ids(outdated)
        while to_read := self._with_contested(to_read, outdated):
            self._release_ids(to_read)
            outdated = set()
            to_read_again: set[str] = set()
            for path in sorted(to_read, key=lambda path: self._present[path].order):
                yield from self._read(self._present[path], to_read_again)
            to_read = to_read_again
        yield from self._resolve_conflicts()
        yield Removed(tuple(id for id in self._previous if id not in self._holders), self._removed_paths)

    def _with_contested(self, to_read: set[str], outdated: set[str]) -> set[str]:
        """Return the files to read that were not yet read.

        If one of the changed or removed files shared an id with another file, every file that shares ids is read.
        """
        if (to_read | outdated) & self._contested_before:
            to_read = to_read | (self._contested_before & self._present.keys())
        return {path for path in to_read if path not in self._problems}

    def _release_ids(self, paths: set[str]) -> None:
        """Let the stored articles of these files hold their ids no longer; they may not be there any more."""
        for id in [id for id, holder in self._holders.items() if holder.path in paths]:
            self._previous[id] = self._holders.pop(id).digest

    def _read(self, present: _PresentFile, to_read_again: set[str]) -> Iterator[Change]:
        """Read a file; add the unchanged files that hold the id of one of its articles to `to_read_again`."""
        path, file = present.path, present.file
        problems = self._problems[file.path] = []

        def note(problem: Problem) -> None:
            problems.append(problem)
            self._warn(problem)

        for number, article in enumerate(read_file(path, file.name, note, self._settings.fields)):
            digest, holder = _digest(article), self._holders.get(article.id)
            is_first = holder is None and article.id not in self._rivals
            if is_first and self._previous.get(article.id) == digest:
                self._holders[article.id] = _Holder(file.path, article.origin, digest)
                yield ArticleMoved(file.path, article.id, article.origin)
                continue
            changed = self._changed(file.path, article, digest, article.id in self._previous)
            if not changed.passages:
                page = is_page(path)  # a page in which no article was found is not counted as skipped
                note(Problem(article.origin, "holds a headline and no text; left out", not page, page))
                continue
            if is_first:
                self._holders[article.id] = _Holder(file.path, article.origin, digest)
                yield changed
                continue
            if holder and holder.path != file.path:
                self._contested |= {holder.path, file.path}
            if holder and holder.path in self._problems and holder.digest == digest and self._precedes(holder, present):
                note(Problem(article.origin, copy_message(holder.origin, article.id), False))
                continue
            if holder and holder.path not in self._problems:
                to_read_again.add(holder.path)
            self._rivals[article.id].append(present.claim(number, article))
        yield FileRead(replace(file, problems=tuple(problems), contested=False))

    def _changed(self, path: str, article: Article, digest: bytes, replaces: bool) -> ArticleChanged:
        """Give the article a language and split it into passages; `digest` is of the article as it was read."""
        article = with_language(article, self._settings.language)
        passages = split_article(article, self._settings.passage_words)
        return ArticleChanged(path, article, passages, digest, replaces)

    def _precedes(self, holder: _Holder, present: _PresentFile) -> bool:
        return self._present[holder.path].order <= present.order

    def _resolve_conflicts(self) -> Iterator[Change]:
        """Decide which of the articles that state the same id are kept, and yield those not yet yielded as decided."""
        if not self._rivals and not self._contested:
            return
        from index.text.duplicates import nearly_same

        for claim in self._claims_of_holders():
            self._rivals[claim.article.id].append(claim)
        for claims in self._rivals.values():
            paths = {claim.path for claim in claims}
            self._contested |= paths if len(paths) > 1 else set()
        resolution = resolve(self._rivals.values(), self._holders.__contains__, nearly_same)
        for kept in resolution.kept:
            article, path = replace(kept.claim.article, id=kept.id), kept.claim.path
            digest, holder = _digest(article), self._holders.get(kept.id)
            self._holders[kept.id] = _Holder(path, article.origin, digest)
            if holder and holder.origin == article.origin:
                continue
            if holder is None and self._previous.get(kept.id) == digest:
                yield ArticleMoved(path, kept.id, article.origin)
                continue
            yield self._changed(path, article, digest, holder is not None or kept.id in self._previous)
        for remark in resolution.remarks:
            problem = Problem(remark.claim.article.origin, remark.message, False)
            self._problems[remark.claim.path].append(problem)
            self._warn(problem)
        for path in {remark.claim.path for remark in resolution.remarks} | self._contested:
            file = replace(self._present[path].file, problems=tuple(self._problems[path]))
            yield FileRead(replace(file, contested=path in self._contested))

    def _claims_of_holders(self) -> Iterator[IdClaim]:
        """Read the articles again that were yielded before another one stated their id, and yield their claims."""
        wanted: defaultdict[str, set[str]] = defaultdict(set)  # origins by path
        for id in self._rivals:
            if holder := self._holders.get(id):
                wanted[holder.path].add(holder.origin)
        for path, origins in wanted.items():
            present = self._present[path]
            articles = read_file(present.path, present.file.name, lambda _: None, self._settings.fields)
            for number, article in enumerate(articles):
                if article.origin in origins:
                    yield present.claim(number, article)


def _digest(article: Article) -> bytes:
    """Return the SHA-256 of all that was read of an article except its origin."""
    return hashlib.sha256(repr(astuple(replace(article, origin=""))).encode("utf-8", "backslashreplace")).digest()
