"""Find the name of the site that a page belongs to, and remove it from titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from index.parsers.linked_data import LinkedEntry
from index.parsers.page import WebPage, text_of
from index.text.links import host_of, path_of

_MAX_NAME_LENGTH = 60  # code points
_MAX_COPYRIGHT_LENGTH = 300  # code points of a block with a copyright notice
TITLE_SEPARATOR = re.compile(r"\s+[|–—·•-]+\s+|\s*[|»«]\s*|\s+::\s+")
# Separators before or after a known name.
_LOOSE_SEPARATOR = re.compile(rf"{TITLE_SEPARATOR.pattern}|\s+[/~<>]\s+|\s*:\s+")
_URL_PREFIX = re.compile(r"^(?:https?://\S*|www\.)", re.IGNORECASE)
_NOT_NAMES = frozenset(["home", "homepage", "index", "welcome", "news", "blog", "article", "hosted"])
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)(?:\s|©|\(c\)|\d{4}|[–,-])*(?:by\s)?([^\W\d][^©|]{1,60}?)"
    r"(?:,?\s(?:inc|llc|ltd)\b|[,.]?\s(?:all\srights|\d{4})|\.\s|\s?\||\.?$)",
    re.IGNORECASE,
)
_LOGO_WORDS = re.compile(r"['’]s logo|\blogo\b|\bhome ?page\b|\bhome\b|^(?:visit|go to)(?: the)?\b", re.IGNORECASE)


def find_outlet(
    page: WebPage, entry: LinkedEntry, titles: Sequence[str], headings: Sequence[str], urls: Sequence[str]
) -> str | None:
    """Return the name of the site: the first candidate that the host or a second place confirms, else the first.

    Candidates are, in this order: og:site_name, the publisher, the sites and organizations of JSON-LD and other
    metadata, the end of the page's titles, logos and copyright notices. Without any, the host is the name. Among the
    spellings of the name, the one of the most words is returned.
    """
    hosts = [host for url in urls if (host := host_of(url))]
    suffixes, stated = list(_suffixes(titles, headings, hosts)), list(_metadata(page, entry))
    logos, copyrights = list(_logos(page, hosts)), list(_copyrights(page))
    texts = [*stated, *suffixes, *logos, *copyrights]
    places = [*([text] for text in stated), suffixes, logos, copyrights]
    counts = Counter(key for place in places for key in {_key(name) for text in place for name in _names(text)})
    candidates = [name for text in texts for name in _names(text)]
    confirmed = (name for name in candidates if counts[_key(name)] > 1 or _is_in_host(name, hosts))
    fallbacks = (name for text in (*stated, *suffixes, *hosts, *copyrights) for name in _names(text))
    chosen = next(confirmed, None) or next(fallbacks, None)
    if chosen is None:
        return None
    spellings = [name for name in candidates if _key(name) == _key(chosen)]
    spellings += [name for text in logos for name in _names(text) if chosen.isupper() and _initials(name) == chosen]
    in_titles = {name for text in suffixes for name in _names(text)}
    return max(spellings or [chosen], key=lambda name: (len(name.split()), name != name.lower(), name in in_titles))


def strip_site_name(title: str, sites: Sequence[str]) -> str:
    """Return a title without the names of the site before and after it.

    >>> strip_site_name("Rain stops play | Sport | The Post", ["The Post"])
    'Rain stops play | Sport'
    """
    keys = {_key(site) for site in sites}
    while True:
        cuts = list(_LOOSE_SEPARATOR.finditer(title))
        if cuts and _key(title[cuts[-1].end() :]) in keys:
            title = title[: cuts[-1].start()].strip()
        elif cuts and _key(title[: cuts[0].start()]) in keys:
            title = title[cuts[0].end() :].strip()
        else:
            return title


def strip_suffixes(title: str, names: Sequence[str]) -> str:
    """Return a title without the names after it, such as names of sections.

    >>> strip_suffixes("Rain stops play | Sport | Cricket", ["Sport", "Cricket"])
    'Rain stops play'
    """
    keys = {_key(name) for name in names}
    while (cuts := list(TITLE_SEPARATOR.finditer(title))) and _key(title[cuts[-1].end() :]) in keys:
        title = title[: cuts[-1].start()].strip()
    return title


def is_site_name(text: str, sites: Sequence[str]) -> bool:
    """Return whether a text is the name of a site with at most one other word ("Support the Guardian")."""
    words = re.findall(r"\w+", text.lower())
    for site in sites:
        name = [word for word in re.findall(r"\w+", site.lower()) if word != "the"]
        rest = [word for word in words if word != "the"]
        if name and all(word in rest for word in name) and len(rest) - len(name) <= 1:
            return True
    return _key(text) in {_key(site) for site in sites}


def _metadata(page: WebPage, entry: LinkedEntry) -> Iterator[str]:
    """Yield the names of the site in meta elements, JSON-LD and microdata; some may be empty."""
    yield page.meta("og:site_name")
    yield entry.publisher or ""
    yield from entry.sites
    for element in page.root.xpath("//*[@itemprop='publisher']"):
        for name in element.xpath("descendant-or-self::*[@itemprop='name'] | self::*[not(*)]"):
            yield name.get("content") or text_of(page, name)
    yield from (page.meta(name) for name in ("application-name", "dc.publisher", "publisher"))


def _suffixes(titles: Sequence[str], headings: Sequence[str], hosts: Sequence[str]) -> Iterator[str]:
    """Yield the last parts of titles that follow the headline and are not part of it, or are in the host."""
    for title in titles:
        cuts = list(TITLE_SEPARATOR.finditer(title))
        last = title[cuts[-1].end() :] if cuts else ""
        before = _key(title.removesuffix(last))
        others = [other for other in (*headings, *titles) if other != title]
        is_after = any(before.startswith(_key(other)) and last not in other for other in others)
        if last and (is_after or _is_in_host(last, hosts)):
            yield last


def _logos(page: WebPage, hosts: Sequence[str]) -> Iterator[str]:
    """Yield the texts of links to the home page, and of the images in them."""
    for link in page.body.iter("a"):
        url = (link.get("href") or "").strip()
        is_home = url == "/" or (path_of(url) in ("", "/") and host_of(url) in hosts)
        if is_home and len(words := text_of(page, link)) <= _MAX_NAME_LENGTH:
            for text in (link.get("title"), link.get("aria-label"), *(image.get("alt") for image in link.iter("img"))):
                yield _LOGO_WORDS.sub("", text or "")
            yield words


def _copyrights(page: WebPage) -> Iterator[str]:
    """Yield the holders of copyright notices."""
    for block in page.lines:
        if len(block.text) <= _MAX_COPYRIGHT_LENGTH and (notice := _COPYRIGHT.search(block.text)):
            yield notice[1]


def _names(text: str) -> list[str]:
    """Return the names that a text may mean: the part before a slogan, and the whole; none if it cannot be a name."""
    whole = _URL_PREFIX.sub("", " ".join(text.split()).strip(" -|–—.,"))
    names = (TITLE_SEPARATOR.split(whole)[0].strip(), whole)
    return [
        name
        for name in dict.fromkeys(names)
        if len(name) <= _MAX_NAME_LENGTH and name.lower() not in _NOT_NAMES and _key(name)
    ]


def _is_in_host(name: str, hosts: Sequence[str]) -> bool:
    """Return whether a host contains a name, or has the name's first word as a label."""
    key, first = _key(name), name.split()[0].lower()
    return any(first in host.split(".") or (len(key) > 3 and key in re.sub(r"\W", "", host)) for host in hosts)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper()).removeprefix("T")


def _key(name: str) -> str:
    """Return a key that is the same for "The Hill", "TheHill" and "thehill.com"."""
    name = re.sub(r"\.(?:com?|org|net|info|[a-z]{2})(?:\.[a-z]{2})?$", "", name.lower())
    return "".join(re.findall(r"\w", name)).removeprefix("the")
