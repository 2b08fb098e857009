"""What a build leaves out or does not find: unsupported files, pages without an article, dates and headlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from index.console import counted
from index.errors import SourceError
from index.parsers.problems import Problem
from index.parsers.source_files import unsupported_files
from index.settings import IndexSettings
from index.storage.articles import ArticleStore

SHOWN = 3  # names that a line gives as examples
KINDS = 8  # kinds of files that a line lists


@dataclass(frozen=True, slots=True)
class NamedCount:
    """How many things there are, and the names of the first few."""

    count: int = 0
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join([*self.names, *(["…"] if self.count > len(self.names) else [])])


@dataclass(frozen=True, slots=True)
class Omissions:
    """What is missing from an index, and from the articles in it."""

    articles: int = 0  # in the index
    undated: NamedCount = NamedCount()
    untitled: NamedCount = NamedCount()
    pages: NamedCount = NamedCount()  # in which no article was found
    kinds: tuple[tuple[str, int], ...] = ()  # file extensions without a parser and their counts, most frequent first

    def lines(self) -> Iterator[str]:
        """Yield one line for people per kind of omission."""
        if self.kinds:
            files = counted(sum(count for _, count in self.kinds), "file")
            kinds = [f"{count:,} {kind}" for kind, count in self.kinds[:KINDS]]
            more = ", …" if len(self.kinds) > KINDS else ""
            yield f"left out {files} of unsupported types: {', '.join(kinds)}{more}"
        if self.pages.count:
            yield f"left out {counted(self.pages.count, 'page')} in which no article was found: {self.pages}"
        for named, what in ((self.undated, "whole date"), (self.untitled, "headline")):
            if named.count:
                verb = "has" if named.count == 1 else "have"
                yield f"{named.count:,} of {counted(self.articles, 'article')} {verb} no {what}: {named}"

    def values(self) -> dict[str, Any]:
        """Return the values that `quotewire index status --json` prints."""
        return {
            "untitled": self.untitled.count,
            "without_date": list(self.undated.names),
            "without_headline": list(self.untitled.names),
            "pages_without_article": self.pages.count,
            "unsupported": dict(self.kinds),
        }


NO_OMISSIONS = Omissions()


def stored_omissions(
    settings: IndexSettings, store: ArticleStore, articles: int, problems: Iterable[Problem] | None = None
) -> Omissions:
    """Return the omissions of a store that holds so many articles.

    `problems` are those of a build; None stands for the problems that the store has recorded.
    """
    if problems is None:
        problems = (problem for file in store.files().values() for problem in file.problems)
    undated, untitled = (origin for _, origin in store.lacking("day")), (origin for _, origin in store.lacking("title"))
    return find_omissions(settings, articles, undated, untitled, problems)


def find_omissions(
    settings: IndexSettings,
    articles: int,
    undated: Iterable[str],
    untitled: Iterable[str],
    problems: Iterable[Problem],
) -> Omissions:
    """Return the omissions of so many articles, given the origins of the undated and the untitled ones.

    The folders of the sources are searched for unsupported files.
    """
    return Omissions(
        articles,
        undated=_named(undated),
        untitled=_named(untitled),
        pages=_named(problem.origin for problem in problems if problem.no_article),
        kinds=_unsupported_kinds(settings),
    )


def _named(origins: Iterable[str]) -> NamedCount:
    rest = iter(origins)
    first = list(islice(rest, SHOWN))
    return NamedCount(len(first) + sum(1 for _ in rest), tuple(Path(origin).name for origin in first))


def _unsupported_kinds(settings: IndexSettings) -> tuple[tuple[str, int], ...]:
    """Return the extensions of the sources' files that have no parser, most frequent first, with their counts."""
    kinds: Counter[str] = Counter()
    try:
        for path in unsupported_files(settings.sources, settings.exclude):
            if settings.path not in path.parents:
                kinds[path.suffix.lower() if path.suffix.isprintable() and path.suffix else "without an ending"] += 1
    except SourceError:  # a build reports it
        return ()
    return tuple(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0])))
