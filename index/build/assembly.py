"""Write a new generation: what has not changed is hard-linked from the base, the rest is written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.build.article_update import Articles, BaseGeneration, ChangedArticles, UnchangedArticles
from index.build.changes import reading_key
from index.build.refine import CachedEmbeddings
from index.encoders.encoder import Vectors
from index.encoders.model_files import Model
from index.encoders.static_encoder import StaticEncoder
from index.errors import DamagedIndexError
from index.settings import IndexSettings
from index.storage.articles import ArticleStore, Summary
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import ARTICLES, DRAFT, VECTORS, WORDS, clean_up, publish
from index.storage.lexical_index import LexicalEntry, LexicalIndex, can_update
from index.storage.manifest import FORMAT, Manifest, Part, check_files, link, seal
from index.storage.segments import SegmentReport
from index.storage.vectors import Ids, VectorIndex, needs_compaction, segment_files, tail_to_merge

_BLOCK = 4096  # passages whose embeddings are held in memory at a time


def without_embedding(base: BaseGeneration | None, model: Model, store: ArticleStore) -> Ids:
    """Return the ids of the passages in `store` of which the base has no embedding by this model."""
    ids = store.passage_ids()
    vectors = _vectors(base, model)
    return ids[~vectors.has(ids)] if vectors else ids


class GenerationWriter:
    """Writes the parts of one generation to an empty folder, and publishes it."""

    def __init__(self, settings: IndexSettings, model: Model, folder: Path, articles: Articles) -> None:
        """Prepare to write to `folder`, which already holds the store of ChangedArticles."""
        self._settings = settings
        self._model = model
        self._folder = folder
        self._articles = articles
        self._base_vectors = _vectors(articles.base, model)

    def publish(self, summary: Summary, cached: CachedEmbeddings, draft_encoder: StaticEncoder | None) -> Manifest:
        """Write the remaining parts, seal the generation and make it the one that answers; return its manifest.

        `summary` is of the articles. `cached` are the passages to take from the embedding cache. Passages that then
        still lack a full-model embedding get a draft embedding; without a `draft_encoder` there must be none. Raises
        DamagedIndexError if a written file does not read back as written.
        """
        base, store = self._articles.base, self._articles.store
        self._write_articles(self._articles, summary.languages)
        ids = store.passage_ids()
        segments = self._write_vectors(ids, cached)
        vectors = VectorIndex.open(self._folder / VECTORS)
        embedded = vectors.has(ids)
        static = None
        if not embedded.all():
            assert draft_encoder, "a full generation has every embedding"
            static = draft_encoder.fingerprint
            self._write_draft(ids[~embedded], draft_encoder)
        manifest = Manifest(
            format=FORMAT,
            generation=int(self._folder.name.removesuffix(".building")),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            model=self._model.name,
            fingerprint=self._model.fingerprint,
            dimension=vectors.dimension,
            passage_words=self._settings.passage_words,
            articles=summary.articles,
            passages=summary.passages,
            languages=summary.languages,
            reading=reading_key(self._settings),
            content=store.content(),
            fine=int(embedded.sum()),
            static=static,
            segments=tuple(segments),
            files={},
        )
        manifest = seal(self._folder, manifest, base.folder if base else None)
        for problem in check_files(self._folder, manifest):  # read back before anything points to it
            raise DamagedIndexError(f"{problem} right after it was written; check the disk")
        publish(self._settings.path, self._folder)
        clean_up(self._settings.path, self._settings.keep)
        return manifest

    def _write_articles(self, articles: Articles, languages: Sequence[str]) -> None:
        """Write the lexical index, and link the article store if it is the base's."""
        match articles:
            case UnchangedArticles(base):
                link(base.folder, self._folder, ARTICLES)
                link(base.folder, self._folder, WORDS)
            case ChangedArticles(base, store, removed, first_new):
                if base and can_update(base.folder / WORDS, languages, len(removed)):
                    link(base.folder, self._folder, WORDS)
                    LexicalIndex.update(self._folder / WORDS, removed, _entries(store, first_new))
                else:
                    LexicalIndex.build(self._folder / WORDS, languages, _entries(store, 0))

    def _write_vectors(self, ids: Ids, cached: CachedEmbeddings) -> list[Part]:
        """Link the base's segments and write one of the cached embeddings; return what the manifest says of each.

        Segments that are small, or have lost many passages, are merged into the new one.
        """
        folder, vectors, base = self._folder / VECTORS, self._base_vectors, self._articles.base
        folder.mkdir()
        linked: list[Part] = []
        merged = cached.ids[:0]  # passages of the base's segments that are written again
        if vectors and base:
            segments = base.manifest.segments
            live = [segment_ids[np.isin(segment_ids, ids)] for segment_ids in vectors.ids_of_segments()]
            sizes = [segment["rows"] for segment in segments]
            dead = sum(sizes) - sum(map(len, live))
            if needs_compaction(sizes, dead):
                tail = len(sizes)
            else:
                tail = tail_to_merge(sizes, len(cached.ids)) if len(cached.ids) else 0
            stay = len(sizes) - tail
            linked = list(segments[:stay])
            for segment in linked:
                for name in segment_files(segment["number"]):
                    link(base.folder, self._folder, f"{VECTORS}/{name}")
            merged = np.sort(np.concatenate([merged, *live[stay:]]))
        if not len(merged) and not len(cached.ids):
            return linked
        key_of = dict(zip(cached.ids.tolist(), cached.keys, strict=True))
        new = np.sort(np.concatenate([merged, cached.ids]))
        return [*linked, manifest_part(VectorIndex.write_segment(folder, new, self._embeddings(new, key_of)))]

    def _embeddings(self, ids: Ids, key_of: Mapping[int, bytes]) -> Iterator[Vectors]:
        """Yield the embeddings of these passages in blocks: from the cache if they have a key, else from the base."""
        with closing(EmbeddingCache(self._settings.path / "embeddings.sqlite", self._model.fingerprint)) as cache:
            for at in range(0, len(ids), _BLOCK):
                block = ids[at : at + _BLOCK]
                keys = [key_of.get(id) for id in block.tolist()]
                is_cached = np.array([key is not None for key in keys])
                try:
                    vectors = cache.get([key for key in keys if key is not None])
                except KeyError:
                    raise DamagedIndexError(
                        "the embedding cache has lost vectors since this build began; run again: quotewire index"
                    ) from None
                if not is_cached.all():
                    assert self._base_vectors, "only passages of the base have no key"
                    mixed = np.empty((len(block), self._base_vectors.dimension), dtype=np.float32)
                    mixed[~is_cached] = self._base_vectors.vectors(block[~is_cached])
                    if is_cached.any():
                        mixed[is_cached] = vectors
                    vectors = mixed
                yield vectors

    def _write_draft(self, ids: Ids, encoder: StaticEncoder) -> None:
        """Write the draft embeddings of these passages; those that the base has are copied."""
        base, store, folder = self._articles.base, self._articles.store, self._folder / DRAFT
        folder.mkdir()
        old = VectorIndex.open(base.folder / DRAFT) if base and base.manifest.static == encoder.fingerprint else None
        is_old = old.has(ids) if old else np.zeros(len(ids), dtype=bool)

        def embeddings() -> Iterator[Vectors]:
            for at in range(0, len(ids), _BLOCK):
                block, copied = ids[at : at + _BLOCK], is_old[at : at + _BLOCK]
                vectors = np.empty((len(block), encoder.dimension), dtype=np.float32)
                if old and copied.any():
                    vectors[copied] = old.vectors(block[copied])
                if not copied.all():
                    new = store.passages(block[~copied].tolist())
                    vectors[~copied] = encoder.encode([passage.text for passage in new])
                yield vectors

        VectorIndex.write_segment(folder, ids, embeddings())


def manifest_part(report: SegmentReport) -> Part:
    """Return the manifest's entry for a segment."""
    return Part(number=report.number, kind=report.kind, rows=report.rows, factor=report.factor, recall=report.recall)


def _vectors(base: BaseGeneration | None, model: Model) -> VectorIndex | None:
    """Open the base's full-model embeddings, if they are of this model."""
    if base is None or base.manifest.fingerprint != model.fingerprint:
        return None
    return VectorIndex.open(base.folder / VECTORS)


def _entries(store: ArticleStore, first: int) -> Iterator[LexicalEntry]:
    """Yield the entries for the lexical index of all passages from the id `first` on."""
    for id, passage in zip(store.passage_ids(first).tolist(), store.all_passages(first), strict=True):
        article = passage.article
        yield LexicalEntry(id, passage.text, article.language, article.day, article.source)
