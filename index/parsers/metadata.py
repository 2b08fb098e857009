"""What a page states about its article, and what of it to believe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from index.parsers.front_pages import PageKind, stated_kind
from index.parsers.linked_data import LinkedEntry, read_linked_data
from index.parsers.page import WebPage, text_of
from index.parsers.page_dates import find_dates
from index.parsers.page_headline import find_page_headline
from index.parsers.page_outlet import find_outlet
from index.text.datelines import without_by
from index.text.links import host_of, http_link, path_of

MOST = 50  # titles, headings and addresses that are looked at
MOST_LINKS = 500
LONGEST = 1_000  # code points of a title
SHORTEST = 2  # words of what may be the name of a site or a section
LONGEST_NAME = 100  # code points of an author's name
AUTHOR_NAMES = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author")
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")  # as browsers write into pages that they save
SAVED_WITHIN = 2_000  # code points of a page


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is stated; None where nothing is."""

    title: str | None = None
    source: str | None = None
    address: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    published: str | None = None  # a day as ISO 8601 has it, or the page's words for what is no whole date
    modified: date | None = None
    kind: PageKind | None = None


def read_metadata(page: WebPage, markup: str) -> Metadata:
    """What a page states about its article; `markup` is what it was made of."""
    addresses = list(islice(_addresses(page), MOST))
    address = next(iter(addresses), None)
    titles = list(islice(dict.fromkeys(_titles(page)), MOST))
    headings = [text for heading in islice(page.body.iter("h1"), MOST) if (text := text_of(page, heading))]
    said = [text for text in (*titles, *headings) if len(text.split()) > SHORTEST]  # what is shorter names the site
    entry = read_linked_data(page.root, address, said)
    headlines = [text_of(page, heading) for heading in islice(page.body.iter("h1", "h2"), MOST)]
    headlines += [entry.headline] if entry.headline else []
    outlet = find_outlet(page, entry, titles, headlines, addresses)
    sites = [name for name in (outlet, entry.publisher, *entry.sites, *map(host_of, addresses)) if name]
    stated = [entry.headline, *titles] if entry.headline else titles
    title, headline = find_page_headline(page, stated, sites, _sections(page, entry, address))
    dates = find_dates(page, entry, headline)
    published = dates.published.isoformat() if dates.published else dates.published_text
    return Metadata(
        title=title,
        source=outlet or host_of(address),
        address=_own_address(page, markup, address or entry.address),
        authors=tuple(_authors(page, entry)),
        tags=tuple(_tags(page)),
        language=page.root.get("lang"),
        published=published,
        modified=dates.modified,
        kind=stated_kind(page, entry),
    )


def _titles(page: WebPage) -> Iterator[str]:
    """What the page calls itself: og:title, and the title of its window."""
    for name, content in page.metas:
        if name == "og:title" and len(content) <= LONGEST:
            yield content
    for title in page.root.xpath("/html/head/title"):
        if (text := " ".join(title.text_content().split())) and len(text) <= LONGEST:
            yield text


def _sections(page: WebPage, entry: LinkedEntry, address: str | None) -> list[str]:
    """The names that a title may have after the headline: authors, and sections as links and the address have them."""
    links = [" ".join(link.text_content().split()) for link in islice(page.body.iter("a"), MOST_LINKS)]
    stated = [content for name, content in page.metas if name in ("article:section", "section")]
    folders = [part.replace("-", " ") for part in (path_of(address or "") or "").split("/")[:-1]]
    named = [name for name in (*links, *stated, *folders) if 0 < len(name.split()) <= SHORTEST + 1]
    return [*named, *_authors(page, entry)]


def _own_address(page: WebPage, markup: str, stated: str | None) -> str | None:
    """Return the address that a page states for its article, or its own, where the stated one is another site's.

    A page that took its article from elsewhere names that as the canonical one, which is not what was read.
    """
    saved = SAVED_FROM.search(markup, 0, SAVED_WITHIN)
    stated_own = [saved[1]] if saved else [content for name, content in page.metas if name == "og:url"]
    own = next((address for address in stated_own if http_link(address)), None)
    return own if own and (stated is None or _site(stated) != _site(own)) else stated


def _site(address: str) -> str:
    """The host without what the same site has before it for phones and such."""
    return re.sub(r"^(?:www|m|mobile|amp)\.", "", host_of(address) or "")


def _authors(page: WebPage, entry: LinkedEntry) -> Iterator[str]:
    """The people who wrote the article, as the first place that names any has them."""
    named = list(entry.authors) or [
        content for name, content in page.metas if name in AUTHOR_NAMES and not http_link(content)
    ]
    marked = page.root.xpath("//*[@itemprop='author']//*[@itemprop='name'] | //*[@rel='author']")
    for text in named or [text_of(page, element) for element in marked]:
        for name in text.split(";"):
            name = without_by(name.strip())
            if name and len(name) <= LONGEST_NAME:
                yield name


def _tags(page: WebPage) -> Iterator[str]:
    """What the article is said to be about: article:tag, else its keywords."""
    said = [content for name, content in page.metas if name == "article:tag"]
    said = said or [content for name, content in page.metas if name in ("news_keywords", "keywords")][:1]
    tags = (tag.strip() for text in said for tag in text.split(","))
    yield from islice(dict.fromkeys(tag for tag in tags if tag), MOST)


def _addresses(page: WebPage) -> Iterator[str]:
    """The addresses that the page gives itself; where it is a copy, the first may be that of the original."""
    for link in page.root.iter("link"):
        if link.get("rel", "").lower() == "canonical" and link.get("href"):
            yield str(link.get("href"))
    yield from (content for name, content in page.metas if name == "og:url")
