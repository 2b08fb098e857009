from __future__ import annotations

from datetime import date

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from index.text.datelines import MONTHS
from index.text.days import find_days, stated_day
from index.text.header_lines import dated

MARCH = date(2022, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "5 March 2022",
        "March 5, 2022 Saturday",
        "Saturday, 5 March 2022",
        "5 March 2022, 14:30 GMT",
        "Published: 5 March 2022",
        "Published on March 5th, 2022 at 2:30 p.m. ET",
        "2022-03-05T14:30:00+02:00",
        "2022/03/05",
        "05.03.2022, 14:30",
        "Sat Mar 05 2022 14:30:00 GMT+0000",
        "March 5 15:23 2022",
        "02:30:07 PM IST Mar 5, 2022",
        "13:30, 5 марта 2022 г.",
        "Опубликовано: 5 марта 2022 года, 17:30",
        "5 березня 2022 року",
        "Stand: 5. März 2022, 14:30 Uhr",
        "5 de marzo de 2022",
        "2022年3月5日",
    ],
)
def test_unambiguous_days(text: str) -> None:
    assert stated_day(text) == MARCH
    said = dated(text, False)
    assert said is not None
    assert stated_day(said.published or "") == MARCH


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 ARALIK 2022", date(2022, 12, 5)),
        ("5 Kasım 2022", date(2022, 11, 5)),
        ("5 KASIM 2022", date(2022, 11, 5)),
        ("NİSAN 5, 2022", date(2022, 4, 5)),
        ("5 HAZİRAN 2022", date(2022, 6, 5)),
        ("5 MÄRZ 2022", date(2022, 3, 5)),
        ("5 МАРТА 2022", date(2022, 3, 5)),
        ("5 ſeptember 2022", date(2022, 9, 5)),
    ],
)
def test_months_in_any_case(text: str, day: date) -> None:
    assert stated_day(text) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("03/04/2022", (date(2022, 4, 3), date(2022, 3, 4))),
        ("03-04-2022", (date(2022, 4, 3), date(2022, 3, 4))),
        ("Wed, 04/06/2022 - 10:30", (date(2022, 6, 4), date(2022, 4, 6))),
        ("05/10/18", (date(2018, 10, 5), date(2018, 5, 10), date(2005, 10, 18))),
    ],
)
def test_a_date_with_two_readings_yields_no_day(text: str, days: tuple[date, ...]) -> None:
    assert [reading.days for reading in find_days(text)] == [days]
    assert stated_day(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("26/03/2022", date(2022, 3, 26)), ("03/26/2022", date(2022, 3, 26)), ("04/04/2022", date(2022, 4, 4))],
)
def test_figures_with_one_reading(text: str, day: date) -> None:
    assert stated_day(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "5 March", "March 2022", "2022", "31 February 2022", "0001-01-01T00:00:00Z", "1970-01-01", "15/13/2022",
     "version 1.2.2022.4", "5 March 2022 and 6 March 2022"],
)  # fmt: skip
def test_no_day_is_stated(text: str) -> None:
    assert stated_day(text) is None


@pytest.mark.parametrize(
    "text",
    ["On 5 March 2022 it rained.", "Updated: 5 March 2022", "Last modified on 5 March 2022", "Обновлено 5 марта 2022",
     "Zuletzt aktualisiert: 5. März 2022", "Rain of 5 March 2022"],
)  # fmt: skip
def test_lines_without_a_day_of_publication(text: str) -> None:
    said = dated(text, False)
    assert said is None or said.published is None


def test_the_day_of_a_change_is_distinguished() -> None:
    readings = list(find_days("Published 5 March 2022, 10:00. Updated 6 March 2022, 11:00"))
    assert [(reading.day, reading.is_update) for reading in readings] == [(MARCH, False), (date(2022, 3, 6), True)]


LANGUAGES = "en ru uk de fr es it pt nl pl tr sv id be bg cs da el fi ro sk"


@pytest.mark.parametrize("language", LANGUAGES.split())
def test_months_of_a_language(language: str) -> None:
    names = Locale.parse(language).months["format"]["wide"]
    assert {number: MONTHS.get(name.lower()) for number, name in names.items()} == {n: n for n in range(1, 13)}


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_a_day_in_any_unambiguous_form_is_read_back(day: date) -> None:
    for form in (
        f"{day:%d.%m.%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
    ):
        assert stated_day(form) == day


@given(st.text(alphabet="0123456789 ./-:TZмартаMarch,PublishedUpdated", max_size=200))
def test_dates_are_slices_in_order(text: str) -> None:
    end = 0
    for reading in find_days(text):
        assert text[reading.start : reading.end] == reading.text
        assert end <= reading.start
        end = reading.end


@pytest.mark.parametrize(
    "text",
    [
        "Born: 5 May 1960",
        "Died 3 March 2020",
        "5 May 1940 – 3 March 2020",
        "from 5 May 2022 to 9 May 2022",
        "Application deadline: 5 May 2022",
        "Event date: 5 May 2022",
        "Date of birth: 5 May 1960",
        "Due 5 May 2022",
        "Fact-checked on 5 May 2022",
        "Дата рождения: 5 мая 1960",
        "Родился 5 мая 1960",
        "Release date: 5 May 2010",
    ],
)
def test_a_label_of_another_date(text: str) -> None:
    assert list(find_days(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Date: 5 March 2022",
        "Publication date: 5 March 2022",
        "Time: 5 March 2022",
        "Jane Doe, Reuters: 5 March 2022",
        "By Ali Mohammed on 5 March 2022",
        "Дата публикации: 5 марта 2022",
        "Edition of 5 March 2022",
        "Clyfford Still 5 March 2022",
        "Posted on: Saturday, 5 March 2022",
    ],
)
def test_a_label_of_publication(text: str) -> None:
    assert [(day.days, day.is_update) for day in find_days(text)] == [((MARCH,), False)]


@pytest.mark.parametrize("verb", ["amended", "corrected", "republished", "updated"])
def test_a_verb_of_a_change(verb: str) -> None:
    assert [day.is_update for day in find_days(f"This article was {verb} on 5 March 2022")] == [True]


@pytest.mark.parametrize("text", ["Feb 29, 2023", "April 2", "April 2022", "03/04/2022", "2 April 22"])
def test_incomplete_or_invalid_dates(text: str) -> None:
    assert stated_day(text) is None


@given(st.dates(min_value=date(1900, 1, 2)).filter(lambda day: day != date(1970, 1, 1)))
def test_a_day_in_words_is_read_back(day: date) -> None:
    assert stated_day(f"{day:%B} {day.day}, {day.year}") == day
    assert stated_day(f"{day:%A}, {day.day} {day:%b} {day.year}") == day
