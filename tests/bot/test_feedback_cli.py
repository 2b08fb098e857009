"""Feedback: its conversion to labelled questions, its table, and the command that exports it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.memory.database import is_outdated, open_database
from bot.memory.feedback import Feedback
from bot.updates.process_lock import single_process
from index.build.builder import build_index
from index.errors import StorageError
from index.settings import IndexSettings
from index.types import Article, Span
from retrieval.evaluation.labelled import read_labelled, to_labelled
from retrieval.feedback_rows import Verdict, to_rows
from retrieval.quote_ids import QuoteId
from retrieval.types import Question
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.paths import OLD_STATE

LATER = datetime(2022, 6, 9, tzinfo=UTC)
NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
WORDS = "Rain fell on Oslo all day. It stopped."
ASKED = Question("Where did rain fall?", NOON)
GOOD = Verdict(1, ASKED, "q1", "oslo", 10, 10 + len(WORDS), WORDS, True, 3, 60.0)
BAD = replace(GOOD, quote="q2", article="bergen", start=0, end=22, text="Snow came over Bergen.", helpful=False)
OTHER = replace(GOOD, quote="q3", article="moss", start=4, end=29, text="It rained on Moss as well.")


def asked(**fields: Any) -> Verdict:
    return replace(GOOD, question=replace(ASKED, **fields))


def only(*verdicts: Verdict) -> dict[str, Any]:
    [row] = to_rows(verdicts)
    return row


def test_a_helpful_quote_is_the_answer() -> None:
    row = only(asked(since=date(2022, 5, 1), source="TASS", earlier="What about rain?"))
    assert row.pop("id").startswith("feedback-")
    assert row == {
        "question": "Where did rain fall?", "earlier": "What about rain?", "asked": "2022-06-01T12:00:00+00:00",
        "since": "2022-05-01", "until": None, "source": "TASS", "answerable": True,
        "answers": ["Rain fell on Oslo all day."],
        "articles": ["oslo"], "spans": [[10, 36]],
        "verdicts": [{"quote": "q1", "article": "oslo", "start": 10, "end": 48, "words": WORDS, "helpful": 1,
                      "unhelpful": 0, "generation": 3}],
    }  # fmt: skip
    one = to_labelled(row)
    assert (one.question.since, one.question.source, one.question.earlier) == (
        date(2022, 5, 1), "TASS", "What about rain?",
    )  # fmt: skip
    assert (one.answerable, one.articles, one.spans) == (True, ("oslo",), (Span(10, 36),))


@pytest.mark.parametrize("verdicts", [[BAD], [GOOD, replace(GOOD, helpful=False)]])
def test_a_question_without_a_helpful_quote_is_not_labelled(verdicts: list[Verdict]) -> None:
    row = only(*verdicts)
    assert (row["answerable"], row["answers"], row["articles"], row["spans"]) == (None, [], [], [])
    assert len(row["verdicts"]) == 1
    assert to_labelled(row).answerable is None


def test_verdicts_of_several_people_about_one_question_are_one_row() -> None:
    again = replace(asked(text=" where did  RAIN fall?", asked=LATER), generation=4, given_at=90.0)
    row = only(OTHER, GOOD, BAD, again, replace(again, helpful=False, generation=2), replace(GOOD, generation=5))
    assert (row["question"], row["asked"]) == (again.question.text, "2022-06-09T00:00:00+00:00")
    assert row["articles"] == ["oslo", "moss"]  # 3 against 1, and 1
    assert row["answers"] == ["Rain fell on Oslo all day.", "It rained on Moss as well."]
    assert row["spans"] == [[10, 36]]  # of the first article
    counts = [(one["quote"], one["helpful"], one["unhelpful"], one["generation"]) for one in row["verdicts"]]
    assert counts == [("q3", 1, 0, 3), ("q1", 3, 1, 4), ("q2", 0, 1, 3)]


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ({}, {"since": date(2022, 5, 1)}, 2),
        ({}, {"source": "TASS"}, 2),
        ({"source": "tass"}, {"source": "TASS"}, 1),
        ({}, {"earlier": "What about rain?"}, 2),
        ({}, {"text": "Where did snow fall?"}, 2),
        ({}, {"asked": LATER}, 1),
        ({"text": "Where did rain fall yesterday?"}, {"text": "Where did rain fall yesterday?", "asked": LATER}, 2),
        (
            {"text": "Where did rain fall yesterday?"},
            {"text": "Where did rain fall yesterday?", "asked": NOON.replace(hour=20)},
            1,
        ),
    ],
)
def test_which_questions_are_the_same(one: dict[str, Any], other: dict[str, Any], count: int) -> None:
    first, second = asked(**one), asked(**other)
    rows = list(to_rows([first, second]))
    assert len(rows) == count
    assert len({row["id"] for row in rows}) == count
    assert [row["id"] for row in to_rows([second, first])] == [row["id"] for row in rows][::-1]


def test_a_quote_of_one_short_sentence_keeps_it() -> None:
    row = only(replace(GOOD, text="It stopped.", end=21))
    assert (row["answers"], row["spans"]) == (["It stopped."], [[10, 21]])


# The table


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    with closing(open_database(tmp_path / "state" / "bot-7.sqlite")) as connection:
        yield Feedback(connection)


def test_verdicts_are_read_as_stored_the_oldest_first(feedback: Feedback) -> None:
    full = replace(asked(since=date(2022, 5, 1), source="TASS", earlier="What about rain?"), person=2, given_at=30.0)
    feedback.put(GOOD)
    feedback.put(full)
    assert list(feedback.all()) == [full, GOOD]


def test_a_changed_verdict_replaces_the_first(feedback: Feedback) -> None:
    for verdict in (GOOD, replace(GOOD, person=2), replace(GOOD, helpful=False, given_at=99.0)):
        feedback.put(verdict)
    assert [(one.person, one.helpful) for one in feedback.all()] == [(2, True), (1, False)]


@pytest.mark.parametrize(
    ("person", "question", "quote", "expected"),
    [
        (1, "Where did rain fall?", "q1", True),
        (1, "Where did rain fall?", "q2", False),
        (1, "Where did rain fall?", "q3", None),
        (1, "Where?", "q1", None),
        (2, "Where did rain fall?", "q1", None),
    ],
)
def test_the_verdict_of_a_person_on_a_quote(
    feedback: Feedback, person: int, question: str, quote: str, expected: bool | None
) -> None:
    feedback.put(GOOD)
    feedback.put(BAD)
    assert feedback.verdict(person, question, quote) is expected


def test_a_persons_verdicts_are_deleted(feedback: Feedback) -> None:
    other = replace(OTHER, person=2)
    for verdict in (GOOD, BAD, other):
        feedback.put(verdict)
    assert (feedback.forget(1), feedback.forget(1)) == (2, 0)
    assert list(feedback.all()) == [other]


# The command

ARTICLES = [
    {"id": "oslo", "source": "TASS", "published": "2022-04-02", "text": "Rain fell on Oslo."},
    {"id": "bergen", "source": "AP", "published": "2022-05-02", "text": "Snow came over Bergen."},
]


def judged(person: int, question: str, row: dict[str, str], helpful: bool) -> Verdict:
    words, article = row["text"], Article(row["id"], row["text"], "news.jsonl")
    id = str(QuoteId.of(article, 0, len(words)))
    return Verdict(person, Question(question, NOON), id, row["id"], 0, len(words), words, helpful, 1, 60.0)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.toml").write_text('[index]\nsources = ["news"]\nlanguage = "en"\n[bot]\nstate = "kept"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_export_without_any_bot_fails(folder: Path) -> None:
    with pytest.raises(StorageError, match=r"no bot has stored anything in .*kept yet; run one with: quotewire bot"):
        run("feedback", "export")


def test_an_export_without_verdicts_is_empty(folder: Path) -> None:
    open_database(folder / "kept" / "bot-7.sqlite").close()
    assert run("feedback", "export") == (0, "", "quotewire: 0 verdicts on 0 questions, 0 with an answer\n")


def test_an_older_file_is_migrated_unless_its_bot_is_running(folder: Path) -> None:
    path = folder / "kept" / "bot-7.sqlite"
    path.parent.mkdir()
    shutil.copy(OLD_STATE, path)
    with single_process(path.parent, 7), pytest.raises(StorageError, match="a bot of an older version is running"):
        run("feedback", "export")
    assert is_outdated(path)
    code, out, err = run("feedback", "export")
    assert (code, err) == (0, "quotewire: 2 verdicts on 2 questions, 1 with an answer\n")
    assert [json.loads(line)["question"] for line in out.splitlines()] == ["Who won?", "and when?"]


def test_an_export_can_be_evaluated(
    folder: Path, settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStaticEncoder(256))
    (settings.sources[0] / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ARTICLES))
    build_index(settings)
    oslo, bergen = ARTICLES
    for bot, person, question, row, helpful in (
        (7, 1, "Where did rain fall, on Oslo?", oslo, True),
        (7, 2, "Did snow come over Bergen?", oslo, True),  # a wrong verdict
        (8, 1, "Where did rain fall, on Oslo?", oslo, True),
        (8, 1, "Where did rain fall, on Oslo?", bergen, False),
        (8, 3, "Rain on Oslo?", oslo, False),
    ):
        with closing(open_database(folder / "kept" / f"bot-{bot}.sqlite")) as connection:
            Feedback(connection).put(judged(person, question, row, helpful))
    code, out, err = run("feedback", "export")
    assert (code, err) == (0, "quotewire: 5 verdicts on 3 questions, 2 with an answer\n")
    (folder / "feedback.jsonl").write_text(out, "utf-8")
    warnings: list[str] = []
    labelled = read_labelled(folder / "feedback.jsonl", warnings.append)
    assert ([one.answerable for one in labelled], warnings) == ([True, True, None], [])
    code, out, err = run("evaluate", "feedback.jsonl", "--json", "out.json")
    assert (code, err) == (0, "")
    figures = json.loads((folder / "out.json").read_text("utf-8"))["figures"]
    for name, value, count in (
        ("article_hit@1", 0.5, 2),
        ("article_mrr", 0.75, 2),
        ("answer_in_first", 0.5, 2),
        ("sentence", 0.5, 2),
    ):
        assert figures[name] == {"value": value, "questions": count}, name
