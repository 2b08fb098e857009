"""What a build left out or could not find: files of other kinds, pages without an article, dates and headlines."""

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

SHOWN = 3  # names
KINDS = 8  # kinds of files


@dataclass(frozen=True, slots=True)
class NamedCount:
    """A number of things, and the names of the first."""

    count: int = 0
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join([*self.names, *(["…"] if self.count > len(self.names) else [])])


@dataclass(frozen=True, slots=True)
class Omissions:
    """What is not in an index, or not known of what is in it."""

    articles: int = 0  # that are in it
    undated: NamedCount = NamedCount()
    untitled: NamedCount = NamedCount()
    pages: NamedCount = NamedCount()  # in which no article was found
    kinds: tuple[tuple[str, int], ...] = ()  # of files that no reader knows, the commonest first

    def lines(self) -> Iterator[str]:
        """Word it, a line each."""
        if self.kinds:
            files = counted(sum(count for _, count in self.kinds), "file")
            kinds = [f"{count:,} {kind}" for kind, count in self.kinds[:KINDS]]
            more = ", …" if len(self.kinds) > KINDS else ""
            yield f"left out {files} of kinds that cannot be read: {', '.join(kinds)}{more}"
        if self.pages.count:
            yield f"left out {counted(self.pages.count, 'page')} in which no article was found: {self.pages}"
        for named, what in ((self.undated, "whole date"), (self.untitled, "headline")):
            if named.count:
                verb = "has" if named.count == 1 else "have"
                yield f"{named.count:,} of {counted(self.articles, 'article')} {verb} no {what}: {named}"

    def values(self) -> dict[str, Any]:
        """Say it for machines."""
        return {
            "untitled": self.untitled.count,
            "without_date": list(self.undated.names),
            "without_headline": list(self.untitled.names),
            "pages_without_article": self.pages.count,
            "unsupported": dict(self.kinds),
        }


NONE = Omissions()


def omissions_of(settings: IndexSettings, store: ArticleStore, problems: Iterable[Problem] | None = None) -> Omissions:
    """Look at a store and its sources; `problems` are those of a build that has not yet noted them in the store."""
    if problems is None:
        problems = (problem for file in store.files().values() for problem in file.problems)
    undated, untitled = (origin for _, origin in store.lacking("day")), (origin for _, origin in store.lacking("title"))
    return find_omissions(settings, store.summary().articles, undated, untitled, problems)


def find_omissions(
    settings: IndexSettings,
    articles: int,
    undated: Iterable[str],
    untitled: Iterable[str],
    problems: Iterable[Problem],
) -> Omissions:
    """Look at a number of articles, by the origins of those that lack something, and at the sources."""
    return Omissions(
        articles,
        undated=_named(undated),
        untitled=_named(untitled),
        pages=_named(problem.origin for problem in problems if problem.no_article),
        kinds=_left_out_kinds(settings),
    )


def _named(origins: Iterable[str]) -> NamedCount:
    rest = iter(origins)
    first = list(islice(rest, SHOWN))
    return NamedCount(len(first) + sum(1 for _ in rest), tuple(Path(origin).name for origin in first))


def _left_out_kinds(settings: IndexSettings) -> tuple[tuple[str, int], ...]:
    """Return the kinds of the files in the sources that no reader knows, the commonest first, with their counts."""
    kinds: Counter[str] = Counter()
    try:
        for path in unsupported_files(settings.sources, settings.exclude):
            if settings.path not in path.parents:
                kinds[path.suffix.lower() if path.suffix.isprintable() and path.suffix else "without an ending"] += 1
    except SourceError:  # a build says so
        return ()
    return tuple(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0])))
