"""Laws of splitting and quoting over texts of all scripts: slices, covers, and highlights that are whole sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text.boilerplate import story_spans
from index.text.passages import passage_sentences, split_article
from index.text.sentences import sentence_spans
from index.types import Article, Passage
from retrieval.params import RankingParams
from retrieval.quotes import extract_quotes
from retrieval.scoring import score_by_similarity
from retrieval.types import Hit, Quote

PARAMS = RankingParams()
WORDS = {
    "en": ["Rain", "fell", "on", "the", "U.S.", "F-16", "2.5", "it", "“Why?”", "(yes)"],
    "ru": ["Рогозин", "сказал", "что", "т.е.", "«Союз»", "5", "млрд.", "Рого\u0301зин", "и\u0306", "он"],
    "ar": ["قال", "مُحَمَّد", "إن", "٢٥٠", "القاهرة", "\u200fنعم\u200f", "«لا»", "ال\u0640\u0640سلام"],
    "he": ["שלום", "אמר", "רה״מ", "ב־1948", "שָׁלוֹם"],
    "zh": ["北京", "宣布", "制裁", "NASA", "「是」", "２０２２", "𠀀"],
    "hi": ["वर्षा", "हुई", "दिल्ली", "में", "हिन्दी"],
    "th": ["ฝนตก", "ที่", "กรุงเทพฯ"],
    "emoji": ["👩\u200d🚀", "🇺🇦", "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3"],
}
ENDS = [
    ". ",
    ".\u0301 ",
    "! ",
    "? ",
    "… ",
    "。",
    "！",
    "？",
    "؟ ",
    "। ",
    ".\n",
    ".\n\n",
    "\r\n\r\n",
    ".\u2029",
    ".” ",
    "».",
]
MIXED = [word for words in WORDS.values() for word in words]


def text_in(words: list[str]) -> st.SearchStrategy[str]:
    """Sentences of these words, with the ends, spaces and lines of any script."""
    spaces = st.sampled_from([" ", "", "\u00a0", "\u3000", ", ", "\u2067 ", "\n"])
    clause = st.lists(st.tuples(st.sampled_from(words), spaces).map("".join), min_size=1, max_size=8).map("".join)
    return st.lists(st.tuples(clause, st.sampled_from(ENDS)).map("".join), max_size=8).map("".join)


ARTICLES = st.one_of(
    *(st.tuples(st.just(language), text_in(words)) for language, words in WORDS.items()),
    st.tuples(st.sampled_from([*WORDS, None]), text_in(MIXED) | st.text()),
).map(lambda drawn: Article("a", drawn[1], "a.txt", language=drawn[0]))


def bare(text: str) -> str:
    """The text without what nothing has to cover."""
    return "".join(text.split())


@given(ARTICLES)
@example(Article("a", "It ended.\u0301 Then it began.", "a.txt", language="en"))
@example(Article("a", "Он сказал «да».\u0301 👩\u200d🚀 летит。是！", "a.txt", language="ru"))
def test_sentences_cover_the_text(article: Article) -> None:
    spans = sentence_spans(article.text, article.language)
    assert all(start < end and article.text[start:end] == article.text[start:end].strip() for start, end in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert bare("".join(article.text[start:end] for start, end in spans)) == bare(article.text)
    for start, _ in spans[1:]:
        assert not "\u0300" <= article.text[start] <= "\u036f", "a mark is parted from its letter"
        assert article.text[start - 1] != "\u200d", "a joiner is parted from what it joins"


@given(ARTICLES, st.integers(1, 30))
def test_passages_cover_the_story(article: Article, words: int) -> None:
    passages = split_article(article, words)
    assert all(passage.text == article.text[passage.start : passage.end] != "" for passage in passages)
    assert all(left.end <= right.start for left, right in pairwise(passages))
    story = "".join(article.text[start:end] for start, end in story_spans(article))
    assert bare("".join(passage.text for passage in passages)) == bare(story)


def quoted(passage: Passage, question: str) -> list[Quote]:
    """What a passage is quoted with; the one place that knows how it is done."""
    [scored] = score_by_similarity(question, [Hit(passage, 0.5, 0.5, 0.5)], lambda *_: 1.0, None, PARAMS)
    return list(extract_quotes(scored, scored.best, PARAMS))


@given(ARTICLES, st.integers(1, 30), st.sampled_from(["", "no such word"]) | text_in(MIXED))
def test_quotes_are_whole_sentences_of_their_passage(article: Article, words: int, question: str) -> None:
    for passage in split_article(article, words):
        spans = passage_sentences(passage)
        for found in quoted(passage, question):
            assert found.text == article.text[found.start : found.end]
            assert passage.start <= found.start < found.end <= passage.end
            assert found.start in {span.start for span in spans}
            assert found.end in {span.end for span in spans}
            assert found.highlights
            for start, end in found.highlights:
                assert found.start <= start < end <= found.end
                assert any(span.start <= start and end <= span.end for span in spans)


@pytest.mark.parametrize(
    ("language", "text", "question", "bold"),
    [
        ("ru", "Шёл дождь. Рого\u0301зин выступил в Москве. Он ушёл.", "Рогозин", "Рого\u0301зин выступил в Москве."),
        ("ar", "هطل المطر. قال مُحَمَّد نعم. ثم مضى.", "محمد", "قال مُحَمَّد نعم."),
        ("zh", "下雨了。北京宣布制裁。他走了。", "制裁", "北京宣布制裁。"),
        ("hi", "वर्षा हुई। दिल्ली में हिन्दी बोली। वह गया।", "हिन्दी", "दिल्ली में हिन्दी बोली।"),
        (
            "en",
            "😀 Rain fell. Zu\u0308rich 👩\u200d🚀 saw snow. It stopped.",
            "Zürich",
            "Zu\u0308rich 👩\u200d🚀 saw snow.",
        ),
        ("he", "ירד גשם. הוא אמר שָׁלוֹם לכולם. הלך.", "שלום", "הוא אמר שָׁלוֹם לכולם."),
    ],
)
def test_the_bold_sentence_is_the_one_that_holds_the_word(language: str, text: str, question: str, bold: str) -> None:
    article = Article("a", text, "a.txt", language=language)
    [passage] = split_article(article)
    [span] = quoted(passage, question)[0].highlights
    assert text[slice(*span)] == bold
