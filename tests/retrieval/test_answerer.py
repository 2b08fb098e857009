import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.build.builder import build_index
from index.errors import DamagedIndexError, ModelError, NoIndexError, WrongModelError
from index.settings import IndexSettings
from index.storage.generations import folder_of
from retrieval.answerer import Answerer
from retrieval.params import RankingParams
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Question
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import WordReader
from tests.support.paths import SEEDS

HEADLINE = "Canada vows to continue work with state bodies for further ISS cooperation — Roscosmos"


def question(text: str) -> Question:
    return Question(text, datetime(2022, 6, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory, e5_root: Path) -> Answerer:
    """Build the seed article's index, and open it with the real models."""
    settings = IndexSettings(sources=[SEEDS], path=tmp_path_factory.mktemp("seed") / "data")
    shutil.copytree(e5_root / "models", settings.path / "models")
    build_index(settings)
    return Answerer.open(settings, RetrievalSettings())


def bold(answer: Answer) -> str:
    first = answer.quotes[0]
    return first.article.text[slice(*first.highlights[0])]


def test_who_is_under_sanctions(seed: Answerer) -> None:
    answer = seed.answer(question("who is under sanctions?"))
    assert answer.status == "answered"
    texts = [quote.text for quote in answer.quotes]
    told = ("demanding they lift sanctions", "which is also under sanctions", "(which is under sanctions)")
    bold = [quote.article.text[slice(*quote.highlights[0])] for quote in answer.quotes]
    confidences = [quote.confidence or 0 for quote in answer.quotes]
    assert confidences[0] == answer.confidence
    assert confidences == sorted(confidences, reverse=True)
    assert sorted(words for words in told for sentence in bold if words in sentence) == sorted(told)
    assert len(bold) == 3
    for quote in answer.quotes:
        assert (quote.article.title, quote.article.source, quote.article.dated) == (HEADLINE, "TASS", "April 2")
        assert quote.text == quote.article.text[quote.start : quote.end]
    assert "All news" not in "".join(texts)
    assert answer.confidence is not None
    assert answer.confidence > 0.3


def test_a_russian_question_is_answered_by_an_english_article(seed: Answerer) -> None:
    answer = seed.answer(question("кто находится под санкциями?"))
    assert answer.status == "answered"
    assert "sanctions" in bold(answer)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("What did Rogozin say?", "Rogozin said he would wait for the partners to respond until March 31"),
        ("что сказал Рогозин?", "Rogozin said he would wait for the partners to respond until March 31"),
        ("Which boosters launch the Soyuz MS?", "Both craft are launched by Soyuz-2.1a boosters"),
        ("When did Rogozin say he would wait until?", "Rogozin said he would wait for the partners to respond until"),
    ],
)
def test_the_right_sentence_comes_first(seed: Answerer, asked: str, first: str) -> None:
    answer = seed.answer(question(asked))
    assert answer.status == "answered"
    assert first in answer.quotes[0].text


@pytest.mark.parametrize(
    "asked",
    [
        "What is the capital of France?",
        "Who won the World Cup?",
        "кто победил на выборах?",
        "how many astronauts are on the ISS?",
        "сколько космонавтов на МКС?",
        "when did the ISS launch?",
        "когда была запущена МКС?",
    ],
)
def test_questions_without_an_answer_are_refused(seed: Answerer, asked: str) -> None:
    answer = seed.answer(question(asked))
    assert answer.status == "not_found"
    assert answer.quotes == ()
    assert 1 <= len(answer.closest) <= 2
    assert answer.confidence is not None
    assert answer.confidence < 0.2


def test_small_talk_finds_nothing_and_keeps_the_subject(seed: Answerer) -> None:
    answer = seed.answer(replace(question("thanks!"), earlier="who is under sanctions?"))
    assert (answer.status, answer.quotes, answer.closest) == ("small_talk", (), ())
    assert answer.subject == "who is under sanctions?"


def test_no_index_yet(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match=r"there is no index in .*; make one with: quotewire index"):
        Answerer.open(IndexSettings(path=tmp_path), RetrievalSettings())


@pytest.fixture
def answerer(settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Answerer:
    """Open an index of four articles of two outlets, with the fake model."""
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    static = FakeStaticEncoder(256)  # the tiny tokenizer knows too few words to tell these articles apart
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: static)
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader())
    for name, source, text in (
        ("a", "TASS", "Rain fell on Oslo. Snow fell on Bergen."),
        ("b", "AP", "Rain fell on Oslo. Rain fell on Oslo again. Then it stopped."),
        ("c", "AP", "Rain fell on Oslo."),
        ("d", "AP", "Kings were crowned."),
    ):
        (settings.sources[0] / f"{name}.txt").write_text(f"---\nsource: {source}\n---\n{text}\n")
    build_index(settings)
    return Answerer.open(settings, RetrievalSettings())


def test_the_same_words_are_quoted_once(answerer: Answerer) -> None:
    texts = [quote.text for quote in answerer.answer(question("rain Oslo")).quotes]
    assert texts.count("Rain fell on Oslo.") == 1


def test_a_sentence_far_below_the_best_is_not_quoted(answerer: Answerer) -> None:
    texts = [quote.text for quote in answerer.answer(question("rain Oslo")).quotes]
    assert "Kings were crowned." not in texts


def test_the_ranking_contains_every_article_found(answerer: Answerer) -> None:
    answer = answerer.answer(question("snow Bergen"), 1)
    assert [quote.article.id for quote in answer.quotes] == ["a.txt"]
    assert answer.ranking[0] == "a.txt"
    answer = answerer.answer(question("rain Oslo"), 1)
    assert sorted(answer.ranking) == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert answer.ranking[0] == answer.quotes[0].article.id
    assert answerer.answer(replace(question("rain Oslo"), source="Reuters")).ranking == ()


def test_params_are_those_given_to_open(answerer: Answerer, settings: IndexSettings) -> None:
    asked = question("rain Oslo")
    one = Answerer.open(settings, RetrievalSettings(), replace(RankingParams(), k=1, hits_per_quote=0))
    assert len(answerer.answer(asked).hits) == 4
    assert len(one.answer(asked).hits) == 1
    strict = Answerer.open(
        settings, RetrievalSettings(), replace(RankingParams(), read_passages=1, max_read_passages=1)
    )
    assert {quote.hit for quote in strict.answer(asked).quotes} == {strict.answer(asked).hits[0]}


def test_no_more_quotes_than_the_limit(answerer: Answerer) -> None:
    assert len(answerer.answer(question("rain Oslo"), 1).quotes) == 1


def test_without_an_answer_there_are_no_more_quotes(answerer: Answerer) -> None:
    answer = answerer.answer(question("zebra"), 1)
    assert (answer.status, answer.more) == ("not_found", 0)


def test_a_sentence_answers_from_the_confidence_threshold_on(answerer: Answerer, settings: IndexSettings) -> None:
    """Of "rain Oslo Bergen kings" the best sentences contain 2 of 4 stems: log odds 0, a confidence of 0.5."""
    answer = answerer.answer(question("rain Oslo Bergen kings"))
    assert (answer.status, answer.confidence) == ("answered", 0.5)
    stricter = Answerer.open(settings, RetrievalSettings(min_confidence=0.6))
    assert stricter.answer(question("rain Oslo Bergen kings")).status == "perhaps"


def test_a_less_confident_sentence_is_offered_as_perhaps(answerer: Answerer) -> None:
    """Of "snow zebra giraffe" a sentence contains 1 of 3 stems: log odds -1, a confidence of 0.27."""
    answer = answerer.answer(question("snow zebra giraffe"))
    assert (answer.status, answer.quotes, len(answer.closest)) == ("perhaps", (), 1)
    assert answer.confidence == pytest.approx(0.2689, abs=1e-4)
    assert answer.closest[0].text == "Snow fell on Bergen."


def test_a_follow_up_is_read_alone_and_joined_and_the_more_confident_reading_wins(answerer: Answerer) -> None:
    long = "snow fell Bergen zebra giraffe lion"
    answer = answerer.answer(replace(question(long), earlier="kings crowned"))
    assert (answer.understood, answer.subject) == (
        None,
        long,
    )  # an article contains half of its words, but three of eight when joined
    answer = answerer.answer(replace(question("and Bergen?"), earlier="snow rain"))
    assert answer.understood is None  # an article contains its word: alone it is confident enough
    answer = answerer.answer(replace(question("Bergen zebra"), earlier="snow rain"))
    assert answer.understood is None  # an article contains half of its words: alone it is confident enough
    answer = answerer.answer(replace(question("Bergen zebra giraffe"), earlier="snow rain"))
    assert answer.understood == "snow rain … Bergen zebra giraffe"  # a third of its words is not enough
    answer = answerer.answer(replace(question("why zebra"), earlier="rain Oslo"))
    assert (answer.understood, answer.subject) == ("rain Oslo … why zebra", "rain Oslo")
    assert answer.question.text == "why zebra"
    talked_about = answerer.answer(question("rain Oslo")).quotes[0].article
    assert answer.quotes[0].article == talked_about


def test_without_a_reader_nothing_is_refused_and_the_answer_is_marked_unread(
    answerer: Answerer, settings: IndexSettings
) -> None:
    unread = Answerer(answerer._generation, answerer._encoder, settings, FAKE_MODEL, RetrievalSettings(reader=""))
    answer = unread.answer(question("snow Bergen zebra"))
    assert (answer.status, answer.confidence, answer.unread) == ("answered", None, True)
    assert answer.quotes[0].text == "Snow fell on Bergen."
    scores = [quote.score for quote in answer.quotes]
    assert scores == sorted(scores, reverse=True)


def test_a_broken_reader_leaves_answers_unread_and_the_problem_says_why(
    answerer: Answerer, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModelError("weights/reader.json: is damaged")

    assert answerer.problem is None
    monkeypatch.setattr("retrieval.answerer.load_reader", fail)
    broken = Answerer.open(settings, RetrievalSettings())
    assert broken.problem == "answers are not read: weights/reader.json: is damaged"
    assert broken.answer(question("snow Bergen")).unread


def test_an_unknown_outlet_finds_nothing(answerer: Answerer) -> None:
    answer = answerer.answer(replace(question("rain Oslo"), source="Reuters"))
    assert (answer.status, answer.quotes, answer.closest, answer.confidence) == ("not_found", (), (), 0.0)
    assert answerer.outlets() == ("AP", "TASS")


def test_undated_articles_pass_no_filter_by_days(answerer: Answerer) -> None:
    assert answerer.answer(replace(question("rain Oslo"), since=date(1990, 1, 1))).closest == ()


@pytest.fixture
def dated(answerer: Answerer, settings: IndexSettings) -> Answerer:
    """Add two articles with dates."""
    for day, text in (("2022-05-20", "Hail fell on Bergen in spring."), ("2022-05-31", "Hail fell on Narvik.")):
        (settings.sources[0] / f"{day}.txt").write_text(f"---\npublished: {day}\n---\n{text}\n")
    build_index(settings)
    answerer.refresh()
    return answerer


def test_quotes_are_of_the_period_in_the_question(dated: Answerer) -> None:
    answer = dated.answer(question("hail yesterday"))  # asked on 1 June
    assert [quote.text for quote in answer.quotes] == ["Hail fell on Narvik."]
    assert answer.period is not None
    assert answer.period.text == "looking at 31 May – 1 June 2022"
    assert answer.question.text == "hail yesterday"
    assert answer.question.since is None
    assert len(dated.answer(question("hail")).quotes) == 2


def publish(answerer: Answerer, settings: IndexSettings, **stories: str) -> None:
    """Add articles, each named by a letter and its day of May 2022, and publish them."""
    for day, text in stories.items():
        (settings.sources[0] / f"{day}.txt").write_text(f"---\npublished: 2022-05-{day[1:]}\n---\n{text}\n")
    build_index(settings)
    answerer.refresh()


def test_the_article_of_the_conversation_must_be_in_the_period_too(dated: Answerer, settings: IndexSettings) -> None:
    publish(dated, settings, d10="Kings met in Narvik. Bread is dear.")
    assert dated.answer(question("kings met Narvik")).quotes[0].text == "Kings met in Narvik."
    answer = dated.answer(replace(question("bread yesterday"), earlier="kings met Narvik"))
    assert answer.period is not None
    assert answer.quotes == ()  # its article is of another day


def test_what_happened_is_answered_with_one_sentence_of_each_newest_article(
    dated: Answerer, settings: IndexSettings
) -> None:
    publish(dated, settings, d22="Bread is dear. Milk is not.", d30="Elections were held. Nobody came.")
    answer = dated.answer(question("what happened in May 2022?"))
    assert [quote.text for quote in answer.quotes] == [
        "Hail fell on Narvik.",
        "Elections were held.",
        "Bread is dear.",
        "Hail fell on Bergen in spring.",
    ]
    assert answer.more == 0
    assert dated.answer(question("what happened in May 2022?"), 1).more == 3


def test_articles_of_the_day_in_the_question_come_before_later_reports(
    dated: Answerer, settings: IndexSettings
) -> None:
    publish(dated, settings, d28="Bread is dear.", d30="Elections were held.")
    answer = dated.answer(question("what happened on 28 May?"))
    assert [quote.text for quote in answer.quotes] == [
        "Bread is dear.",
        "Hail fell on Narvik.",
        "Elections were held.",
    ]


def test_what_happened_is_answered_with_the_first_sentence_of_each_story(
    dated: Answerer, settings: IndexSettings
) -> None:
    note = "Editor’s Note: Ann Lee is the author of two books. She is a professor at Acme University."
    text = f"Alabama\n\n{note}\n\nA flood took three bridges off. Two stay."
    (settings.sources[0] / "flood.txt").write_text(f"---\npublished: 2022-05-31\ntitle: Flood\n---\n{text}\n")
    build_index(settings)
    dated.refresh()
    answer = dated.answer(question("What happened yesterday?"))
    assert {quote.text for quote in answer.quotes} == {"Hail fell on Narvik.", "A flood took three bridges off."}


def test_a_bare_name_is_answered_with_its_newest_articles_whatever_the_confidence(
    dated: Answerer, settings: IndexSettings
) -> None:
    publish(
        dated,
        settings,
        d10="Kings met in Norland. Bread is dear.",
        d21="Norland is at war. Milk is dear.",
        d22="Bread is dear. It rained. Kings left Norland.",  # which is about bread
    )
    answer = dated.answer(question("What happened in Norland?"))
    assert (answer.status, answer.confidence, answer.subject) == ("answered", None, "What happened in Norland?")
    assert [quote.text for quote in answer.quotes] == ["Norland is at war.", "Kings met in Norland."]
    assert dated.answer(question("Norland")).quotes[0].text == "Norland is at war."
    assert dated.answer(question("what is the latest on norland")).quotes[0].text == "Norland is at war."
    assert dated.answer(question("What happened in Norland in May 2022?")).period is not None


def test_the_newest_articles_about_a_name_are_of_the_period(dated: Answerer, settings: IndexSettings) -> None:
    publish(dated, settings, d10="Norland is calm.", d11="Norland is at war.", d13="Norland is tired.")
    answer = dated.answer(question("What happened in Norland on 10 May?"))
    assert [quote.text for quote in answer.quotes] == ["Norland is calm.", "Norland is at war.", "Norland is tired."]
    answer = dated.answer(question("What happened in Norland on 12 May?"))
    assert [quote.text for quote in answer.quotes] == ["Norland is tired."]


def test_a_question_about_more_than_a_name_is_read(dated: Answerer, settings: IndexSettings) -> None:
    publish(dated, settings, d10="Norland is calm.")
    answer = dated.answer(question("Who rules and robs in Norland after the vote of kings and zebras?"))
    assert answer.status != "answered"
    assert answer.confidence is not None


def test_news_about_a_thing_is_shown_if_nothing_else_answers(dated: Answerer, settings: IndexSettings) -> None:
    publish(dated, settings, d30="The ferry to Norland sank. Bread is dear.")
    answer = dated.answer(question("What happened to the ferry in May 2022?"))
    assert (answer.status, [quote.text for quote in answer.quotes]) == ("answered", ["The ferry to Norland sank."])


def test_articles_of_the_day_in_the_question_come_first_then_those_of_the_next(
    dated: Answerer, settings: IndexSettings
) -> None:
    publish(
        dated, settings,
        a14="Drones fell, 15 of them, on 14 May.", a15="Drones fell as on 14 May, 23 of them.",
        a16="Drones fell on Bergen as on 14 May, 31 of them.",
    )  # fmt: skip
    answer = dated.answer(question("drones fell Bergen on 14 May"))
    assert [quote.article.day and quote.article.day.day for quote in answer.quotes] == [14, 15, 16]
    scores = [quote.score for quote in answer.quotes]
    assert scores[2] > scores[0] == scores[1]


def test_the_number_of_further_quotes(dated: Answerer) -> None:
    every = dated.answer(question("hail"), 9)
    assert (len(every.quotes), every.more) == (2, 0)
    first = dated.answer(question("hail"), 1)
    assert (first.quotes, first.more) == (every.quotes[:1], 1)


def test_given_days_override_the_period_in_the_question(dated: Answerer) -> None:
    answer = dated.answer(replace(question("hail fell in spring on Bergen yesterday"), until=date(2022, 5, 25)))
    assert [quote.text for quote in answer.quotes] == ["Hail fell on Bergen in spring."]
    assert answer.period is None


def test_if_nothing_in_the_period_answers_the_closest_quotes_are_of_other_days(dated: Answerer) -> None:
    answer = dated.answer(question("hail 2022-05-25"))
    assert (answer.status, answer.quotes) == ("not_found", ())
    assert answer.period is not None
    assert {quote.text for quote in answer.closest} == {"Hail fell on Narvik.", "Hail fell on Bergen in spring."}
    assert answer.confidence == 0.0  # of the days that were asked for there is no article


def test_the_closest_quotes_may_be_of_undated_articles(dated: Answerer) -> None:
    answer = dated.answer(question("Were kings crowned yesterday?"))
    assert (answer.status, answer.quotes) == ("not_found", ())
    assert answer.closest[0].text == "Kings were crowned."


@pytest.mark.parametrize(
    "text", ["hail fell on Narvik in 2012", "hail fell on Narvik on 5 March 2012", "hail on Narvik since 2012"]
)
def test_a_period_long_before_the_first_article_is_ignored(dated: Answerer, text: str) -> None:
    answer = dated.answer(question(text))
    assert (answer.status, answer.period) == ("answered", None)


def test_periods_are_ignored_if_no_article_has_a_date(answerer: Answerer) -> None:
    answer = answerer.answer(question("rain Oslo yesterday"))
    assert (answer.status, answer.period) == ("answered", None)


def test_refresh_moves_to_the_published_generation(answerer: Answerer, settings: IndexSettings) -> None:
    assert (answerer.refresh(), answerer.generation) == (False, 1)
    (settings.sources[0] / "e.txt").write_text("Hail fell on Tromsø.")
    build_index(settings)
    assert (answerer.refresh(), answerer.generation) == (True, 2)
    answer = answerer.answer(question("hail Tromso"))
    assert (answer.quotes[0].text, answer.generation) == ("Hail fell on Tromsø.", 2)


def test_refresh_keeps_the_generation_if_the_new_one_is_damaged(answerer: Answerer, settings: IndexSettings) -> None:
    (settings.sources[0] / "e.txt").write_text("Hail fell on Tromsø.")
    build_index(settings)
    (folder_of(settings.path, 2) / "vectors.faiss").write_bytes(b"")
    with pytest.raises(DamagedIndexError, match=r"vectors\.faiss: .* quotewire index rollback 1"):
        answerer.refresh()
    assert answerer.generation == 1
    assert answerer.answer(question("rain Oslo")).quotes[0].text.startswith("Rain fell on Oslo.")


def test_an_index_built_with_another_model_is_refused(
    answerer: Answerer, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(FAKE_MODEL, name="other", fingerprint="0" * 64)
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: other)
    with pytest.raises(WrongModelError, match=r"built with fake, and .* names other .* quotewire index"):
        Answerer.open(settings, RetrievalSettings())


def test_refresh_notices_that_the_index_was_deleted_and_built_again(
    answerer: Answerer, settings: IndexSettings
) -> None:
    shutil.rmtree(settings.path)
    (settings.sources[0] / "e.txt").write_text("Hail fell on Tromsø.")
    build_index(settings)
    assert (answerer.refresh(), answerer.generation) == (True, 1)
    assert answerer.answer(question("hail Tromso")).quotes[0].text == "Hail fell on Tromsø."


def test_a_question_that_is_answered_alone_becomes_the_subject(dated: Answerer) -> None:
    """It wins joined with the question before it, but the next question follows it alone."""
    first = dated.answer(question("Were kings crowned?"))
    assert first.subject == "Were kings crowned?"
    then = dated.answer(replace(question("hail fell on Narvik"), earlier=first.subject))
    assert then.subject == "hail fell on Narvik"
