"""Texts: days, numbers, plural forms and values in two languages, and what is wrong with a catalogue."""

from __future__ import annotations

from datetime import date

import pytest

from retrieval.presentation.texts import Texts, languages, texts_for

EN, RU = texts_for("en"), texts_for("ru")


def test_there_are_catalogues() -> None:
    assert languages() == ("en", "ru")


@pytest.mark.parametrize(
    ("code", "default", "language"),
    [
        ("ru", "en", "ru"),
        ("ru-RU", "en", "ru"),
        ("RU_ru.UTF-8", "en", "ru"),
        ("en-GB", "ru", "en"),
        ("xx", "ru", "ru"),
        (None, "ru", "ru"),
        ("", "en", "en"),
        ("../ru", "en", "en"),
        ("xx", "yy", "en"),
    ],
)
def test_a_language_code_selects_texts_or_the_default(code: str | None, default: str, language: str) -> None:
    assert texts_for(code, default).language == language


@pytest.mark.parametrize(
    ("texts", "id", "values"),
    [(EN, "no-such-message", {}), (RU, "no-such-message", {}), (EN, "said-by", {}), (EN, "said-by", {"NAME": "x"})],
)
def test_an_unknown_message_or_a_missing_value_is_a_key_error(texts: Texts, id: str, values: dict[str, str]) -> None:
    with pytest.raises(KeyError, match=id):
        texts(id, **values)


def test_a_catalogue_that_cannot_be_parsed_is_named() -> None:
    with pytest.raises(ValueError, match=r"^en\.ftl: cannot be read: 'b = \{'$"):
        Texts("en", "a = A\nb = {\n")


@pytest.mark.parametrize(
    ("since", "until", "english", "russian"),
    [
        (date(2022, 4, 2), date(2022, 4, 2), "2 April 2022", "2 апреля 2022"),
        (date(2022, 3, 1), date(2022, 3, 31), "1–31 March 2022", "1–31 марта 2022"),
        (date(2022, 5, 31), date(2022, 6, 1), "31 May – 1 June 2022", "31 мая – 1 июня 2022"),
        (date(2021, 3, 1), date(2022, 3, 31), "1 March 2021 – 31 March 2022", "1 марта 2021 – 31 марта 2022"),
        (date(2022, 3, 5), None, "since 5 March 2022", "с 5 марта 2022"),
        (None, date(2022, 3, 5), "until 5 March 2022", "по 5 марта 2022"),
    ],
)
def test_days(since: date | None, until: date | None, english: str, russian: str) -> None:
    assert (EN.days(since, until), RU.days(since, until)) == (english, russian)


def test_a_period_has_a_day() -> None:
    with pytest.raises(ValueError, match="a period needs a day"):
        EN.days(None, None)


def test_a_day_and_a_number() -> None:
    assert (EN.day(date(2022, 4, 2)), RU.day(date(2022, 4, 2))) == ("2 April 2022", "2 апреля 2022")
    assert (EN.number(2205), RU.number(2205)) == ("2,205", "2\u00a0205")


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (1, "and one more quote", "и ещё 1 цитата"),
        (2, "and 2 more quotes", "и ещё 2 цитаты"),
        (5, "and 5 more quotes", "и ещё 5 цитат"),
        (11, "and 11 more quotes", "и ещё 11 цитат"),
        (21, "and 21 more quotes", "и ещё 21 цитата"),
        (22, "and 22 more quotes", "и ещё 22 цитаты"),
        (1200, "and 1,200 more quotes", "и ещё 1\u00a0200 цитат"),
    ],
)
def test_plurals(count: int, english: str, russian: str) -> None:
    assert (EN("more-left", count=count), RU("more-left", count=count)) == (english, russian)


@pytest.mark.parametrize(
    ("put", "shown"),
    [
        ("rain { $x } <b>", "rain { $x } <b>"),
        ("a\nb\x1b[1m\u202ec\u200bd", "a b[1mcd"),
        ("\u200b", ""),
        ("word " * 1000, "word " * 198 + "word…"),
    ],
)
def test_a_value_becomes_one_line_without_control_characters(put: str, shown: str) -> None:
    assert EN("understood", question=put) == f"understood as: {shown}"


def test_another_language_needs_only_a_catalogue() -> None:
    source = 'day = { DAY($day, pattern: "d. MMMM y") }\nmore-left = noch { $count }\n'
    german = Texts("de", source)
    assert (german.day(date(2022, 3, 1)), german("more-left", count=1200)) == ("1. März 2022", "noch 1.200")


def test_a_later_catalogue_adds_messages_and_replaces_none() -> None:
    texts = Texts("en", "a = A\n", "b = { a } and B\n")
    assert (texts("a"), texts("b")) == ("A", "A and B")
    with pytest.raises(ValueError, match=r"^en\.ftl: a is in another catalogue already$"):
        Texts("en", "a = A\n", "b = B\na = again\n")
