"""What a site calls itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from index.parsers.linked_data import LinkedEntry
from index.parsers.page import WebPage, text_of
from index.text.links import host_of, path_of

LONGEST = 60  # code points of a name
LONGEST_CREDIT = 300  # code points of a block with a line of copyright
SEPARATOR = re.compile(r"\s+[|–—·•-]+\s+|\s*[|»«]\s*|\s+::\s+")
# Before or after a name that is known, these separate, too.
LOOSE = re.compile(rf"{SEPARATOR.pattern}|\s+[/~<>]\s+|\s*:\s+")
ADDRESS = re.compile(r"^(?:https?://\S*|www\.)", re.IGNORECASE)
NO_NAMES = frozenset(["home", "homepage", "index", "welcome", "news", "blog", "article", "hosted"])
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)(?:\s|©|\(c\)|\d{4}|[–,-])*(?:by\s)?([^\W\d][^©|]{1,60}?)"
    r"(?:,?\s(?:inc|llc|ltd)\b|[,.]?\s(?:all\srights|\d{4})|\.\s|\s?\||\.?$)",
    re.IGNORECASE,
)
LOGO_WORDS = re.compile(r"['’]s logo|\blogo\b|\bhome ?page\b|\bhome\b|^(?:visit|go to)(?: the)?\b", re.IGNORECASE)


def find_outlet(
    page: WebPage, entry: LinkedEntry, titles: Sequence[str], headings: Sequence[str], addresses: Sequence[str]
) -> str | None:
    """The name of the site: the first under which it states itself that its address or another statement confirms.

    It states itself in og:site_name, as the publisher of the article, as a site or an organization of JSON-LD, after
    the headline in the page's title, in its logo and in the line of its copyright. Of several spellings of a name that
    in the most words is taken. The address is the name only where nothing else is.
    """
    hosts = [host for address in addresses if (host := host_of(address))]
    titled, stated = list(_suffixes(titles, headings, hosts)), list(_metadata(page, entry))
    logos, copyrights = list(_logos(page, hosts)), list(_copyrights(page))
    texts = [*stated, *titled, *logos, *copyrights]
    sources = [*([text] for text in stated), titled, logos, copyrights]
    said = Counter(key for source in sources for key in {_key(name) for text in source for name in _names(text)})
    named = [name for text in texts for name in _names(text)]
    confirmed = (name for name in named if said[_key(name)] > 1 or _is_in_host(name, hosts))
    sure = (name for text in (*stated, *titled, *hosts, *copyrights) for name in _names(text))
    chosen = next(confirmed, None) or next(sure, None)
    if chosen is None:
        return None
    spellings = [name for name in named if _key(name) == _key(chosen)]
    spellings += [name for text in logos for name in _names(text) if chosen.isupper() and _initials(name) == chosen]
    last = {name for text in titled for name in _names(text)}
    return max(spellings or [chosen], key=lambda name: (len(name.split()), name != name.lower(), name in last))


def strip_site(title: str, sites: Sequence[str]) -> str:
    """A title without the site's name before or after it.

    >>> strip_site("Rain stops play | Sport | The Post", ["The Post"])
    'Rain stops play | Sport'
    """
    keys = {_key(site) for site in sites}
    while True:
        cuts = list(LOOSE.finditer(title))
        if cuts and _key(title[cuts[-1].end() :]) in keys:
            title = title[: cuts[-1].start()].strip()
        elif cuts and _key(title[: cuts[0].start()]) in keys:
            title = title[cuts[0].end() :].strip()
        else:
            return title


def strip_after(title: str, names: Sequence[str]) -> str:
    """A title without the names after it, as those of sections.

    >>> strip_after("Rain stops play | Sport | Cricket", ["Sport", "Cricket"])
    'Rain stops play'
    """
    keys = {_key(name) for name in names}
    while (cuts := list(SEPARATOR.finditer(title))) and _key(title[cuts[-1].end() :]) in keys:
        title = title[: cuts[-1].start()].strip()
    return title


def is_site(text: str, sites: Sequence[str]) -> bool:
    """Whether a text says nothing but a site's name and perhaps one more word ("Support the Guardian")."""
    words = re.findall(r"\w+", text.lower())
    for site in sites:
        name = [word for word in re.findall(r"\w+", site.lower()) if word != "the"]
        rest = [word for word in words if word != "the"]
        if name and all(word in rest for word in name) and len(rest) - len(name) <= 1:
            return True
    return _key(text) in {_key(site) for site in sites}


def _metadata(page: WebPage, entry: LinkedEntry) -> Iterator[str]:
    yield page.meta("og:site_name")
    yield entry.publisher or ""
    yield from entry.sites
    for element in page.root.xpath("//*[@itemprop='publisher']"):
        for name in element.xpath("descendant-or-self::*[@itemprop='name'] | self::*[not(*)]"):
            yield name.get("content") or text_of(page, name)
    yield from (page.meta(name) for name in ("application-name", "dc.publisher", "publisher"))


def _suffixes(titles: Sequence[str], headings: Sequence[str], hosts: Sequence[str]) -> Iterator[str]:
    """What titles say after the headline and the headline does not, or the address does."""
    for title in titles:
        cuts = list(SEPARATOR.finditer(title))
        last = title[cuts[-1].end() :] if cuts else ""
        before = _key(title.removesuffix(last))
        others = [other for other in (*headings, *titles) if other != title]
        is_after = any(before.startswith(_key(other)) and last not in other for other in others)
        if last and (is_after or _is_in_host(last, hosts)):
            yield last


def _logos(page: WebPage, hosts: Sequence[str]) -> Iterator[str]:
    """What links to the site's first page say."""
    for link in page.body.iter("a"):
        address = (link.get("href") or "").strip()
        is_root = address == "/" or (path_of(address) in ("", "/") and host_of(address) in hosts)
        if is_root and len(words := text_of(page, link)) <= LONGEST:
            for text in (link.get("title"), link.get("aria-label"), *(image.get("alt") for image in link.iter("img"))):
                yield LOGO_WORDS.sub("", text or "")
            yield words


def _copyrights(page: WebPage) -> Iterator[str]:
    for block in page.lines:
        if len(block.text) <= LONGEST_CREDIT and (said := COPYRIGHT.search(block.text)):
            yield said[1]


def _names(text: str) -> list[str]:
    """The names that a text may be: without the slogan after it, and with it."""
    name = ADDRESS.sub("", " ".join(text.split()).strip(" -|–—.,"))
    whole = (SEPARATOR.split(name)[0].strip(), name)
    return [one for one in dict.fromkeys(whole) if len(one) <= LONGEST and one.lower() not in NO_NAMES and _key(one)]


def _is_in_host(name: str, hosts: Sequence[str]) -> bool:
    """Whether an address is made of a name, or has its first word as a part."""
    key, first = _key(name), name.split()[0].lower()
    return any(first in host.split(".") or (len(key) > 3 and key in re.sub(r"\W", "", host)) for host in hosts)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper()).removeprefix("T")


def _key(name: str) -> str:
    """What is the same of "The Hill", "TheHill" and "thehill.com"."""
    name = re.sub(r"\.(?:com?|org|net|info|[a-z]{2})(?:\.[a-z]{2})?$", "", name.lower())
    return "".join(re.findall(r"\w", name)).removeprefix("the")
