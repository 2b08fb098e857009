from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Span
from retrieval.query.periods import Period, asks_for_anything, find_period, is_history, is_relative
from tests.support import paths

ASKED = datetime(2022, 4, 13, 15, tzinfo=UTC)  # a Wednesday


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=15, tzinfo=UTC)


CASES = [
    [field.strip() for field in line.split("|")]
    for line in (paths.CASES / "periods.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("asked", "text", "phrase", "since", "until"), [case for case in CASES if case[2:]])
def test_questions_with_a_period(asked: str, text: str, phrase: str, since: str, until: str) -> None:
    period = find_period(text, at(asked))
    assert period is not None
    assert text[slice(*period.span)] == phrase
    assert [day and day.isoformat() for day in (period.since, period.until)] == [since or None, until or None]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("What happened on 5 March?", date(2022, 3, 5)),
        ("What happened yesterday?", date(2022, 4, 12)),
        ("Что было 5 дней назад?", date(2022, 4, 8)),
        ("Who won on Monday and Tuesday?", date(2022, 4, 12)),
        ("Who won last weekend?", date(2022, 4, 10)),
        ("What happened in March?", None),
        ("Who met since Monday?", None),
    ],
)
def test_the_last_day_meant_before_days_of_reporting(text: str, last: date | None) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert period.last == last


@pytest.mark.parametrize(("asked", "text"), [case for case in CASES if not case[2:]])
def test_questions_without_a_period(asked: str, text: str) -> None:
    assert find_period(text, at(asked)) is None


def test_half_of_the_cases_have_no_period() -> None:
    assert len(CASES) >= 300
    assert len([case for case in CASES if not case[2:]]) * 2 >= len(CASES)


def test_an_empty_question_has_no_period() -> None:
    assert find_period("", ASKED) is None


@pytest.mark.parametrize(
    ("text", "phrase", "since", "until"),
    [
        ("What did Rogozin say in February?\nand in March?", "in March", "2022-03-01", "2022-03-31"),
        ("What did Rogozin say in February?\nWhat about March?", "What about March", "2022-03-01", "2022-03-31"),
        ("Что сказал Рогозин в феврале?\nа что насчёт марта?", "насчёт марта", "2022-03-01", "2022-03-31"),
        ("What did Rogozin say yesterday?\nand today?", "today", "2022-04-13", "2022-04-13"),
        ("What did Rogozin say in February?\nand in March?\nWhy?", "in March", "2022-03-01", "2022-03-31"),
        ("Who resigned in February?\nWhat about May?", "in February", "2022-02-01", "2022-02-28"),  # Theresa May
    ],
)
def test_the_last_line_that_names_a_period_counts(text: str, phrase: str, since: str, until: str) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert text[slice(*period.span)] == phrase
    assert (period.since, period.until) == (date.fromisoformat(since), date.fromisoformat(until))


def test_a_list_of_periods_in_the_last_line_is_one_period() -> None:
    period = find_period("What did Rogozin say in February?\nand in March or yesterday?", ASKED)
    assert period is not None
    assert (period.since, period.until) == (date(2022, 3, 1), date(2022, 4, 13))


def test_days_are_relative_to_the_time_zone_of_asking() -> None:
    moscow = datetime.fromisoformat("2022-04-13T00:30+03:00")
    for asked, yesterday in ((moscow, 12), (moscow.astimezone(UTC), 11)):
        period = find_period("What happened yesterday?", asked)
        assert period is not None
        assert period.since == date(2022, 4, yesterday)


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (date(2022, 3, 1), date(2022, 3, 31), "looking at 1–31 March 2022"),
        (date(2022, 4, 2), date(2022, 4, 2), "looking at 2 April 2022"),
        (date(2022, 3, 28), date(2022, 4, 3), "looking at 28 March – 3 April 2022"),
        (date(2021, 12, 30), date(2022, 1, 2), "looking at 30 December 2021 – 2 January 2022"),
        (date(2022, 4, 5), None, "looking at 5 April 2022 and later"),
        (None, date(2022, 4, 5), "looking at 5 April 2022 and earlier"),
    ],
)
def test_notes_for_people(since: date | None, until: date | None, text: str) -> None:
    assert Period(since, until, Span(0, 1)).text == text


@pytest.mark.parametrize(("since", "until"), [(None, None), (date(2022, 4, 2), date(2022, 4, 1))])
def test_a_period_without_a_day_cannot_be_made(since: date | None, until: date | None) -> None:
    with pytest.raises(ValueError, match="there is no day from"):
        Period(since, until, Span(0, 1))


@pytest.mark.parametrize(
    ("since", "until", "first", "history"),
    [
        (date(2004, 1, 1), None, date(2012, 1, 1), True),
        (date(2004, 1, 1), date(2004, 1, 4), date(2012, 1, 1), True),
        (date(2004, 1, 1), date(2012, 1, 1), date(2012, 1, 1), False),
        (date(2022, 4, 4), date(2022, 4, 10), date(2022, 4, 11), False),  # no article is found, which is correct
        (date(2022, 4, 4), date(2022, 4, 10), None, True),
    ],
)
def test_a_period_before_the_first_article_is_history(
    since: date, until: date | None, first: date | None, history: bool
) -> None:
    assert is_history(Period(since, until, Span(0, 1)), ASKED, first) is history


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        ("Who won two weeks ago?", True),
        ("Who won 12 days ago?", True),
        ("Who won on Friday last week?", False),
        ("Who won this week?", False),
        ("Who won yesterday?", False),
        ("Кто победил три дня назад?", True),
        ("Кто победил третьего дня?", False),
        ("Who won on 5 March?", False),
        ("Who won on 26.03.2022?", False),
        ("Who won in 2021?", False),
        ("Кто победил в марте?", False),
        ("Кто победил в мае?", False),
    ],
)
def test_relative_periods(text: str, relative: bool) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert is_relative(text, period) is relative


@pytest.mark.parametrize(
    ("text", "anything"),
    [
        ("What happened in March 2022?", True),
        ("What’s new since Monday?", True),
        ("Tell me the latest news of last week, please", True),
        ("yesterday", True),
        ("Что нового на прошлой неделе?", True),
        ("Что произошло вчера?", True),
        ("What happened in Oslo in March 2022?", False),
        ("Who won yesterday?", False),
        ("What happened to Rogozin last week?", False),
        ("Что произошло вчера в Москве?", False),
    ],
)
def test_questions_for_anything_in_a_period(text: str, anything: bool) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert asks_for_anything(text, period) is anything


WORDS = """
since until from to between and in on last past this 3 5 31 99 two days weeks year years ago March May 2022 2021 1969
2022-02-30 2022-03-05 yesterday today Monday weekend early of the , . ’s 999 0 ٣ 199 2099 – will February 29 summer
с по до в на за марта мае последние 5-го дня неделю назад прошлой неделе году вчера
"""


@settings(deadline=None)  # the first question compiles the patterns
@given(
    st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join) | st.text(max_size=40),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),
)
def test_any_period_has_days_and_a_span_in_the_text(text: str, asked: datetime) -> None:
    period = find_period(text, asked)
    if period is None:
        return
    assert 0 <= period.span.start < period.span.end <= len(text)
    assert period.since or period.until
    if period.since and period.until:
        assert period.since <= period.until
    if period.since:
        assert period.since <= asked.date()
    assert period.text.startswith("looking at ")
