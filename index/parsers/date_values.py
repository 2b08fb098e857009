"""What a stated date is worth: a day, a moment, or only its own words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from index.text.days import is_placeholder, stated_day

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RFC_2822 = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC|UT|Z)")
NO_DATE = re.compile(r"[-0:. TZ+]*")  # 0000-00-00 00:00:00


def parse_published(text: str | None) -> tuple[date | datetime | None, str | None]:
    """A date as (published, published_text), of which at most one is not None.

    ISO 8601, the form of e-mail and feeds (RFC 2822) and days in words or figures with their year are understood, with
    a label and a time around them. Of a moment without a time zone only the day is kept. All else ("April 2",
    "03/04/2022") is kept as it is written, and a placeholder such as 0001-01-01 is no date.

    >>> parse_published("2022-04-02T10:00:00"), parse_published("April 2")
    ((datetime.date(2022, 4, 2), None), (None, 'April 2'))
    """
    if text is None or NO_DATE.fullmatch(text):
        return None, None
    moment = parse_moment(text)
    if moment is not None:
        if is_placeholder(moment.date()) or (moment.tzinfo and moment == EPOCH):
            return None, None
        return (moment if moment.tzinfo else moment.date()), None
    day = stated_day(text)
    return day, (None if day else text)


def parse_moment(text: str) -> datetime | None:
    """A moment, or a day at midnight, in the forms that machines write."""
    try:
        if RFC_2822.fullmatch(text):
            return parsedate_to_datetime(text)
        if re.match(r"\d{4}-\d\d-\d\d(?!\d)|\d{8}(?!\d)", text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return None
