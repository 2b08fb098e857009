"""Build an index: read what has changed, publish a draft if embedding takes long, embed, publish in full.

A draft is a generation in which some passages have only a draft embedding, by a static encoder that is much faster
than the model and less accurate. A full generation has the model's embedding of every passage.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from index.build.article_update import Articles, BaseGeneration, UnchangedArticles, published_base, update_articles
from index.build.assembly import GenerationWriter, without_embedding
from index.build.build_errors import one_line_errors, warner
from index.build.changes import reading_key
from index.build.omissions import NO_OMISSIONS, Omissions, stored_omissions
from index.build.refine import EmbedResult, MissingEmbeddings, embed, find_missing
from index.console import counted
from index.encoders.encoder_loading import load_encoder
from index.encoders.model_files import Model, find_model, is_static
from index.encoders.static_encoder import StaticEncoder
from index.encoders.static_loading import load_static
from index.errors import DamagedIndexError, InterruptedBuildError, LockedError, SourceError
from index.lock import build_lock
from index.parsers.problems import Problem
from index.progress import progress
from index.settings import IndexSettings
from index.storage.articles import ArticleStore, Summary
from index.storage.embedding_cache import EmbeddingCache
from index.storage.generations import (
    ARTICLES,
    building_folder,
    current_number,
    next_number,
    open_for,
    remove_leftovers,
)
from index.storage.manifest import Manifest

log = logging.getLogger(__name__)

# Up to so many passages are encoded without publishing a draft first: a few seconds' worth; while the static encoder
# has not been distilled yet, about as many as the model encodes in the time that distilling takes.
_AT_ONCE, _BEFORE_DISTILLING = 100, 1000

Stop: TypeAlias = Callable[[], bool]  # asked between two batches


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did, and what the published index holds."""

    generation: int
    summary: Summary
    embedded: int  # passages that the model encoded
    published: bool  # False if nothing has changed since the published generation
    problems: tuple[Problem, ...]
    to_embed: int = 0  # passages that have only a draft embedding so far
    omissions: Omissions = NO_OMISSIONS


@dataclass(frozen=True, slots=True)
class UpToDate:
    """The published generation already holds what the sources hold."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class NeedsEmbedding:
    """The missing embeddings are computed quickly, if any are missing: the full generation is published at once."""

    missing: MissingEmbeddings


@dataclass(frozen=True, slots=True)
class NeedsDraft:
    """Computing the missing embeddings takes long: a draft is published first."""

    missing: MissingEmbeddings
    encoder: StaticEncoder


Plan: TypeAlias = UpToDate | NeedsEmbedding | NeedsDraft


def build_index(
    settings: IndexSettings,
    rebuild: bool = False,
    strict: bool = False,
    draft: bool = False,
    stop: Stop = lambda: False,
) -> BuildResult:
    """Read what has changed in the sources and publish it: as a draft first if embedding takes long, then in full.

    With `rebuild`, everything is read and encoded again; with `strict`, any problem with a source raises SourceError;
    with `draft`, the build ends once the draft is published, and so it does when `stop` returns True. Raises a
    QuotewireError for what the user can put right; the published index then stays as it was.
    """
    model = configured_model(settings)
    with one_line_errors(settings.path), build_lock(settings.path):
        remove_leftovers(settings.path)
        built = _publish_changes(settings, model, rebuild, strict, draft)
        if not is_static(model):  # questions need the static encoder for semantic matching of single words
            load_static(model, settings.path, lambda: load_encoder(model, settings))
        return built if draft or not built.to_embed else _complete_draft(settings, model, built, stop)


def complete_index(settings: IndexSettings, stop: Stop = lambda: False) -> int:
    """Encode the passages that lack an embedding in the published draft, and publish the full generation.

    Builds and answers may run at the same time. Returns how many passages were encoded. Ends early when `stop` returns
    True or another generation is published; leaves publishing to a build that is running.
    """
    model = configured_model(settings)
    with one_line_errors(settings.path):
        generation = open_for(settings.path, model)
        articles = UnchangedArticles(BaseGeneration(generation.folder, generation.manifest), generation.store)

        def is_outdated() -> bool:
            return stop() or current_number(settings.path) != generation.manifest.generation

        missing = _find_missing(settings, model, articles)
        result = _embed(settings, model, articles.store, missing, draft_answers=True, stop=is_outdated)
        if generation.manifest.is_draft and result.finished and not is_outdated():
            try:
                with build_lock(settings.path):
                    if not is_outdated():
                        remove_leftovers(settings.path)
                        _publish_full(settings, model, articles, articles.store.summary(), missing)
            except LockedError:  # the build that holds the lock publishes the embeddings, too
                pass
        return result.count


def configured_model(settings: IndexSettings) -> Model:
    """Return the model that the configuration names; raises ModelError."""
    return find_model(settings.model, settings.query_prompt, settings.document_prompt, settings.precision)


def _publish_changes(settings: IndexSettings, model: Model, rebuild: bool, strict: bool, draft: bool) -> BuildResult:
    """Read the changes in the sources and publish a generation that holds them, a draft if embedding takes long."""
    problems: list[Problem] = []
    base = None if rebuild else published_base(settings.path)
    if base and base.manifest.reading != reading_key(settings):
        base = None
    with _new_generation(settings) as folder:
        articles = update_articles(settings, base, folder, warner(problems, strict))
        with closing(articles.store):
            summary = articles.store.summary()
            omissions = stored_omissions(settings, articles.store, summary.articles, problems)
            if not summary.passages:
                raise SourceError(
                    f"no article found in {', '.join(map(str, settings.sources))}; "
                    "name folders or files of .txt, .md, .html, .jsonl or .jsonl.gz, "
                    "on the command line or in [index] sources"
                )
            if rebuild:
                with closing(EmbeddingCache(settings.path / "embeddings.sqlite", model.fingerprint)) as cache:
                    cache.forget()
            plan = _plan(settings, model, articles, draft)
            writer = GenerationWriter(settings, model, folder, articles)
            embedded = 0
            match plan:
                case UpToDate(manifest):
                    pass
                case NeedsEmbedding(missing):
                    embedded = _embed(settings, model, articles.store, missing, draft_answers=False).count
                    manifest = writer.publish(summary, missing.encoded(), None)
                case NeedsDraft(missing, encoder):
                    manifest = writer.publish(summary, missing.cached(), encoder)
                    follows = "" if draft else "; full-model embeddings follow, newest articles first"
                    log.info("the draft answers from %s now%s", counted(summary.articles, "article"), follows)
    published = not isinstance(plan, UpToDate)
    to_embed = manifest.passages - manifest.fine
    return BuildResult(manifest.generation, summary, embedded, published, tuple(problems), to_embed, omissions)


def _plan(settings: IndexSettings, model: Model, articles: Articles, draft: bool) -> Plan:
    """Decide what to publish; with `draft`, a draft is wanted even if embedding is quick."""
    manifest = articles.base.manifest if articles.base else None
    if (
        manifest
        and (isinstance(articles, UnchangedArticles) or articles.store.content() == manifest.content)
        and manifest.fingerprint == model.fingerprint
        and not _has_lost_draft_encoder(settings, model, manifest)
    ):
        return UpToDate(manifest)
    missing = _find_missing(settings, model, articles)
    if not missing.to_encode:
        return NeedsEmbedding(missing)
    encoder = _draft_encoder(settings, model, len(missing.to_encode), draft)
    return NeedsDraft(missing, encoder) if encoder else NeedsEmbedding(missing)


def _has_lost_draft_encoder(settings: IndexSettings, model: Model, manifest: Manifest) -> bool:
    """Return whether this is a draft that cannot answer, because its static encoder is missing or another one now."""
    if manifest.static is None:
        return False
    encoder = load_static(model, settings.path, None)
    return encoder is None or encoder.fingerprint != manifest.static


def _draft_encoder(settings: IndexSettings, model: Model, to_encode: int, draft: bool) -> StaticEncoder | None:
    """Load the static encoder, distilling it if that is worth while; None if no draft is needed or can be made."""
    if is_static(model) or (to_encode <= _AT_ONCE and not draft):
        return None
    may_distill = draft or to_encode > _BEFORE_DISTILLING
    return load_static(model, settings.path, (lambda: load_encoder(model, settings)) if may_distill else None)


def _complete_draft(settings: IndexSettings, model: Model, draft: BuildResult, stop: Stop) -> BuildResult:
    """Embed what the draft that was just published lacks, and publish it in full unless stopped."""
    base = published_base(settings.path)
    if base is None:
        raise DamagedIndexError("the draft that was just published is damaged; run: quotewire index")
    with closing(ArticleStore.open(base.folder / ARTICLES)) as store:
        articles = UnchangedArticles(base, store)
        missing = _find_missing(settings, model, articles)
        result = _embed(settings, model, store, missing, draft_answers=True, stop=stop)
        built = replace(draft, embedded=draft.embedded + result.count)
        if not result.finished:
            return built
        manifest = _publish_full(settings, model, articles, draft.summary, missing)
        return replace(built, generation=manifest.generation, published=True, to_embed=0)


def _publish_full(
    settings: IndexSettings, model: Model, articles: UnchangedArticles, summary: Summary, missing: MissingEmbeddings
) -> Manifest:
    """Publish the draft's articles with every embedding, all of which must be in the cache by now."""
    with _new_generation(settings) as folder:
        return GenerationWriter(settings, model, folder, articles).publish(summary, missing.encoded(), None)


def _find_missing(settings: IndexSettings, model: Model, articles: Articles) -> MissingEmbeddings:
    ids = without_embedding(articles.base, model, articles.store)
    return find_missing(settings, articles.store, ids, model.fingerprint)


def _embed(
    settings: IndexSettings,
    model: Model,
    store: ArticleStore,
    missing: MissingEmbeddings,
    draft_answers: bool,
    stop: Stop = lambda: False,
) -> EmbedResult:
    """Encode what is missing, with a progress bar; the model is loaded only if there is something to encode.

    Ctrl-C raises InterruptedBuildError, which says how to go on and, with `draft_answers`, that the draft answers.
    """
    if not missing.to_encode:
        return EmbedResult(0, finished=True)
    encoder = load_encoder(model, settings)
    done, total = 0, len(missing.to_encode)
    try:
        with progress("embedding", "passages", total) as advance:

            def counted_advance(count: int = 1) -> None:
                nonlocal done
                done += count
                advance(count)

            return embed(settings, model.fingerprint, encoder, store, missing, counted_advance, stop)
    except KeyboardInterrupt:
        meanwhile = "; the draft answers meanwhile" if draft_answers else ""
        raise InterruptedBuildError(
            f"interrupted: {done:,} of {total:,} passages are embedded and kept{meanwhile}; go on with: quotewire index"
        ) from None


@contextmanager
def _new_generation(settings: IndexSettings) -> Iterator[Path]:
    """Make the folder of a new generation; remove what is left of it unless it is published, which renames it."""
    folder = building_folder(settings.path, next_number(settings.path))
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
