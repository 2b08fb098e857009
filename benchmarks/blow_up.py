"""Make a large index out of a small one: copy every article many times, with slightly different vectors.

    python -m benchmarks.blow_up 300000 --into /tmp/big     (index and model as configured)

This takes no hours of embedding, and a search has as much to do as over as many real passages: the vector of a copy is
the real one plus noise of half its length, normalised. `quotewire ask` and benchmarks.question_times can use the new
index: QUOTEWIRE_INDEX_PATH=/tmp/big.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from index.build.assembly import manifest_part
from index.encoders.encoder import Vectors
from index.settings import IndexSettings
from index.storage.articles import ArticleStore
from index.storage.generations import (
    ARTICLES,
    DRAFT,
    VECTORS,
    WORDS,
    Generation,
    building_folder,
    open_generation,
    publish,
)
from index.storage.lexical_index import LexicalEntry, LexicalIndex
from index.storage.manifest import seal
from index.storage.vectors import VectorIndex
from index.types import Passage

NOISE = 0.5


def copy_articles(small: Generation, store: ArticleStore, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Fill the store with copies, and return the number of the real passage for each of its passages."""
    real: list[int] = []
    ids = small.store.passage_ids().tolist()
    passages = list(small.store.all_passages())
    for copy in range(-(-count // len(ids))):
        at = 0
        while at < len(ids) and len(real) < count:
            end = next((e for e in range(at, len(ids)) if passages[e].article is not passages[at].article), len(ids))
            article = replace(passages[at].article, id=f"{passages[at].article.id}#{copy}")
            store.add(article, [Passage(article, p.start, p.end) for p in passages[at:end]])
            real += ids[at:end]
            at = end
    return np.array(real, dtype=np.int64)


def noisy(small: Generation, real: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterator[Vectors]:
    random = np.random.default_rng(7)
    for at in range(0, len(real), 8192):
        vectors = small.vectors.vectors(real[at : at + 8192])
        noise = random.standard_normal(vectors.shape, dtype=np.float32)
        vectors = vectors + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        yield np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=int)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--config", type=Path)
    options = parser.parse_args()
    settings = IndexSettings.load(options.config)
    small = open_generation(settings.path)
    folder = building_folder(options.into, 1)
    folder.mkdir(parents=True)
    store = ArticleStore.create(folder / ARTICLES)
    real = copy_articles(small, store, options.passages)
    store.close()
    with closing(ArticleStore.open(folder / ARTICLES)) as store:
        summary = store.summary()
        entries = (
            LexicalEntry(id, p.text, p.article.language, p.article.day, p.article.source)
            for id, p in enumerate(store.all_passages())
        )
        LexicalIndex.build(folder / WORDS, summary.languages, entries)
        content = store.content()
    (folder / VECTORS).mkdir()
    (folder / DRAFT).mkdir()
    segment = VectorIndex.write_segment(folder / VECTORS, np.arange(len(real), dtype=np.int64), noisy(small, real))
    manifest = replace(
        small.manifest, generation=1, articles=summary.articles, passages=len(real), fine=len(real),
        content=content, segments=(manifest_part(segment),), files={},
    )  # fmt: skip
    seal(folder, manifest)
    publish(options.into, folder)
    print(asdict(segment))


if __name__ == "__main__":
    main()
