import gzip
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from index.errors import EvaluationError
from index.types import Span
from retrieval.evaluation.labelled import (
    Evidence,
    read_conversations,
    read_labelled,
    spread_evenly,
    to_conversation,
    to_labelled,
)
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


def test_a_row_with_evidence() -> None:
    row = {"question": "Who?", "lang": "en", "type": "list", "about": "b", "near": [4, 9], "articles": ["a", "b"],
           "evidence": [[[0, 3], [5, 8]], [[9, 12]]], "mood": "calm"}  # fmt: skip
    one = to_labelled(row)
    assert one.evidence == (Evidence("a", (Span(0, 3), Span(5, 8))), Evidence("a", (Span(9, 12),)))
    assert (one.answerable, one.language, one.type, one.about, one.near) == (True, "en", "list", "b", Span(4, 9))


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
def test_answerable_and_its_default(row: dict[str, Any], answerable: bool | None) -> None:
    assert to_labelled({"question": "Where?", **row}).answerable is answerable


def test_the_text_of_a_question_is_its_default_id() -> None:
    assert to_labelled({"question": " Where? "}).id == "Where?"
    assert to_labelled({"question": "Where?", "id": 7}).id == "7"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": ""}, "question: must be a non-empty text"),
        ({"asked": "March"}, "asked: 'March' is not a date; write it as YYYY-MM-DD"),
        ({"id": " "}, "id: must be a non-empty text"),
        ({"id": ["1"]}, "id: must be a non-empty text"),
        ({"answers": "Oslo"}, "answers: must be a list of non-empty texts"),
        ({"answers": [1]}, "answers: must be a list of non-empty texts"),
        ({"articles": [""]}, "articles: must be a list of non-empty texts"),
        ({"answerable": 1}, "answerable: must be true, false or null"),
        ({"answerable": "yes"}, "answerable: must be true, false or null"),
        ({"spans": 5}, "spans: must be a list of [start, end]"),
        ({"spans": [[4, 4]]}, "spans: [4, 4] is not [start, end]"),
        ({"spans": [[-1, 4]]}, "spans: [-1, 4] is not [start, end]"),
        ({"spans": [[1, 2, 3]]}, "spans: [1, 2, 3] is not [start, end]"),
        ({"articles": []}, "spans: need their article as the first of articles"),
        ({"evidence": 5}, "evidence: must be a list of alternatives, each a list of [start, end]"),
        ({"evidence": [[]]}, "evidence: must be a list of alternatives, each a list of [start, end]"),
        ({"evidence": [5]}, "evidence: must be a list of [start, end]"),
        ({"evidence": [[1, 2]]}, "evidence: 1 is not [start, end]"),
        ({"evidence": [[[2, 1]]]}, "evidence: [2, 1] is not [start, end]"),
        ({"articles": [], "spans": [], "evidence": [[[1, 2]]]}, "evidence: needs its article"),
        ({"lang": 1}, "lang: must be a non-empty text"),
        ({"type": " "}, "type: must be a non-empty text"),
        ({"about": ["a"]}, "about: must be a non-empty text"),
        ({"about": "a", "near": [3, 3]}, "near: [3, 3] is not [start, end]"),
        ({"near": [3, 4]}, "near: needs its article in about"),
    ],
)
def test_a_wrong_field_is_named(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        to_labelled({**ROW, **row})


def turn(article: str, depends: Any = False, **more: Any) -> dict[str, Any]:
    evidence = [[[0, 3]]]
    return {"question": f"Is it {article}?", "article": article, "depends": depends, "evidence": evidence, **more}


TALK = {"id": "t", "lang": "ru", "turns": [turn("a"), turn("a", True), turn("b"), turn("a"), turn("c", True)]}


def test_turns_have_kinds() -> None:
    turns = to_conversation(TALK)
    assert [one.type for one in turns] == ["first turn", "depends", "new topic", "same story", "depends"]
    assert [one.id for one in turns] == ["t/1", "t/2", "t/3", "t/4", "t/5"]
    assert {one.language for one in turns} == {"ru"}
    assert [one.about for one in turns] == ["a", "a", "b", "a", "c"]


def test_another_article_that_answers_a_turn_has_evidence_of_its_own() -> None:
    also = [{"article": "b", "evidence": [[[5, 8]]]}]
    [one] = to_conversation({"id": "t", "turns": [turn("a", also=also)]})
    assert one.articles == ("a", "b")
    assert one.evidence == (Evidence("a", (Span(0, 3),)), Evidence("b", (Span(5, 8),)))
    assert one.answerable


def test_a_turn_that_is_not_answered_keeps_its_article_for_the_turns_after_it() -> None:
    turns = to_conversation({"id": "t", "turns": [turn("a", answerable=False, evidence=[]), turn("a")]})
    assert [(one.answerable, one.type) for one in turns] == [(False, "first turn"), (True, "same story")]


def test_a_single_question_is_a_conversation() -> None:
    assert to_conversation(ROW) == (to_labelled(ROW),)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": None}, "id: a conversation must have one"),
        ({"turns": []}, "turns: must be a non-empty list of JSON objects"),
        ({"turns": ["Where?"]}, "turns: must be a non-empty list of JSON objects"),
        ({"turns": [turn("a"), turn("a", question="")]}, "turn 2: question: must be a non-empty text"),
        ({"turns": [turn("a", also=["b"])]}, "turn 1: also: must be a list of JSON objects, each with an article"),
        ({"turns": [turn("a", also=[{"article": "b", "evidence": 1}])]},
         "turn 1: evidence: must be a list of alternatives, each a list of [start, end]"),
        ({"turns": [turn("a", depends="no")]}, "turn 1: depends: must be true or false"),
    ],
)  # fmt: skip
def test_a_wrong_turn_is_named(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        to_conversation({**TALK, **row})


def test_questions_and_conversations_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{json.dumps(TALK)}\n{json.dumps(TALK)}\n")
    warnings: list[str] = []
    assert [len(one) for one in read_conversations(path, warnings.append)] == [1, 5]
    assert warnings == [f"{path}:3: id: 't/1' is in an earlier row, too; skipped"]
    assert read(path)[0] == ["1", "t/1", "t/2", "t/3", "t/4", "t/5"]


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
            (5, "question: must be a non-empty text"),
            (6, "id: '1' is in an earlier row, too"),
            (7, "not valid JSON: too deeply nested"),
            (9, "not UTF-8 at byte 18 of the row"),
        )
    ]


def test_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode()))
    assert read(path) == (["1"], [])
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(EvaluationError, match=r"questions\.jsonl\.gz: the gzip data is damaged: "):
        read(path)
    path.write_bytes(b"plain")
    with pytest.raises(EvaluationError, match=r"questions\.jsonl\.gz: cannot be read: Not a gzipped file"):
        read(path)


def test_a_file_that_cannot_be_read_or_has_no_question_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl: cannot be read: No such file or directory$"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(EvaluationError, match=r": cannot be read: Is a directory$"):
        read(tmp_path)
    (tmp_path / "empty.jsonl").write_text("\n{}\n")
    with pytest.raises(EvaluationError, match=r"empty\.jsonl: has no labelled question"):
        read(tmp_path / "empty.jsonl")


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, "abcdefg"), (9, "abcdefg"), (7, "abcdefg"), (3, "ace"), (2, "ad"), (1, "a")]
)
def test_a_limit_is_spread_evenly(limit: int | None, expected: str) -> None:
    assert "".join(spread_evenly("abcdefg", limit)) == expected
