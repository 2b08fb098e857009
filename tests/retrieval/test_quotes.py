"""Which sentences are quoted together, for given scores, and which context they gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.limits import PIECE_WORDS
from index.text.passages import passage_sentences, split_article, stretches
from index.text.word_count import word_count
from index.types import Article, Passage, Span
from retrieval.params import RankingParams
from retrieval.quotes import attributed, best_quote, completed, extract_quotes
from retrieval.reader.answer_spans import Answered
from retrieval.scoring import Scored
from retrieval.types import Hit, Quote

PARAMS = RankingParams()


def hit(text: str, start: int = 0, end: int | None = None, language: str | None = "en") -> Hit:
    article = Article("a", text, "a.txt", language=language)
    return Hit(Passage(article, start, len(text) if end is None else end), 0.5, 0.5, 1.0)


def scored(own: Hit, *scores: float) -> Scored:
    """Return a passage whose sentences have these scores."""
    spans = passage_sentences(own.passage)
    assert len(spans) == len(scores), [own.passage.article.text[slice(*span)] for span in spans]
    return Scored(own, tuple(spans), np.array(scores, dtype=np.float32), (None,) * len(spans))


def found(text: str, *scores: float, params: RankingParams = PARAMS) -> list[Quote]:
    """Return the quotes of a text of one passage, from sentences that score 0 or more."""
    return list(extract_quotes(scored(hit(text), *scores), 0.0, params))


def texts(text: str, *scores: float, params: RankingParams = PARAMS) -> list[str]:
    return [quote.text for quote in found(text, *scores, params=params)]


def bold(quote: Quote) -> str:
    [span] = quote.highlights
    return quote.article.text[slice(*span)]


FOUR = "Rain fell. Snow fell. Hail fell. Fog fell."


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((1, -1, -1, -1), [("Rain fell.", "Rain fell.", 1.0)]),
        ((1, 2, -1, -1), [("Rain fell. Snow fell.", "Snow fell.", 2.0)]),
        ((1, -1, -1, 2), [("Fog fell.", "Fog fell.", 2.0), ("Rain fell.", "Rain fell.", 1.0)]),
        ((2, -1, 1, 3), [("Hail fell. Fog fell.", "Fog fell.", 3.0), ("Rain fell.", "Rain fell.", 2.0)]),
        ((1, 1, 1, 1), [(FOUR, "Rain fell.", 1.0)]),  # the first of equals is bold
        ((-1, -1, -1, -1), []),
        ((0, -1, -1, -1), [("Rain fell.", "Rain fell.", 0.0)]),  # exactly the threshold
    ],
)
def test_answering_sentences_are_quoted_and_adjoining_ones_together(
    scores: Sequence[float], expected: list[tuple[str, str, float]]
) -> None:
    assert [(quote.text, bold(quote), quote.score) for quote in found(FOUR, *scores)] == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((2, -1, -1, -3), ["Rain fell. Snow fell. Hail fell."]),  # all that adjoin
        ((2, -3, -1, -1), ["Rain fell."]),
        ((-1, -1, -1, -1), []),  # these alone are no quote
        ((2, -1, 1, -3), ["Rain fell. Snow fell. Hail fell."]),
        ((2, -1, -3, 1), ["Rain fell. Snow fell.", "Fog fell."]),
        ((1, -1, 2, -3), ["Rain fell. Snow fell. Hail fell."]),
    ],
)
def test_a_lower_score_is_enough_next_to_an_answering_sentence(scores: Sequence[float], expected: list[str]) -> None:
    assert [quote.text for quote in extract_quotes(scored(hit(FOUR), *scores), 0.0, PARAMS, adjoining=-1.0)] == expected


def test_the_best_quote_is_returned_whatever_its_score() -> None:
    quote = best_quote(scored(hit(FOUR), -7, -5, -6, -9), PARAMS)
    assert quote is not None
    assert (quote.text, bold(quote), quote.score) == ("Snow fell.", "Snow fell.", -5.0)


def test_without_sentences_there_is_no_quote() -> None:
    nothing = Scored(hit("Rain."), (), np.zeros(0, np.float32), ())
    assert list(extract_quotes(nothing, -100.0, PARAMS)) == []
    assert best_quote(nothing, PARAMS) is None


def test_the_answer_is_marked_if_the_reader_is_confident() -> None:
    own = scored(hit(FOUR), -1, 2, -1, 1)
    answers = (None, Answered(Span(11, 15), 0.9), None, Answered(Span(33, 36), 0.4))
    first, second = extract_quotes(Scored(own.hit, own.sentences, own.scores, answers), 0.0, PARAMS)
    assert (first.marks, second.marks) == ((Span(11, 15),), ())


def numbered(word: str, words: int) -> str:
    """Return a sentence of this many words."""
    return f"{word} {'on ' * (words - 2)}ended."


@pytest.mark.parametrize(
    ("sizes", "scores", "expected"),
    [
        ((4, 4, 4), (1, 2, 1), ["Anna Bella Clara"]),
        ((4, 4, 5), (1, 2, 1), ["Bella Clara", "Anna"]),
        ((4, 4, 5), (2, 1, 1), ["Anna Bella", "Clara"]),
        ((20, 2, 2), (2, 1, -1), ["Anna", "Bella"]),  # a longer sentence is quoted whole, and alone
    ],
)
def test_a_quote_is_extended_up_to_its_limit_of_words(
    sizes: Sequence[int], scores: Sequence[float], expected: list[str]
) -> None:
    text = " ".join(numbered(word, size) for word, size in zip(("Anna", "Bella", "Clara"), sizes, strict=True))
    found = texts(text, *scores, params=replace(PARAMS, quote_words=12))
    assert [" ".join(word for word in quoted.split() if word.istitle()) for quoted in found] == expected


def test_no_quote_spans_a_dateline() -> None:
    text = "Rain fell.\n\nMOSCOW, April 2. /TASS/.\n\nSnow fell. Hail fell."
    assert texts(text, 1, 2, 1) == ["Snow fell. Hail fell.", "Rain fell."]


@pytest.mark.parametrize("second", ["He left. Hail fell.", "But it stopped. Hail fell."])
def test_no_quote_gains_context_across_a_dateline(second: str) -> None:
    """ "He" refers to nobody before the dateline, and "But" reverses nothing there."""
    text = f"Rain fell.\n\nMOSCOW, April 2. /TASS/.\n\n{second}"
    for scores in ((1, -1, -1), (-1, 1, -1)):
        assert all("MOSCOW" not in quote for quote in texts(text, *scores))


def test_a_dependent_sentence_is_quoted_with_the_one_before() -> None:
    [quote] = found("Rain fell. Lisa Campbell spoke. She said that it would go on. Snow fell.", -1, -1, 2, -1)
    assert quote.text == "Lisa Campbell spoke. She said that it would go on."
    assert bold(quote) == "She said that it would go on."


def test_only_one_sentence_is_added_even_if_it_is_dependent_too() -> None:
    assert texts("Ann spoke. She sang. She danced.", -1, -1, 1) == ["She sang. She danced."]


def test_the_first_sentence_is_quoted_alone_even_if_it_is_dependent() -> None:
    assert texts("She sang. Rain fell.", 1, -1) == ["She sang."]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("But nobody came.", ["The ban holds. But nobody came."]),
        ("The ban was lifted.", ["The ban holds. The ban was lifted."]),
        ("Rain came.", ["The ban holds."]),
    ],
)
def test_a_next_sentence_that_reverses_the_quote_is_quoted_with_it(second: str, expected: list[str]) -> None:
    assert texts(f"The ban holds. {second} Rain fell.", 1, -1, -1) == expected


QUOTATION = "“Hail came. Fog came.\n\n“Nobody came,” Ann Lee said."  # over two paragraphs


def test_a_quotation_of_several_sentences_is_quoted_whole() -> None:
    [quote] = found(f"{numbered('Anna', 11)}\n\n{QUOTATION}\n\nSnow fell.", -1, -1, 2, -1, -1)
    assert (quote.text, bold(quote)) == (QUOTATION, "Fog came.")


def test_a_quotation_that_is_too_long_is_not_quoted_whole() -> None:
    text = f"“Rain fell. {numbered('Anna', 80)}\n\n“Nobody came,” Ann Lee said."
    assert texts(text, 1, -1, -1) == ["“Rain fell."]


def test_offsets_are_those_of_the_article_not_of_the_passage() -> None:
    own = hit("😀 Headline. Rain fell. Snow fell too.", start=12)
    first = next(extract_quotes(scored(own, 1, 2), 0.0, PARAMS))
    assert (first.start, first.end, first.text) == (12, 37, "Rain fell. Snow fell too.")
    assert first.highlights == (Span(23, 37),)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "Рогозин выступил. Он уехал в Москву. Шёл снег.", "Рогозин выступил. Он уехал в Москву."),
        ("zh", "下雨了。北京宣布制裁。他走了。", "北京宣布制裁。"),
        ("ar", "هطل المطر. قال مُحَمَّد نعم. ثم مضى.", "قال مُحَمَّد نعم."),
        (None, "Rain fell. Snow fell. Hail fell.", "Snow fell."),
    ],
)
def test_other_languages(language: str | None, text: str, expected: str) -> None:
    assert next(extract_quotes(scored(hit(text, language=language), -1, 1, -1), 0.0, PARAMS)).text == expected


def passage_quote(text: str, quoted: str, passage: str | None = None, language: str = "en") -> Quote:
    """Return a quote of these words, whose passage is `passage` or else the same words."""
    start, inside = text.index(quoted), text.index(passage or quoted)
    own = hit(text, inside, inside + len(passage or quoted), language)
    return Quote(own.passage.article, start, start + len(quoted), (Span(start, start + len(quoted)),), 1.0, own)


@pytest.mark.parametrize(
    ("text", "quoted", "expected"),
    [
        ("Rain fell. Ann Lee spoke. She sang. Snow fell.", "She sang.", "Ann Lee spoke. She sang."),
        ("Rain fell. Ann Lee spoke.\n\nShe sang. Snow fell.", "She sang.", "Ann Lee spoke.\n\nShe sang."),
        ("Rain fell. Snow fell. Hail fell.", "Snow fell.", "Snow fell."),
        ("She sang. Snow fell.", "She sang.", "She sang."),  # nothing is before it
        (
            "It was so. The ban holds. It was later lifted. Rain.",
            "The ban holds.",
            "The ban holds. It was later lifted.",
        ),
        ("The ban holds.\n\nBut nobody cares. Rain.", "The ban holds.", "The ban holds.\n\nBut nobody cares."),
        ("Ann spoke. She sang. But nobody came.", "She sang.", "Ann spoke. She sang. But nobody came."),
        ("Snow fell. Rain fell.", "Rain fell.", "Rain fell."),
    ],
)
def test_a_quote_gains_context_from_outside_its_passage(text: str, quoted: str, expected: str) -> None:
    before = passage_quote(text, quoted)
    after = completed(before, PARAMS)
    assert after.text == expected
    assert (after.highlights, after.score, after.hit) == (before.highlights, before.score, before.hit)


@pytest.mark.parametrize(
    ("text", "quoted", "passage"),
    [
        ("Ann spoke. She sang. Rain fell.", "She sang.", "Ann spoke. She sang."),
        ("Ann sang. But nobody came. Rain fell.", "Ann sang.", "Ann sang. But nobody came."),
    ],
)
def test_a_quote_gains_no_further_context_from_its_own_passage(text: str, quoted: str, passage: str) -> None:
    """Its context there was added before, or is a quote of its own."""
    quote = passage_quote(text, quoted, passage)
    assert completed(quote, PARAMS) == quote


TITLE = "Rain in Oslo as Winter Ends"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (f"{TITLE}\n\nShe sang in the rain.", "She sang in the rain."),
        ("Rain fell.\n\nAdvertisement\n\nShe sang in the rain.", "She sang in the rain."),
        ("Rain fell.\n\nAdvertisement\n\nBut nobody came.", "Rain fell."),
        ("Rain fell on Oslo.\n\nAll news\n\nHowever, it stopped.", "Rain fell on Oslo."),
    ],
)
def test_text_outside_the_story_is_no_context(text: str, quoted: str) -> None:
    article = Article("a", text, "a.txt", TITLE, language="en")
    passages = {passage.text: passage for passage in split_article(article, words=5)}
    own = Hit(passages[quoted], 0.5, 0.5, 1.0)
    quote = Quote(article, own.passage.start, own.passage.end, (Span(own.passage.start, own.passage.end),), 1.0, own)
    assert completed(quote, PARAMS) == quote


@pytest.mark.parametrize("dateline", ["MOSCOW, April 2. /TASS/.", "KYIV, Ukraine (AP) —\n\n", "WASHINGTON (AP) —"])
def test_a_dateline_is_no_context(dateline: str) -> None:
    text = f"{dateline} They signed it. Rain fell."
    assert completed(passage_quote(text, "They signed it."), PARAMS).text == "They signed it."


def test_a_dateline_in_the_same_passage_is_no_context() -> None:
    text = "MOSCOW, April 2. /TASS/. They signed it."
    [quote] = found(text, 1)
    assert completed(quote, PARAMS).text == "They signed it."


def test_a_sentence_that_does_not_fit_the_window_is_no_context() -> None:
    long = "Ann " + "on " * 300 + "spoke."
    assert completed(passage_quote(f"Rain fell. {long} She sang.", "She sang."), PARAMS).text == "She sang."
    assert completed(passage_quote(f"{long} She sang.", "She sang."), PARAMS).text == "She sang."


def test_the_speaker_is_a_span_of_the_article() -> None:
    text = "😀 Rain fell. “It is wet here in March 2022,” said Ann Lee, who had come."
    quote = passage_quote(text, text[12:])
    told = attributed(quote)
    assert told.speaker is not None
    assert text[slice(*told.speaker)] == "Ann Lee"
    assert (told.start, told.end, told.highlights) == (quote.start, quote.end, quote.highlights)


@pytest.mark.parametrize(
    "text", ["“It is wet here in March,” she said.", "Ann Lee said that it was wet.", "Rain fell."]
)
def test_without_a_named_speaker_there_is_no_speaker(text: str) -> None:
    assert attributed(passage_quote(text, text)).speaker is None


PARTS = [
    "Rain fell.", "She sang.", "But nobody came.", "“It was cold.", "It was wet,” Ann Lee said.", "Он уехал.",
    "下雨了。", "The ban was lifted.", "👩\u200d🚀 flew on 5 March 2022.", "MOSCOW, April 2. /TASS/.",
    "on " * 50 + "it went.", "Advertisement",
]  # fmt: skip
ARTICLES = st.builds(
    lambda parts, language: Article("a", "".join(part + end for part, end in parts), "a.txt", language=language),
    st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from([" ", "\n", "\n\n"])), max_size=12),
    st.sampled_from(["en", "ru", "zh", None]),
)


def drawn(passage: Passage, data: st.DataObject) -> Scored:
    """Return a passage whose sentences have arbitrary scores."""
    count = len(passage_sentences(passage))
    return scored(Hit(passage, 0.5, 0.5, 1.0), *data.draw(st.lists(st.integers(-3, 3), min_size=count, max_size=count)))


@given(ARTICLES, st.integers(3, 120), st.data())
def test_quotes_are_disjoint_and_contain_every_answering_sentence(
    article: Article, words: int, data: st.DataObject
) -> None:
    for passage in split_article(article, words):
        own = drawn(passage, data)
        made = list(extract_quotes(own, 0.0, PARAMS))
        taken: set[int] = set()
        for quote in made:
            [highlight] = quote.highlights
            inside = {
                at for at, span in enumerate(own.sentences) if quote.start <= span.start and span.end <= quote.end
            }
            assert quote.start in {span.start for span in own.sentences}
            assert quote.end in {span.end for span in own.sentences}
            assert quote.score == own.scores[own.sentences.index(highlight)] >= 0
            assert not inside & taken
            taken |= inside
        assert {at for at, score in enumerate(own.scores) if score >= 0} <= taken
        check_completed(made, article)


def check_completed(made: list[Quote], article: Article) -> None:
    for quote in made:
        whole = completed(quote, PARAMS)
        assert whole.start <= quote.start < quote.end <= whole.end
        assert whole.text == whole.text.strip()
        assert any(story.start <= whole.start and whole.end <= story.end for story in stretches(article))
        assert whole.start == quote.start or quote.start == quote.hit.passage.start
        assert whole.end == quote.end or quote.end == quote.hit.passage.end


@given(ARTICLES, st.data())
def test_a_quote_exceeds_its_limit_only_by_a_sentence_and_context(article: Article, data: st.DataObject) -> None:
    for passage in split_article(article, 150):
        longest = max((word_count(article.text[slice(*span)]) for span in passage_sentences(passage)), default=0)
        for quote in extract_quotes(drawn(passage, data), 0.0, PARAMS):
            assert word_count(quote.text) <= max(PARAMS.quote_words, longest) + 2 * longest


SPEECH = (
    "so we went down to the harbour and the boats were all tied up and nobody was fishing because of the wind and the "
    "price of diesel and you know how it is when "
)
SPEECH_RU = (
    "и мы пошли в порт а там все лодки стояли и никто не ловил рыбу из-за ветра и цены на солярку и знаете как бывает "
)


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        (
            SPEECH * 9,
            "the minister told me that the pier will be sold in june for seven million euros and ",
            SPEECH * 9,
        ),
        (SPEECH.title() * 9, "The Pier Will Be Sold For Seven Million Euros And ", SPEECH.title() * 9),
        (SPEECH_RU * 9, "министр сказал что причал продадут за семь миллионов евро и ", SPEECH_RU * 9),
        (SPEECH.replace(" and ", ", and ") * 9, "the pier will be sold for seven million euros, and ", SPEECH * 9),
        ("2022 " * 900, "the pier will be sold for seven million euros ", "2022 " * 900),
        (
            "我们去了港口那里没有人捕鱼因为风太大" * 40,
            "码头将以七百万欧元出售",
            "我们去了港口那里没有人捕鱼因为风太大" * 40,
        ),
    ],
    ids=["speech", "capitals", "russian", "commas", "numbers", "chinese"],
)
def test_a_part_around_the_answer_is_quoted_of_speech_without_full_stops(before: str, answer: str, after: str) -> None:
    article = Article("a", f"Interview with the harbour master\n\n{before}{answer}{after}".strip(), "a.txt")
    middle = article.text.index(answer) + len(answer) // 2
    [passage] = [each for each in split_article(article) if each.start <= middle < each.end]
    own = Hit(passage, 0.5, 0.5, 1.0)
    spans = passage_sentences(passage)
    scores = [
        1.0 if start <= middle < end else 0.5 if answer[:4] in article.text[start:end] else -1 for start, end in spans
    ]
    [quote, *_] = extract_quotes(scored(own, *scores), 0.0, PARAMS)
    assert quote.start <= middle < quote.end
    assert word_count(completed(quote, PARAMS).text) <= PARAMS.quote_words + PIECE_WORDS
