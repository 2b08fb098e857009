import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from index.types import Article, Passage, Span
from retrieval.presentation.json_rows import read_questions, to_question, to_row
from retrieval.query.periods import Period
from retrieval.types import Answer, Hit, Question, Quote

NOON = datetime(2022, 4, 2, 12, tzinfo=UTC)


def test_a_row_becomes_a_question() -> None:
    row = {"question": " Who? ", "asked": "2022-04-02", "since": "2022-03-01", "until": "2022-03-31", "source": "TASS"}
    assert to_question({**row, "earlier": "a\nb"}).earlier == "a\nb"
    assert to_question(row) == Question(
        "Who?", datetime(2022, 4, 2, tzinfo=UTC), date(2022, 3, 1), date(2022, 3, 31), "TASS"
    )


def test_a_time_keeps_its_zone() -> None:
    moscow = timezone(timedelta(hours=3))
    assert to_question({"question": "Who?", "asked": "2022-04-02T12:00+03:00"}).asked == datetime(
        2022, 4, 2, 12, tzinfo=moscow
    )


def test_asked_defaults_to_now() -> None:
    before = datetime.now(UTC)
    assert before <= to_question({"question": "Who?"}).asked <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "question: must be a non-empty text"),
        ({"question": " \t"}, "question: must be a non-empty text"),
        ({"question": 7}, "question: must be a non-empty text"),
        ({"question": "caf\udce9"}, "question: is not valid UTF-8"),
        ({"question": "Who?", "source": ["TASS"]}, "source: must be the name of an outlet"),
        ({"question": "Who?", "earlier": 7}, "earlier: must be the subject of the previous answer"),
        ({"question": "Who?", "earlier": "caf\udce9"}, "earlier: must be the subject of the previous answer"),
        ({"question": "Who?", "since": "March"}, "since: 'March' is not a date; write it as YYYY-MM-DD"),
        ({"question": "Who?", "asked": 2022}, "asked: 2022 is not a date; write it as YYYY-MM-DD"),
        ({"question": "x" * 10_001}, "question: is longer than 10,000 characters"),
        ({"question": "Who?", "source": "caf\udce9"}, "source: must be the name of an outlet"),
        ({"question": "Who?", "earlier": "x" * 10_001}, "earlier: must be the subject of the previous answer"),
        ({"question": "Who?", "asked": "0001-01-01"}, "asked: 0001-01-01 is outside the years 1000 to 9000"),
        ({"question": "Who?", "until": "9999-12-31"}, "until: 9999-12-31 is outside the years 1000 to 9000"),
        ({"question": "Who?", "since": "x" * 5000}, f"since: '{'x' * 99}… is not a date; write it as YYYY-MM-DD"),
        (
            {"question": "Who?", "since": "2022-04-02", "until": "2022-04-01"},
            "since: 2022-04-02 is after until, 2022-04-01",
        ),
    ],
)
def test_a_wrong_field_of_a_row_is_named(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("'", ".") + "$"):
        to_question(row)


def test_lines_are_text_or_rows_and_reading_continues_after_a_bad_one() -> None:
    lines = [
        "Who is it?\n",
        "\n",
        '{"question": "When?", "since": null, "asked": "2022-04-02"}\n',
        "{oops\n",
        '{"q": 1}',
        "Why?",
    ]
    found = list(read_questions(lines, {"asked": "2022-04-01", "since": "2022-01-01"}))
    assert [item.text for item in found if isinstance(item, Question)] == ["Who is it?", "When?", "Why?"]
    first, second = found[0], found[1]
    assert isinstance(first, Question)
    assert isinstance(second, Question)
    assert (first.asked.day, second.asked.day) == (1, 2)
    assert second.since == date(2022, 1, 1)  # null says nothing
    errors = [str(item) for item in found if isinstance(item, ValueError)]
    assert errors[0].startswith("stdin:4: not valid JSON: ")
    assert errors[1] == "stdin:5: question: must be a non-empty text"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"question": ' + "[" * 90_000, "not valid JSON: too deeply nested"),
        ('{"a":' * 5000, "not valid JSON: too deeply nested"),
        ('{"question": "Who?", "x": "' + "x" * 100_000 + '"}', "the line is longer than 100,000 characters"),
        ('{"question": "\\ud83d"}', "question: is not valid UTF-8"),
        ('{"question": "Who?", "source": "\\ud83d"}', "source: must be the name of an outlet"),
        ('{"question": "Who?", "earlier": "\\udc00"}', "earlier: must be the subject of the previous answer"),
        ('{"question": "Who?", "asked": ' + "9" * 5000 + "}", "Exceeds the limit"),
        ("\udcff\udcfe", "question: is not valid UTF-8"),
        ('{"question": "Who?", "asked": {}}', "asked: {} is not a date; write it as YYYY-MM-DD"),
        ('{"question": "Who?", "since": true}', "since: True is not a date; write it as YYYY-MM-DD"),
    ],
)
def test_a_hostile_line_is_an_error_and_reading_continues(line: str, message: str) -> None:
    first, last = read_questions([line, "Why?"], {})
    assert isinstance(first, ValueError)
    assert str(first).startswith(f"stdin:1: {message}")
    assert isinstance(last, Question)


def test_an_answer_becomes_a_row() -> None:
    article = Article("a", "Rain fell. It stopped.", "a.txt", "Weather", "https://x.org/a", "X", date(2022, 4, 2))
    hit = Hit(Passage(article, 0, 22), 0.71239, 0.6, 0.987654, 0.01239, matched=("rain",))
    copy = Article("b", "Rain fell.", "b.txt", source="Y", published_text="April 3")
    of = (Span(0, 10),), 1.23456, hit
    quote = Quote(article, 0, 22, *of, marks=(Span(0, 4),), speaker=Span(11, 13), copies=(copy,))
    of_answer: dict[str, Any] = {"more": 3, "understood": "a … b", "subject": "a\nb"}
    answer = Answer(Question("Did it rain?", NOON), (quote,), (), 0.91, 3, 12.34, **of_answer)
    row = to_row(answer, explain=True)
    assert json.loads(json.dumps(row)) == {
        "question": "Did it rain?",
        "status": "answered",
        "understood": "understood as: a … b",
        "subject": "a\nb",
        "confidence": 0.91,
        "took_ms": 12.3,
        "generation": 3,
        "period": None,
        "quotes": [
            {
                "id": quote.id,
                "text": "Rain fell. It stopped.",
                "start": 0,
                "end": 22,
                "highlights": [[0, 10]],
                "marks": [[0, 4]],
                "speaker": {"text": "It", "start": 11, "end": 13},
                "score": 1.2346,
                "article": {
                    "id": "a",
                    "title": "Weather",
                    "url": "https://x.org/a",
                    "source": "X",
                    "published": "2022-04-02",
                },
                "copies": [
                    {"id": "b", "title": None, "url": None, "source": "Y", "published": "April 3"},
                ],
                "explain": {
                    "cosine": 0.6,
                    "words": 0.9877,
                    "recency": 0.0124,
                    "article": 0.0,
                    "search": 0.7124,
                    "matched": ["rain"],
                },
            }
        ],
        "more": 3,
        "closest": [],
    }


def test_an_incomplete_date_is_kept_as_written() -> None:
    article = Article("a", "Rain fell.", "a.txt", published_text="April 2")
    hit = Hit(Passage(article, 0, 10), 0.5, 0.5, 0.5)
    quote = Quote(article, 0, 10, (), 0.5, hit)
    row = to_row(Answer(Question("Rain?", NOON), (), (quote,), 0.1, 1, 1.0))
    assert row["status"] == "not_found"
    assert row["closest"][0]["article"]["published"] == "April 2"
    assert (row["closest"][0]["marks"], row["closest"][0]["speaker"], row["more"]) == ([], None, 0)
    assert "explain" not in row["closest"][0]


def test_statuses_of_uncertain_and_unread_answers() -> None:
    article = Article("a", "Rain fell.", "a.txt")
    quote = Quote(article, 0, 10, (Span(0, 10),), 0.5, Hit(Passage(article, 0, 10), 0.5, 0.5, 0.5))
    row = to_row(Answer(Question("Rain?", NOON), (), (quote,), 0.314159, 1, 1.0, perhaps=True))
    assert (row["status"], row["confidence"], row["quotes"]) == ("perhaps", 0.3142, [])
    assert [(one["text"], one["highlights"]) for one in row["closest"]] == [("Rain fell.", [[0, 10]])]
    row = to_row(Answer(Question("Rain?", NOON), (quote,), (), None, 1, 1.0))
    assert (row["status"], row["confidence"]) == ("answered", None)


def test_the_searched_period_is_in_the_row() -> None:
    period = Period(date(2022, 4, 1), None, Span(4, 9))
    row = to_row(Answer(Question("Did it rain?", NOON), (), (), 0.0, 3, 1.0, period=period))
    assert row["period"] == {"since": "2022-04-01", "until": None, "text": "looking at 1 April 2022 and later"}
