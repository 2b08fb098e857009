"""Sources to a published generation: a draft at once where the model would take long, and the full one behind it."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from index.build.assembly import Articles, Assembly, Base, without_vector
from index.build.changes import Gone, Keep, Put, Read, find_changes, reading_key
from index.build.omissions import NONE, Omissions, omissions_of
from index.build.refine import Lacking, embed, find_lacking
from index.console import counted, say
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import Model, find_model, is_static
from index.encoders.static_encoder import StaticEncoder
from index.encoders.static_loading import load_static
from index.errors import (
    DamagedIndexError,
    InterruptedBuildError,
    LockedError,
    NoIndexError,
    SourceError,
    StorageError,
)
from index.lock import build_lock
from index.parsers.problems import Problem, Warn
from index.progress import progress
from index.settings import IndexSettings
from index.storage.articles import ArticleStore, Summary
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import (
    ARTICLES,
    building_folder,
    current_number,
    folder_of,
    next_number,
    open_for,
    remove_leftovers,
)
from index.storage.manifest import Manifest, check_files, read_manifest
from index.text.duplicates import group, sign

# Passages that are encoded before anything is published: a few seconds' worth; or, as long as there is no static
# encoder yet, about as many as could be encoded while it is distilled.
_AT_ONCE, _BEFORE_DISTILLING = 100, 1000

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build came to."""

    generation: int
    summary: Summary
    embedded: int  # passages that the model had to encode
    published: bool  # False: nothing has changed since the generation that answers
    problems: tuple[Problem, ...]
    lacking: int = 0  # passages that answer by a draft vector, for now
    omissions: Omissions = NONE


def build_index(
    settings: IndexSettings,
    rebuild: bool = False,
    strict: bool = False,
    draft: bool = False,
    stop: Stop = lambda: False,
) -> BuildResult:
    """Read what is new in the sources and publish: a draft first where there is much to encode, then the full index.

    Raises QuotewireError for what a user can put right, and publishes nothing more then. With `rebuild` everything is
    read and encoded again; with `strict` any problem with a source is an error; with `draft` it ends with the draft.
    When `stop` says so, between two batches, it ends with the draft as well.
    """
    model = configured_model(settings)
    with _one_line_errors(settings.path), build_lock(settings.path):
        remove_leftovers(settings.path)
        built = _read_and_publish(settings, model, rebuild, strict, draft)
        if not is_static(model):  # what compares the words of a question with those of a sentence
            load_static(model, settings.path, lambda: load_encoder(model, settings))
        return built if draft or not built.lacking else _complete(settings, model, built, stop)


def complete_index(settings: IndexSettings, stop: Stop = lambda: False) -> int:
    """Encode what the published draft lacks, beside whoever builds or answers, and publish the full generation.

    Returns how many passages were encoded. It ends early when `stop` says so, when another generation is published,
    or when another process is building.
    """
    model = configured_model(settings)
    with _one_line_errors(settings.path):
        generation = open_for(settings.path, model)
        number = generation.manifest.generation

        def outdated() -> bool:
            return stop() or current_number(settings.path) != number

        base = Base(generation.folder, generation.manifest)
        lacking = _find_lacking(settings, model, base, generation.store)
        encoded, finished = _embed(settings, model, generation.store, lacking, True, outdated)
        if generation.manifest.is_draft and finished and not outdated():
            try:
                with build_lock(settings.path):
                    if not outdated():
                        remove_leftovers(settings.path)
                        _publish_full(settings, model, base, generation.store, lacking)
            except LockedError:  # who builds completes it too
                pass
        return encoded


def _read_and_publish(settings: IndexSettings, model: Model, rebuild: bool, strict: bool, draft: bool) -> BuildResult:
    """The first stage: what the sources hold answers, with vectors of the model as far as they are quickly had."""
    problems: list[Problem] = []
    base = None if rebuild else base_of(settings.path)
    alike = base if base and base.manifest.reading == reading_key(settings) else None
    with _building(settings) as folder:
        articles = _read_articles(settings, alike, folder, warner(problems, strict))
        store = articles.store if articles else ArticleStore.open(alike.folder / ARTICLES)  # type: ignore[union-attr]
        with closing(store):
            summary = store.summary()
            omissions = omissions_of(settings, store, problems)
            if not summary.passages:
                raise SourceError(
                    f"no article found in {', '.join(map(str, settings.sources))}; "
                    "name folders or files of .txt, .md, .html, .jsonl or .jsonl.gz in [index] sources"
                )
            if (
                alike
                and (articles is None or store.content() == alike.manifest.content)
                and alike.manifest.fingerprint == model.fingerprint
                and not _has_lost_static(settings, model, alike.manifest)
            ):
                left = alike.manifest.passages - alike.manifest.fine
                return BuildResult(alike.manifest.generation, summary, 0, False, tuple(problems), left, omissions)
            if rebuild:
                with closing(EmbeddingCache(settings.path / "embeddings.sqlite", model.fingerprint)) as cache:
                    cache.forget()
            lacking = _find_lacking(settings, model, alike, store)
            static, encoded = None, 0
            if lacking.todo:
                static = _static_if_worth_it(settings, model, len(lacking.todo), draft)
                if static is None:
                    encoded, _ = _embed(settings, model, store, lacking, False, lambda: False)
                    lacking = Lacking(lacking.ids, lacking.keys, {})
            new, keys = lacking.cached()
            manifest = Assembly(settings, model, folder, alike).publish(articles, store, new, keys, static)
    if manifest.is_draft:
        say(
            f"{counted(summary.articles, 'article')} answer now{'' if draft else '; fine vectors follow, newest first'}"
        )
    left = manifest.passages - manifest.fine
    return BuildResult(manifest.generation, summary, encoded, True, tuple(problems), left, omissions)


def _complete(settings: IndexSettings, model: Model, draft: BuildResult, stop: Stop) -> BuildResult:
    """The second stage: the published draft's missing vectors, and the full generation unless it is stopped."""
    base = base_of(settings.path)
    if base is None:
        raise DamagedIndexError("the draft that was just published is damaged; run: quotewire index")
    with closing(ArticleStore.open(base.folder / ARTICLES)) as store:
        lacking = _find_lacking(settings, model, base, store)
        encoded, finished = _embed(settings, model, store, lacking, True, stop)
        built = replace(draft, embedded=draft.embedded + encoded)
        if not finished:
            return built
        number = _publish_full(settings, model, base, store, lacking)
        return replace(built, generation=number, published=True, lacking=0)


def _find_lacking(settings: IndexSettings, model: Model, base: Base | None, store: ArticleStore) -> Lacking:
    return find_lacking(settings, store, without_vector(base, model, store), model.fingerprint)


def _publish_full(settings: IndexSettings, model: Model, base: Base, store: ArticleStore, lacking: Lacking) -> int:
    """Complete a draft all of whose vectors are in the cache by now; returns the number of the full generation."""
    with _building(settings) as folder:
        return Assembly(settings, model, folder, base).publish(None, store, lacking.ids, lacking.keys, None).generation


def _embed(
    settings: IndexSettings, model: Model, store: ArticleStore, lacking: Lacking, answers: bool, stop: Stop
) -> tuple[int, bool]:
    """Encode with a progress bar; Ctrl-C becomes the line that says how to go on, and whether a draft answers."""
    if not lacking.todo:
        return 0, True
    encoder = load_encoder(model, settings)
    done, total = 0, len(lacking.todo)
    try:
        with progress("embedding", "passages", total) as advance:

            def counted_advance(count: int = 1) -> None:
                nonlocal done
                done += count
                advance(count)

            return embed(settings, model.fingerprint, encoder, store, lacking, counted_advance, stop)
    except KeyboardInterrupt:
        meanwhile = "; the draft answers meanwhile" if answers else ""
        raise InterruptedBuildError(
            f"interrupted: {done:,} of {total:,} passages are embedded and kept{meanwhile}; go on with: quotewire index"
        ) from None


def _has_lost_static(settings: IndexSettings, model: Model, manifest: Manifest) -> bool:
    """Whether a draft cannot answer, because the encoder of its vectors is gone, damaged or another one."""
    if manifest.static is None:
        return False
    static = load_static(model, settings.path, None)
    return static is None or static.fingerprint != manifest.static


def _static_if_worth_it(settings: IndexSettings, model: Model, todo: int, wanted: bool) -> StaticEncoder | None:
    """The encoder of draft vectors, distilled if need be; None where encoding by the model itself is as quick."""
    if is_static(model) or (todo <= _AT_ONCE and not wanted):
        return None
    make = (lambda: load_encoder(model, settings)) if wanted or todo > _BEFORE_DISTILLING else None
    return load_static(model, settings.path, make)


def _read_articles(settings: IndexSettings, base: Base | None, folder: Path, warn: Warn) -> Articles | None:
    """The articles of the sources in a new store, which begins as the base's; None if that is what they still are."""
    before = ArticleStore.open(base.folder / ARTICLES) if base else None
    changes = find_changes(settings, before, warn)
    first = next(changes, None)
    if first is None and before:
        before.close()
        return None
    store = ArticleStore.create(folder / ARTICLES, before)
    gone: list[int] = []
    new = store.next_id()
    try:
        with progress("reading", "articles") as advance:
            for change in chain([] if first is None else [first], changes):
                match change:
                    case Put(path, article, passages, digest, replaces):
                        if replaces:
                            gone += store.remove(article.id)
                        store.add(article, passages, path, digest, sign(article, passages))
                        advance()
                    case Keep(path, id, origin):
                        store.move(id, origin, path)
                        advance()
                    case Read(file):
                        store.put_file(file)
                    case Gone(ids, paths):
                        for id in ids:
                            gone += store.remove(id)
                        for path in paths:
                            store.drop_file(path)
        store.put_stories(group(store.without_story(), store.firsts()))
    finally:
        store.close()
        if before:
            before.close()
    return Articles(ArticleStore.open(folder / ARTICLES), tuple(gone), new)


def base_of(root: Path) -> Base | None:
    """The generation that answers, if it is whole."""
    try:
        folder = folder_of(root, current_number(root))
        manifest = read_manifest(folder)
        return None if any(check_files(folder, manifest)) else Base(folder, manifest)
    except (NoIndexError, DamagedIndexError):
        return None


def configured_model(settings: IndexSettings) -> Model:
    """The model of the configuration; raises ModelError."""
    return find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)


def warner(problems: list[Problem], strict: bool) -> Warn:
    """What says problems with sources as they come, and collects them; with `strict`, what raises SourceError."""

    def warn(problem: Problem) -> None:
        if strict:
            raise SourceError(f"{problem.origin}: {problem.message} (--strict: nothing was published)")
        say(f"warning: {problem.origin}: {problem.message}")
        problems.append(problem)

    return warn


@contextmanager
def _building(settings: IndexSettings) -> Iterator[Path]:
    """A folder for a new generation; what is not published of it is removed."""
    folder = building_folder(settings.path, next_number(settings.path))
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # published, it has another name


@contextmanager
def _one_line_errors(root: Path) -> Iterator[None]:
    """Make errors of what a user does, and of what a disk does, those that are shown as one line."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedBuildError("interrupted; go on with: quotewire index") from None
    except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
        if reason := _unwritable(root, error):
            raise StorageError(f"{root}: {reason}; nothing more was published, and what is there is kept") from None
        raise


def _unwritable(root: Path, error: Exception) -> str | None:
    """Why nothing can be written, if that is what an error comes from."""
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot be written ({error.strerror})"
    # SQLite, FAISS and tantivy each have their own word for it, and some only that a write failed.
    return "the disk is full" if shutil.disk_usage(root).free < 2**20 else None
