"""With which label a web page declares its encoding."""

from __future__ import annotations

import re

WITHIN = 4096  # bytes; browsers look at the first 1024, and pages get it wrong
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
LABEL = re.compile(
    rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w:.-]+)|\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w:.-]+)",
    re.IGNORECASE,
)


def declared_label(page: bytes) -> str | None:
    """Return the label of the first declaration that is no comment.

    >>> declared_label(b'<!-- <meta charset=utf-8> --><meta charset="iso-8859-1">')
    'iso-8859-1'
    """
    match = LABEL.search(COMMENT.sub(b"", page[:WITHIN]))
    return (match[1] or match[2]).decode("ascii", "replace") if match else None
