"""Pieces of messages in Telegram's HTML, escaped as they are made and counted as Telegram counts them."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from index.harmless import harmless
from retrieval.presentation.clipping import clip, units

# Telegram takes 4,096 UTF-16 units once the markup is parsed, 100 entities, and about 32 KB of markup; a little less
# is used, since it may find links and names of its own in the text.
MAX_UNITS, MAX_ENTITIES, MAX_BYTES = 4000, 90, 30_000
_MAX_LINK = 1500  # bytes


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a message, and what it takes of the limits once Telegram has parsed it."""

    html: str = ""
    units: int = 0
    entities: int = 0

    def __add__(self, other: Markup) -> Markup:
        return Markup(self.html + other.html, self.units + other.units, self.entities + other.entities)

    def __bool__(self) -> bool:
        return bool(self.html)

    @property
    def fits(self) -> bool:
        """Whether it can be a message."""
        size = len(self.html.encode())
        return self.units <= MAX_UNITS and self.entities <= MAX_ENTITIES and size <= MAX_BYTES


@dataclass(frozen=True, slots=True)
class Page:
    """A message, and the numbers of the quotes in it."""

    html: str
    quotes: tuple[int, ...] = ()


def text(words: str) -> Markup:
    """Words as they are; the one place where anything is escaped."""
    words = harmless(words)
    return Markup(html.escape(words), units(words))


def tag(name: str, inner: Markup, attribute: str = "") -> Markup:
    """An entity around a piece."""
    return Markup(f"<{name}{attribute}>{inner.html}</{name}>", inner.units, inner.entities + 1)


def bold(words: str) -> Markup:
    """Words in bold."""
    return tag("b", text(words))


def italic(words: str, limit: int = 300) -> Markup:
    """A line beside quotes, in italics, of at most so many units."""
    return tag("i", text(clip(words, limit)))


def link(url: str, words: str) -> Markup:
    """Words that open an address, which is http or https; nothing, if its markup would take up a message."""
    address = text(url).html
    return tag("a", text(words), f' href="{address}"') if len(address.encode()) <= _MAX_LINK else Markup()


def plain(words: str) -> str:
    """A message of nothing but words, shortened if there are too many."""
    return text(clip(words, MAX_UNITS)).html


def joined(parts: Iterable[Markup], between: str = "\n\n") -> Markup:
    """The parts that are not empty, with a blank line between them or whatever it is to be."""
    whole = Markup()
    for part in filter(None, parts):
        whole = whole + text(between) + part if whole else part
    return whole
