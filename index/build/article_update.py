"""Bring the article store up to date with the sources: the first step of a build."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from index.build.changes import ArticleChanged, ArticleMoved, Change, FileRead, Removed, find_changes
from index.errors import DamagedIndexError, NoIndexError
from index.parsers.problems import Warn
from index.progress import progress
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.generations import ARTICLES, current_number, folder_of
from index.storage.manifest import Manifest, check_files, read_manifest
from index.text.duplicates import group, sign


@dataclass(frozen=True, slots=True)
class BaseGeneration:
    """A complete, undamaged generation that a build starts from."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class UnchangedArticles:
    """The sources hold exactly what the base holds; `store` is the base's."""

    base: BaseGeneration
    store: ArticleStore


@dataclass(frozen=True, slots=True)
class ChangedArticles:
    """The articles of the new generation, stored in its folder, and how they differ from the base's.

    Without a base all of them are new.
    """

    base: BaseGeneration | None
    store: ArticleStore
    removed: tuple[int, ...]  # ids of the base's passages that are not in `store`
    first_new: int  # the lowest id that a new passage can have


Articles: TypeAlias = UnchangedArticles | ChangedArticles


def published_base(root: Path) -> BaseGeneration | None:
    """Return the published generation if there is one and it is not damaged."""
    try:
        folder = folder_of(root, current_number(root))
        manifest = read_manifest(folder)
        return None if any(check_files(folder, manifest)) else BaseGeneration(folder, manifest)
    except (NoIndexError, DamagedIndexError):
        return None


def update_articles(settings: IndexSettings, base: BaseGeneration | None, folder: Path, warn: Warn) -> Articles:
    """Read what has changed in the sources and return the articles, in a store that the caller closes.

    The store of ChangedArticles is written to `folder`, starting as a copy of the base's. Problems with the sources
    are passed to `warn`; raises SourceError as `find_changes` does.
    """
    before = ArticleStore.open(base.folder / ARTICLES) if base else None
    changes = find_changes(settings, before, warn)
    first = next(changes, None)
    if base and before and first is None:
        return UnchangedArticles(base, before)
    store = ArticleStore.create(folder / ARTICLES, before)
    removed: list[int] = []
    first_new = store.next_id()
    try:
        with progress("reading", "articles") as advance:
            for change in chain([first] if first else [], changes):
                removed += _apply(change, store)
                if isinstance(change, ArticleChanged | ArticleMoved):
                    advance()
        store.put_stories(group(store.without_story(), store.firsts()))
    finally:
        store.close()
        if before:
            before.close()
    return ChangedArticles(base, ArticleStore.open(folder / ARTICLES), tuple(removed), first_new)


def _apply(change: Change, store: ArticleStore) -> list[int]:
    """Write a change to the store; return the ids of the passages that it removed."""
    removed: list[int] = []
    match change:
        case ArticleChanged(path, article, passages, digest, replaces):
            if replaces:
                removed = store.remove(article.id)
            store.add(article, passages, path, digest, sign(article, passages))
        case ArticleMoved(path, id, origin):
            store.move(id, origin, path)
        case FileRead(file):
            store.put_file(file)
        case Removed(ids, paths):
            for id in ids:
                removed += store.remove(id)
            for path in paths:
                store.drop_file(path)
    return removed
