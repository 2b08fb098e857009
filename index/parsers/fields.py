"""The fields that a row, front matter or a page states about its article, checked and normalized."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.limits import FIELD, FIELD_ITEMS
from index.parsers.decoding import replace_c1_controls

MAX_ID_LENGTH = 1000  # code points; an id is a key of the store and is shown in messages
_LIMITED_FIELDS = ("title", "url", "published", "source", "language", "authors", "tags")


class FieldError(ValueError):
    """Raised for the value of a field that cannot be used; `field` is the field's name."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Fields:
    """The stated fields of an article, each as it is written; None or empty where nothing is stated."""

    id: str | None = None
    title: str | None = None
    url: str | None = None
    published: str | None = None
    modified: str | None = None
    source: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    too_long: tuple[str, ...] = ()  # the names of fields that were dropped because they are too long


def check_fields(values: Mapping[str, object]) -> Fields:
    """Return the fields among the values; unknown keys are ignored, and null and blank values count as missing.

    The names of values that are too long are kept in `too_long`. Raises FieldError for a value of the wrong type.
    """
    too_long = tuple(name for name in _LIMITED_FIELDS if _is_too_long(values.get(name)))
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
    """Return the text of an article; raises FieldError if it is missing, blank or cannot be stored."""
    if text is None:
        raise FieldError("text", "is missing")
    if not isinstance(text, str):
        raise FieldError("text", f"must be a string, not {_type_name(text)}")
    if not text.strip():
        raise FieldError("text", "is empty")
    _check_characters("text", text)
    return text


def _identifier(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        value = str(value)
    text = _line("id", value)
    if text and len(text) > MAX_ID_LENGTH:
        raise FieldError("id", f"is longer than {MAX_ID_LENGTH} characters")
    return text


def _line(field: str, value: object) -> str | None:
    """Return the value of a field on one line; only the text of an article keeps its white space."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise FieldError(field, f"must be a string, not {_type_name(value)}")
    _check_characters(field, value)
    return " ".join(replace_c1_controls(value).split()) or None


def _address(value: object) -> str | None:
    """Return a URL on one line; where it was wrapped, the parts are joined without a space."""
    return _line("url", re.sub(r"\s*[\r\n]\s*", "", value) if isinstance(value, str) else value)


def _lines(field: str, value: object) -> tuple[str, ...]:
    """Return the items of a list of strings; a single string counts as a list of one."""
    values = value if isinstance(value, list) else [value]
    return tuple(line for item in values if (line := _line(field, item)))


def _check_characters(field: str, text: str) -> None:
    """Raise FieldError for characters that cannot be stored."""
    if "\0" in text:
        raise FieldError(field, "contains a NUL character; remove it")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        surrogate = ord(text[error.start])
        raise FieldError(field, f"contains half a character (\\u{surrogate:04x}) and cannot be stored") from None


def _type_name(value: object) -> str:
    """Return the name that JSON has for the type of a value."""
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)
