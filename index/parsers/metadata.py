"""Read what a page states about its article, from all places where pages state it."""

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

_MAX_VALUES = 50  # of each kind, such as titles, headings, URLs and tags; further ones are ignored
_MAX_LINKS = 500  # in which names of sections are looked for
_MAX_TITLE_LENGTH = 1_000  # code points
_MAX_SITE_NAME_WORDS = 2
_MAX_AUTHOR_LENGTH = 100  # code points
_AUTHOR_META_NAMES = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")  # written by browsers that save a page
_SAVED_FROM_SEARCHED = 2_000  # code points at the start of a page


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page states about its article; None or empty where it states nothing."""

    title: str | None = None
    source: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    published: str | None = None  # a day in ISO 8601, or the page's words for an incomplete or ambiguous date
    modified: date | None = None
    kind: PageKind | None = None


def read_metadata(page: WebPage, markup: str) -> Metadata:
    """Return what a page states about its article; `markup` is the HTML of the page."""
    urls = list(islice(_urls(page), _MAX_VALUES))
    url = next(iter(urls), None)
    titles = list(islice(dict.fromkeys(_titles(page)), _MAX_VALUES))
    headings = [text for heading in islice(page.body.iter("h1"), _MAX_VALUES) if (text := text_of(page, heading))]
    entry_titles = [text for text in (*titles, *headings) if len(text.split()) > _MAX_SITE_NAME_WORDS]
    entry = read_linked_data(page.root, url, entry_titles)
    headlines = [text_of(page, heading) for heading in islice(page.body.iter("h1", "h2"), _MAX_VALUES)]
    headlines += [entry.headline] if entry.headline else []
    outlet = find_outlet(page, entry, titles, headlines, urls)
    sites = [name for name in (outlet, entry.publisher, *entry.sites, *map(host_of, urls)) if name]
    stated = [entry.headline, *titles] if entry.headline else titles
    title, headline = find_page_headline(page, stated, sites, _sections(page, entry, url))
    dates = find_dates(page, entry, headline)
    published = dates.published.isoformat() if dates.published else dates.published_text
    return Metadata(
        title=title,
        source=outlet or host_of(url),
        url=_page_url(page, markup, url or entry.url),
        authors=tuple(_authors(page, entry)),
        tags=tuple(_tags(page)),
        language=page.root.get("lang"),
        published=published,
        modified=dates.modified,
        kind=stated_kind(page, entry),
    )


def _titles(page: WebPage) -> Iterator[str]:
    """Yield the titles of the page: og:title and <title>."""
    for name, content in page.metas:
        if name == "og:title" and len(content) <= _MAX_TITLE_LENGTH:
            yield content
    for title in page.root.xpath("/html/head/title"):
        if (text := " ".join(title.text_content().split())) and len(text) <= _MAX_TITLE_LENGTH:
            yield text


def _sections(page: WebPage, entry: LinkedEntry, url: str | None) -> list[str]:
    """Return names that may follow the headline in a title: authors, and sections named by links, metadata or URL."""
    links = [" ".join(link.text_content().split()) for link in islice(page.body.iter("a"), _MAX_LINKS)]
    stated = [content for name, content in page.metas if name in ("article:section", "section")]
    folders = [part.replace("-", " ") for part in (path_of(url or "") or "").split("/")[:-1]]
    names = [name for name in (*links, *stated, *folders) if 0 < len(name.split()) <= _MAX_SITE_NAME_WORDS + 1]
    return [*names, *_authors(page, entry)]


def _page_url(page: WebPage, markup: str, stated: str | None) -> str | None:
    """Return the stated URL of the article, or the page's own if the stated one belongs to another site.

    A page that republishes an article names the original as canonical, but the page is what was read.
    """
    saved = _SAVED_FROM.search(markup, 0, _SAVED_FROM_SEARCHED)
    own_urls = [saved[1]] if saved else [content for name, content in page.metas if name == "og:url"]
    own = next((url for url in own_urls if http_link(url)), None)
    return own if own and (stated is None or _site(stated) != _site(own)) else stated


def _site(url: str) -> str:
    """Return the host of a URL without the prefix of its mobile variants."""
    return re.sub(r"^(?:www|m|mobile|amp)\.", "", host_of(url) or "")


def _authors(page: WebPage, entry: LinkedEntry) -> Iterator[str]:
    """Yield the authors of the article that JSON-LD names, else meta elements, else microdata and links."""
    stated = list(entry.authors) or [
        content for name, content in page.metas if name in _AUTHOR_META_NAMES and not http_link(content)
    ]
    marked = page.root.xpath("//*[@itemprop='author']//*[@itemprop='name'] | //*[@rel='author']")
    for text in stated or [text_of(page, element) for element in marked]:
        for name in text.split(";"):
            name = without_by(name.strip())
            if name and len(name) <= _MAX_AUTHOR_LENGTH:
                yield name


def _tags(page: WebPage) -> Iterator[str]:
    """Yield the tags of the article: article:tag, else the keywords."""
    lists = [content for name, content in page.metas if name == "article:tag"]
    lists = lists or [content for name, content in page.metas if name in ("news_keywords", "keywords")][:1]
    tags = (tag.strip() for text in lists for tag in text.split(","))
    yield from islice(dict.fromkeys(tag for tag in tags if tag), _MAX_VALUES)


def _urls(page: WebPage) -> Iterator[str]:
    """Yield the canonical URL and og:url of a page; in a republished article the former may be the original's."""
    for link in page.root.iter("link"):
        if link.get("rel", "").lower() == "canonical" and link.get("href"):
            yield str(link.get("href"))
    yield from (content for name, content in page.metas if name == "og:url")
