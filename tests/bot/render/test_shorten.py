"""bot.render.shorten, and how long quotes are shortened in every kind of message."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import languages, texts_for
from bot.render import inline_result, render_answer, render_context, render_latest, render_more, render_watch_notice
from bot.render.quote_blocks import quote_block
from bot.render.shorten import shorten
from index.harmless import harmless
from index.types import Span
from retrieval.presentation.texts import Texts
from retrieval.query.periods import Period
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Quote
from tests.support.sample_answers import answer_of, copy_of, quote_of
from tests.support.strategies import awkward_texts, parse, quoted, quotes
from tests.support.telegram import units

EN = texts_for("en", "en")
NOTE = "shortened; the article has the full text"
FLOOD = "word " * 6600  # a sentence of 33,000 characters
every_language = st.sampled_from(languages()).map(lambda code: texts_for(code, "en"))


@pytest.mark.parametrize(
    ("text", "limit", "best", "shown"),
    [
        ("It rained. It snowed.", 21, (11, 21), "It rained. It snowed."),
        ("It rained. It snowed. It hailed.", 22, (0, 10), "It rained. It snowed."),
        ("It rained. It snowed. It hailed.", 22, None, "It rained. It snowed."),
        # The best sentence is shown whole, if need be without the text before it.
        ("It rained. It snowed. It hailed.", 22, (22, 32), "It hailed."),
        ("It rained. It snowed. It hailed.", 22, (11, 21), "It rained. It snowed."),
        ("It rained. It snowed. It hailed all day long.", 22, (11, 21), "It rained. It snowed."),
        # A name is no end of a sentence, and half of what fits is not thrown away for one that is.
        ("It rained. He told Mr. Lee of it and left.", 24, None, "It rained. He told Mr."),
        ("It rained all of the day. He told Mr. Lee of it.", 42, None, "It rained all of the day."),
        ("No. It rained on and on and on and on", 20, None, "No. It rained on"),
        ("No. It rained on and on and on and on", 20, (0, 3), "No."),
        ("It rained. It snowed on and on and on and on", 20, (11, 44), "It snowed on and on"),
        ("雨が降った。雪も降った。", 8, None, "雨が降った。"),
        ("😀😀😀", 5, None, "😀😀"),
        ("     ", 3, None, "   "),
    ],
)
def test_shorten(text: str, limit: int, best: tuple[int, int] | None, shown: str) -> None:
    quote = quote_of(f"Before. {text} Behind.")
    span = shorten(quote.article, Span(8, 8 + len(text)), limit, Span(best[0] + 8, best[1] + 8) if best else None)
    assert quote.article.text[slice(*span)] == shown


def test_the_note_of_an_omission_is_outside_of_the_quote() -> None:
    def shown(start: int, end: int) -> str:
        quote = quote_of("It rained. It snowed. It hailed. It thawed.", (start, end))
        return quote_block(quote, EN, longest=22).whole.html.partition("article</a>\n")[2]

    assert shown(0, 10) == f"<blockquote><b>It rained.</b> It snowed.</blockquote>\n<i>… {NOTE}</i>"
    assert shown(22, 32) == f"…\n<blockquote><b>It hailed.</b> It thawed.</blockquote>\n<i>{NOTE}</i>"
    quote = quote_of("It rained. It snowed on and on and on and on. It thawed.", (11, 45))
    words = "It snowed on and on"
    assert quote_block(quote, EN, longest=20).whole.html.endswith(
        f"…\n<blockquote><b>{words}</b></blockquote>\n<i>… {NOTE}</i>"
    )


def test_the_note_of_an_omission_is_above_the_speaker() -> None:
    quote = replace(quote_of(FLOOD, (0, 32999)), speaker=Span(0, 4), copies=(copy_of("AP"),))
    [page] = render_answer(answer_of(quote), EN)
    below = "<i>said by word</i>\n<i>also in AP; first on 2 April 2022</i>"
    assert page.html.endswith(f"word word</b></blockquote>\n<i>… {NOTE}</i>\n{below}")
    assert quoted([page.html]) == [("word " * 560).rstrip()]


def test_a_flood_takes_no_more_messages_than_other_quotes() -> None:
    flood = quote_of(FLOOD, (0, 32999), title="headline " * 40)
    five = answer_of(*[flood] * 5)
    newest = answer_of(*[flood] * 5, question="")  # the newest articles, without a question
    assert [page.quotes for page in render_answer(five, EN)] == [(1, 2), (3, 4), (5,)]
    assert [page.quotes for page in render_watch_notice("who?", five, EN)] == [(1, 2), (3, 4), (5,)]
    assert [page.quotes for page in render_latest(five, EN)] == [(1, 2, 3, 4, 5)]
    assert [page.quotes for page in render_more(newest, EN, 5)] == [(6, 7, 8, 9, 10)]
    assert [page.quotes for page in render_answer(answer_of(closest=(flood, flood)), EN)] == [(1, 2)]


def test_previews_are_shorter_than_answers() -> None:
    text = "It rained all day. " * 60
    [page] = render_answer(answer_of(quote_of(text)), EN)
    assert quoted([page.html]) == [text]
    [page] = render_answer(answer_of(closest=(quote_of(text, (855, 873)),)), EN)
    # From the sentence that fits best on, which is not bold since it answers nothing.
    assert page.html.endswith(f"</a>\n…\n<blockquote>{text[855:]}</blockquote>\n<i>{NOTE}</i>")


def test_too_many_marks_are_dropped_before_the_quote_is_shortened() -> None:
    quote = replace(quote_of("ab " * 300, (0, 900)), marks=tuple(Span(3 * n, 3 * n + 2) for n in range(300)))
    for html in (inline_result(quote, EN).html, render_answer(answer_of(quote), EN)[0].html):
        assert html.endswith(f"<blockquote expandable><b>{'ab ' * 300}</b></blockquote>")


def test_too_many_bold_sentences_are_dropped_except_the_first() -> None:
    text = "ab " * 300
    quote = quote_of(text, *((3 * n, 3 * n + 2) for n in range(300)))
    [page] = render_answer(answer_of(quote), EN)
    assert page.html.endswith(f"<b>ab</b>{text[2:]}</blockquote>")


def test_characters_that_take_many_bytes_shorten_a_quote() -> None:
    [page] = render_answer(answer_of(quote_of('"' * 9000, url=f"https://x.org/{'&' * 200}")), EN)
    assert 2000 <= len(quoted([page.html])[0]) <= 2800
    assert len(page.html.encode()) <= 30_000


@given(quotes(), st.sampled_from([20, 100, 600, 2800]), every_language)
@settings(max_examples=80, deadline=None)
def test_the_sentence_that_answers_is_always_in_a_true_slice(quote: Quote, longest: int, texts: Texts) -> None:
    made = quote_block(quote, texts, longest=longest).whole
    text, shown = quote.article.text, "".join(quoted([made.html]))
    assert units(shown) <= longest
    assert shown in harmless(text)
    if quote.highlights:
        start, end = quote.highlights[0]
        assert harmless(text[start:end]) in shown or harmless(text[start:]).startswith(shown)
    if shown != harmless(text):  # or only what is not shown of it is left out
        assert texts("shortened") in made.html


@given(
    st.lists(quotes(), min_size=1, max_size=5), awkward_texts, st.none() | awkward_texts, every_language, st.booleans()
)
@settings(max_examples=30, deadline=None)
def test_telegram_takes_any_answer_in_no_more_messages_than_it_has_quotes(
    several: list[Quote], words: str, source: str | None, texts: Texts, more: bool
) -> None:
    asked = replace(answer_of().question, text=f"{words}?", source=source and source * 50, since=date(2022, 4, 2))
    period = Period(None, date(2022, 4, 2), Span(0, 1))
    answer = replace(answer_of(*several, more=7 * more), question=asked, understood=words * 99, period=period)
    twice = tuple(quote for quote in several for _ in range(2))  # quotes of one article
    refusal = replace(answer, quotes=(), closest=tuple(several[:2]), more=0)
    for pages, quotes_of, most in (
        (render_answer(answer, texts), several, len(several)),
        (render_answer(replace(answer, quotes=twice), texts), twice, len(twice)),
        (render_more(answer, texts, 0), several, len(several)),
        (render_watch_notice(words * 99, answer, texts), several, len(several)),
        (render_latest(answer, texts), several, 1),
        (render_answer(refusal, texts), several[:2], 1),
    ):
        assert len(pages) <= most
        assert [number for page in pages for number in page.quotes] == list(range(1, len(quotes_of) + 1))
        assert all(units(parse(page.html)[0]) <= 4096 and len(page.html.encode()) <= 31_000 for page in pages)
        shown = "".join(quoted([page.html for page in pages]))
        assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
        known = [harmless(quote.text) for quote in quotes_of]
        assert all(any(words in text for text in known) for words in quoted([page.html for page in pages]))


def test_a_context_is_one_message_and_a_long_quote_leaves_less_around_it() -> None:
    long = "It rained all day. " * 400
    quote = quote_of(f"{'before ' * 500}{long}{'after ' * 500}")
    found = LocatedQuote(QuoteId.of(quote.article, 3500, 11099), quote.article, Span(3500, 11099), "unchanged")
    message = render_context(found, EN)
    _, _, _, before, words, note, after = parse(message)[0].split("\n")
    assert quoted([message]) == [words]
    assert words == ("It rained all day. " * 147).rstrip()
    assert note == f"… {NOTE}"
    assert (units(before), units(after)) == (553, 552)
    assert units(parse(message)[0]) <= 4000
