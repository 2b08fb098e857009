from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from retrieval.rules.periods import Period, asks_for_anything, find_period, is_history

ASKED = datetime(2022, 4, 13, 15, tzinfo=UTC)  # a Wednesday

# What is asked, what of it names the period, and the period.
PERIODS = [
    ("What did Rogozin say in March 2022?", "in March 2022", "2022-03-01", "2022-03-31"),
    ("What happened in March of 2021", "in March of 2021", "2021-03-01", "2021-03-31"),
    ("What happened in march?", "in march", "2022-03-01", "2022-03-31"),
    ("What happened in April?", "in April", "2022-04-01", "2022-04-30"),
    ("What happened in May?", "in May", "2021-05-01", "2021-05-31"),
    ("What happened in early March?", "in early March", "2022-03-01", "2022-03-31"),
    ("What happened in Feb 2020?", "in Feb 2020", "2020-02-01", "2020-02-29"),
    ("What happened in May last year?", "in May last year", "2021-05-01", "2021-05-31"),
    ("What did Theresa May say in March?", "in March", "2022-03-01", "2022-03-31"),
    ("What may happen, and what happened in March?", "in March", "2022-03-01", "2022-03-31"),
    ("Who won in the summer of 2021?", "in the summer of 2021", "2021-06-01", "2021-08-31"),
    ("Who won in 2021?", "in 2021", "2021-01-01", None),
    ("What did NASA launch last year?", "last year", "2021-01-01", None),
    ("What happened on 5 March?", "on 5 March", "2022-03-05", "2022-03-08"),
    ("What happened on the day? On March 5th", "On March 5th", "2022-03-05", "2022-03-08"),
    ("What happened on 5 March 2021?", "on 5 March 2021", "2021-03-05", "2021-03-08"),
    ("What happened March 5, 2022?", "March 5, 2022", "2022-03-05", "2022-03-08"),
    ("What happened on 2022-03-05?", "on 2022-03-05", "2022-03-05", "2022-03-08"),
    ("2022-04-12 sanctions", "2022-04-12", "2022-04-12", "2022-04-13"),
    ("What happened on 1 December?", "on 1 December", "2021-12-01", "2021-12-04"),
    ("Who resigned on May 5, 2021?", "on May 5, 2021", "2021-05-05", "2021-05-08"),
    ("Who met since 5 April 2022?", "since 5 April 2022", "2022-04-05", None),
    ("Who met since May?", "since May", "2021-05-01", None),
    ("Who met since 2021?", "since 2021", "2021-01-01", None),
    ("Who met since yesterday?", "since yesterday", "2022-04-12", None),
    ("Who met since last week?", "since last week", "2022-04-04", None),
    ("Who met since Monday?", "since Monday", "2022-04-11", None),
    ("Who met after 5 April?", "after 5 April", "2022-04-06", None),
    ("Who met after March 2022?", "after March 2022", "2022-04-01", None),
    ("Who met until 5 April?", "until 5 April", None, "2022-04-05"),
    ("Who met before March 2022?", "before March 2022", None, "2022-02-28"),
    ("What happened in February and March 2021?", "in February and March 2021", "2021-02-01", "2021-03-31"),
    ("What happened in January, February and March?", "in January, February and March", "2022-01-01", "2022-03-31"),
    ("What happened in December and January?", "in December and January", "2021-12-01", "2022-01-31"),
    ("What happened in January–March 2021?", "in January–March 2021", "2021-01-01", "2021-03-31"),
    ("Who met on 5 and 6 March 2021?", "on 5 and 6 March 2021", "2021-03-05", "2021-03-09"),
    ("What was built in 2020 and 2021?", "in 2020 and 2021", "2020-01-01", None),
    ("What did he say in March and May say?", "in March", "2022-03-01", "2022-03-31"),
    ("Что было в феврале и марте 2021 года?", "в феврале и марте 2021 года", "2021-02-01", "2021-03-31"),
    ("Who met from 1 March to 5 April?", "from 1 March to 5 April", "2022-03-01", "2022-04-05"),
    ("Who met from 1 to 5 March 2022?", "from 1 to 5 March 2022", "2022-03-01", "2022-03-05"),
    ("Who met on 1–5 March 2022?", "on 1–5 March 2022", "2022-03-01", "2022-03-05"),
    ("Who met between March 1 and March 5?", "between March 1 and March 5", "2022-03-01", "2022-03-05"),
    ("Who met between December and February?", "between December and February", "2021-12-01", "2022-02-28"),
    ("Who met since 5 March until 2 April 2022?", "since 5 March until 2 April 2022", "2022-03-05", "2022-04-02"),
    ("What happened today?", "today", "2022-04-13", "2022-04-13"),
    ("today's news", "today's news", "2022-04-13", "2022-04-13"),
    ("What happened yesterday?", "yesterday", "2022-04-12", "2022-04-13"),
    ("Who won yesterday's match?", "yesterday's", "2022-04-12", "2022-04-13"),
    ("Yesterday, who won?", "Yesterday", "2022-04-12", "2022-04-13"),
    ("What fell the day before yesterday?", "the day before yesterday", "2022-04-11", "2022-04-13"),
    ("What burnt last night?", "last night", "2022-04-12", "2022-04-13"),
    ("Who won last week?", "last week", "2022-04-04", "2022-04-10"),
    ("Who won this week?", "this week", "2022-04-06", "2022-04-13"),
    ("Who won last month?", "last month", "2022-03-01", "2022-03-31"),
    ("Who won this month?", "this month", "2022-04-01", "2022-04-13"),
    ("Who has won this year?", "this year", "2022-01-01", "2022-04-13"),
    ("Who won last weekend?", "last weekend", "2022-04-09", "2022-04-13"),
    ("Who won on Monday?", "on Monday", "2022-04-11", "2022-04-13"),
    ("Who won on Wednesday?", "on Wednesday", "2022-04-13", "2022-04-13"),
    ("Who won last Wednesday?", "last Wednesday", "2022-04-06", "2022-04-09"),
    ("Who won on Monday night?", "on Monday night", "2022-04-11", "2022-04-13"),
    ("Who won in the last 3 days?", "last 3 days", "2022-04-10", "2022-04-13"),
    ("Who won over the past two weeks?", "past two weeks", "2022-03-30", "2022-04-13"),
    ("Who won in the past week?", "past week", "2022-04-06", "2022-04-13"),
    ("Who won in the last 24 hours?", "last 24 hours", "2022-04-12", "2022-04-13"),
    ("What happened 5 days ago?", "5 days ago", "2022-04-08", "2022-04-11"),
    ("What derailed two weeks ago?", "two weeks ago", "2022-03-27", "2022-04-13"),
    ("This week marked 25 years since Diana died in 1997. Who spoke?", "This week", "2022-04-06", "2022-04-13"),
    ("Who of the class of 2007 resigned yesterday, in office since 2005?", "yesterday", "2022-04-12", "2022-04-13"),
    ("Что сказал Рогозин в марте 2022?", "в марте 2022", "2022-03-01", "2022-03-31"),
    ("Что было в марте 2022 года?", "в марте 2022 года", "2022-03-01", "2022-03-31"),
    ("Что в марте Россия ответила?", "в марте", "2022-03-01", "2022-03-31"),
    ("Что было в мае?", "в мае", "2021-05-01", "2021-05-31"),
    ("Что было в мае прошлого года?", "в мае прошлого года", "2021-05-01", "2021-05-31"),
    ("Что случилось в 2021 году?", "в 2021 году", "2021-01-01", None),
    ("Что случилось в прошлом году?", "в прошлом году", "2021-01-01", None),
    ("Кто победил летом 2021 года?", "летом 2021 года", "2021-06-01", "2021-08-31"),
    ("Что случилось 5 марта?", "5 марта", "2022-03-05", "2022-03-08"),
    ("Что случилось 5 марта 2022 года?", "5 марта 2022 года", "2022-03-05", "2022-03-08"),
    ("Что произошло с 1 по 5 марта 2022", "с 1 по 5 марта 2022", "2022-03-01", "2022-03-05"),
    ("Что произошло с 28 февраля до 5 марта?", "с 28 февраля до 5 марта", "2022-02-28", "2022-03-05"),
    ("Что произошло между 1 и 5 марта?", "между 1 и 5 марта", "2022-03-01", "2022-03-05"),
    ("Что произошло после 5 апреля?", "после 5 апреля", "2022-04-06", None),
    ("Что произошло до 5 апреля?", "до 5 апреля", None, "2022-04-05"),
    ("Что произошло с 5 апреля?", "с 5 апреля", "2022-04-05", None),
    ("Что произошло со вторника?", "со вторника", "2022-04-12", None),
    ("Что изменилось с мая 2021 года?", "с мая 2021 года", "2021-05-01", None),
    ("Что вчера сказал Путин?", "вчера", "2022-04-12", "2022-04-13"),
    ("Позавчера что было?", "Позавчера", "2022-04-11", "2022-04-13"),
    ("Что произошло сегодня?", "сегодня", "2022-04-13", "2022-04-13"),
    ("Что было на прошлой неделе?", "прошлой неделе", "2022-04-04", "2022-04-10"),
    ("Что было на этой неделе?", "этой неделе", "2022-04-06", "2022-04-13"),
    ("Кто победил в прошлом месяце?", "в прошлом месяце", "2022-03-01", "2022-03-31"),
    ("Что было за последние 3 дня?", "последние 3 дня", "2022-04-10", "2022-04-13"),
    ("Что было за последнюю неделю?", "последнюю неделю", "2022-04-06", "2022-04-13"),
    ("Что было 5 дней назад?", "5 дней назад", "2022-04-08", "2022-04-11"),
    ("Кто победил во вторник?", "во вторник", "2022-04-12", "2022-04-13"),
    ("Кто победил в прошлую среду?", "в прошлую среду", "2022-04-06", "2022-04-09"),
]


@pytest.mark.parametrize(("text", "phrase", "since", "until"), PERIODS)
def test_a_period_is_understood(text: str, phrase: str, since: str | None, until: str | None) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert (period.since, period.until) == (
        since and date.fromisoformat(since),
        until and date.fromisoformat(until),
    )
    start, end = period.span
    assert text[start:end] == phrase


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
def test_days_that_are_still_reported_later(text: str, last: date | None) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert period.last == last


@pytest.mark.parametrize(
    "text",
    [
        "What may happen?",
        "What did Theresa May say?",
        "What happened after May resigned?",
        "What is the verdict on May?",
        "What was in May's letter?",
        "Who will march on Washington?",
        "Who took part in March Madness?",
        "Who took part in March for our lives?",
        "What happened in 1969?",
        "What happened in 1066?",
        "What happened in March 1974?",
        "What happened in March of 1974?",
        "What was convening in June/July 1754?",
        "What has been allowed since 1945?",
        "Who fought between 1756 and 1763?",
        "How many files leaked from between 2013 and 2017?",
        "Who owned it until 2009?",
        "How many networks were there before 1998?",
        "Who won the 2020 Olympics?",
        "Who leads Formula 1 in 2022 season?",
        "Who won in 2021 World Cup qualifying?",
        "What is planned by 2050?",
        "What is planned in 2024?",
        "Who runs for president in 2024?",
        "What opens on 5 March 2030?",
        "What should be lifted by March 31?",
        "How long would Rogozin wait until March 31?",
        "Which teams are headed to the Super Bowl on June 12?",
        "What will he do in September?",
        "What is expected on Monday?",
        "Where do they meet every year on 5 March?",
        "Whose birthday is on 25 January?",
        "How long is 30 days?",
        "For more than 50 days, what has fallen?",
        "Who came second?",
        "What did the Sunday Times write?",
        "What sold out on Black Friday?",
        "What is closed on Sundays?",
        "When is it on Tuesday afternoons?",
        "Who said it on Sunday Night Live?",
        "What did gas cost through July 4 weekend?",
        "What happened before the September 11 attacks?",
        "Who helped after September 11 attacks?",
        "Who aired the January 6, 2021, attack?",
        "What is the 5-10 rule of 12/4?",
        "What type of engine produces most electricity today?",
        "What if the world stopped burning today, a study says?",
        "What is in USA TODAY?",
        "What is the latest on Ukraine?",
        "What happened recently?",
        "What will open later this year?",
        "Who won last?",
        "Who hosts Last Week Tonight?",
        "Who sang Yesterday?",
        "What happened in the last week of February?",
        "Who fought in the last 3 days of the war?",
        "What has improved over the past years?",
        "What originated over 600 years ago?",
        "What did it cost compared to a year ago?",
        "What was signed on 31 February 2022?",
        "What was signed on 5 March 2022 and not in April 2021?",
        "Who replied to last week's attack?",
        "Из чего делают 5 звёзд?",
        "Что подарить на 8 марта?",
        "Кто поздравил женщин с 8 марта?",
        "Что на улице 8 Марта?",
        "Что должны снять к 31 марта?",
        "Чего ждать до 31 марта?",
        "Что будет в сентябре?",
        "Что случилось в 1969 году?",
        "Сколько осталось до 2030 года?",
        "Кто сегодня возглавляет партию?",
        "Что изменилось за последние годы?",
        "Что происходит каждый год 9 мая?",
        "",
    ],
)
def test_what_is_no_period_hides_nothing(text: str) -> None:
    assert find_period(text, ASKED) is None


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


def test_two_periods_in_the_last_line_are_one_without_those_before() -> None:
    period = find_period("What did Rogozin say in February?\nand in March or yesterday?", ASKED)
    assert period is not None
    assert (period.since, period.until) == (date(2022, 3, 1), date(2022, 4, 13))


def test_the_day_is_that_of_the_zone_in_which_it_is_asked() -> None:
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
def test_a_period_is_said_back(since: date | None, until: date | None, text: str) -> None:
    assert Period(since, until, Span(0, 1)).text == text


@pytest.mark.parametrize(("since", "until"), [(None, None), (date(2022, 4, 2), date(2022, 4, 1))])
def test_a_period_without_a_day_cannot_be_made(since: date | None, until: date | None) -> None:
    with pytest.raises(ValueError, match="no day is from"):
        Period(since, until, Span(0, 1))


@pytest.mark.parametrize(
    ("since", "until", "first", "history"),
    [
        (date(2004, 1, 1), None, date(2012, 1, 1), True),
        (date(2004, 1, 1), date(2004, 1, 4), date(2012, 1, 1), True),
        (date(2004, 1, 1), date(2012, 1, 1), date(2012, 1, 1), False),
        (date(2022, 4, 4), date(2022, 4, 10), date(2022, 4, 11), False),  # nothing is found, which is the truth
        (date(2022, 4, 4), date(2022, 4, 10), None, True),
    ],
)
def test_what_no_article_can_be_of_is_history(
    since: date, until: date | None, first: date | None, history: bool
) -> None:
    assert is_history(Period(since, until, Span(0, 1)), ASKED, first) is history


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
def test_what_asks_for_no_more_than_what_happened(text: str, anything: bool) -> None:
    period = find_period(text, ASKED)
    assert period is not None
    assert asks_for_anything(text, period) is anything


WORDS = """
since until from to between and in on last past this 3 5 31 99 two days weeks year years ago March May 2022 2021 1969
2022-02-30 2022-03-05 yesterday today Monday weekend early of the , . ’s 999 0 ٣ 199 2099 – will February 29 summer
с по до в на за марта мае последние 5-го дня неделю назад прошлой неделе году вчера
"""


@given(
    st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join) | st.text(max_size=40),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),
)
def test_a_period_has_days_and_a_place_in_the_text(text: str, asked: datetime) -> None:
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
