"""What a page states about its article, and what of it to believe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from lxml import html

from index.readers.linked_data import read_linked_data
from index.readers.page import metas, parse_page, text_of
from index.readers.page_dates import find_dates
from index.readers.page_headline import find_headline
from index.readers.page_outlet import find_outlet, host_of

MOST = 50  # titles and headings that are looked at
LONGEST = 1_000  # code points of a title


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is stated; None where nothing is."""

    title: str | None = None
    source: str | None = None
    published: str | None = None  # a day as ISO 8601 has it, or the page's words for what is no whole date
    modified: date | None = None


def read_metadata(page: str) -> Metadata:
    """The headline, the outlet and the days of a page's article."""
    tree = parse_page(page)
    if tree is None:
        return Metadata()
    addresses = list(_addresses(tree))
    address = next(iter(addresses), None)
    titles = list(islice(dict.fromkeys(_titles(tree)), MOST))
    headings = [text for heading in islice(tree.iter("h1"), MOST) if (text := text_of(heading))]
    entry = read_linked_data(tree, address, [*titles, *headings])
    headlines = [*headings, entry.headline] if entry.headline else headings
    outlet = find_outlet(tree, entry, titles, headlines, addresses)
    sites = [name for name in (outlet, entry.publisher, *entry.sites, *map(host_of, addresses)) if name]
    stated = [entry.headline, *titles] if entry.headline else titles
    title, headline = find_headline(tree, stated, sites)
    dates = find_dates(tree, entry, headline)
    published = dates.published.isoformat() if dates.published else dates.published_text
    return Metadata(title, outlet, published, dates.modified)


def _titles(tree: html.HtmlElement) -> Iterator[str]:
    """What the page calls itself: og:title, and the title of its window."""
    for name, content in metas(tree):
        if name == "og:title" and len(content) <= LONGEST:
            yield content
    for title in tree.xpath("/html/head/title"):
        if (text := " ".join(title.text_content().split())) and len(text) <= LONGEST:
            yield text


def _addresses(tree: html.HtmlElement) -> Iterator[str]:
    """The addresses that the page gives itself; where it is a copy, the first may be that of the original."""
    for link in tree.iter("link"):
        if link.get("rel", "").lower() == "canonical" and link.get("href"):
            yield str(link.get("href"))
    yield from (content for name, content in metas(tree) if name == "og:url")
