"""Sources to a published generation."""

from __future__ import annotations

import errno
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.console import counted, say
from index.embeddings import EmbeddingCache
from index.encoder import Encoder, Vectors, load_encoder
from index.errors import DamagedIndexError, InterruptedBuildError, NoIndexError, SourceError, StorageError
from index.generation import (
    ARTICLES,
    FORMAT,
    VECTORS,
    WORDS,
    Manifest,
    building_folder,
    check_files,
    clean_up,
    current_number,
    folder_of,
    next_number,
    open_generation,
    publish,
    read_manifest,
    remove_leftovers,
    seal,
)
from index.language import with_language
from index.lock import build_lock
from index.models import Model, find_model
from index.passages import split_article
from index.progress import progress
from index.readers import Problem, read_sources
from index.settings import IndexSettings
from index.store import PassageStore, Summary
from index.types import Article, Passage
from index.vectors import VectorIndex
from index.words import Entry, WordIndex


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    generation: int
    summary: Summary
    embedded: int  # passages that the model had to encode
    published: bool  # False: nothing has changed since the generation that answers
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build would do."""

    new: tuple[str, ...]  # ids of articles
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int
    to_embed: int  # passages
    problems: tuple[Problem, ...]


def build_index(settings: IndexSettings, rebuild: bool = False, strict: bool = False) -> Built:
    """Read the sources, embed what is new, and publish a generation unless nothing has changed.

    Raises QuotewireError for what a user can put right, and publishes nothing then. With `rebuild` everything is
    embedded again; with `strict` any problem with a source is an error.
    """
    model = find_model(settings.model, settings.query_prompt, settings.document_prompt)
    with build_lock(settings.path):
        remove_leftovers(settings.path)
        number = next_number(settings.path)
        folder = building_folder(settings.path, number)
        folder.mkdir(parents=True)
        try:
            return _build(settings, model, folder, number, rebuild, strict)
        except KeyboardInterrupt:
            raise InterruptedBuildError("interrupted; go on with: quotewire index") from None
        except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
            if reason := _unwritable(settings.path, error):
                raise StorageError(
                    f"{settings.path}: {reason}; nothing was published, and what is there is kept"
                ) from None
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # published, it has another name


def preview(settings: IndexSettings, strict: bool = False) -> Changes:
    """What `build_index` would do, without writing anything."""
    model = find_model(settings.model, settings.query_prompt, settings.document_prompt)
    try:
        before = {article.id: article for article in open_generation(settings.path).store.articles()}
    except (NoIndexError, DamagedIndexError):
        before = {}
    problems: list[Problem] = []
    now: dict[str, bool] = {}  # id: whether it is as it was
    keys: set[bytes] = set()
    for article, passages in _read(settings, strict, problems):
        now[article.id] = before.get(article.id) == article
        keys.update(EmbeddingCache.key(passage.text) for passage in passages)
    cache_file = settings.path / "embeddings.sqlite"
    if cache_file.is_file():
        with closing(EmbeddingCache(cache_file, model.fingerprint, read_only=True)) as cache:
            keys -= cache.known(list(keys))
    return Changes(
        new=tuple(id for id in now if id not in before),
        changed=tuple(id for id, same in now.items() if id in before and not same),
        gone=tuple(id for id in before if id not in now),
        unchanged=sum(now.values()),
        to_embed=len(keys),
        problems=tuple(problems),
    )


def _build(settings: IndexSettings, model: Model, folder: Path, number: int, rebuild: bool, strict: bool) -> Built:
    problems: list[Problem] = []
    content = _write_articles(settings, folder / ARTICLES, strict, problems)
    store = PassageStore.open(folder / ARTICLES)
    try:
        summary = store.summary()
        if not summary.passages:
            raise SourceError(
                f"no article found in {', '.join(map(str, settings.sources))}; "
                "name folders or files of .txt, .md, .html, .jsonl or .jsonl.gz in [index] sources"
            )
        current = None if rebuild else _current(settings.path)
        if current and (current.content, current.fingerprint) == (content, model.fingerprint):
            return Built(current.generation, summary, 0, False, tuple(problems))
        embedded, vectors = _embed(settings, model, store, rebuild)
        VectorIndex.build(vectors).save(folder / VECTORS)
        WordIndex.build(folder / WORDS, summary.languages, _entries(store))
    finally:
        store.close()
    manifest = Manifest(
        FORMAT, number, datetime.now(UTC).isoformat(timespec="seconds"), model.name, model.fingerprint,
        vectors.shape[1], settings.passage_words, summary.articles, summary.passages, summary.languages, content, {},
    )  # fmt: skip
    manifest = seal(folder, manifest)
    for problem in check_files(folder, manifest):  # read back before anyone is pointed to it
        raise DamagedIndexError(f"{problem} right after it was written; check the disk")
    publish(settings.path, folder)
    clean_up(settings.path, settings.keep)
    return Built(number, summary, embedded, True, tuple(problems))


def _unwritable(root: Path, error: Exception) -> str | None:
    """Why nothing can be written, if that is what an error comes from."""
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot be written ({error.strerror})"
    # SQLite, FAISS and tantivy each have their own word for it, and some only that a write failed.
    return "the disk is full" if shutil.disk_usage(root).free < 2**20 else None


def _read(settings: IndexSettings, strict: bool, problems: list[Problem]) -> Iterator[tuple[Article, list[Passage]]]:
    """Every article of the sources with its passages; problems are said as they come, and collected."""

    def warn(problem: Problem) -> None:
        if strict:
            raise SourceError(f"{problem.origin}: {problem.message} (--strict: nothing was published)")
        say(f"warning: {problem.origin}: {problem.message}")
        problems.append(problem)

    for article in read_sources(settings.sources, settings.exclude, warn):
        article = with_language(article, settings.language)
        passages = split_article(article, settings.passage_words)
        if passages:
            yield article, passages
        else:
            warn(Problem(article.origin, "holds a headline and no text; skipped", skipped=True))


def _write_articles(settings: IndexSettings, path: Path, strict: bool, problems: list[Problem]) -> str:
    """Fill a new store; returns the SHA-256 of all that went in."""
    content = hashlib.sha256()
    store = PassageStore.create(path)
    try:
        with progress("reading", "articles") as advance:
            for article, passages in _read(settings, strict, problems):
                store.add(article, passages)
                spans = [(passage.start, passage.end) for passage in passages]
                content.update(repr((astuple(article), spans)).encode("utf-8", "backslashreplace"))
                advance()
    finally:
        store.close()
    return content.hexdigest()


def _current(root: Path) -> Manifest | None:
    """The manifest of the generation that answers, if it is whole."""
    try:
        folder = folder_of(root, current_number(root))
        manifest = read_manifest(folder)
        return None if any(check_files(folder, manifest)) else manifest
    except (NoIndexError, DamagedIndexError):
        return None


def _embed(settings: IndexSettings, model: Model, store: PassageStore, rebuild: bool) -> tuple[int, Vectors]:
    """The vectors of all passages, in order, and how many were not in the cache.

    Every batch is committed before the next begins, so that a kill loses one at most.
    """
    keys, lengths = [], []
    for passage in store.all_passages():
        keys.append(EmbeddingCache.key(passage.text))
        lengths.append(passage.end - passage.start)
    first = {key: id for id, key in reversed(list(enumerate(keys)))}
    with closing(EmbeddingCache(settings.path / "embeddings.sqlite", model.fingerprint)) as cache:
        known = set() if rebuild else cache.known(list(first))
        # Batches of like lengths waste no time on padding; longest first, so that memory peaks at once or never.
        missing = sorted((id for key, id in first.items() if key not in known), key=lambda id: -lengths[id])
        if missing:
            again = "begin again with: quotewire index --rebuild" if rebuild else "go on with: quotewire index"
            _encode(settings, load_encoder(model, settings.threads), store, cache, keys, missing, again)
        return len(missing), cache.get(keys)


def _encode(
    settings: IndexSettings,
    encoder: Encoder,
    store: PassageStore,
    cache: EmbeddingCache,
    keys: Sequence[bytes],
    missing: Sequence[int],
    again: str,
) -> None:
    done = 0
    too_long: list[Passage] = []
    try:
        with progress("embedding", "passages", len(missing)) as advance:
            for at in range(0, len(missing), settings.batch_size):
                batch = missing[at : at + settings.batch_size]
                passages = store.passages(batch)
                texts = [passage.text for passage in passages]
                cache.put([keys[id] for id in batch], encoder.encode_document(texts))
                done += len(batch)
                tokens = encoder.count_tokens(texts)
                too_long += [passage for passage, n in zip(passages, tokens, strict=True) if n > encoder.window]
                advance(len(batch))
    except KeyboardInterrupt:
        raise InterruptedBuildError(
            f"interrupted: {done:,} of {len(missing):,} passages are embedded and kept; {again}"
        ) from None
    if too_long:
        places = ", ".join(f"{passage.article.origin} [{passage.start}:{passage.end}]" for passage in too_long[:3])
        say(
            f"{counted(len(too_long), 'passage')} {'is' if len(too_long) == 1 else 'are'} longer than the model's "
            f"window of {encoder.window} tokens: {places}{', …' if len(too_long) > 3 else ''}; "
            "by meaning only the beginning is found, by words all of it"
        )


def _entries(store: PassageStore) -> Iterator[Entry]:
    for id, passage in enumerate(store.all_passages()):
        article = passage.article
        yield Entry(id, passage.text, article.language, article.day, article.source)
