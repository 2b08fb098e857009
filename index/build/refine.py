"""The model's vectors for passages that have none yet: newest first, batch by batch into the embedding cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from index.console import counted, say
from index.encoders.encoder import Encoder
from index.progress import Advance
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.embedding_cache import EmbeddingCache
from index.storage.vectors import Ids
from index.types import Passage

_SORTED = 32  # batches that are sorted by length together


@dataclass(frozen=True, slots=True)
class Lacking:
    """Passages without a vector of the model in the index, with their keys in the cache."""

    ids: Ids  # ascending
    keys: list[bytes]
    todo: dict[int, bytes]  # of each distinct text that the cache lacks too, one passage and its key; newest first

    def cached(self) -> tuple[Ids, list[bytes]]:
        """Those whose vectors are in the cache."""
        missing = set(self.todo.values())
        at = [at for at, key in enumerate(self.keys) if key not in missing]
        return self.ids[at], [self.keys[place] for place in at]


def find_lacking(settings: IndexSettings, store: ArticleStore, ids: Ids, fingerprint: str) -> Lacking:
    """Which of these passages have to be encoded: those whose text the cache lacks."""
    keys = [EmbeddingCache.key(passage.text) for passage in store.each(ids.tolist())]
    key_of = dict(zip(ids.tolist(), keys, strict=True))
    known: set[bytes] = set()
    if len(ids):
        with closing(EmbeddingCache(settings.path / "embeddings.sqlite", fingerprint)) as cache:
            known = cache.known(list(set(keys)))
    first: dict[bytes, int] = {}
    for id in store.newest_first(ids):
        if key_of[id] not in known:
            first.setdefault(key_of[id], id)
    return Lacking(ids, keys, {id: key for key, id in first.items()})


def embed(
    settings: IndexSettings,
    fingerprint: str,
    encoder: Encoder,
    store: ArticleStore,
    lacking: Lacking,
    advance: Advance,
    stop: Callable[[], bool],
) -> tuple[int, bool]:
    """Encode what is to do, each batch committed before the next begins; returns how many, and whether all is done.

    It ends early, between two batches, when `stop` says so. What another process has encoded meanwhile is not encoded
    again. Passages that the model does not see whole are said.
    """
    encoded, finished = 0, True
    keys = lacking.todo
    too_long: list[Passage] = []
    with closing(EmbeddingCache(settings.path / "embeddings.sqlite", fingerprint)) as cache:
        for passages, ids in _batches(store, list(keys), settings.batch_size):
            if stop():
                finished = False
                break
            known = cache.known([keys[id] for id in ids])
            passages = [passage for passage, id in zip(passages, ids, strict=True) if keys[id] not in known]
            if passages:
                texts = [passage.text for passage in passages]
                cache.put([EmbeddingCache.key(text) for text in texts], encoder.encode_document(texts))
                tokens = encoder.count_tokens(texts)
                too_long += [passage for passage, n in zip(passages, tokens, strict=True) if n > encoder.window]
            encoded += len(passages)
            advance(len(ids))
    if too_long:
        places = ", ".join(f"{passage.article.origin} [{passage.start}:{passage.end}]" for passage in too_long[:3])
        say(
            f"{counted(len(too_long), 'passage')} {'is' if len(too_long) == 1 else 'are'} longer than the model's "
            f"window of {encoder.window} tokens: {places}{', …' if len(too_long) > 3 else ''}; "
            "by meaning only the beginning is found, by words all of it"
        )
    return encoded, finished


def _batches(store: ArticleStore, ids: list[int], size: int) -> Iterator[tuple[list[Passage], list[int]]]:
    """Batches of like lengths, which waste no time on padding: within some hundreds of passages of about one age."""
    for at in range(0, len(ids), size * _SORTED):
        block = ids[at : at + size * _SORTED]
        passages = dict(zip(block, store.passages(block), strict=True))
        block.sort(key=lambda id: passages[id].start - passages[id].end)
        for start in range(0, len(block), size):
            batch = block[start : start + size]
            yield [passages[id] for id in batch], batch
