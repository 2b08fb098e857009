"""Embed the passages that have no full-model embedding yet, newest articles first, batch by batch into the cache."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from index.console import counted
from index.encoders.encoder import Encoder
from index.progress import Advance
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.embedding_cache import EmbeddingCache
from index.storage.vectors import Ids
from index.types import Passage

log = logging.getLogger(__name__)

_SORTED = 32  # batches that are sorted by length together


@dataclass(frozen=True, slots=True)
class CachedEmbeddings:
    """Passages whose embeddings are in the cache, and their keys there."""

    ids: Ids  # ascending
    keys: list[bytes]  # one per id


@dataclass(frozen=True, slots=True)
class MissingEmbeddings:
    """The passages of which the index has no full-model embedding, and which of them have to be encoded."""

    ids: Ids  # ascending
    keys: list[bytes]  # in the cache, one per id
    to_encode: dict[int, bytes]  # one passage, with its key, per distinct text that is not cached; newest first

    def cached(self) -> CachedEmbeddings:
        """Return those that were in the cache when this was determined."""
        uncached = set(self.to_encode.values())
        places = [place for place, key in enumerate(self.keys) if key not in uncached]
        return CachedEmbeddings(self.ids[places], [self.keys[place] for place in places])

    def encoded(self) -> CachedEmbeddings:
        """Return all of them; call it when `embed` has finished."""
        return CachedEmbeddings(self.ids, self.keys)


@dataclass(frozen=True, slots=True)
class EmbedResult:
    """What `embed` did: how many passages it encoded, and whether it finished or was stopped."""

    count: int
    finished: bool


def find_missing(settings: IndexSettings, store: ArticleStore, ids: Ids, fingerprint: str) -> MissingEmbeddings:
    """Look up these passages, which the index has no embeddings of, in the model's cache."""
    keys = [EmbeddingCache.key(passage.text) for passage in store.each(ids.tolist())]
    key_of = dict(zip(ids.tolist(), keys, strict=True))
    cached: set[bytes] = set()
    if len(ids):
        with closing(EmbeddingCache(settings.path / "embeddings.sqlite", fingerprint)) as cache:
            cached = cache.known(list(set(keys)))
    first_of: dict[bytes, int] = {}  # a key's newest passage
    for id in store.newest_first(ids):
        if key_of[id] not in cached:
            first_of.setdefault(key_of[id], id)
    return MissingEmbeddings(ids, keys, {id: key for key, id in first_of.items()})


def embed(
    settings: IndexSettings,
    fingerprint: str,
    encoder: Encoder,
    store: ArticleStore,
    missing: MissingEmbeddings,
    advance: Advance,
    stop: Callable[[], bool],
) -> EmbedResult:
    """Encode what is missing; each batch is committed to the cache before the next begins.

    `stop` is asked before each batch. Passages that another process has encoded in the meantime are not encoded
    again. Passages that are longer than the model's window are logged.
    """
    count, finished = 0, True
    keys = missing.to_encode
    too_long: list[Passage] = []
    with closing(EmbeddingCache(settings.path / "embeddings.sqlite", fingerprint)) as cache:
        for passages, ids in _batches(store, list(keys), settings.batch_size):
            if stop():
                finished = False
                break
            cached = cache.known([keys[id] for id in ids])
            passages = [passage for passage, id in zip(passages, ids, strict=True) if keys[id] not in cached]
            if passages:
                texts = [passage.text for passage in passages]
                cache.put([EmbeddingCache.key(text) for text in texts], encoder.encode_document(texts))
                tokens = encoder.count_tokens(texts)
                too_long += [passage for passage, n in zip(passages, tokens, strict=True) if n > encoder.window]
            count += len(passages)
            advance(len(ids))
    if too_long:
        _report_too_long(too_long, encoder.window)
    return EmbedResult(count, finished)


def _report_too_long(passages: list[Passage], window: int) -> None:
    places = ", ".join(f"{passage.article.origin} [{passage.start}:{passage.end}]" for passage in passages[:3])
    log.info(
        "%s %s longer than the model's window of %d tokens: %s%s; "
        "the embedding covers only the beginning, the lexical index all of it",
        counted(len(passages), "passage"),
        "is" if len(passages) == 1 else "are",
        window,
        places,
        ", …" if len(passages) > 3 else "",
    )


def _batches(store: ArticleStore, ids: list[int], size: int) -> Iterator[tuple[list[Passage], list[int]]]:
    """Yield batches of passages of similar length, which need little padding, with their ids.

    Only a few hundred passages are sorted at a time, so that newer articles still come first.
    """
    for at in range(0, len(ids), size * _SORTED):
        block = ids[at : at + size * _SORTED]
        passages = dict(zip(block, store.passages(block), strict=True))
        block.sort(key=lambda id: passages[id].start - passages[id].end)
        for start in range(0, len(block), size):
            batch = block[start : start + size]
            yield [passages[id] for id in batch], batch
