"""What a page states of its article in JSON-LD: the entry that is this page's own, and whose site it is."""

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

ARTICLE = re.compile(r"(?:\w*Article|\w*Posting|Report|Review|ClaimReview|CreativeWork)")
LIST = re.compile(r"CollectionPage|SearchResultsPage|ProfilePage")
PAGE = re.compile(r"(?:\w*WebPage|ItemPage)")
SITE = re.compile(r"WebSite|\w*Organization|Newspaper")
WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")  # where an entry may hold another of the same page
MOST = 200  # entries that are looked at
LARGEST = 1_000_000  # code points of JSON-LD
# What people write around JSON and in it, and JSON has not: comments, and commas after the last item.
WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$|;\s*$")
SLIPS = re.compile(r'("(?:\\.|[^"\\])*+(?:"|\\?\Z))|//[^\n]*|,(?=\s*[}\]])', re.DOTALL)
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LinkedEntry:
    """What is stated of the page's article; None where nothing is."""

    headline: str | None = None
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    publisher: str | None = None
    sites: tuple[str, ...] = ()  # the names of sites and organizations
    authors: tuple[str, ...] = ()
    address: str | None = None
    is_article: bool = False
    is_list: bool = False  # of articles, or of what was found


def read_linked_data(tree: HtmlElement, address: str | None, titles: Sequence[str]) -> LinkedEntry:
    """The page's own entry: the first for its address, else the first that has its headline or states neither.

    An entry for another address is another article's, and so is one with a headline that has no word in common with
    any of the page's titles.
    """
    nodes = list(islice(_nodes(tree), MOST))
    own = [node for kind in (ARTICLE, PAGE) for node in nodes if _is(node, kind) and _is_own(node, address, titles)]
    own.sort(key=lambda node: (not _is(node, ARTICLE), not _same(_addresses(node), address)))
    return LinkedEntry(
        headline=next((text for node in own if _is(node, ARTICLE) and (text := _text(node, "headline"))), None),
        published=tuple(text for node in own if (text := _text(node, "datePublished"))),
        modified=tuple(text for node in own if (text := _text(node, "dateModified"))),
        publisher=next((text for node in own if (text := _name(node.get("publisher"), nodes))), None),
        sites=tuple(
            text
            for node in (*nodes, *(node.get("isPartOf") for node in own))
            if isinstance(node, dict) and _is(node, SITE) and (text := _text(node, "name"))
        ),
        authors=next((names for node in own if (names := tuple(_authors(node.get("author"), nodes)))), ()),
        address=next((url for node in own if (url := _text(node, "url"))), None),
        is_article=any(_is(node, ARTICLE) for node in own),
        is_list=any(_is(node, LIST) for node in nodes),
    )


def share_a_word(one: str, others: Sequence[str]) -> bool:
    """Whether a line has a word of four letters or more, or else any word, that is in one of the other lines."""
    mine = _words(one)
    return any(mine & _words(other) for other in others)


def _words(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {word for word in words if len(word) > 3} or set(words)


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/ld+json") and script.text and len(script.text) <= LARGEST:
            try:
                yield from _flat(json.loads(SLIPS.sub(r"\1", WRAPPING.sub("", script.text)), strict=False))
            except (ValueError, RecursionError):
                continue


def _flat(value: object, depth: int = 0) -> Iterator[Node]:
    """The entries that are the page's and not parts of others: related articles are deeper."""
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in WITHIN:
            if isinstance(value.get(key), list | dict):
                yield from _flat(value[key], depth + 1)


def _is(node: Node, kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(one, str) and kind.fullmatch(one.rpartition("/")[2])
        for one in (types if isinstance(types, list) else [types])
    )


def _is_own(node: Node, address: str | None, titles: Sequence[str]) -> bool:
    addresses = _addresses(node)
    if _same(addresses, address):
        return True
    headline = _text(node, "headline") or _text(node, "name")
    if headline and titles:
        return share_a_word(headline, titles)
    return not addresses or address is None


def _addresses(node: Node) -> list[str]:
    values = [node.get("mainEntityOfPage"), node.get("url"), node.get("@id")]
    values = [value.get("@id") or value.get("url") if isinstance(value, dict) else value for value in values]
    return [value for value in values if isinstance(value, str) and "/" in value]


def _same(addresses: Sequence[str], address: str | None) -> bool:
    return address is not None and any(_place(one) == _place(address) for one in addresses)


def _place(address: str) -> str:
    """The path of an address, which is the same with and without "www." and "#article"."""
    path = path_of(address)
    return address if path is None else path.rstrip("/")


def _authors(value: object, nodes: Sequence[Node]) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if name := _name(one, nodes):
            yield name


def _name(value: object, nodes: Sequence[Node]) -> str | None:
    """The name of a publisher, who may be named elsewhere."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        there = next((node for node in nodes if value.get("@id") and node.get("@id") == value.get("@id")), value)
        return _text(value, "name") or _text(there, "name")
    return _line(value) if isinstance(value, str) and "/" not in value else None


def _text(node: Node, key: str) -> str | None:
    value = node.get(key)
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return _line(value) if isinstance(value, str) else None


def _line(value: str) -> str | None:
    return " ".join(HALF.sub("\ufffd", unescape(value).replace("\0", "\ufffd")).split()) or None
