"""retrieval.quotes: which sentences are quoted together, with fits that are given, and what they are marked with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import split_article, stretches, word_count
from index.types import Article, Passage, Span
from retrieval.quotes import NEAR, PER_PASSAGE, WORDS, completed, marked, quotes, sentences
from retrieval.rules.expected import Kind
from retrieval.types import Hit, Quote


def hit(text: str, start: int = 0, end: int | None = None, language: str = "en", score: float = 0.5) -> Hit:
    article = Article("a", text, "a.txt", language=language)
    return Hit(Passage(article, start, len(text) if end is None else end), score, 0.5, 1.0)


def found(text: str, *fits: float) -> list[Quote]:
    """The quotes of a text that is one passage, of whose sentences these are the fits."""
    own = hit(text)
    spans = sentences(own.passage)
    assert len(spans) == len(fits), [text[slice(*span)] for span in spans]
    return list(quotes(own, spans, fits))


def texts(text: str, *fits: float) -> list[str]:
    return [quote.text for quote in found(text, *fits)]


def bold(quote: Quote) -> str:
    [span] = quote.highlights
    return quote.article.text[slice(*span)]


def test_the_best_sentence_is_bold_and_the_rest_is_another_quote() -> None:
    first, second = found("Rain fell. Snow fell. Hail fell.", 0.1, 0.9, 0.2)
    assert (first.text, bold(first), first.score) == ("Snow fell.", "Snow fell.", 0.5 + 0.9)
    assert (second.text, bold(second), second.score) == ("Hail fell.", "Hail fell.", 0.5 + 0.2)
    assert first.hit == second.hit == hit("Rain fell. Snow fell. Hail fell.")


def test_no_more_than_so_many_quotes_of_a_passage() -> None:
    assert PER_PASSAGE == 2
    assert texts("Rain fell. Snow fell. Hail fell. Fog fell.", 0, 0.9, 0, 0.49) == ["Snow fell.", "Fog fell."]


def test_of_equal_sentences_the_first_is_bold() -> None:
    [only] = found("Rain fell. Snow fell.", 0.5, 0.5)
    assert (only.text, bold(only)) == ("Rain fell. Snow fell.", "Rain fell.")


@pytest.mark.parametrize(
    ("fits", "expected"),
    [
        ((0.5, 0.9, 0.5, 0), ["Rain fell. Snow fell. Hail fell.", "Fog fell."]),  # NEAR less, and no more
        ((0.49, 0.9, 0.49, 0), ["Snow fell.", "Rain fell."]),
        ((0.5, 0.4, 0.9, 0.5), ["Hail fell. Fog fell.", "Rain fell. Snow fell."]),  # not over one that says less
        ((0.9, 0.6, 0.6, 0.6), ["Rain fell. Snow fell. Hail fell. Fog fell."]),
    ],
)
def test_sentences_beside_it_that_answer_like_it_are_quoted_with_it(
    fits: tuple[float, ...], expected: list[str]
) -> None:
    assert NEAR == 0.4
    assert texts("Rain fell. Snow fell. Hail fell. Fog fell.", *fits) == expected


def numbered(word: str, words: int) -> str:
    """A sentence of so many words."""
    return f"{word} {'on ' * (words - 2)}ended."


@pytest.mark.parametrize(("words", "expected"), [(30, ["Anna", "Bella", "Clara"]), (31, ["Anna", "Bella"])])
def test_a_quote_has_no_more_words_than_so_many(words: int, expected: list[str]) -> None:
    assert WORDS == 90
    text = " ".join((numbered("Anna", 30), numbered("Bella", 30), numbered("Clara", words)))
    first = found(text, 0.9, 0.8, 0.7)[0]
    assert [word for word in first.text.split() if word.istitle()] == expected


def test_the_better_neighbour_comes_first_where_there_is_room_for_one() -> None:
    text = " ".join((numbered("Anna", 40), numbered("Bella", 40), numbered("Clara", 40)))
    assert found(text, 0.6, 0.9, 0.7)[0].text.startswith("Bella")
    assert found(text, 0.7, 0.9, 0.6)[0].text.startswith("Anna")


def test_a_sentence_longer_than_a_quote_is_quoted_whole() -> None:
    text = f"{numbered('Anna', 120)} Rain fell."
    assert texts(text, 0.9, 0.8) == [numbered("Anna", 120), "Rain fell."]


def test_a_sentence_that_leans_brings_the_one_before() -> None:
    text = "Rain fell. Lisa Campbell spoke. She said that it would go on. Snow fell."
    first, second = found(text, 0, 0, 0.9, 0.1)
    assert first.text == "Lisa Campbell spoke. She said that it would go on."
    assert bold(first) == "She said that it would go on."
    assert second.text == "Snow fell."


def test_only_one_sentence_is_brought_even_if_it_leans_too() -> None:
    assert texts("Ann spoke. She sang. She danced.", 0, 0, 0.9) == ["She sang. She danced.", "Ann spoke."]


def test_what_is_quoted_already_is_not_brought_again() -> None:
    assert texts("Ann spoke. She sang.", 0.9, 0.1) == ["Ann spoke.", "She sang."]


def test_the_first_sentence_has_none_before_it() -> None:
    assert texts("She sang. Rain fell.", 0.9, 0) == ["She sang.", "Rain fell."]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("But nobody came.", ["The ban holds. But nobody came.", "Rain fell."]),
        ("The ban was lifted.", ["The ban holds. The ban was lifted.", "Rain fell."]),
        ("Rain came.", ["The ban holds.", "Rain came. Rain fell."]),
    ],
)
def test_a_sentence_that_turns_what_is_quoted_is_quoted_with_it(second: str, expected: list[str]) -> None:
    assert texts(f"The ban holds. {second} Rain fell.", 0.9, 0, 0) == expected


def test_a_turn_comes_even_beyond_the_words() -> None:
    long = numbered("Anna", WORDS)
    assert texts(f"{long} However, it failed.", 0.9, 0) == [f"{long} However, it failed."]


def test_a_quotation_over_sentences_is_quoted_whole() -> None:
    text = "Rain fell.\n\n“Hail came. Fog came.\n\n“Nobody came,” Ann Lee said.\n\nSnow fell."
    first, second = found(text, 0, 0, 0.9, 0, 0)
    assert first.text == "“Hail came. Fog came.\n\n“Nobody came,” Ann Lee said."
    assert bold(first) == "Fog came."
    assert second.text == "Rain fell."


@pytest.mark.parametrize(("words", "expected"), [(83, "“Rain fell. Anna"), (84, "“Nobody came,” Ann")])
def test_a_quotation_that_is_too_long_is_not(words: int, expected: str) -> None:
    text = f"“Rain fell. {numbered('Anna', words)}\n\n“Nobody came,” Ann Lee said."  # 2 words, and 5 behind
    assert found(text, 0, 0, 0.9)[0].text.startswith(expected)


def test_offsets_are_those_of_the_article_not_of_the_passage() -> None:
    own = hit("😀 Headline. Rain fell. Snow fell too.", start=12)
    [first, _] = quotes(own, sentences(own.passage), [0, 0.9])
    assert (first.start, first.end, first.text) == (23, 37, "Snow fell too.")


def test_without_words_in_common_the_first_sentence_speaks_for_the_passage() -> None:
    [only] = found("Rain fell. Snow fell.", 0, 0)
    assert bold(only) == "Rain fell."


@pytest.mark.parametrize(
    ("language", "text", "second"),
    [
        ("ru", "Рогозин выступил. Он уехал в Москву. Шёл снег.", "Рогозин выступил. Он уехал в Москву."),
        ("zh", "下雨了。北京宣布制裁。他走了。", "北京宣布制裁。"),
        ("ar", "هطل المطر. قال مُحَمَّد نعم. ثم مضى.", "قال مُحَمَّد نعم."),
    ],
)
def test_other_languages(language: str, text: str, second: str) -> None:
    own = hit(text, language=language)
    first = next(quotes(own, sentences(own.passage), [0, 0.9, 0]))
    assert first.text == second


def test_sentences_are_spans_of_the_article_without_a_dateline() -> None:
    assert sentences(hit("Headline. Rain fell. Snow fell.", start=10).passage) == [Span(10, 20), Span(21, 31)]
    text = "MOSCOW, April 2. /TASS/. Rain fell. It stopped."
    assert [text[slice(*span)] for span in sentences(hit(text).passage)][-2:] == ["Rain fell.", "It stopped."]
    assert text.index("Rain") == sentences(hit(text).passage)[0].start
    alone = "MOSCOW, April 2. /TASS/."
    assert sentences(hit(alone).passage) == [Span(0, len(alone))]


def passage_quote(text: str, quoted: str, passage: str | None = None, language: str = "en") -> Quote:
    """A quote of these words, from the passage that is given, or else is no more than they."""
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
def test_a_quote_is_completed_beyond_its_passage(text: str, quoted: str, expected: str) -> None:
    before = passage_quote(text, quoted)
    after = completed(before)
    assert after.text == expected
    assert (after.highlights, after.score, after.hit) == (before.highlights, before.score, before.hit)


@pytest.mark.parametrize(
    ("text", "quoted", "passage"),
    [
        ("Ann spoke. She sang. Rain fell.", "She sang.", "Ann spoke. She sang."),
        ("Ann sang. But nobody came. Rain fell.", "Ann sang.", "Ann sang. But nobody came."),
    ],
)
def test_inside_its_passage_a_quote_is_left_as_it_is(text: str, quoted: str, passage: str) -> None:
    """What it needed there it has, or is quoted by itself."""
    quote = passage_quote(text, quoted, passage)
    assert completed(quote) == quote


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
def test_what_is_not_of_the_same_story_completes_nothing(text: str, quoted: str) -> None:
    article = Article("a", text, "a.txt", TITLE, language="en")
    passages = {passage.text: passage for passage in split_article(article, words=5)}
    own = Hit(passages[quoted], 0.5, 0.5, 1.0)
    quote = Quote(article, own.passage.start, own.passage.end, (Span(own.passage.start, own.passage.end),), 1.0, own)
    assert completed(quote) == quote


@pytest.mark.parametrize("dateline", ["MOSCOW, April 2. /TASS/.", "KYIV, Ukraine (AP) —\n\n", "WASHINGTON (AP) —"])
def test_a_dateline_completes_nothing(dateline: str) -> None:
    text = f"{dateline} They signed it. Rain fell."
    assert completed(passage_quote(text, "They signed it.")).text == "They signed it."


def test_a_quote_behind_a_dateline_of_its_own_passage_is_not_completed_with_it() -> None:
    text = "MOSCOW, April 2. /TASS/. They signed it."
    own = hit(text)
    [quote] = quotes(own, sentences(own.passage), [1.0])
    assert completed(quote).text == "They signed it."


def test_what_is_too_far_to_be_whole_completes_nothing() -> None:
    long = "Ann " + "on " * 300 + "spoke."
    assert completed(passage_quote(f"Rain fell. {long} She sang.", "She sang.")).text == "She sang."
    assert completed(passage_quote(f"{long} She sang.", "She sang.")).text == "She sang."


def marks(text: str, question: str, kind: Kind | None, sentence: str | None = None) -> list[str]:
    quote = passage_quote(text, sentence or text, text)
    return [text[slice(*span)] for span in marked(quote, question, kind).marks]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("It rained on 5 March 2022 and on 7 May 2022.", Kind.DATE, ["5 March 2022", "7 May 2022"]),
        ("It cost $7 million, not $8 million.", Kind.MONEY, ["$7 million", "$8 million"]),
        ("It hit 40 houses and 12 barns.", Kind.NUMBER, ["40", "12"]),
        ("It rained in Oslo.", Kind.PLACE, ["Oslo"]),
        ("It rained in Oslo and in Bergen.", Kind.PLACE, []),  # which of them answers cannot be told
        ("It was seen by Ann Lee.", Kind.PERSON, ["Ann Lee"]),
        ("It was seen by Ann Lee and by Bob Ray.", Kind.PERSON, []),
        ("Ann Lee saw it.", Kind.PERSON, ["Ann Lee"]),  # two words in capitals are a name even where a sentence begins
        ("Rain was seen by nobody.", Kind.PERSON, []),  # a first word may be any
        ("Rain was seen by Ann Lee.", Kind.PERSON, ["Ann Lee"]),
        ("It was built by Boeing.", Kind.NAME, ["Boeing"]),
        ("It rained on 5 March 2022.", None, []),
        ("It rained.", Kind.DATE, []),
    ],
)
def test_what_is_asked_for_is_marked(text: str, kind: Kind | None, expected: list[str]) -> None:
    assert marks(text, "What?", kind) == expected


def test_what_the_question_says_itself_is_not_marked() -> None:
    assert marks("It rained in Oslo and in Bergen.", "Where but in Oslo did it rain?", Kind.PLACE) == ["Bergen"]


def test_only_the_bold_sentence_is_marked() -> None:
    text = "It rained on 5 March 2022. It stopped on 7 May 2022."
    own = hit(text)
    quote = Quote(own.passage.article, 0, len(text), (Span(27, len(text)),), 1.0, own)
    [mark] = marked(quote, "When did it stop?", Kind.DATE).marks
    assert text[slice(*mark)] == "7 May 2022"


def test_marks_and_speakers_are_spans_of_the_article() -> None:
    text = "😀 Rain fell. “It is wet here in March 2022,” said Ann Lee, who had come."
    quote = passage_quote(text, text[12:])
    told = marked(quote, "When?", Kind.DATE)
    assert [text[slice(*span)] for span in told.marks] == ["March 2022"]
    assert told.speaker is not None
    assert text[slice(*told.speaker)] == "Ann Lee"
    assert (told.start, told.end, told.highlights) == (quote.start, quote.end, quote.highlights)


@pytest.mark.parametrize(
    "text", ["“It is wet here in March,” she said.", "Ann Lee said that it was wet.", "Rain fell."]
)
def test_where_no_name_says_what_is_quoted_there_is_no_speaker(text: str) -> None:
    assert marked(passage_quote(text, text), "Who?", None).speaker is None


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


@given(ARTICLES, st.integers(3, 120), st.data())
def test_quotes_of_a_passage_are_its_sentences_disjoint_and_in_bounds(
    article: Article, words: int, data: st.DataObject
) -> None:
    for passage in split_article(article, words):
        spans = sentences(passage)
        fits = data.draw(st.lists(st.floats(0, 1.2), min_size=len(spans), max_size=len(spans)))
        made = list(quotes(Hit(passage, 0.5, 0.5, 1.0), spans, fits))
        assert 1 <= len(made) <= PER_PASSAGE
        taken: set[int] = set()
        for quote in made:
            [highlight] = quote.highlights
            inside = {at for at, span in enumerate(spans) if quote.start <= span.start and span.end <= quote.end}
            assert quote.start in {span.start for span in spans}
            assert quote.end in {span.end for span in spans}
            assert highlight in spans
            assert quote.start <= highlight.start < highlight.end <= quote.end
            assert quote.score == 0.5 + fits[spans.index(highlight)]
            assert fits[spans.index(highlight)] == max(fit for at, fit in enumerate(fits) if at not in taken)
            assert not inside & taken
            taken |= inside
        assert bool(made)
        check_completed(made, article)


def check_completed(made: list[Quote], article: Article) -> None:
    for quote in made:
        whole = completed(quote)
        assert whole.start <= quote.start < quote.end <= whole.end
        assert whole.text == whole.text.strip()
        assert any(story.start <= whole.start and whole.end <= story.end for story in stretches(article))
        assert whole.start == quote.start or quote.start == quote.hit.passage.start
        assert whole.end == quote.end or quote.end == quote.hit.passage.end
        for kind in (None, *Kind):
            told = marked(whole, "When?", kind)
            [highlight] = told.highlights
            assert all(highlight.start <= start < end <= highlight.end for start, end in told.marks)


@given(ARTICLES, st.data())
def test_a_quote_has_few_words_but_for_one_sentence_and_what_it_needs(article: Article, data: st.DataObject) -> None:
    for passage in split_article(article, 150):
        spans = sentences(passage)
        fits = data.draw(st.lists(st.floats(0, 1.2), min_size=len(spans), max_size=len(spans)))
        for quote in quotes(Hit(passage, 0.5, 0.5, 1.0), spans, fits):
            longest = max(word_count(article.text[slice(*span)]) for span in spans)
            assert word_count(quote.text) <= WORDS + 2 * longest
