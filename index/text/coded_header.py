"""The header of a copy from Factiva: codes of two or three letters, each with its value after or below it.

HD                               HD Rain stops play
Rain stops play                  PD 5 March 2022
PD                               SN The Leeds Post
5 March 2022                     LP
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.types import Span

_FIELDS = {"HD": "title", "BY": "author", "PD": "published", "SN": "source"}
_OTHERS = "SE CLM CR WC ET SC ED PG VOL LA CY PUB AN RF IN NS RE CO IPC IPD CT ART"
_BODY = ("LP", "TD")
_CODE = re.compile(rf"({'|'.join((*_FIELDS, *_OTHERS.split(), *_BODY))})(?:\s+(\S.*))?")
_LINES = 60  # of which a header has no more
_LEAST_CODES = 3


def find_codes(text: str, lines: Sequence[Span]) -> tuple[dict[str, str], int] | None:
    """Return what a header of codes states, and the offset of its end; None if the text has no such header."""
    stated: dict[str, str] = {}
    code = ""
    count = 0
    for start, end in lines[:_LINES]:
        line = text[start:end]
        match = _CODE.fullmatch(line)
        if not match and not code:
            return None
        if match:
            code, line = match[1], match[2] or ""
            count += 1
        if code in _BODY:
            return (stated, start + len(code)) if count >= _LEAST_CODES else None
        if line and code in _FIELDS:
            earlier = stated.get(_FIELDS[code])
            stated[_FIELDS[code]] = f"{earlier} {line}" if earlier else line
    return None
