"""The Answerer's further quotes, newest articles and look-ups, with the fake model."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.build.builder import build_index
from index.settings import IndexSettings
from retrieval.answerer import Answerer
from retrieval.quote_ids import QuoteId
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Question
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import STEEP, WordReader

ASKED = datetime(2022, 6, 1, 12, tzinfo=UTC)
HAIL = Question("hail", ASKED)
PLACES = ("Oslo", "Bergen", "Narvik", "Hamar", "Moss", "Halden", "Larvik")


def write(folder: Path, name: str, text: str, **fields: str) -> None:
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    (folder / f"{name}.txt").write_text(f"---\n{head}---\n{text}\n", "utf-8")


@pytest.fixture
def answerer(settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Answerer:
    """Write an article for each place, with sentences of its own about hail."""
    static = FakeStaticEncoder(256)
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: static)
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader(replace(STEEP, slope=0.5)))
    for at, place in enumerate(PLACES):
        write(settings.sources[0], place, f"Hail fell on {place}, of {at + 2} kilograms.")
    build_index(settings)
    return Answerer.open(settings, RetrievalSettings())


def rebuilt(answerer: Answerer, settings: IndexSettings) -> Answerer:
    build_index(settings)
    assert answerer.refresh()
    return answerer


def ids(answer: Answer) -> list[str]:
    return [quote.id for quote in answer.quotes]


def texts(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


def test_more_goes_on_where_the_answer_ended_until_there_is_nothing_left(answerer: Answerer) -> None:
    every = answerer.answer(HAIL, 20)
    assert (len(every.quotes), every.more) == (7, 0)
    answer, seen, left = answerer.answer(HAIL, 3), [], []
    while answer.quotes:
        seen += ids(answer)
        left.append(answer.more)
        answer = answerer.more(HAIL, seen, 3)
    assert seen == ids(every)
    assert left == [4, 1, 0]
    assert (answer.quotes, answer.closest, answer.more) == ((), (), 0)


def test_more_after_a_new_generation_skips_what_was_seen_and_begins_with_what_is_new(
    answerer: Answerer, settings: IndexSettings
) -> None:
    seen = ids(answerer.answer(HAIL, 4))
    shown = texts(answerer.answer(HAIL, 4))
    write(settings.sources[0], "hail", "Hail, hail, hail.")
    (settings.sources[0] / "Oslo.txt").unlink()
    left = texts(rebuilt(answerer, settings).more(HAIL, seen, 20))
    assert left[0] == "Hail, hail, hail."
    assert sorted(left[1:]) == sorted(
        f"Hail fell on {place}, of {at + 2} kilograms."
        for at, place in enumerate(PLACES)
        if place != "Oslo" and not any(f"on {place}," in text for text in shown)
    )


@pytest.mark.parametrize("name", ["Oslo", "renamed"])
def test_what_was_seen_is_known_where_it_has_moved_to(answerer: Answerer, settings: IndexSettings, name: str) -> None:
    seen = ids(answerer.answer(HAIL, 20))
    (settings.sources[0] / "Oslo.txt").unlink()
    text = "Nobody expected this at all. Hail fell on Oslo, of 2 kilograms. Kings came to Oslo."
    write(settings.sources[0], name, text)
    assert rebuilt(answerer, settings).more(HAIL, seen).quotes == ()


def test_the_same_words_with_another_figure_were_not_seen(answerer: Answerer, settings: IndexSettings) -> None:
    seen = ids(answerer.answer(HAIL, 20))
    write(settings.sources[0], "Oslo", "Hail fell on Oslo, of 9 kilograms.")
    assert texts(rebuilt(answerer, settings).more(HAIL, seen)) == ["Hail fell on Oslo, of 9 kilograms."]


def test_more_than_what_is_no_id_or_of_no_article(answerer: Answerer) -> None:
    assert ids(answerer.more(HAIL, ["nonsense", "66dm9hbg-0-a-h95h"], 3)) == ids(answerer.answer(HAIL, 3))


def test_more_of_what_is_not_answered_is_nothing(answerer: Answerer) -> None:
    answer = answerer.more(Question("zebra", ASKED), [])
    assert (answer.status, answer.quotes, answer.closest, answer.more) == ("not_found", (), (), 0)


def test_the_newest_articles_by_day_and_time_a_quote_each_with_the_undated_last(
    answerer: Answerer, settings: IndexSettings
) -> None:
    news = settings.sources[0]
    for place in PLACES[2:]:
        (news / f"{place}.txt").unlink()
    write(news, "a", "Bread is dear at noon. Milk is not.", published="2022-05-31T12:00:00+00:00")
    write(news, "b", "Elections were held in the morning. Nobody came.", published="2022-05-31T09:00:00+03:00")
    write(news, "c", "Ships sank on the last day of spring.", published="2022-05-30")
    write(news, "d", "A clock was wrong by years.", published="2033-01-01")
    answerer = rebuilt(answerer, settings)
    dated = ["Bread is dear at noon.", "Elections were held in the morning.", "Ships sank on the last day of spring."]
    answer = answerer.latest(ASKED, limit=5)
    assert texts(answer)[:3] == dated
    assert sorted(texts(answer)[3:]) == ["Hail fell on Bergen, of 3 kilograms.", "Hail fell on Oslo, of 2 kilograms."]
    assert (answer.more, answer.status) == (0, "answered")
    assert texts(answerer.latest(ASKED, since=date(2022, 5, 31))) == dated[:2]
    assert (
        texts(answerer.latest(datetime(2022, 5, 29, 23, tzinfo=UTC), limit=1)) == dated[2:]
    )  # elsewhere it is the 30th


def test_the_newest_articles_in_parts(answerer: Answerer) -> None:
    every = answerer.latest(ASKED, limit=9)
    assert (len(every.quotes), every.more) == (7, 0)
    first = answerer.latest(ASKED, limit=4)
    rest = answerer.latest(ASKED, limit=4, seen=ids(first))
    assert (first.more, rest.more) == (3, 0)
    assert ids(first) + ids(rest) == ids(every)


def test_of_undated_articles_those_come_first_that_were_added_last(answerer: Answerer, settings: IndexSettings) -> None:
    write(settings.sources[0], "A", "Bread is dear.")
    assert texts(rebuilt(answerer, settings).latest(ASKED, limit=1)) == ["Bread is dear."]


def test_what_is_dated_ahead_is_shown_where_there_is_nothing_else(answerer: Answerer) -> None:
    asked = datetime(1990, 1, 1, tzinfo=UTC)
    assert len(answerer.latest(asked, limit=9).quotes) == 7


def test_a_story_is_once_among_the_newest(answerer: Answerer, settings: IndexSettings) -> None:
    words = " ".join(f"The {at}th list of {at * 7} goods was read out in court." for at in range(20))
    write(settings.sources[0], "x", f"Prices rose by nine. {words}", published="2022-05-31", source="TASS")
    write(settings.sources[0], "y", f"Update of the day: more. {words}", published="2022-05-31", source="AP")
    write(settings.sources[0], "z", "Ships sank on a reef.", published="2022-05-30", source="AP")
    answer = rebuilt(answerer, settings).latest(ASKED, limit=2)
    assert [[copy.id for copy in quote.copies] for quote in answer.quotes] in ([["x.txt"], []], [["y.txt"], []])
    assert texts(answer)[1] == "Ships sank on a reef."
    assert texts(answerer.latest(ASKED, source="ap", limit=5))[1:] == ["Ships sank on a reef."]


def test_a_quote_is_looked_up_in_the_open_generation(answerer: Answerer, settings: IndexSettings) -> None:
    quote = answerer.answer(HAIL, 1).quotes[0]
    standing = answerer.look_up(QuoteId.parse(quote.id))
    assert standing is not None
    assert (standing.article, standing.span, standing.status) == (quote.article, (quote.start, quote.end), "unchanged")
    (settings.sources[0] / quote.article.id).unlink()
    build_index(settings)
    assert answerer.look_up(QuoteId.parse(quote.id)) is not None
    answerer.refresh()
    assert answerer.look_up(QuoteId.parse(quote.id)) is None


def test_what_there_is_in_numbers(answerer: Answerer, settings: IndexSettings) -> None:
    before = answerer.content
    write(settings.sources[0], "a", "Bread is dear.", published="2022-05-31", source="TASS")
    assert answerer.content == before
    summary = rebuilt(answerer, settings).summary()
    assert answerer.content != before
    assert (summary.articles, summary.undated, summary.outlets) == (8, 7, (("TASS", 1),))
    assert summary.first_day == summary.last_day == date(2022, 5, 31)
