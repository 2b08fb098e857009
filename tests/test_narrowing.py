"""Days as people write them after /since."""

from datetime import UTC, date, datetime

import pytest

from bot.handlers.narrowing import read_day

NOW = datetime(2022, 4, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2022-03-01", date(2022, 3, 1)),
        ("5 March 2022", date(2022, 3, 5)),
        ("March 2022", date(2022, 3, 1)),
        ("yesterday", date(2022, 4, 2)),
        ("last week", date(2022, 3, 21)),
        ("5 марта 2022", date(2022, 3, 5)),
        ("вчера", date(2022, 4, 2)),
        ("", None),
        ("2022-13-01", None),
        ("the flood", None),
    ],
)
def test_a_day_is_read(words: str, day: date | None) -> None:
    assert read_day(words, NOW) == day
