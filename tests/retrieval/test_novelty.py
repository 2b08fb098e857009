"""What is new for a watched question, over generations of a small index with the fake model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build.builder import build_index
from index.settings import IndexSettings
from index.types import Article, Passage, Span
from retrieval.answerer import Answerer
from retrieval.novelty import answer_marks, keep_confident, new_quotes, quote_marks
from retrieval.params import RankingParams
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Hit, Question, Quote
from tests.support.fake_models import FAKE_MODEL, FakeEncoder, FakeStaticEncoder
from tests.support.fake_readers import WordReader

PARAMS = RankingParams()
HAIL = Question("Where did hail fall?", datetime(2022, 6, 1, tzinfo=UTC))
COPIED = " ".join(f"The {at}th list of {at * 7} goods was read out in court." for at in range(20))

Publish = Callable[..., list[str]]


@pytest.fixture
def publish(settings: IndexSettings, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write articles, None to remove one, and publish; return the bold sentences that are new since the last call."""
    monkeypatch.setattr("retrieval.answerer.find_model", lambda *_: FAKE_MODEL)
    monkeypatch.setattr("retrieval.answerer.load_encoder", lambda *_: fake)
    monkeypatch.setattr("retrieval.answerer.load_static", lambda *_: FakeStaticEncoder(256))
    monkeypatch.setattr("retrieval.answerer.load_reader", lambda *_: WordReader())
    known: set[str] = set()
    opened: list[Answerer] = []

    def publish(rebuild: bool = False, **texts: str | None) -> list[str]:
        for name, text in texts.items():
            path = settings.sources[0] / f"{name}.txt"
            path.write_text(text, "utf-8") if text else path.unlink()
        build_index(settings, rebuild)
        opened[:] = opened or [Answerer.open(settings, RetrievalSettings(min_confidence=0))]
        opened[0].refresh()
        answer = opened[0].answer(HAIL, 10)
        found = new_quotes(answer, known, PARAMS)
        known.update(answer_marks(answer))
        return [quote.article.text[slice(*quote.highlights[0])] for quote in found]

    assert publish(oslo="Hail fell on Oslo.", kings="Kings were crowned.") == ["Hail fell on Oslo."]
    return publish


def test_an_answering_article_is_new_once(publish: Publish) -> None:
    assert publish(bergen="Hail fell on Bergen in May.") == ["Hail fell on Bergen in May."]
    assert publish() == []
    assert publish(rebuild=True) == []


def test_an_unrelated_article_gives_nothing_new(publish: Publish) -> None:
    assert publish(queens="Queens were not.", bread="Bread is dear, and milk is not.") == []


def test_a_change_elsewhere_in_an_old_article_gives_nothing_new(publish: Publish) -> None:
    assert publish(oslo="It was a quiet day. Hail fell on Oslo.\n\nCorrected on Monday.") == []
    assert publish(kings="Kings were crowned. Queens were not.") == []


def test_an_added_or_changed_sentence_of_an_old_article_is_new(publish: Publish) -> None:
    assert publish(oslo="Hail fell on Oslo and on Moss.") == ["Hail fell on Oslo and on Moss."]
    gained = "Kings were crowned while hail fell on Rome."
    assert publish(kings=gained) == [gained]


def test_a_copy_gives_nothing_new(publish: Publish) -> None:
    told = "Hail as large as eggs fell on the town of Narvik on Monday morning."
    assert publish(wire=f"{told} {COPIED}") == [told]
    assert publish(same=f"{told} {COPIED}") == []
    assert publish(edited=f"Hail as large as eggs fell on the town of Narvik on Monday, it said. {COPIED}") == []


def test_a_copy_is_new_in_what_the_known_article_does_not_say(publish: Publish) -> None:
    publish(wire=f"Hail fell on the town of Narvik, where 3 were hurt. {COPIED}")
    update = "Hail fell on the town of Narvik, where 5 were hurt."
    assert publish(update=f"{update} {COPIED}") == [update]


def test_an_article_that_returns_is_not_new(publish: Publish) -> None:
    assert publish(oslo=None, bergen="Hail fell on Bergen in May.") == ["Hail fell on Bergen in May."]
    assert publish(oslo="Hail fell on Oslo.") == []
    assert publish(oslo=None, renamed="Hail fell on Oslo.") == []


def quote(article: Article, start: int, end: int, *copies: Article) -> Quote:
    hit = Hit(Passage(article, 0, len(article.text)), 0.5, 0.5, 0.5)
    return Quote(article, start, end, (Span(start, end),), 0.5, hit, copies=copies)


def answered(*quotes: Quote, hits: tuple[Hit, ...] = ()) -> Answer:
    return Answer(HAIL, quotes, (), 0.9, 1, 1.0, hits=hits)


OLD = Article("old", "Hail fell on Oslo. It stopped at noon.", "old.txt")
COPY = Article("copy", "Hail fell on Oslo. Dogs ran.", "copy.txt")


def test_everything_found_is_known_even_if_it_was_not_shown() -> None:
    known = answer_marks(answered(hits=(quote(OLD, 0, 18).hit,)))
    assert new_quotes(answered(quote(OLD, 19, 38)), known, PARAMS) == ()
    assert len(known) == 3  # an article and two sentences
    assert all(len(mark) == 8 for mark in known)


def test_the_copies_of_a_quote_are_known() -> None:
    known = answer_marks(answered(quote(OLD, 0, 18, COPY)))
    assert new_quotes(answered(quote(COPY, 19, 28)), known, PARAMS) == ()


def test_a_quote_whose_marks_are_not_kept_stays_new() -> None:
    answer = answered(quote(OLD, 0, 18), quote(COPY, 19, 28))
    known = answer_marks(answer) - quote_marks(answer.quotes[1])
    assert new_quotes(answer, known, PARAMS) == answer.quotes[1:]


@pytest.mark.parametrize("text", ["HAIL fell\non Oslo", "hail – fell on “Oslo”!"])
def test_case_and_punctuation_do_not_make_a_sentence_new(text: str) -> None:
    article = Article("new", text, "new.txt")
    assert new_quotes(answered(quote(article, 0, len(text))), answer_marks(answered(quote(OLD, 0, 18))), PARAMS) == ()


@given(st.lists(st.text("abc .", min_size=1), min_size=1, max_size=4))
def test_an_answer_has_nothing_new_given_its_own_marks(texts: list[str]) -> None:
    quotes = [quote(Article(f"{at}", text, "a.txt"), 0, len(text)) for at, text in enumerate(texts)]
    answer = answered(*quotes)
    assert new_quotes(answer, set(), PARAMS) == answer.quotes
    assert new_quotes(answer, answer_marks(answer), PARAMS) == ()
    assert new_quotes(replace(answer, quotes=answer.quotes[::-1]), answer_marks(answer), PARAMS) == ()


def test_only_confident_quotes_are_sent_unasked() -> None:
    article = Article("a", "Rain fell.", "a.txt")
    quote = Quote(article, 0, 10, (Span(0, 10),), 1.0, Hit(Passage(article, 0, 10), 1.0, 1.0, 1.0))
    quotes = tuple(replace(quote, confidence=confidence) for confidence in (0.9, PARAMS.watch_confidence, 0.44, None))
    answer = keep_confident(Answer(HAIL, quotes, (), 0.9, 1, 0.0), PARAMS)
    assert [each.confidence for each in answer.quotes] == [0.9, 0.45, None]
