"""Split a message's text into lines, and these into runs of one style. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tests.support.telegram import Entity, units


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line; `styles` are HTML tags, and `link` is the address that it links to."""

    text: str
    styles: frozenset[str] = frozenset()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and whether it is part of a quote."""

    runs: tuple[Run, ...]
    quoted: bool = False


def lines(text: str, entities: Sequence[Entity]) -> list[Line]:
    """Return all lines of a text; entities count in UTF-16 units."""
    covered = [_covering(start, entities) for start in _starts(text)]
    found, start = [], 0
    for words in text.split("\n"):
        inside = list(zip(words, covered[start : start + len(words)], strict=True))
        runs = tuple(
            Run("".join(character for character, _ in group), frozenset(kinds) - {"blockquote", "a"}, _link(kinds))
            for kinds, group in groupby(inside, lambda each: each[1])
        )
        # For an empty line, the position of its end decides whether it is quoted.
        found.append(Line(runs, any("blockquote" in kinds for kinds in covered[start : start + 1])))
        start += len(words) + 1
    return found


def _starts(text: str) -> Iterator[int]:
    """Return the offset of each character, in UTF-16 units."""
    at = 0
    for character in text:
        yield at
        at += units(character)


def _covering(at: int, entities: Sequence[Entity]) -> dict[str, str]:
    """Return the tags at a position, each with its attribute."""
    return {each.kind: each.attribute for each in entities if each.offset <= at < each.offset + units(each.text)}


def _link(kinds: dict[str, str]) -> str:
    return kinds.get("a", "").removeprefix(' href="').removesuffix('"')
