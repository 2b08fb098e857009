"""Questions about days and names, answered with the real models over a few articles of one spring."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.build.builder import build_index
from index.settings import IndexSettings
from retrieval.answerer import Answerer
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Question

PROMISED = "Governor Marta Vale promised more money for"
DRONES = "The air force of Norland shot down {} drones overnight, its spokesman Karl Adler said."
ARTICLES = [
    ("2022-03-26", "Vote in Norland", "Voters in Norland rejected a constitution on Saturday. Turnout was 71 percent."),
    ("2021-03-26", "Vote in Norland", "Voters in Norland elected a parliament. Turnout was 80 percent."),
    ("2022-03-05", "Truce in Maur", "The two sides in Maur agreed on a cease-fire of ten days from Sunday. "
     "Negotiators said the by-product of the talks was a telephone hotline."),
    ("2022-03-24", "Ferry sinks off Fenn", "A ferry with 61 people on board sank off Fenn on Thursday night."),
    *((f"2022-03-{day}", "Air force reports drones", DRONES.format(count))
      for day, count in ((14, 15), (15, 23), (16, 31))),
    *((f"2022-03-{day:02}", f"Governor Vale on {what}", f"{PROMISED} {what}.")
      for day, what in ((9, "opera"), (17, "prisons"), (25, "trams"), (28, "forests"), (30, "lighthouses"))),
    ("2022-02-20", "Kiev mayor Klitschko visits Halden", "The Kyiv mayor Vitali Klitschko met the council there."),
    ("2022-02-21", "Board changes", "Jane Doe resigned from the board on Monday. A successor is sought."),
    ("2022-02-22", "In parliament", "President Zelenskyy spoke to the parliament on Tuesday. Members rose."),
    ("2022-03-26T23:30:00-05:00", "Vote in Brodia", "Voters in Brodia rejected a new flag."),
    ("2022-03-27T00:30:00+00:00", "Vote in Brodia", "Voters in Brodia waited for the result."),
]  # fmt: skip


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, e5_root: Path) -> Answerer:
    folder = tmp_path_factory.mktemp("days")
    rows = [
        {"id": str(at), "published": day, "title": title, "source": "World Desk", "text": text}
        for at, (day, title, text) in enumerate(ARTICLES)
    ]
    (folder / "articles.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    settings = IndexSettings(sources=[folder / "articles.jsonl"], path=folder / "data")
    shutil.copytree(e5_root / "models", settings.path / "models")
    build_index(settings)
    return Answerer.open(settings, RetrievalSettings())


def ask(answerer: Answerer, text: str, asked: str) -> Answer:
    return answerer.answer(Question(text, datetime.fromisoformat(asked).replace(tzinfo=UTC)))


@pytest.mark.parametrize(
    ("text", "asked", "looked_at", "first"),
    [
        ("What happened in Norland on Saturday?", "2022-03-28", "26–28 March 2022", "Voters in Norland rejected"),
        ("What happened in Maur in March 2022?", "2022-04-03", "1–31 March 2022", "The two sides in Maur"),
        ("What happened to the ferry yesterday?", "2022-03-25", "24–25 March 2022", "A ferry with 61 people"),
        ("Norland", "2022-03-28", None, "Voters in Norland rejected"),
        ("How many drones were shot down on 14 March 2022?", "2022-04-03", "14–17 March 2022", DRONES.format(15)),
        ("How many drones did Norland shoot down yesterday?", "2022-03-15", "14–15 March 2022", DRONES.format(15)),
        ("What was the turnout in Norland on 26.03.2022?", "2022-12-03", "26–29 March 2022", "Turnout was 71 percent."),
        ("What did Governor Vale promise two weeks ago?", "2022-03-31", "14–20 March 2022", f"{PROMISED} prisons."),
        ("What did Governor Vale promise last Friday?", "2022-03-28", "25–28 March 2022", f"{PROMISED} trams."),
        ("What did Governor Vale promise twenty-two days ago?", "2022-03-31", "9–12 March 2022", f"{PROMISED} opera."),
        ("How long is the ceasefire in Maur?", "2022-04-03", None, "The two sides in Maur agreed on a cease-fire"),
        ("What was the byproduct of the talks?", "2022-04-03", None, "Negotiators said the by-product"),
    ],
)  # fmt: skip
def test_the_article_of_the_day_answers_first(
    answerer: Answerer, text: str, asked: str, looked_at: str | None, first: str
) -> None:
    answer = ask(answerer, text, asked)
    assert answer.status == "answered"
    assert (answer.period and answer.period.text) == (looked_at and f"looking at {looked_at}")
    assert first in answer.quotes[0].text


@pytest.mark.parametrize(
    ("text", "day", "quoted"),
    [
        ("What did voters in Brodia reject?", 26, "Voters in Brodia rejected a new flag."),
        ("What did voters in Brodia wait for?", 27, "Voters in Brodia waited for the result."),
    ],
)
def test_a_filter_of_one_day_holds_that_day(answerer: Answerer, text: str, day: int, quoted: str) -> None:
    of = datetime(2022, 3, day, tzinfo=UTC)
    answer = answerer.answer(Question(text, of, of.date(), of.date()))
    assert (answer.quotes or answer.closest)[0].text == quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("News about Kiev", "The Kyiv mayor Vitali Klitschko met the council there."),
        ("What happened to J. Doe?", "Jane Doe resigned from the board on Monday."),
    ],
)
def test_the_newest_on_a_name_that_is_spelt_otherwise(answerer: Answerer, text: str, quoted: str) -> None:
    answer = ask(answerer, text, "2022-04-03")
    assert (answer.status, answer.quotes[0].text) == ("answered", quoted)


def test_what_is_closest_to_a_name_names_one_spelt_alike(answerer: Answerer) -> None:
    answer = ask(answerer, "What happened to Zelensky?", "2022-04-03")
    assert (answer.quotes or answer.closest)[0].text.startswith("President Zelenskyy spoke to the parliament")


@pytest.mark.parametrize("text", ["What happened to Foobar?", "News about Erewhon", "What happened to Mr. Smith?"])
def test_there_is_nothing_new_on_a_name_that_no_article_has(answerer: Answerer, text: str) -> None:
    assert ask(answerer, text, "2022-04-03").status in ("perhaps", "not_found")
