"""Make an Article of the fields and the text that a parser found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from index.limits import FIELD, FIELD_ITEMS
from index.parsers.date_values import parse_published
from index.parsers.decoding import replace_c1_controls
from index.parsers.fields import MAX_ID_LENGTH, Fields
from index.parsers.headline import find_headline
from index.parsers.problems import Problem, Warn
from index.text.boilerplate import HEAD, is_boilerplate, text_lines
from index.text.datelines import Dateline, is_credit, parse_dateline
from index.text.days import stated_day
from index.text.header import Header, find_header
from index.text.links import http_link
from index.types import Article, Span

_MAX_SHOWN_URL = 100  # code points of an invalid URL that a warning quotes


def make_article(fields: Fields, text: str, name: str, origin: str, warn: Warn, *, use_header: bool = False) -> Article:
    """Return the article of a text and its fields; `name` is its id if the fields have neither an id nor a URL.

    With `use_header`, missing fields are taken from the header at the start of the text (as newspaper archives and
    press releases have it) and from the headline above the story. A dateline at the start of the story supplies the
    place, and the outlet and the day if they are still missing. A URL is normalized; if it is invalid, the article has
    none and a warning is given.
    """
    for field in fields.too_long:
        limits = f"{FIELD:,} characters, or {FIELD_ITEMS} items"
        warn(Problem(origin, f"{field}: is too long (at most {limits}); it is ignored", False))
    text = replace_c1_controls(text)
    lines = text_lines(text)
    header = find_header(text, lines)
    if use_header:
        fields = _fill_from_text(fields, text, header)
    title = replace_c1_controls(fields.title) if fields.title else None
    url = http_link(fields.url)
    if fields.url and url is None:
        shown = fields.url if len(fields.url) <= _MAX_SHOWN_URL else f"{fields.url[:_MAX_SHOWN_URL]}…"
        warn(Problem(origin, f"url: {shown!r} is not an http or https address; the article has no link", False))
    published, published_text = parse_published(fields.published)
    dateline = _find_dateline(text, lines if header is None else [x for x in lines if x.start >= header.end], title)
    if dateline and dateline.day_text and not fields.published:
        published = stated_day(dateline.day_text)
        published_text = None if published else dateline.day_text
    return Article(
        id=fields.id or (fields.url if url and fields.url and len(fields.url) <= MAX_ID_LENGTH else name),
        text=text,
        origin=origin,
        title=title,
        url=url,
        source=fields.source or (dateline.source if dateline else None),
        published=published,
        published_text=published_text,
        place=dateline.place if dateline else None,
        language=_language(fields.language),
        authors=fields.authors,
        tags=fields.tags,
        modified=_day(fields.modified),
    )


def _fill_from_text(fields: Fields, text: str, header: Header | None) -> Fields:
    """Return the fields with missing ones filled in from the header, if there is one, and the headline."""
    if header is None:
        return replace(fields, title=fields.title or find_headline(text))
    rest = "\n\n".join((*header.free, text[header.end :]))
    return replace(
        fields,
        title=fields.title or header.title or find_headline(rest),
        source=fields.source or header.source,
        published=fields.published or header.published,
        modified=fields.modified or header.modified,
        authors=fields.authors or header.authors,
    )


def _day(text: str | None) -> date | None:
    """Return the day of a stated date, None unless the date is complete and unambiguous."""
    published, _ = parse_published(text)
    return published.date() if isinstance(published, datetime) else published


def _find_dateline(text: str, lines: Sequence[Span], title: str | None) -> Dateline | None:
    """Return the dateline in the first of the lines; one without an outlet counts on the story's first line only."""
    is_first = True
    for start, end in lines[:HEAD]:
        line = text[start:end]
        if is_boilerplate(line) or line == title:
            continue
        dateline = parse_dateline(line)
        if dateline and (is_first or dateline.source):
            return dateline
        is_first = is_first and is_credit(line)
    return None


def _language(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of a language tag such as "en-GB", None where there is none.

    The language of such an article is detected later.
    """
    code = re.split("[-_]", tag)[0].lower() if tag else ""
    return code if re.fullmatch("[a-z]{2}", code) else None
