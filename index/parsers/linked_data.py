"""Read the JSON-LD of a page: the entry for the page's own article, and the names of its site."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from index.text.links import path_of
from index.text.normalize import HALF

_ARTICLE_TYPE = re.compile(r"(?:\w*Article|\w*Posting|Report|Review|ClaimReview|CreativeWork)")
_LIST_TYPE = re.compile(r"CollectionPage|SearchResultsPage|ProfilePage")
_PAGE_TYPE = re.compile(r"(?:\w*WebPage|ItemPage)")
_SITE_TYPE = re.compile(r"WebSite|\w*Organization|Newspaper")
_CONTAINER_KEYS = ("@graph", "mainEntity", "mainEntityOfPage")  # whose values are further entries of the same page
_MAX_ENTRIES = 200  # of a page; further ones are ignored
_MAX_LENGTH = 1_000_000  # code points of a script; longer ones are ignored
# Wrappers that are removed, and invalid JSON that is tolerated: comments and trailing commas.
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$|;\s*$")
_INVALID_SYNTAX = re.compile(r'("(?:\\.|[^"\\])*+(?:"|\\?\Z))|//[^\n]*|,(?=\s*[}\]])', re.DOTALL)
_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LinkedEntry:
    """What JSON-LD states about the page's article; None or empty where it states nothing."""

    headline: str | None = None
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    publisher: str | None = None
    sites: tuple[str, ...] = ()  # the names of sites and organizations
    authors: tuple[str, ...] = ()
    url: str | None = None
    is_article: bool = False
    is_list: bool = False  # of articles or search results


def read_linked_data(tree: HtmlElement, url: str | None, titles: Sequence[str]) -> LinkedEntry:
    """Return what the entries for the page's own article state; `url` and `titles` are those of the page.

    An entry is the page's own if it has the same URL, or else shares a word of its headline or name with one of the
    titles. Where there is no headline or no title, an entry without a URL counts as well. Entries for articles go
    before those for pages, and those with the page's URL before others.
    """
    nodes = list(islice(_nodes(tree), _MAX_ENTRIES))
    typed = [node for kind in (_ARTICLE_TYPE, _PAGE_TYPE) for node in nodes if _has_type(node, kind)]
    own = [node for node in typed if _is_own(node, url, titles)]
    own.sort(key=lambda node: (not _has_type(node, _ARTICLE_TYPE), not _any_same_page(_urls(node), url)))
    headlines = (_text(node, "headline") for node in own if _has_type(node, _ARTICLE_TYPE))
    return LinkedEntry(
        headline=next((text for text in headlines if text), None),
        published=tuple(text for node in own if (text := _text(node, "datePublished"))),
        modified=tuple(text for node in own if (text := _text(node, "dateModified"))),
        publisher=next((text for node in own if (text := _name(node.get("publisher"), nodes))), None),
        sites=tuple(
            text
            for node in (*nodes, *(node.get("isPartOf") for node in own))
            if isinstance(node, dict) and _has_type(node, _SITE_TYPE) and (text := _text(node, "name"))
        ),
        authors=next((names for node in own if (names := tuple(_authors(node.get("author"), nodes)))), ()),
        url=next((text for node in own if (text := _text(node, "url"))), None),
        is_article=any(_has_type(node, _ARTICLE_TYPE) for node in own),
        is_list=any(_has_type(node, _LIST_TYPE) for node in nodes),
    )


def shares_word(line: str, others: Sequence[str]) -> bool:
    """Return whether a line has a significant word in common with one of the others."""
    words = _significant_words(line)
    return any(words & _significant_words(other) for other in others)


def _significant_words(text: str) -> set[str]:
    """Return the words of four letters or more in lower case, or all words if there are none."""
    words = re.findall(r"\w+", text.lower())
    return {word for word in words if len(word) > 3} or set(words)


def _nodes(tree: HtmlElement) -> Iterator[_Node]:
    """Yield the entries of all valid scripts of JSON-LD in a page."""
    for script in tree.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/ld+json") and script.text and len(script.text) <= _MAX_LENGTH:
            try:
                text = _INVALID_SYNTAX.sub(r"\1", _WRAPPING.sub("", script.text))
                yield from _flatten(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue


def _flatten(value: object, depth: int = 0) -> Iterator[_Node]:
    """Yield the entries in lists and container keys; entries under other keys may be about other articles."""
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _CONTAINER_KEYS:
            if isinstance(value.get(key), list | dict):
                yield from _flatten(value[key], depth + 1)


def _has_type(node: _Node, kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(name, str) and kind.fullmatch(name.rpartition("/")[2])
        for name in (types if isinstance(types, list) else [types])
    )


def _is_own(node: _Node, url: str | None, titles: Sequence[str]) -> bool:
    """Return whether an entry is about the page's own article, as `read_linked_data` says."""
    urls = _urls(node)
    if _any_same_page(urls, url):
        return True
    headline = _text(node, "headline") or _text(node, "name")
    if headline and titles:
        return shares_word(headline, titles)
    return not urls or url is None


def _urls(node: _Node) -> list[str]:
    values = [node.get("mainEntityOfPage"), node.get("url"), node.get("@id")]
    values = [value.get("@id") or value.get("url") if isinstance(value, dict) else value for value in values]
    return [value for value in values if isinstance(value, str) and "/" in value]


def _any_same_page(urls: Sequence[str], page_url: str | None) -> bool:
    return page_url is not None and any(_path(url) == _path(page_url) for url in urls)


def _path(url: str) -> str:
    """Return the path of a URL, to compare URLs with and without "www." or "#article"; the text if it is invalid."""
    path = path_of(url)
    return url if path is None else path.rstrip("/")


def _authors(value: object, nodes: Sequence[_Node]) -> Iterator[str]:
    for author in value if isinstance(value, list) else [value]:
        if name := _name(author, nodes):
            yield name


def _name(value: object, nodes: Sequence[_Node]) -> str | None:
    """Return the name of a person or organization, which may be an entry of its own that `value` refers to by id."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        entry = next((node for node in nodes if value.get("@id") and node.get("@id") == value.get("@id")), value)
        return _text(value, "name") or _text(entry, "name")
    return _line(value) if isinstance(value, str) and "/" not in value else None


def _text(node: _Node, key: str) -> str | None:
    """Return the text under a key, the first of several, None if there is none."""
    value = node.get(key)
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return _line(value) if isinstance(value, str) else None


def _line(value: str) -> str | None:
    """Return a text on one line, with characters that cannot be stored replaced; None if it is blank."""
    return " ".join(HALF.sub("\ufffd", unescape(value).replace("\0", "\ufffd")).split()) or None
