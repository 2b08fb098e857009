from datetime import date

import pytest

from index.types import Article, Passage
from retrieval.lateness import lateness, reading_order
from retrieval.params import RankingParams
from retrieval.types import Hit

PARAMS = RankingParams()
LAST = date(2022, 3, 14)


@pytest.mark.parametrize(
    ("day", "last", "late"),
    [
        (date(2022, 3, 13), LAST, 0),
        (date(2022, 3, 14), LAST, 0),
        (date(2022, 3, 15), LAST, 1),
        (date(2022, 3, 16), LAST, 2),
        (date(2022, 3, 17), LAST, 2),
        (date(2022, 3, 17), None, 0),
        (None, LAST, 0),
    ],
)
def test_how_late_a_day_is(day: date | None, last: date | None, late: int) -> None:
    assert lateness(day, last) == late


def hits(days: list[int]) -> list[Hit]:
    """Return a hit for each of these days of March, best first."""
    return [
        Hit(Passage(Article(str(at), "Rain.", "-", published=date(2022, 3, day)), 0, 5), 9.0 - at, 0.0, 0.0)
        for at, day in enumerate(days)
    ]


def order(found: list[Hit]) -> list[int]:
    return [int(hit.passage.article.id) for hit in found]


def test_half_of_the_hits_read_are_the_best_and_half_are_of_the_days_in_the_question() -> None:
    found = hits([16, 16, 16, 16, 14, 15, 14, 13])
    assert order(reading_order(found, LAST, 4, PARAMS)) == [0, 1, 4, 6, 2, 3, 5, 7]
    assert order(reading_order(found, LAST, 7, PARAMS)) == [0, 1, 2, 3, 4, 6, 7, 5]
    assert order(reading_order(found, None, 4, PARAMS)) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert order(reading_order(found[:2], LAST, 4, PARAMS)) == [0, 1]
