"""What a row, front matter or a page states about its article, checked, and made into an Article."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from index.limits import FIELD, FIELD_ITEMS
from index.parsers.date_values import parse_published
from index.parsers.decoding import readable
from index.parsers.problems import Problem, Warn
from index.text.boilerplate import HEAD, is_boilerplate, text_lines
from index.text.datelines import Dateline, is_credit, parse_dateline
from index.text.days import stated_day
from index.text.header import find_header
from index.text.links import http_link
from index.types import Article

_NAMES = ("title", "url", "published", "source", "language", "authors", "tags")
_SHOWN = 100  # code points of an address that is none
LONGEST_ID = 1000  # code points; an id is a key in the store and is shown in messages


class FieldError(ValueError):
    """A field that cannot be used; `field` is its name."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Fields:
    """What a source states, as it states it; None and empty where it does not."""

    id: str | None = None
    title: str | None = None
    url: str | None = None
    published: str | None = None
    modified: str | None = None
    source: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    too_long: tuple[str, ...] = ()  # the names of fields that are not taken for their length


def check_fields(values: Mapping[str, object]) -> Fields:
    """The known fields among the values; others are ignored, and null and blank ones are missing.

    Of one that is too long only the name is kept. Raises FieldError for a field of the wrong type.
    """
    too_long = tuple(name for name in _NAMES if _is_too_long(values.get(name)))
    values = {name: value for name, value in values.items() if name not in too_long}
    return Fields(
        too_long=too_long,
        id=_identifier(values.get("id")),
        title=_line("title", values.get("title")),
        url=_address(values.get("url")),
        published=_line("published", values.get("published")),
        modified=_line("modified", values.get("modified")),
        source=_line("source", values.get("source")),
        language=_line("language", values.get("language")),
        authors=_lines("authors", values.get("authors")),
        tags=_lines("tags", values.get("tags")),
    )


def _is_too_long(value: object) -> bool:
    if isinstance(value, list):
        return len(value) > FIELD_ITEMS or any(isinstance(item, str) and len(item) > FIELD for item in value)
    return isinstance(value, str) and len(value) > FIELD


def check_text(text: object) -> str:
    """The text of an article; raises FieldError for one that is missing, blank or cannot be stored."""
    if text is None:
        raise FieldError("text", "is missing")
    if not isinstance(text, str):
        raise FieldError("text", f"must be a string, and is {_kind(text)}")
    if not text.strip():
        raise FieldError("text", "is empty")
    _check_characters("text", text)
    return text


def make_article(fields: Fields, text: str, name: str, origin: str, warn: Warn) -> Article:
    """The article that fields and text make; `name` is its id where the fields have neither id nor URL.

    A dateline at the start of the story fills in the place, the outlet and the day where the fields are silent. A URL
    is made one that opens; one that cannot be is warned of.
    """
    for field in fields.too_long:
        warn(Problem(origin, f"{field}: is too long ({FIELD:,} characters are read); it is ignored", False))
    text, title = readable(text), readable(fields.title) if fields.title else None
    url = http_link(fields.url)
    if fields.url and url is None:
        shown = fields.url if len(fields.url) <= _SHOWN else f"{fields.url[:_SHOWN]}…"
        warn(Problem(origin, f"url: {shown!r} is no http or https address; the article has no link", False))
    published, published_text = parse_published(fields.published)
    dateline = _find_dateline(text, title)
    if dateline and dateline.day_text and not fields.published:
        published = stated_day(dateline.day_text)
        published_text = None if published else dateline.day_text
    return Article(
        id=fields.id or (fields.url if url and fields.url and len(fields.url) <= LONGEST_ID else name),
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


def _day(text: str | None) -> date | None:
    """The day of a stated date, if it is a whole one."""
    stated, _ = parse_published(text)
    return stated.date() if isinstance(stated, datetime) else stated


def _find_dateline(text: str, title: str | None) -> Dateline | None:
    """The dateline of the first lines; a place without an outlet counts on the story's very first line only."""
    is_first = True
    lines = text_lines(text)
    header = find_header(text, lines)
    for start, end in [line for line in lines if header is None or line.start >= header.end][:HEAD]:
        line = text[start:end]
        if is_boilerplate(line) or line == title:
            continue
        dateline = parse_dateline(line)
        if dateline and (is_first or dateline.source):
            return dateline
        is_first = is_first and is_credit(line)
    return None


def _identifier(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        value = str(value)
    text = _line("id", value)
    if text and len(text) > LONGEST_ID:
        raise FieldError("id", f"is longer than {LONGEST_ID} characters")
    return text


def _line(field: str, value: object) -> str | None:
    """A field that is shown on one line; only the text of an article keeps its white space."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise FieldError(field, f"must be a string, and is {_kind(value)}")
    _check_characters(field, value)
    return " ".join(readable(value).split()) or None


def _address(value: object) -> str | None:
    """An address on one line; where it was wrapped, nothing was meant to stand."""
    return _line("url", re.sub(r"\s*[\r\n]\s*", "", value) if isinstance(value, str) else value)


def _lines(field: str, value: object) -> tuple[str, ...]:
    """A list of strings, or one string for a list of one."""
    values = value if isinstance(value, list) else [value]
    return tuple(line for item in values if (line := _line(field, item)))


def _language(code: str | None) -> str | None:
    """ISO 639-1 of a language tag such as "en-GB"; anything else is left to the detection of languages."""
    first = re.split("[-_]", code)[0].lower() if code else ""
    return first if re.fullmatch("[a-z]{2}", first) else None


def _check_characters(field: str, text: str) -> None:
    if "\0" in text:
        raise FieldError(field, "holds a NUL character; remove it")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        bad = ord(text[error.start])
        raise FieldError(field, f"holds half of a character (\\u{bad:04x}), which no text can be stored with") from None


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), type(value).__name__)
