"""Read a stated date: a moment, a day, or only the words where it is incomplete or ambiguous."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from index.text.days import is_placeholder, stated_day

_RFC_2822 = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC|UT|Z)")
_NO_DATE = re.compile(r"[-0:. TZ+]*")  # blank, or 0000-00-00 00:00:00


def parse_published(text: str | None) -> tuple[date | datetime | None, str | None]:
    """Return a stated date as (published, published_text), at most one of which is not None.

    ISO 8601, RFC 2822 (e-mail and RSS) and complete dates in words or figures are understood, with a label and a time
    around them. A moment without a time zone is reduced to its day. Everything else ("April 2", "03/04/2022") is
    returned as it is written, and a placeholder such as 0001-01-01 or the Unix epoch counts as no date.

    >>> parse_published("2022-04-02T10:00:00"), parse_published("April 2")
    ((datetime.date(2022, 4, 2), None), (None, 'April 2'))
    """
    if text is None or _NO_DATE.fullmatch(text):
        return None, None
    moment = _parse_datetime(text)
    if moment is not None:
        # The epoch may be written in a time zone in which it was still 1969.
        if is_placeholder(moment.date()) or (moment.tzinfo and is_placeholder(moment.astimezone(UTC).date())):
            return None, None
        return (moment if moment.tzinfo else moment.date()), None
    day = stated_day(text)
    return day, (None if day else text)


def _parse_datetime(text: str) -> datetime | None:
    """Return the moment that a machine-readable date states, midnight for a day; None for any other text."""
    try:
        if _RFC_2822.fullmatch(text):
            return parsedate_to_datetime(text)
        if re.match(r"\d{4}-\d\d-\d\d(?!\d)|\d{8}(?!\d)", text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return None
