"""The header of a copy from Factiva, whose lines are named by codes of two letters, with the value after or below them.

HD                               HD Rain stops play
Rain stops play                  PD 5 March 2022
PD                               SN The Leeds Post
5 March 2022                     LP
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.types import Span

FIELDS = {"HD": "title", "BY": "author", "PD": "published", "SN": "source"}
OTHERS = "SE CLM CR WC ET SC ED PG VOL LA CY PUB AN RF IN NS RE CO IPC IPD CT ART"
BODY = ("LP", "TD")
CODE = re.compile(rf"({'|'.join((*FIELDS, *OTHERS.split(), *BODY))})(?:\s+(\S.*))?")
LINES = 60  # within which a header ends
LEAST = 3  # codes


def find_codes(text: str, lines: Sequence[Span]) -> tuple[dict[str, str], int] | None:
    """Return what a header of codes states, and where it ends; None where the text has none."""
    stated: dict[str, str] = {}
    code = ""
    count = 0
    for start, end in lines[:LINES]:
        line = text[start:end]
        match = CODE.fullmatch(line)
        if not match and not code:
            return None
        if match:
            code, line = match[1], match[2] or ""
            count += 1
        if code in BODY:
            return (stated, start + len(code)) if count >= LEAST else None
        if line and code in FIELDS:
            before = stated.get(FIELDS[code])
            stated[FIELDS[code]] = f"{before} {line}" if before else line
    return None
