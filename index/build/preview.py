"""What a build would do."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from index.build.assembly import without_vector
from index.build.builder import base_of, configured_model, warner
from index.build.changes import Gone, Put, find_changes, reading_key
from index.build.omissions import NONE, Omissions, find_omissions
from index.parsers.problems import Problem
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import ARTICLES


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build would do."""

    new: tuple[str, ...]  # ids of articles
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int
    to_embed: int  # passages
    problems: tuple[Problem, ...]
    omissions: Omissions = NONE


def preview(settings: IndexSettings, strict: bool = False) -> Changes:
    """What `build_index` would do, without writing anything."""
    model = configured_model(settings)
    problems: list[Problem] = []
    base = base_of(settings.path)
    store = ArticleStore.open(base.folder / ARTICLES) if base else None
    same_reading = base and base.manifest.reading == reading_key(settings)
    ids = {id for _, id, _, _ in store.articles_of_files()} if store else set()
    put: dict[str, bool] = {}  # id: whether it was there before
    kept: set[str] = set()
    gone: set[str] = set()
    keys: set[bytes] = set()
    lacking: dict[Literal["day", "title"], dict[str, str]] = {"day": {}, "title": {}}  # origins by id
    for change in find_changes(settings, store if same_reading else None, warner(problems, strict)):
        match change:
            case Put(article=article, passages=passages):
                for what, origins in lacking.items():
                    origins.pop(article.id, None)
                    if getattr(article, what) is None:
                        origins[article.id] = article.origin
                if store and not same_reading and store.article(article.id) == article:
                    kept.add(article.id)
                else:
                    put[article.id] = article.id in ids
                keys.update(EmbeddingCache.key(passage.text) for passage in passages)
            case Gone(ids=lost):
                gone.update(lost)
    if base and store and same_reading:  # what stays, and has no vector of this model yet
        for passage in store.each(without_vector(base, model, store).tolist()):
            if passage.article.id not in put and passage.article.id not in gone:
                keys.add(EmbeddingCache.key(passage.text))
    if not same_reading:
        gone = ids - put.keys() - kept
    cache_file = settings.path / "embeddings.sqlite"
    if cache_file.is_file():
        with closing(EmbeddingCache(cache_file, model.fingerprint, read_only=True)) as cache:
            keys -= cache.known(list(keys))
    for what, origins in lacking.items():
        if store and same_reading:  # what stays as it is
            stays = {id: origin for id, origin in store.lacking(what) if id not in put and id not in gone}
            lacking[what] = stays | origins
    unchanged = len(ids - put.keys() - gone)
    undated, untitled = (sorted(origins.values()) for origins in lacking.values())
    return Changes(
        new=tuple(id for id, was_there in put.items() if not was_there),
        changed=tuple(id for id, was_there in put.items() if was_there),
        gone=tuple(sorted(gone)),
        unchanged=unchanged,
        to_embed=len(keys),
        problems=tuple(problems),
        omissions=find_omissions(settings, len(put) + unchanged, undated, untitled, problems),
    )
