"""Which address of a page is that of its article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from index.links import http_link

META = re.compile(r"<meta\b[^>]{0,1000}>", re.IGNORECASE)
OG_URL = re.compile(r"\b(?:property|name)\s*=\s*[\"']?og:url\b", re.IGNORECASE)
CONTENT = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")  # as browsers write into pages that they save
WITHIN = 200_000  # characters of a page


def article_address(page: str, stated: str | None) -> str | None:
    """Return the address that a page states for its article, or its own, where the stated one is another site's.

    A page that took its article from elsewhere names that as the canonical one, which is not what was read.

    >>> article_address('<meta property="og:url" content="https://copy.example/a">', "https://first.example/a")
    'https://copy.example/a'
    """
    own = _own_address(page[:WITHIN])
    return own if own and (stated is None or _site(stated) != _site(own)) else stated


def _own_address(page: str) -> str | None:
    saved = SAVED_FROM.search(page)
    contents = (CONTENT.search(meta[0]) for meta in META.finditer(page) if OG_URL.search(meta[0]))
    stated = [saved[1]] if saved else [content[1] or content[2] or "" for content in contents if content]
    return next((address for address in stated if http_link(address)), None)


def _site(address: str) -> str:
    """The host without what the same site has before it for phones and such."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www|m|mobile|amp)\.", "", host)
