"""Articles and passages refuse invalid values."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Passage, check_slice

RAIN = Article("rain", "Rain fell. It stopped.", "rain.txt")


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (0, 0), (5, 4), (0, 23), (22, 23)])
def test_an_invalid_slice_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"\[{start}:{end}\] is no slice of article rain \(22 code points\)"):
        Passage(RAIN, start, end)
    with pytest.raises(ValueError, match="is no slice"):
        check_slice(RAIN, start, end)


@given(st.text(min_size=1), st.data())
def test_a_passage_is_the_slice_of_its_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert Passage(Article("a", text, "a.txt"), start, end).text == text[start:end]


def test_offsets_are_code_points() -> None:
    assert Passage(Article("a", "😀 Ü.", "a.txt"), 2, 4).text == "Ü."


def test_records_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        RAIN.text = "Sun shone."  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Passage(RAIN, 0, 10).end = 11  # type: ignore[misc]


def test_an_article_needs_an_id() -> None:
    with pytest.raises(ValueError, match="an article needs an id"):
        Article("", "Rain fell.", "rain.txt")


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="article rain: 2022-04-02 10:00:00 has no time zone"):
        dataclasses.replace(RAIN, published=datetime(2022, 4, 2, 10))


EAST = timezone(timedelta(hours=10))


@pytest.mark.parametrize(
    ("published", "published_text", "day", "dated"),
    [
        (date(2022, 4, 2), None, date(2022, 4, 2), "2022-04-02"),
        # 23:30 in UTC is the next day in the east: the day in the source's time zone counts
        (datetime(2022, 4, 3, 9, 30, tzinfo=EAST), None, date(2022, 4, 3), "2022-04-03T09:30:00+10:00"),
        (datetime(2022, 4, 2, 23, 30, tzinfo=UTC), "April 2", date(2022, 4, 2), "2022-04-02T23:30:00+00:00"),
        (None, "April 2", None, "April 2"),
        (None, None, None, None),
    ],
)
def test_the_day_and_the_date_to_show(
    published: date | None, published_text: str | None, day: date | None, dated: str | None
) -> None:
    article = dataclasses.replace(RAIN, published=published, published_text=published_text)
    assert (article.day, article.dated) == (day, dated)
