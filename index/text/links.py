"""Addresses as browsers understand them: what is none is none, and what may not stand in one is escaped. Pure."""

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
_PORTS = 65_536
_REMOVED = re.compile(r"[\t\r\n]")
_AROUND = "".join(map(chr, range(0x21)))
# The sets of "URL" of WHATWG, 1.3 and 4.4, each turned around: what stays as it is, the percent sign among it.
_STAYS = printable[: printable.index(" ")]
_IN_PATH = re.sub(r'["#<>?^`{}]', "", _STAYS)
_IN_QUERY = re.sub(r"[\"#<>']", "", _STAYS)
_IN_FRAGMENT = re.sub(r'["<>`]', "", _STAYS)


def http_link(text: str | None) -> str | None:
    """The link that a browser makes of what somebody wrote; None of what is no http or https address of a host.

    A host stays in letters, since whoever opens it turns them into ASCII.

    >>> http_link('HTTPS://example.com/a?x=1&y=<b> "q"#é')
    'https://example.com/a?x=1&y=%3Cb%3E%20%22q%22#%C3%A9'
    """
    address = _ADDRESS.fullmatch(_REMOVED.sub("", text or "").strip(_AROUND))
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
    """The host of an address without "www."; None where it has none."""
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def path_of(address: str) -> str | None:
    """The path of an address; None for what is no address."""
    try:
        return urlsplit(address).path
    except ValueError:
        return None
