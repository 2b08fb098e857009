import gzip
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from index.errors import EvaluationError
from index.types import Span
from retrieval.evaluation.labels import read_labelled, spread, to_labelled
from retrieval.types import Question

ROW = {"id": "1", "asked": "2022-06-16", "question": "Where did rain fall?", "answers": ["Oslo", "in Oslo"],
       "articles": ["a"], "spans": [[13, 17], [10, 17]], "answerable": True, "paragraph": [0, 18]}  # fmt: skip


def read(path: Path) -> tuple[list[str], list[str]]:
    warnings: list[str] = []
    return [one.id for one in read_labelled(path, warnings.append)], warnings


def test_a_row_with_everything() -> None:
    one = to_labelled({**ROW, "since": "2022-01-01", "source": "TASS"})
    asked = datetime(2022, 6, 16, tzinfo=UTC)
    assert one.question == Question("Where did rain fall?", asked, since=date(2022, 1, 1), source="TASS")
    assert (one.id, one.answerable, one.answers) == ("1", True, ("Oslo", "in Oslo"))
    assert (one.articles, one.spans) == (("a",), (Span(13, 17), Span(10, 17)))


@pytest.mark.parametrize(
    ("row", "answerable"),
    [
        ({"answerable": True}, True),
        ({"answerable": False, "articles": ["a"]}, False),
        ({"answerable": None, "answers": ["Oslo"]}, None),
        ({"answers": ["Oslo"]}, True),
        ({"articles": ["a"]}, True),
        ({"answers": [], "articles": None}, None),
    ],
)
def test_what_can_be_answered(row: dict[str, Any], answerable: bool | None) -> None:
    assert to_labelled({"question": "Where?", **row}).answerable is answerable


def test_a_question_without_an_id_is_its_own() -> None:
    assert to_labelled({"question": " Where? "}).id == "Where?"
    assert to_labelled({"question": "Where?", "id": 7}).id == "7"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": ""}, "question: must be text, and not empty"),
        ({"asked": "March"}, "asked: 'March' is no date; write it as YYYY-MM-DD"),
        ({"id": " "}, "id: must be text, and not empty"),
        ({"id": ["1"]}, "id: must be text, and not empty"),
        ({"answers": "Oslo"}, "answers: must be a list of texts, none of them empty"),
        ({"answers": [1]}, "answers: must be a list of texts, none of them empty"),
        ({"articles": [""]}, "articles: must be a list of texts, none of them empty"),
        ({"answerable": 1}, "answerable: must be true, false or null"),
        ({"answerable": "yes"}, "answerable: must be true, false or null"),
        ({"spans": 5}, "spans: must be a list of [start, end]"),
        ({"spans": [[4, 4]]}, "spans: [4, 4] is no [start, end]"),
        ({"spans": [[-1, 4]]}, "spans: [-1, 4] is no [start, end]"),
        ({"spans": [[1, 2, 3]]}, "spans: [1, 2, 3] is no [start, end]"),
        ({"articles": []}, "spans: need the article that they are of, in articles"),
    ],
)
def test_a_wrong_field_is_named(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        to_labelled({**ROW, **row})


def test_bad_rows_are_warned_of_with_their_lines_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lines = ["\ufeff" + json.dumps(ROW), "", "{bad", "[1]", '{"id": "2"}', json.dumps(ROW), "[" * 100_000,
             json.dumps({**ROW, "id": "3"})]  # fmt: skip
    path.write_bytes("\n".join(lines).encode() + b'\n{"question": "caf\xe9"}\n')
    ids, warnings = read(path)
    assert ids == ["1", "3"]
    assert warnings == [
        f"{path}:{line}: {what}; skipped"
        for line, what in (
            (3, "not valid JSON: Expecting property name enclosed in double quotes at character 2 of the row"),
            (4, "the row must be a JSON object"),
            (5, "question: must be text, and not empty"),
            (6, "id: there is a '1' before"),
            (7, "not valid JSON: brackets in brackets"),
            (9, "not UTF-8 at byte 18 of the row"),
        )
    ]


def test_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode()))
    assert read(path) == (["1"], [])
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(EvaluationError, match=r"questions\.jsonl\.gz: the gzip data is broken: "):
        read(path)
    path.write_bytes(b"plain")
    with pytest.raises(EvaluationError, match=r"questions\.jsonl\.gz: cannot be read: Not a gzipped file"):
        read(path)


def test_a_file_that_is_none_or_holds_none(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl: cannot be read: No such file or directory$"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(EvaluationError, match=r": cannot be read: Is a directory$"):
        read(tmp_path)
    (tmp_path / "empty.jsonl").write_text("\n{}\n")
    with pytest.raises(EvaluationError, match=r"empty\.jsonl: holds no labelled question"):
        read(tmp_path / "empty.jsonl")


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, "abcdefg"), (9, "abcdefg"), (7, "abcdefg"), (3, "ace"), (2, "ad"), (1, "a")]
)
def test_a_limit_is_spread_evenly(limit: int | None, expected: str) -> None:
    assert "".join(spread("abcdefg", limit)) == expected
