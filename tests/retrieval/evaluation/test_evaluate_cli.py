"""quotewire evaluate, in process with the fake model, from files of questions to JSON and reports."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.build.builder import build_index
from index.errors import EvaluationError, StorageError
from index.settings import IndexSettings
from retrieval.evaluation.cli import app
from retrieval.evaluation.figures import MEASURES
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import WordReader

ARTICLES = [
    {"id": "oslo", "title": "Weather <1>", "source": "TASS", "published": "2022-04-02", "text": "Rain fell on Oslo."},
    {"id": "bergen", "title": "More", "source": "AP", "published": "2022-05-02", "text": "Snow came over Bergen."},
]
QUESTIONS: list[dict[str, Any]] = [
    {"id": "1", "question": "Where did rain fall, on Oslo?", "answers": ["Oslo"], "articles": ["oslo"],
     "spans": [[13, 17]], "answerable": True, "asked": "2022-06-01"},
    {"id": "2", "question": "Did snow come over Bergen?", "answers": ["Tromsø"], "articles": ["oslo"],
     "answerable": True},
    {"id": "3", "question": "Who crowned kings?", "answers": [], "articles": [], "answerable": False},
    {"id": "4", "question": "Rain on Oslo?", "answers": ["yes"], "articles": [], "answerable": None},
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    def figure(self, label: str) -> list[str]:
        """The cells of the first line with this label."""
        line = next(line for line in self.out.splitlines() if line.startswith(label))
        return line.removeprefix(label).split()


@pytest.fixture
def evaluate(settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStaticEncoder(256))
    (settings.sources[0] / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ARTICLES))
    build_index(settings)
    (tmp_path / "config.toml").write_text('[index]\nsources = ["news"]\n')
    monkeypatch.chdir(tmp_path)
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in QUESTIONS))

    def run(*arguments: str, questions: str = "q.jsonl") -> Outcome:
        from typer.testing import CliRunner

        result = CliRunner().invoke(app, ["--config", "config.toml", questions, *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


def test_the_table(evaluate: Any) -> None:
    outcome = evaluate()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("4 questions, generation 1, fake\n\n")
    for label, cells in {
        "article hit@1": ["0.500", "2"],
        "answer in first quote ": ["0.500", "2"],
        "answer in first passage": ["1.000", "1"],
        "answer in bold sentence": ["1.000", "1"],
        "… if its passage holds it": ["1.000", "1"],
        "quotes exactly as stored": ["1.000", "4"],
        "words of first quote": ["4.0", "3"],
        "AUROC of the confidence": ["1.000", "3"],
        "answerable, refused": ["0.000", "2"],
        "unanswerable, refused": ["1.000", "1"],
    }.items():
        assert outcome.figure(label) == cells
    assert outcome.figure("time p95, ms")[1] == "4"


def test_the_table_of_a_terminal_has_the_same_cells(evaluate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TERM", "xterm")
    outcome = evaluate()
    assert "\x1b[2mfigure" in outcome.out
    assert outcome.figure("article hit@1") == ["0.500", "2"]


def test_json_has_figures_and_a_row_a_question(evaluate: Any) -> None:
    assert evaluate("--json", "out.json").code == 0
    written = json.loads(Path("out.json").read_text("utf-8"))
    assert list(written) == ["questions", "generation", "model", "figures", "groups", "rows"]
    assert (written["questions"], written["generation"], written["model"]) == ("q.jsonl", 1, "fake")
    assert list(written["figures"]) == list(MEASURES)
    assert written["figures"]["article_mrr"] == {"value": 0.75, "questions": 2}  # first, and second
    assert [row["id"] for row in written["rows"]] == ["1", "2", "3", "4"]
    first = written["rows"][0]
    assert 1 > first.pop("confidence") > written["rows"][2]["confidence"] > 0  # of what no article answers
    assert first.pop("took_ms") > 0
    assert first == {
        "question": "Where did rain fall, on Oslo?", "id": "1", "answerable": True, "answered": True,
        "article_rank": 1, "answer_rank": 1, "found": True, "sentence": True, "quotes": 1, "whole": 1,
        "words_first": 4, "words": 4, "article_first": True, "answering": 1, "listed": None,
        "language": None, "type": None,
    }  # fmt: skip


def test_a_figure_without_questions(evaluate: Any) -> None:
    Path("few.jsonl").write_text('{"question": "Rain on Oslo?"}\n')
    outcome = evaluate("--json", "out.json", questions="few.jsonl")
    assert outcome.figure("article MRR") == ["–", "0"]
    assert json.loads(Path("out.json").read_text("utf-8"))["figures"]["auroc"] == {"value": None, "questions": 0}


LABELS = [
    {**QUESTIONS[0], "id": "a", "lang": "en", "type": "where", "spans": [], "evidence": [[[0, 18]]]},
    {**QUESTIONS[1], "id": "b", "lang": "en", "type": "list", "articles": ["oslo", "bergen"],
     "evidence": [[[0, 18]]]},
    {"id": "c", "question": "Кто короновал королей?", "lang": "ru", "type": "near", "answerable": False,
     "about": "bergen", "near": [0, 22]},
]  # fmt: skip
TALK = {"id": "talk", "lang": "en", "turns": [
    {"question": "Where did rain fall, on Oslo?", "article": "oslo", "evidence": [[[0, 18]]]},
    {"question": "and over Bergen?", "article": "bergen", "evidence": [[[0, 22]]], "depends": True,
     "also": [{"article": "oslo", "evidence": [[[0, 18]]]}]},
    {"question": "Rain on Oslo?", "article": "oslo", "evidence": [[[0, 4]]]},
]}  # fmt: skip


def write(*rows: dict[str, Any]) -> None:
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_evidence_by_language_and_type(evaluate: Any) -> None:
    write(*LABELS)
    outcome = evaluate("--json", "out.json", "--report", "out.html")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.figure("answer in first quote ") == ["0.500", "2", "0.500", "2", "–", "0"]
    assert outcome.figure("en where")[:-2] == ["1", "1.000", "1.000", "1.000", "1.000", "1.000", "–", "4.0"]
    assert outcome.figure("en list")[:7] == ["1", "1.000", "0.000", "0.000", "0.000", "0.000", "0.000"]
    of_confidence = outcome.out.rpartition("wrongly refused")[2].splitlines()
    assert next(line for line in of_confidence if line.startswith("ru near")).split()[2:5] == ["1", "–", "1.000"]
    written = json.loads(Path("out.json").read_text("utf-8"))
    assert list(written["groups"]) == ["en", "en where", "en list", "ru", "ru near"]
    assert written["groups"]["en list"]["list_recall"] == {"value": 0.0, "questions": 1}
    assert [(row["language"], row["type"]) for row in written["rows"]] == [
        ("en", "where"), ("en", "list"), ("ru", "near")
    ]  # fmt: skip
    page = Path("out.html").read_text("utf-8")
    assert '<p class="note">The labelled answer:</p><blockquote>' in page
    assert "<b>Rain fell on Oslo.</b>" in page


def test_a_conversation_is_asked_turn_by_turn(evaluate: Any, fake: FakeEncoder) -> None:
    write(TALK, LABELS[0])
    outcome = evaluate("--json", "out.json")
    assert outcome.out.startswith("4 questions, ")
    assert ["Where did rain fall, on Oslo?\nand over Bergen?"] in fake.queries
    rows = json.loads(Path("out.json").read_text("utf-8"))["rows"]
    assert [row["id"] for row in rows] == ["talk/1", "talk/2", "talk/3", "a"]
    assert [row["type"] for row in rows] == ["first turn", "depends", "same story", "where"]
    assert rows[1]["answer_rank"] == 1
    assert [outcome.figure(f"en {kind}")[0] for kind in ("first turn", "depends", "same story")] == ["1", "1", "1"]


def test_a_limit_takes_whole_conversations(evaluate: Any) -> None:
    write(TALK, LABELS[0])
    assert evaluate("--limit", "1").out.startswith("3 questions, ")


def test_watches(evaluate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader())
    write(*LABELS)
    outcome = evaluate("--watches", "--json", "out.json")
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "1 question watched while 2 articles came, generation 1, fake",
        "",
        "                               figure  of",
        "fired by the labelled article   1.000   1",
        "notices that are right          1.000   1",
        "notices a question              1.000   1",
    ]
    assert json.loads(Path("out.json").read_text("utf-8"))["rows"] == [
        {"id": "a", "question": "Where did rain fall, on Oslo?", "articles": ["oslo"], "fired": True,
         "notices": [{"article": "oslo", "right": True, "quote": "Rain fell on Oslo."}]}
    ]  # fmt: skip


def test_a_baseline_of_an_earlier_version_has_fewer_fields(evaluate: Any) -> None:
    evaluate("--json", "out.json")
    written = json.loads(Path("out.json").read_text("utf-8"))
    new = ("article_first", "answering", "listed", "language", "type")
    written["rows"] = [{name: row[name] for name in row if name not in new} for row in written["rows"]]
    Path("before.json").write_text(json.dumps(written))
    outcome = evaluate("--baseline", "before.json")
    after = outcome.out.split("\nagainst ")[1].splitlines()
    assert next(line for line in after if line.startswith("list recall")).split()[2:] == ["–"] * 4 + ["0"]
    assert next(line for line in after if line.startswith("article MRR")).split()[2:4] == ["0.750", "0.750"]


def test_the_report_holds_the_failures_and_their_quotes(evaluate: Any) -> None:
    evaluate("--report", "out.html")
    page = Path("out.html").read_text("utf-8")
    assert "<h3>Did snow come over Bergen?</h3>" in page
    assert "<b>Snow came over Bergen.</b>" in page
    assert "<h3>Where did rain fall" not in page


def test_a_baseline_is_compared_by_id(evaluate: Any) -> None:
    evaluate("--json", "out.json")
    written = json.loads(Path("out.json").read_text("utf-8"))
    written["rows"][0]["answer_rank"] = 0
    written["rows"][2]["id"] = "another"
    Path("before.json").write_text(json.dumps(written))
    outcome = evaluate("--baseline", "before.json", "--json", "out.json", "--report", "out.html")
    assert outcome.code == 0
    before, after = outcome.out.split("\nagainst before.json: 3 questions in both\n\n")
    assert "before" not in before
    line = next(line for line in after.splitlines() if line.startswith("answer in first quote "))
    assert line.split()[4:] == ["0.000", "0.500", "+0.500", "+0.000", "to", "+1.000", "2"]
    found = json.loads(Path("out.json").read_text("utf-8"))["differences"]["answer_in_first"]
    assert found == {"before": 0.0, "now": 0.5, "difference": 0.5, "low": 0.0, "high": 1.0, "pairs": 2}
    assert "<h2>Against before.json</h2>" in Path("out.html").read_text("utf-8")


def test_a_limit(evaluate: Any) -> None:
    evaluate("--limit", "2", "--json", "out.json")
    assert [row["id"] for row in json.loads(Path("out.json").read_text("utf-8"))["rows"]] == ["1", "3"]


def test_filters_of_a_row_are_kept(evaluate: Any) -> None:
    rows = [{**QUESTIONS[0], "id": source, "source": source} for source in ("TASS", "AP")]
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    evaluate("--json", "out.json")
    found = json.loads(Path("out.json").read_text("utf-8"))["rows"]
    assert [row["article_rank"] for row in found] == [1, 0]


def test_bad_rows_are_warned_of_and_end_with_3(evaluate: Any) -> None:
    with Path("q.jsonl").open("a") as file:
        file.write('{bad\n{"question": ""}\n')
    outcome = evaluate()
    assert outcome.code == 3
    assert outcome.out.startswith("4 questions, ")
    first, second = outcome.err.splitlines()
    assert first.startswith("quotewire: warning: q.jsonl:5: not valid JSON: ")
    assert second == "quotewire: warning: q.jsonl:6: question: must be a non-empty text; skipped"


def test_articles_that_the_index_does_not_hold_are_named(evaluate: Any) -> None:
    Path("q.jsonl").write_text(json.dumps({**QUESTIONS[0], "articles": ["oslo", "narvik"]}))
    outcome = evaluate()
    assert outcome.err == "quotewire: note: the index does not hold 1 article that questions name: narvik\n"


def test_a_lone_surrogate_in_an_answer_is_escaped_in_files(evaluate: Any) -> None:
    rows = [{**QUESTIONS[1], "id": "\ud800", "answers": ["\udfff"]}]
    Path("q.jsonl").write_text(json.dumps(rows[0]))
    assert evaluate("--json", "out.json", "--report", "out.html").code == 0
    assert json.loads(Path("out.json").read_text("utf-8"))["rows"][0]["id"] == "\ud800"
    assert "expected: \ufffd" in Path("out.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "content"), [("none.json", None), ("list.json", "[]"), ("rows.json", '{"rows": [{"id": "1"}]}'),
                          ("text.json", "no"), ("other.json", '{"figures": {}}')],
)  # fmt: skip
def test_a_baseline_that_is_not_an_evaluation_is_an_error(evaluate: Any, name: str, content: str | None) -> None:
    if content is not None:
        Path(name).write_text(content)
    what = "cannot be read: No such file" if content is None else "is not an evaluation written by --json"
    with pytest.raises(EvaluationError, match=rf"^{name}: {what}"):
        evaluate("--baseline", name)


def test_a_baseline_whose_figures_are_texts(evaluate: Any) -> None:
    evaluate("--json", "out.json")
    written = Path("out.json").read_text("utf-8")
    Path("out.json").write_text(written.replace('"quotes": 1', '"quotes": "one"'))
    with pytest.raises(EvaluationError, match="is not an evaluation"):
        evaluate("--baseline", "out.json")
    Path("out.json").write_text(written.replace('"type": null', '"type": 5'))
    with pytest.raises(EvaluationError, match="is not an evaluation"):
        evaluate("--baseline", "out.json")


def test_no_questions(evaluate: Any) -> None:
    with pytest.raises(EvaluationError, match=r"^none\.jsonl: cannot be read: No such file or directory$"):
        evaluate(questions="none.jsonl")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json", "nowhere/out.json"],
        ["--report", "news"],
        ["--json", "q.jsonl"],
        ["--json", "out", "--report", "out"],
        ["--limit", "0"],
        ["--jobs", "0"],
        ["--watches", "--report", "out.html"],
        ["--watches", "--baseline", "q.jsonl"],
    ],
)
def test_wrong_use_ends_with_2_before_anything_is_answered(
    evaluate: Any, fake: FakeEncoder, arguments: list[str]
) -> None:
    questions = Path("q.jsonl").read_bytes()
    outcome = evaluate(*arguments)
    assert (outcome.code, outcome.out, fake.queries) == (2, "", [])
    assert Path("q.jsonl").read_bytes() == questions


def test_a_file_that_cannot_be_written_is_a_one_line_error(evaluate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(StorageError, match=r"^out\.json: cannot be written: No space left on device$"):
        evaluate("--json", "out.json")


def test_help_has_an_example(evaluate: Any) -> None:
    assert "quotewire evaluate questions.jsonl --json now.json" in " ".join(evaluate("--help").out.split())
