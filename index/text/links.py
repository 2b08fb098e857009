"""Normalise HTTP URLs as browsers do, and read their parts. Pure."""

from __future__ import annotations

import re
from string import printable
from urllib.parse import quote, urlsplit

from index.text.normalize import HALF

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^/?#\\\s@]*@)?(?P<host>(?:[\w-]+\.)*[\w-]+\.?|\[[0-9a-f:.]+\])(?::0*(?P<port>[0-9]{0,5}))?"
    r"(?P<path>[/\\][^?#]*)?(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_PORTS = 65_536  # of which the first is 0
_REMOVED = re.compile(r"[\t\r\n]")
_TRIMMED = "".join(map(chr, range(0x21)))
# Complements of the percent-encode sets of the WHATWG URL standard (1.3): characters that stay as they are. The percent
# sign is one of them.
_STAYS = printable[: printable.index(" ")]
_IN_PATH = re.sub(r'["#<>?^`{}]', "", _STAYS)
_IN_QUERY = re.sub(r"[\"#<>']", "", _STAYS)
_IN_FRAGMENT = re.sub(r'["<>`]', "", _STAYS)


def http_link(text: str | None) -> str | None:
    """Return the URL that a browser would open for a text; None unless it is an HTTP or HTTPS URL with a host.

    The host is not encoded, since the program that opens the link does that.

    >>> http_link('HTTPS://example.com/a?x=1&y=<b> "q"#é')
    'https://example.com/a?x=1&y=%3Cb%3E%20%22q%22#%C3%A9'
    """
    address = _ADDRESS.fullmatch(_REMOVED.sub("", text or "").strip(_TRIMMED))
    if address is None or int(address["port"] or 0) >= _PORTS:
        return None
    port = f":{address['port']}" if address["port"] else ""
    user = _escape(address["user"], _IN_PATH)
    path = _escape((address["path"] or "").replace("\\", "/"), _IN_PATH)
    query, fragment = (address["query"] or "")[1:], (address["fragment"] or "")[1:]
    return "".join(
        (
            *(address["scheme"].lower(), "://", user, address["host"], port, path),
            *(("?", _escape(query, _IN_QUERY)) if query else ()),
            *(("#", _escape(fragment, _IN_FRAGMENT)) if fragment else ()),
        )
    )


def _escape(part: str | None, stays: str) -> str:
    return quote(HALF.sub("\ufffd", part or ""), stays)


def host_of(address: str | None) -> str | None:
    """Return the host of an address without "www."; None if it has none."""
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def path_of(address: str) -> str | None:
    """Return the path of an address; None for an invalid one."""
    try:
        return urlsplit(address).path
    except ValueError:
        return None
