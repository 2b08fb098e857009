"""The records of languages are complete enough for the rules that combine them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from index.text.boilerplate import is_boilerplate
from index.text.header_lines import MARK
from index.text.languages import (
    ENGLISH,
    LANGUAGES,
    RUSSIAN,
    Language,
    alternatives,
    any_of,
    language_of,
    lines_of,
    words_of,
)


def texts_of(record: object) -> Iterator[str]:
    """Yield every string in a record."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, Mapping):
        for value in record.values():
            yield from texts_of(value)
    elif isinstance(record, tuple):
        for value in record:
            yield from texts_of(value)
    elif is_dataclass(record):
        for field in fields(record):
            yield from texts_of(getattr(record, field.name))


def test_codes_are_unique() -> None:
    assert [language.code for language in LANGUAGES] == ["en", "ru", "uk", "de", "pl", ""]


@pytest.mark.parametrize(
    ("code", "language"), [("en", ENGLISH), ("ru", RUSSIAN), ("fi", None), ("", None), (None, None)]
)
def test_a_language_by_its_code(code: str | None, language: Language | None) -> None:
    assert language_of(code) is language


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_calendars_are_whole(language: Language) -> None:
    assert len(language.months) == 12
    assert len(language.weekdays) in (0, 7)
    for name in (*language.months, *language.weekdays):
        assert set(name.names) <= set(name.forms)
        assert all(re.match(name.stem, form, re.IGNORECASE) for form in name.forms)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_pattern_compiles(language: Language) -> None:
    for text in texts_of(language):
        re.compile(text, re.VERBOSE)


def test_fields_of_all_languages_are_combined() -> None:
    assert words_of(lambda language: language.pages.ranges) == ["to", "until", "till", "по", "до", "bis"]
    assert alternatives(lambda language: language.sentences.eras) == r"н\.\s?э|н\.\s?е"
    assert lines_of(lambda language: language.pages.tag_headings)[:3] == ["tags", "topics", "related topics"]
    assert any_of(["a", "abc", "ab"]) == "abc|ab|a"


def test_every_month_of_a_date_has_one_number() -> None:
    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for number, month in enumerate(language.months, 1):
            for name in (*month.names, *month.short):
                numbers.setdefault(name.lower(), set()).add(number)
    assert {name: found for name, found in numbers.items() if len(found) > 1} == {}


@pytest.mark.parametrize("line", lines_of(lambda language: language.pages.website_lines))
def test_lines_of_websites_are_boilerplate_and_marks_of_a_header(line: str) -> None:
    assert is_boilerplate(line.capitalize())
    assert MARK.fullmatch(line.upper())
