"""retrieval.quotes: which sentences are quoted together, with fits that are given, and what they are marked with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from retrieval.ranking import FIT, Fitted, sentences

import retrieval.quotes
from index.passages import split_article, stretches, word_count
from index.types import Article, Passage, Span
from retrieval.quotes import PER_PASSAGE, WORDS, completed, marked, quotes
from retrieval.rules.expected import Kind
from retrieval.types import Hit, Quote

TERMS = "abcd"  # what is asked for in what follows; each is a quarter of the question


@pytest.fixture
def round_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures that floating point multiplies exactly, in place of those that were measured."""
    figures = {"PER_PASSAGE": 2, "WORDS": 12, "TOLD": 0.0, "ADDS": 1 / 64, "WHOLE": 0.75, "BEST": 0.25, "FIT": 0.5}
    for name, value in figures.items():
        monkeypatch.setattr(retrieval.quotes, name, value)
    for module in ("quotes", "ranking"):
        monkeypatch.setattr(f"retrieval.{module}.BONUS", 0.25)


by_hand = pytest.mark.usefixtures("round_figures")


def hit(text: str, start: int = 0, end: int | None = None, language: str | None = "en") -> Hit:
    article = Article("a", text, "a.txt", language=language)
    return Hit(Passage(article, start, len(text) if end is None else end), 0.5, 0.5, 1.0)


def fitted(own: Hit, *held: str) -> Fitted:
    """A passage that is ranked with a score of 1, of whose sentences these are the terms; ! is what is asked for."""
    spans = sentences(own.passage)
    assert len(spans) == len(held), [own.passage.article.text[slice(*span)] for span in spans]
    overlap = np.array([[term in terms for term in TERMS] for terms in held], dtype=np.float32)
    weights = np.full(len(TERMS), 0.25, dtype=np.float32)
    telling = np.array(["!" in terms for terms in held], dtype=bool)
    return Fitted(own, tuple(spans), tuple(TERMS), overlap, weights, telling, score=1.0)


def found(text: str, *held: str) -> list[Quote]:
    """The quotes of a text that is one passage."""
    return list(quotes(fitted(hit(text), *held)))


def texts(text: str, *held: str) -> list[str]:
    return [quote.text for quote in found(text, *held)]


def bold(quote: Quote) -> str:
    [span] = quote.highlights
    return quote.article.text[slice(*span)]


FOUR = "Rain fell. Snow fell. Hail fell. Fog fell."


@by_hand
@pytest.mark.parametrize(
    ("held", "quoted", "in_bold", "fit"),
    [
        (("a", "bc", "d", ""), "Rain fell. Snow fell. Hail fell.", "Snow fell.", 0.75 * 1 + 0.25 * 0.5 - 2 / 64),
        (("ab", "a", "a", "a"), "Rain fell.", "Rain fell.", 0.75 * 0.5 + 0.25 * 0.5),  # the others add nothing
        (("ab", "", "", "c"), FOUR, "Rain fell.", 0.75 * 0.75 + 0.25 * 0.5 - 3 / 64),  # what lies between comes along
        (("a", "", "bcd", "bcd"), "Rain fell. Snow fell. Hail fell.", "Hail fell.", 0.75 * 1 + 0.25 * 0.75 - 2 / 64),
        (("abcd", "", "", ""), "Rain fell.", "Rain fell.", 1.0),
        (("", "", "", ""), "Rain fell.", "Rain fell.", 0.0),  # the first speaks for a passage that holds nothing
        (("a!", "", "", ""), "Rain fell.", "Rain fell.", 0.75 * 0.5 + 0.25 * 0.5),
        (("ab", "!", "", ""), "Rain fell. Snow fell.", "Rain fell.", 0.75 * 0.75 + 0.25 * 0.5 - 1 / 64),
        (("a!", "a!", "b", ""), "Snow fell. Hail fell.", "Snow fell.", 0.75 * 0.75 + 0.25 * 0.5 - 1 / 64),
    ],
)
def test_the_sentences_that_hold_most_together_are_quoted(
    held: Sequence[str], quoted: str, in_bold: str, fit: float
) -> None:
    """Their fit is what they hold together and, for a quarter, what the best of them, which is bold, does.

    Each beside another costs a 64th.
    """
    first = found(FOUR, *held)[0]
    assert (first.text, bold(first), first.fit, first.score) == (quoted, in_bold, fit, 1 + 0.5 * fit)
    assert first.hit == hit(FOUR)


@by_hand
@pytest.mark.parametrize(
    ("held", "quoted", "in_bold"),
    [
        (("a", "", "", "a"), "Rain fell.", "Rain fell."),
        (("a", "b", "a", "b"), "Rain fell. Snow fell.", "Rain fell."),
        (("ab", "ab", "c", ""), "Snow fell. Hail fell.", "Snow fell."),  # what is shorter is better
        (("", "", "a", ""), "Hail fell.", "Hail fell."),
    ],
)
def test_of_equals_the_first_is_quoted(held: Sequence[str], quoted: str, in_bold: str) -> None:
    first = found(FOUR, *held)[0]
    assert (first.text, bold(first)) == (quoted, in_bold)


@by_hand
@pytest.mark.parametrize(("adds", "expected"), [(0.125, "Rain fell. Snow fell."), (0.1875, "Rain fell.")])
def test_a_sentence_that_adds_too_little_is_left_out(
    adds: float, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second term of four adds 0.75 · 0.25, which is 0.1875."""
    monkeypatch.setattr(retrieval.quotes, "ADDS", adds)
    assert texts(FOUR, "a", "b", "", "")[0] == expected


@by_hand
@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (("", "abc", "", "a"), "Snow fell."),  # it tells enough
        (("", "abc", "", "d"), "Snow fell. Hail fell. Fog fell."),
        (("", "ab", "", "a"), "Snow fell."),  # of equals the shorter
        (("", "ab!", "", "a"), "Snow fell."),
    ],
)
def test_a_sentence_has_to_add_something_only_where_one_tells_enough(
    held: Sequence[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval.quotes, "TOLD", 0.75)
    assert texts(FOUR, *held)[0] == expected


@by_hand
def test_no_quote_reaches_over_a_dateline() -> None:
    text = "Rain fell.\n\nMOSCOW, April 2. /TASS/.\n\nSnow fell. Hail fell."
    assert texts(text, "ab", "ac", "d") == ["Snow fell. Hail fell.", "Rain fell."]


@by_hand
@pytest.mark.parametrize(("second", "held"), [("He left. Hail fell.", "ab"), ("But it stopped. Hail fell.", "")])
def test_nor_for_what_it_needs(second: str, held: str) -> None:
    """He is nobody of the story before the dateline, and nothing there is turned."""
    text = f"Rain fell.\n\nMOSCOW, April 2. /TASS/.\n\n{second}"
    for quote in texts(text, "" if held else "ab", held, ""):
        assert "MOSCOW" not in quote


@by_hand
def test_the_rest_of_a_passage_is_another_quote() -> None:
    first, second = found(FOUR, "abcd", "a", "b", "")
    assert (first.text, first.score) == ("Rain fell.", 1 + 0.5 * 1.0)
    assert (second.text, second.score) == ("Snow fell. Hail fell.", 1 + 0.5 * (0.75 * 0.5 + 0.25 * 0.25 - 1 / 64))
    assert (bold(second), second.hit) == ("Snow fell.", first.hit)


@by_hand
def test_there_are_no_more_than_so_many_quotes_of_a_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.quotes, "WORDS", 2)
    held = ("a", "abc", "", "ab")
    assert texts(FOUR, *held) == ["Snow fell.", "Fog fell."]
    monkeypatch.setattr(retrieval.quotes, "PER_PASSAGE", 9)
    assert texts(FOUR, *held) == ["Snow fell.", "Fog fell.", "Rain fell.", "Hail fell."]


def numbered(word: str, words: int) -> str:
    """A sentence of so many words."""
    return f"{word} {'on ' * (words - 2)}ended."


@by_hand
@pytest.mark.parametrize(
    ("sizes", "held", "expected"),
    [
        ((4, 4, 4), ("a", "b", "c"), ["Anna Bella Clara"]),
        ((4, 4, 5), ("a", "b", "c"), ["Anna Bella", "Clara"]),
        ((4, 4, 5), ("a", "b", "cd"), ["Bella Clara", "Anna"]),
        ((6, 6, 6), ("a", "bc", ""), ["Anna Bella", "Clara"]),
        ((6, 6, 6), ("", "bc", "a"), ["Bella Clara", "Anna"]),
        ((20, 2, 2), ("ab", "c", ""), ["Anna", "Bella"]),  # a longer sentence is quoted whole, and alone
        ((2, 20, 2), ("a", "bc", "d"), ["Bella", "Anna"]),  # and the next quote does not reach over it
        ((20, 6, 6), ("abc", "ab", "cd"), ["Bella Clara", "Anna"]),
    ],
)
def test_a_quote_has_no_more_words_than_so_many(sizes: Sequence[int], held: Sequence[str], expected: list[str]) -> None:
    text = " ".join(numbered(word, size) for word, size in zip(("Anna", "Bella", "Clara"), sizes, strict=True))
    assert [" ".join(word for word in quoted.split() if word.istitle()) for quoted in texts(text, *held)] == expected


@pytest.fixture
def single(round_figures: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for two sentences, so that what comes beside one is what it needs."""
    monkeypatch.setattr(retrieval.quotes, "WORDS", 1)


alone = pytest.mark.usefixtures("single")


@alone
def test_a_sentence_that_leans_brings_the_one_before() -> None:
    text = "Rain fell. Lisa Campbell spoke. She said that it would go on. Snow fell."
    first, second = found(text, "", "", "abcd", "a")
    assert (first.text, first.score) == ("Lisa Campbell spoke. She said that it would go on.", 1.5)
    assert bold(first) == "She said that it would go on."
    assert second.text == "Snow fell."


@alone
def test_only_one_sentence_is_brought_even_if_it_leans_too() -> None:
    assert texts("Ann spoke. She sang. She danced.", "", "", "a") == ["She sang. She danced.", "Ann spoke."]


@alone
def test_what_is_quoted_already_is_not_brought_again() -> None:
    assert texts("Ann spoke. She sang.", "ab", "a") == ["Ann spoke.", "She sang."]


@alone
def test_the_first_sentence_has_none_before_it() -> None:
    assert texts("She sang. Rain fell.", "a", "") == ["She sang.", "Rain fell."]


@by_hand
@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("Idaho", "Rain fell."),  # a heading, of what follows
        ("What fell then?", "Rain fell."),
        ("Hail fell.", "Rain fell. Hail fell. Snow fell."),
        ("“Hail fell.”", "Rain fell. “Hail fell.” Snow fell."),
    ],
)
def test_no_quote_goes_on_over_a_heading_or_a_question(second: str, expected: str) -> None:
    assert texts(f"Rain fell.\n\n{second}\n\nSnow fell.", "ab", "", "c")[0].replace("\n\n", " ") == expected


@by_hand
def test_only_the_first_of_several_sentences_leans_on_what_is_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.quotes, "WORDS", 4)
    text = "Rain fell. Ann spoke. She sang. Snow fell."
    assert texts(text, "", "a", "b", "")[0] == "Ann spoke. She sang."
    assert texts(text, "", "", "a", "b")[0] == "Ann spoke. She sang. Snow fell."


@alone
@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("But nobody came.", ["The ban holds. But nobody came.", "Rain fell."]),
        ("The ban was lifted.", ["The ban holds. The ban was lifted.", "Rain fell."]),
        ("Rain came.", ["The ban holds.", "Rain came."]),
    ],
)
def test_a_sentence_that_turns_what_is_quoted_is_quoted_with_it(second: str, expected: list[str]) -> None:
    assert texts(f"The ban holds. {second} Rain fell.", "a", "", "") == expected


@by_hand
def test_a_turn_is_behind_the_last_of_several_sentences_and_comes_even_beyond_the_words() -> None:
    text = f"{numbered('Anna', 6)} {numbered('Bella', 6)} However, it failed."
    assert texts(text, "a", "b", "") == [text]


QUOTATION = "“Hail came. Fog came.\n\n“Nobody came,” Ann Lee said."  # over two paragraphs, of nine words


@by_hand
def test_a_quotation_over_sentences_is_quoted_whole() -> None:
    text = f"{numbered('Anna', 11)}\n\n{QUOTATION}\n\nSnow fell."
    first, second = found(text, "", "", "abcd", "", "")
    assert (first.text, bold(first), first.score) == (QUOTATION, "Fog came.", 1.5)
    assert second.text == numbered("Anna", 11)


@by_hand
@pytest.mark.parametrize(("words", "whole"), [(5, True), (6, False)])
def test_a_quotation_that_is_too_long_is_not(words: int, whole: bool) -> None:
    text = f"“Rain fell. {numbered('Anna', words)}\n\n“Nobody came,” Ann Lee said."  # 2 words, and 5 behind
    assert texts(text, "a", "", "")[0] == (text if whole else "“Rain fell.")


def test_offsets_are_those_of_the_article_not_of_the_passage() -> None:
    own = hit("😀 Headline. Rain fell. Snow fell too.", start=12)
    first = next(quotes(fitted(own, "a", "bc")))
    assert (first.start, first.end, first.text) == (12, 37, "Rain fell. Snow fell too.")
    assert first.highlights == (Span(23, 37),)


@alone
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
    assert next(quotes(fitted(hit(text, language=language), "", "a", ""))).text == expected


def test_without_sentences_there_is_no_quote() -> None:
    nothing = Fitted(hit("Rain."), (), (), np.zeros((0, 0), np.float32), np.zeros(0, np.float32), np.zeros(0, bool))
    assert list(quotes(nothing)) == []


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
    [quote] = found(text, "a")
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


TERM = st.sampled_from([0.0, 0.25, 0.6, 1.0])


def drawn(passage: Passage, data: st.DataObject) -> Fitted:
    """A passage of whose sentences each holds what it likes of three terms, and tells or does not."""
    spans = sentences(passage)
    rows = data.draw(st.lists(st.tuples(TERM, TERM, TERM, st.booleans()), min_size=len(spans), max_size=len(spans)))
    overlap = np.array([row[:3] for row in rows], dtype=np.float32).reshape(len(rows), 3)
    telling = np.array([row[3] for row in rows], dtype=bool)
    weights = np.array([0.5, 0.3, 0.2], dtype=np.float32)
    return Fitted(Hit(passage, 0.5, 0.5, 1.0), tuple(spans), ("a", "b", "c"), overlap, weights, telling, score=0.5)


@given(ARTICLES, st.integers(3, 120), st.data())
def test_quotes_of_a_passage_are_its_sentences_disjoint_and_in_bounds(
    article: Article, words: int, data: st.DataObject
) -> None:
    for passage in split_article(article, words):
        own = drawn(passage, data)
        made = list(quotes(own))
        assert 1 <= len(made) <= PER_PASSAGE
        assert made[0].score >= 0.5 + FIT * float(own.fits.max()) - 1e-6, "the best sentence alone is a candidate"
        taken: set[int] = set()
        for quote in made:
            [highlight] = quote.highlights
            inside = {at for at, span in enumerate(own.spans) if quote.start <= span.start and span.end <= quote.end}
            assert quote.start in {span.start for span in own.spans}
            assert quote.end in {span.end for span in own.spans}
            assert own.spans.index(highlight) in inside
            assert quote.score >= 0.5 + FIT * float(own.fits[own.spans.index(highlight)]) - 1e-6
            assert not inside & taken
            taken |= inside
        assert [quote.score for quote in made] == sorted((quote.score for quote in made), reverse=True)
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
        longest = max(word_count(article.text[slice(*span)]) for span in sentences(passage))
        for quote in quotes(drawn(passage, data)):
            assert word_count(quote.text) <= max(WORDS, longest) + 2 * longest
