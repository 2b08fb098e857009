"""A new generation out of the last one and what is new: links to what stays, and files of what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.build.changes import reading_key
from index.encoders.encoder import Vectors
from index.encoders.model_files import Model
from index.encoders.static_encoder import StaticEncoder
from index.errors import DamagedIndexError
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import ARTICLES, DRAFT, VECTORS, WORDS, clean_up, publish
from index.storage.lexical_index import LexicalEntry, LexicalIndex, can_update
from index.storage.manifest import FORMAT, Manifest, Part, check_files, link, seal
from index.storage.segments import SegmentReport
from index.storage.vectors import Ids, VectorIndex, needs_compaction, segment_files, tail_to_merge

_BLOCK = 4096  # passages whose vectors are held in memory at a time


@dataclass(frozen=True, slots=True)
class Base:
    """The generation that a build goes on from; it was found whole."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of the generation to come, in its folder, and what differs from the base's."""

    store: ArticleStore
    gone: tuple[int, ...]  # passages
    first: int  # the number of the first passage that is new


def without_vector(base: Base | None, model: Model, store: ArticleStore) -> Ids:
    """The numbers of the passages for which the base has no vector of this model."""
    ids = store.passage_ids()
    old = _vectors(base, model)
    return ids[~old.has(ids)] if old else ids


class Assembly:
    """One generation on its way from an empty folder to being the one that answers."""

    def __init__(self, settings: IndexSettings, model: Model, folder: Path, base: Base | None) -> None:
        self._settings = settings
        self._model = model
        self._folder = folder
        self._base = base  # of articles and words
        self._old = _vectors(base, model)

    def publish(
        self,
        articles: Articles | None,
        store: ArticleStore,
        new: Ids,
        keys: Sequence[bytes],
        static: StaticEncoder | None,
    ) -> Manifest:
        """Write what is not there yet, seal it, and make it the generation that answers.

        `articles` is None where the base's stay; `new` are passages whose vectors are in the cache under `keys`. All
        that then are without one get a draft vector of `static`. Raises DamagedIndexError if the disk does not give
        back what was written.
        """
        base = self._base
        summary = store.summary()
        if articles is None:
            assert base
            link(base.folder, self._folder, ARTICLES)
            link(base.folder, self._folder, WORDS)
        else:
            self._write_words(articles, summary.languages)
        ids = store.passage_ids()
        segments = self._write_vectors(ids, new, keys)
        vectors = VectorIndex.open(self._folder / VECTORS)
        fine = vectors.has(ids)
        if not fine.all():
            assert static
            self._write_draft(store, ids[~fine], static)
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
            fine=int(fine.sum()),
            static=static.fingerprint if static and not fine.all() else None,
            segments=tuple(segments),
            files={},
        )
        manifest = seal(self._folder, manifest, base.folder if base else None)
        for problem in check_files(self._folder, manifest):  # read back before anyone is pointed to it
            raise DamagedIndexError(f"{problem} right after it was written; check the disk")
        publish(self._settings.path, self._folder)
        clean_up(self._settings.path, self._settings.keep)
        return manifest

    def _write_words(self, articles: Articles, languages: Sequence[str]) -> None:
        base = self._base
        if base and can_update(base.folder / WORDS, languages, len(articles.gone)):
            link(base.folder, self._folder, WORDS)
            new = _entries(articles.store, articles.first)
            LexicalIndex.update(self._folder / WORDS, articles.gone, new)
        else:
            LexicalIndex.build(self._folder / WORDS, languages, _entries(articles.store, 0))

    def _write_vectors(self, ids: Ids, new: Ids, keys: Sequence[bytes]) -> list[Part]:
        """The base's segments and one of the new vectors, or fewer and larger ones; returns what they are."""
        folder, old = self._folder / VECTORS, self._old
        folder.mkdir()
        kept: list[Part] = []
        again = new[:0]  # of the base, but written into the new segment
        if old and self._base:
            segments = self._base.manifest.segments
            live = [segment_ids[np.isin(segment_ids, ids)] for segment_ids in old.ids_of_segments()]
            sizes = [segment["rows"] for segment in segments]
            dead = sum(sizes) - sum(map(len, live))
            tail = len(sizes) if needs_compaction(sizes, dead) else tail_to_merge(sizes, len(new)) if len(new) else 0
            stay = len(sizes) - tail
            kept = list(segments[:stay])
            for segment in kept:
                for name in segment_files(segment["number"]):
                    link(self._base.folder, self._folder, f"{VECTORS}/{name}")
            again = np.sort(np.concatenate([new[:0], *live[stay:]]))
        if len(again) + len(new):
            key_of = dict(zip(new.tolist(), keys, strict=True))
            wanted = np.sort(np.concatenate([again, new]))
            report = VectorIndex.write_segment(folder, wanted, self._blocks(wanted, key_of))
            kept.append(part_of(report))
        return kept

    def _blocks(self, ids: Ids, key_of: Mapping[int, bytes]) -> Iterator[Vectors]:
        """The vectors of these passages: from the cache by their keys, and those that have none from the base."""
        with closing(EmbeddingCache(self._settings.path / "embeddings.sqlite", self._model.fingerprint)) as cache:
            for at in range(0, len(ids), _BLOCK):
                block = ids[at : at + _BLOCK]
                keys = [key_of.get(id) for id in block.tolist()]
                cached = np.array([key is not None for key in keys])
                try:
                    vectors = cache.get([key for key in keys if key is not None])
                except KeyError:
                    raise DamagedIndexError(
                        "the embedding cache has lost vectors since this build began; run again: quotewire index"
                    ) from None
                if not cached.all():
                    assert self._old
                    whole = np.empty((len(block), self._old.dimension), dtype=np.float32)
                    whole[~cached] = self._old.vectors(block[~cached])
                    if cached.any():
                        whole[cached] = vectors
                    vectors = whole
                yield vectors

    def _write_draft(self, store: ArticleStore, ids: Ids, static: StaticEncoder) -> None:
        """Draft vectors of these passages; those that the base has are taken over."""
        base, folder = self._base, self._folder / DRAFT
        folder.mkdir()
        old = VectorIndex.open(base.folder / DRAFT) if base and base.manifest.static == static.fingerprint else None
        known = old.has(ids) if old else np.zeros(len(ids), dtype=bool)

        def blocks() -> Iterator[Vectors]:
            for at in range(0, len(ids), _BLOCK):
                block, has = ids[at : at + _BLOCK], known[at : at + _BLOCK]
                vectors = np.empty((len(block), static.dimension), dtype=np.float32)
                if old and has.any():
                    vectors[has] = old.vectors(block[has])
                if not has.all():
                    vectors[~has] = static.encode([passage.text for passage in store.passages(block[~has].tolist())])
                yield vectors

        VectorIndex.write_segment(folder, ids, blocks())


def _vectors(base: Base | None, model: Model) -> VectorIndex | None:
    same_model = base is not None and base.manifest.fingerprint == model.fingerprint
    return VectorIndex.open(base.folder / VECTORS) if base and same_model else None


def _entries(store: ArticleStore, first: int) -> Iterator[LexicalEntry]:
    for id, passage in zip(store.passage_ids(first).tolist(), store.all_passages(first), strict=True):
        article = passage.article
        yield LexicalEntry(id, passage.text, article.language, article.day, article.source)


def part_of(report: SegmentReport) -> Part:
    """Return what a manifest says of a segment."""
    return Part(number=report.number, kind=report.kind, rows=report.rows, factor=report.factor, recall=report.recall)
