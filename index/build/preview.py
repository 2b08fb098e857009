"""Tell what a build would do, without writing anything."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from index.build.article_update import published_base
from index.build.assembly import without_embedding
from index.build.build_errors import warner
from index.build.builder import configured_model
from index.build.changes import ArticleChanged, Removed, find_changes, reading_key
from index.build.omissions import NO_OMISSIONS, Omissions, find_omissions
from index.parsers.problems import Problem
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import ARTICLES


@dataclass(frozen=True, slots=True)
class BuildPreview:
    """What a build would do."""

    new: tuple[str, ...]  # ids of articles
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int
    to_embed: int  # passages
    problems: tuple[Problem, ...]
    omissions: Omissions = NO_OMISSIONS


def preview(settings: IndexSettings, strict: bool = False) -> BuildPreview:
    """Return what `build_index` would do; raises as it does."""
    model = configured_model(settings)
    problems: list[Problem] = []
    base = published_base(settings.path)
    store = ArticleStore.open(base.folder / ARTICLES) if base else None
    can_update = base and base.manifest.reading == reading_key(settings)  # else every source is read again
    stored_ids = {id for _, id, _, _ in store.articles_of_files()} if store else set()
    written: dict[str, bool] = {}  # by id: whether the article was in the store before
    kept: set[str] = set()  # articles that were read again and have not changed
    gone: set[str] = set()
    keys: set[bytes] = set()  # of the passages that need an embedding
    lacking: dict[Literal["day", "title"], dict[str, str]] = {"day": {}, "title": {}}  # origins by id
    for change in find_changes(settings, store if can_update else None, warner(problems, strict)):
        match change:
            case ArticleChanged(article=article, passages=passages):
                for field, origins in lacking.items():
                    origins.pop(article.id, None)
                    if getattr(article, field) is None:
                        origins[article.id] = article.origin
                if store and not can_update and store.article(article.id) == article:
                    kept.add(article.id)
                else:
                    written[article.id] = article.id in stored_ids
                keys.update(EmbeddingCache.key(passage.text) for passage in passages)
            case Removed(ids=ids):
                gone.update(ids)
    if base and store and can_update:  # articles that stay, of which the model's embeddings are still missing
        for passage in store.each(without_embedding(base, model, store).tolist()):
            if passage.article.id not in written and passage.article.id not in gone:
                keys.add(EmbeddingCache.key(passage.text))
    if not can_update:
        gone = stored_ids - written.keys() - kept
    cache_file = settings.path / "embeddings.sqlite"
    if cache_file.is_file():
        with closing(EmbeddingCache(cache_file, model.fingerprint, read_only=True)) as cache:
            keys -= cache.known(list(keys))
    if store and can_update:
        for field, origins in lacking.items():
            stays = {id: origin for id, origin in store.lacking(field) if id not in written and id not in gone}
            lacking[field] = stays | origins
    unchanged = len(stored_ids - written.keys() - gone)
    undated, untitled = (sorted(origins.values()) for origins in lacking.values())
    return BuildPreview(
        new=tuple(id for id, was_stored in written.items() if not was_stored),
        changed=tuple(id for id, was_stored in written.items() if was_stored),
        gone=tuple(sorted(gone)),
        unchanged=unchanged,
        to_embed=len(keys),
        problems=tuple(problems),
        omissions=find_omissions(settings, len(written) + unchanged, undated, untitled, problems),
    )
