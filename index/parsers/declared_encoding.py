"""The encoding that a web page declares."""

from __future__ import annotations

import re

_SEARCHED_BYTES = 4096  # browsers search the first 1024, but pages declare it later, too
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARATION = re.compile(
    rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w:.-]+)|\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w:.-]+)",
    re.IGNORECASE,
)


def declared_label(page: bytes) -> str | None:
    """Return the encoding label of the first declaration outside of comments, None where there is none.

    >>> declared_label(b'<!-- <meta charset=utf-8> --><meta charset="iso-8859-1">')
    'iso-8859-1'
    """
    match = _DECLARATION.search(_COMMENT.sub(b"", page[:_SEARCHED_BYTES]))
    return (match[1] or match[2]).decode("ascii", "replace") if match else None
