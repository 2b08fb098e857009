"""Pieces of messages in Telegram's HTML, escaped when they are made, with their sizes as Telegram counts them."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from index.harmless import harmless
from retrieval.presentation.clipping import clip, units

# Telegram accepts 4,096 UTF-16 units after parsing the markup (core.telegram.org/bots/api#sendmessage), 100 entities,
# and about 32 KB of markup. These limits are lower, since Telegram may find further links and mentions in the text.
MAX_UNITS, MAX_ENTITIES, MAX_BYTES = 4000, 90, 30_000
_MAX_LINK = 1500  # bytes


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a message, with its length in UTF-16 units and its number of entities after parsing."""

    html: str = ""
    units: int = 0
    entities: int = 0

    def __add__(self, other: Markup) -> Markup:
        return Markup(self.html + other.html, self.units + other.units, self.entities + other.entities)

    def __bool__(self) -> bool:
        return bool(self.html)

    @property
    def fits(self) -> bool:
        """Return whether it can be a message."""
        size = len(self.html.encode())
        return self.units <= MAX_UNITS and self.entities <= MAX_ENTITIES and size <= MAX_BYTES


@dataclass(frozen=True, slots=True)
class Page:
    """The HTML of a message, and the numbers of the quotes in it."""

    html: str
    quotes: tuple[int, ...] = ()


def text(words: str) -> Markup:
    """Return plain text, without control characters, as markup; nothing else escapes text."""
    words = harmless(words)
    return Markup(html.escape(words), units(words))


def tag(name: str, inner: Markup, attribute: str = "") -> Markup:
    """Return a piece in an HTML element, which is one entity."""
    return Markup(f"<{name}{attribute}>{inner.html}</{name}>", inner.units, inner.entities + 1)


def bold(words: str) -> Markup:
    """Return text in bold."""
    return tag("b", text(words))


def italic(words: str, limit: int = 300) -> Markup:
    """Return text in italics, clipped to `limit` units."""
    return tag("i", text(clip(words, limit)))


def link(url: str, words: str) -> Markup:
    """Return text that links to an HTTP URL; empty markup, without the text, if the URL is too long."""
    address = text(url).html
    return tag("a", text(words), f' href="{address}"') if len(address.encode()) <= _MAX_LINK else Markup()


def plain(words: str) -> str:
    """Return the HTML of a message of plain text, clipped to the limit of a message."""
    return text(clip(words, MAX_UNITS)).html


def joined(parts: Iterable[Markup], between: str = "\n\n") -> Markup:
    """Return the parts that are not empty, with `between` between them: by default a blank line."""
    whole = Markup()
    for part in filter(None, parts):
        whole = whole + text(between) + part if whole else part
    return whole
