"""Storing articles that the bot receives: each becomes a file in the articles folder, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import QuotewireError, SourceError, StorageError
from index.keys import hash_key
from index.parsers.isolation import read_file
from index.parsers.problems import Problem
from index.parsers.source_files import PARSERS, find_files
from index.settings import IndexSettings
from index.types import Article

ENDINGS = tuple(PARSERS)  # of files that can be added

_LONGEST_NAME = 60  # characters, without hash and ending
_MOST_TEXT = 200_000_000  # code points of one file, unpacked
_STAGING = ".incoming-"  # parsers skip names that begin with a dot


class AlreadyThereError(QuotewireError):
    """Raised if the same text is stored already; `name` is that of its file or its article."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: is there already")
        self.name = name


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to be stored; `title` gives its name if its articles have no titles."""

    title: str
    ending: str  # one of ENDINGS
    data: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was stored."""

    name: str
    articles: int
    problems: tuple[Problem, ...]


def incoming_text(text: str, **metadata: str) -> Incoming:
    """Return an article as a file: its text after a front matter of `metadata`."""
    head = ""
    if metadata:
        import yaml

        fields = yaml.safe_dump(metadata, allow_unicode=True, default_style='"', width=10**6, sort_keys=False)
        head = f"---\n{fields}---\n"
    title = next((line for line in text.splitlines() if line.strip()), "")
    return Incoming(title, ".txt", f"{head}{text}".encode("utf-8", "replace"))


def ending_of(name: str | None) -> str | None:
    """Return the ending of a file's name that a parser reads, or None."""
    lowered = (name or "").lower()
    return next((ending for ending in ENDINGS if lowered.endswith(ending)), None)


def store(settings: IndexSettings, incoming: Incoming) -> Stored:
    """Store a file in the first folder of [index] sources, under a new name; for one caller at a time.

    Raise AlreadyThereError if all its articles are indexed, SourceError if a build would take nothing from it, and
    StorageError if it cannot be written.
    """
    folder = next((source for source in settings.sources if source.is_dir()), None)
    if folder is None:
        raise SourceError("[index] sources names no folder that is there, into which an article could be put")
    try:
        with _staging(folder) as staging:
            staged = staging / f"article{incoming.ending}"
            staged.write_bytes(incoming.data)
            articles, problems = _read(staged, settings)
            name = _safe_name(articles, incoming)
            staged = staged.rename(staging / name)
            if (folder / name).exists():
                raise AlreadyThereError(name)
            _check(settings, staged, articles)
            _rehearse(settings, staged)
            _publish(staged, folder)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be written ({error.strerror}); see to its permissions") from None
    return Stored(name, len(articles), tuple(problems))


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder that parsers skip, after removing those that killed processes left."""
    for left in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _read(path: Path, settings: IndexSettings) -> tuple[list[Article], list[Problem]]:
    """Return the articles and problems that a build would find in a file; raise SourceError if there is no article."""
    problems: list[Problem] = []
    articles, size = [], 0
    for article in read_file(path, path.name, problems.append, settings.fields):
        articles.append(article)
        size += len(article.text)
        if size > _MOST_TEXT:
            raise SourceError("it holds too much to come this way; copy it into the articles folder")
    if not articles:
        raise SourceError(problems[0].message if problems else "it holds no article")
    return articles, problems


def _safe_name(articles: Sequence[Article], incoming: Incoming) -> str:
    """Return a name of the title in ASCII and a hash of the text, so that equal names are equal articles."""
    title = (articles[0].title if len(articles) == 1 else None) or incoming.title
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-") or "article"
    return f"{slug}-{hash_key(chr(0).join(article.text for article in articles), 8)}{incoming.ending}"


def _check(settings: IndexSettings, path: Path, articles: Sequence[Article]) -> None:
    """Raise SourceError if a file holds nothing to index, AlreadyThereError if all its articles are indexed."""
    # Imported here, since language detection and sentence splitting are slow to import.
    from index.storage.generations import open_articles
    from index.text.language import with_language
    from index.text.passages import split_article

    if path not in find_files(path.parent, settings.exclude):
        raise SourceError(f"[index] exclude leaves out {path.name}")
    if not any(
        split_article(with_language(article, settings.language), settings.passage_words) for article in articles
    ):
        raise SourceError("it holds a headline and no text")
    try:
        with closing(open_articles(settings.path)) as stored:
            known = stored.known_texts(article.text for article in articles)
    except QuotewireError:  # there is no index to compare with
        return
    if all(article.text in known for article in articles):
        raise AlreadyThereError(articles[0].title or path.name)


def _rehearse(settings: IndexSettings, path: Path) -> None:
    """Raise SourceError if the next build would take nothing from a file, as if another article has the same id."""
    from index.build.article_update import published_base
    from index.build.changes import ArticleChanged, find_changes, reading_key
    from index.storage.articles import ArticleStore
    from index.storage.generations import ARTICLES

    base = published_base(settings.path)
    if base is None or base.manifest.reading != reading_key(settings):  # then a build reads everything
        return
    with_it = settings.model_copy(update={"sources": [*settings.sources, path]})
    with closing(ArticleStore.open(base.folder / ARTICLES)) as before:
        problems: list[Problem] = []
        try:
            changes = list(find_changes(with_it, before, problems.append))
        except SourceError:  # another source is wrong, which a build reports
            return
    if not any(isinstance(change, ArticleChanged) and change.path == os.path.abspath(path) for change in changes):
        said = [problem.message for problem in problems if problem.origin.startswith(str(path))]
        raise SourceError(said[0] if said else "it holds nothing new")


def _publish(staged: Path, folder: Path) -> None:
    """Put a file into a folder atomically, without replacing another one."""
    from index.files import sync

    sync(staged)
    try:
        os.link(staged, folder / staged.name)  # a rename would replace an existing file
    except FileExistsError:
        raise AlreadyThereError(staged.name) from None
    sync(folder)
