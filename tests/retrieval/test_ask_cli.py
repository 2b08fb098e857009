"""quotewire ask, in process with the fake model; as a process of its own in test_commands.py."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.build.builder import build_index
from index.errors import NoIndexError
from index.settings import IndexSettings
from retrieval.cli import app
from retrieval.presentation.texts import texts_for
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import WordReader

ARTICLES = [
    {"id": "oslo", "title": "Weather", "source": "TASS", "published": "2022-04-02", "text": "Rain fell on Oslo."},
    {"id": "bergen", "title": "More", "source": "AP", "published": "2022-05-02", "text": "Rain fell on Bergen."},
]


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def ask(
    settings: IndexSettings,
    fake: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStaticEncoder(256))
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader())
    rows = "".join(json.dumps(row) + "\n" for row in ARTICLES)
    (settings.sources[0] / "news.jsonl").write_text(rows)
    build_index(settings)
    config = tmp_path / "config.toml"
    config.write_text('[index]\nsources = ["news"]\n')

    def run(*arguments: str, stdin: str = "") -> Outcome:
        from typer.testing import CliRunner

        result = CliRunner().invoke(app, ["--config", str(config), *arguments], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


def test_an_answer_as_json(ask: Any) -> None:
    outcome = ask("--json", "rain on Oslo")
    (row,) = outcome.rows
    assert outcome.code == 0
    assert list(row) == [
        "question", "status", "understood", "subject", "confidence", "took_ms", "generation", "period",
        "quotes", "more", "closest",
    ]  # fmt: skip
    assert (row["question"], row["status"], row["generation"], row["closest"]) == ("rain on Oslo", "answered", 1, [])
    first = row["quotes"][0]
    assert list(first) == [
        "id", "text", "start", "end", "highlights", "marks", "speaker", "score", "article", "copies",
    ]  # fmt: skip
    assert (first["text"], first["start"], first["end"], first["highlights"]) == (
        "Rain fell on Oslo.",
        0,
        18,
        [[0, 18]],
    )
    assert first["article"] == {
        "id": "oslo", "title": "Weather", "url": None, "source": "TASS", "published": "2022-04-02",
    }  # fmt: skip


def test_an_answer_to_read(ask: Any) -> None:
    assert ask("rain on Oslo", "-k", "1").out.splitlines()[:1] == ["Weather"]
    assert "│ Rain fell on Oslo.\n" in ask("rain on Oslo", "-k", "1").out


def test_explain_names_words_and_similarity(ask: Any) -> None:
    (row,) = ask("--json", "--explain", "-k", "1", "rain on Oslo").rows
    assert row["quotes"][0]["explain"]["matched"] == ["rain", "oslo"]
    assert row["quotes"][0]["explain"]["words"] == pytest.approx(0.68, abs=0.01)  # of what rarer words would make
    assert "matched: rain, oslo" in ask("--explain", "-k", "1", "rain on Oslo").out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--since", "2022-05-01"], ["bergen"]),
        (["--until", "2022-05-01"], ["oslo"]),
        (["--source", "tass"], ["oslo"]),
        (["--since", "2022-04-01", "--until", "2022-06-01"], ["bergen", "oslo"]),
    ],
)
def test_filters(ask: Any, arguments: list[str], expected: list[str]) -> None:
    (row,) = ask("--json", "--all", *arguments, "rain fell").rows
    assert sorted(quote["article"]["id"] for quote in row["quotes"] + row["closest"]) == expected


def test_questions_from_stdin(ask: Any) -> None:
    lines = ['{"question": "rain Oslo", "source": "AP", "asked": "2022-06-01"}', "", "rain Bergen", "{bad", '{"a": 1}']
    outcome = ask("--json", "-k", "1", stdin="\n".join(lines))
    found = [(row["question"], (row["quotes"] + row["closest"])[0]["article"]["id"]) for row in outcome.rows]
    assert found == [("rain Oslo", "bergen"), ("rain Bergen", "bergen")]
    assert outcome.code == 3
    first, second = outcome.err.splitlines()
    assert first.startswith("quotewire: warning: stdin:4: not valid JSON: ")
    assert second == "quotewire: warning: stdin:5: question: must be a non-empty text; skipped"


def test_the_subject_of_an_answer_is_what_the_next_row_follows_up(ask: Any) -> None:
    (first,) = ask("--json", "rain on Oslo").rows
    assert (first["understood"], first["subject"]) == (None, "rain on Oslo")
    (second,) = ask("--json", stdin=json.dumps({"question": "and when?", "earlier": first["subject"]})).rows
    assert (second["understood"], second["subject"]) == (
        "understood as: rain on Oslo … and when?",
        "rain on Oslo",
    )
    assert second["quotes"][0]["article"]["id"] == "oslo"


def test_small_talk_is_answered_by_a_line_and_finds_nothing(ask: Any) -> None:
    (row,) = ask("--json", "hi").rows
    assert (row["status"], row["quotes"], row["closest"], row["subject"]) == ("small_talk", [], [], None)
    outcome = ask("hi", "--source", "nowhere", "--since", "2022-01-01")
    assert (outcome.out, outcome.err) == (f"{texts_for('en')('talk-greeting')}\n\n", "")


def test_an_unknown_outlet_is_said(ask: Any) -> None:
    outcome = ask("--json", "--source", "TAS", "rain")
    assert outcome.rows[0]["status"] == "not_found"
    assert outcome.err == "quotewire: warning: no article is from TAS; try TASS\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rain", "--since", "March"], "since: 'March' is not a date; write it as YYYY-MM-DD"),
        (["rain", "--since", "2022-03-02", "--until", "2022-03-01"], "since: 2022-03-02 is after until, 2022-03-01"),
        (["rain", "-k", "0"], "greater than or equal to 1"),
        (["  "], "question: must be a non-empty text"),
    ],
)
def test_wrong_use_ends_with_2(ask: Any, arguments: list[str], message: str) -> None:
    outcome = ask(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in " ".join(outcome.err.split())


def test_no_index_names_the_command_that_makes_it(ask: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUOTEWIRE_INDEX_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(NoIndexError, match="make one with: quotewire index"):
        ask("rain")


def test_articles_that_a_filter_of_days_cannot_pass_are_named(ask: Any, settings: IndexSettings) -> None:
    (settings.sources[0] / "wind.txt").write_text("Wind blew over Narvik.")
    build_index(settings)
    outcome = ask("--json", "--since", "2023-01-01", "wind Narvik")
    assert outcome.rows[0]["status"] == "not_found"
    assert outcome.err == "quotewire: note: one article without a complete date was left out\n"


def test_a_period_in_the_question_is_said_back(ask: Any) -> None:
    outcome = ask("rain in April", "--asked", "2022-06-01")
    assert outcome.out.startswith("looking at 1–30 April 2022\n\nWeather\n")
    assert "Bergen" not in outcome.out
    [row] = ask("rain in April", "--asked", "2022-06-01", "--json").rows
    assert row["period"] == {"since": "2022-04-01", "until": "2022-04-30", "text": "looking at 1–30 April 2022"}
    assert [quote["article"]["id"] for quote in row["quotes"]] == ["oslo"]


def test_hints_and_answers_are_in_the_language_of_the_environment(
    ask: Any, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.sources[0] / "wind.txt").write_text("Wind blew over Narvik.")
    build_index(settings)
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    outcome = ask("--source", "TAS", "--since", "2023-01-01", "wind Narvik")
    assert outcome.out == "Ответа на это в статьях нет.\n\n"
    assert outcome.err == (
        "quotewire: предупреждение: статей издания TAS нет; попробуйте TASS\n"
        "quotewire: примечание: не учтена 1 статья без полной даты\n"
    )
    (row,) = ask("--json", "rain on Oslo").rows
    assert row["quotes"][0]["article"]["id"] == "oslo"
    (row,) = ask("--json", stdin=json.dumps({"question": "and when?", "earlier": "rain on Oslo"})).rows
    assert row["understood"] == "understood as: rain on Oslo … and when?"


WIRE = "Hail fell on Narvik. " + " ".join(f"The word {number} was printed here." for number in range(20))


def test_copies_answer_once_unless_all_are_wanted(
    ask: Any, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTEWIRE_RETRIEVAL_MIN_CONFIDENCE", "0")
    rows = [
        {"id": f"wire-{source}", "source": source, "published": f"2022-04-0{day}", "title": title, "text": WIRE}
        for source, day, title in (("TASS", 2, "Hail"), ("AP", 1, "Hail in Narvik"), ("ap", 3, "Narvik"))
    ]
    (settings.sources[0] / "wire.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    build_index(settings)
    (row,) = ask("--json", "hail Narvik").rows
    first, *others = [quote for quote in row["quotes"] if quote["text"].startswith("Hail")]
    assert others == []
    named = {article["id"]: article for article in (first["article"], *first["copies"])}
    assert sorted(named) == ["wire-AP", "wire-TASS", "wire-ap"]
    assert named["wire-TASS"] == {
        "id": "wire-TASS", "title": "Hail", "url": None, "source": "TASS", "published": "2022-04-02",
    }  # fmt: skip
    (row,) = ask("--json", "--all", "hail Narvik").rows
    every = [quote for quote in row["quotes"] if quote["text"].startswith("Hail")]
    assert sorted(quote["article"]["id"] for quote in every) == ["wire-AP", "wire-TASS", "wire-ap"]
    assert all(quote["copies"] == [] for quote in every)
    assert "; first on 1 April 2022\n" in ask("hail Narvik").out
