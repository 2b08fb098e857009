"""bot.render: further quotes, latest articles, notices, context, sources, inline results, plain text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import languages, texts_for
from bot.render import (
    inline_result,
    render_context,
    render_latest,
    render_more,
    render_sources,
    render_watch_notice,
    text,
)
from index.harmless import harmless
from index.storage.articles import Summary
from index.types import Article, Span
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote, look_up
from retrieval.types import Quote
from tests.support.sample_answers import answer_of, quote_of
from tests.support.strategies import awkward_texts, long_texts, parse, quoted, quotes
from tests.support.telegram import units

EN, RU = texts_for("en", "en"), texts_for("ru", "en")
ABOVE = 'Rain falls</b>\nTASS · 2 April 2022 · <a href="https://example.org/rain">open article</a>\n'
every_language = st.sampled_from(languages()).map(lambda code: texts_for(code, "en"))


def test_numbers_of_further_quotes_continue() -> None:
    answer = answer_of(quote_of("Two."), quote_of("Three."), more=1)
    [page] = render_more(answer, EN, start=1)
    assert page.html == (
        f"<b>2. {ABOVE}<blockquote>Two.</blockquote>\n\n<b>3. {ABOVE}<blockquote>Three.</blockquote>\n\n"
        "<i>and one more quote</i>"
    )
    assert page.quotes == (2, 3)


def test_without_further_quotes_it_says_so() -> None:
    [page] = render_more(answer_of(), EN, start=1)
    assert (page.html, page.quotes) == ("That is all I have on this.", ())


def test_the_latest_articles_have_a_heading_and_no_bold_words() -> None:
    answer = answer_of(quote_of("One.", (0, 4)), quote_of("Two."), more=9)
    [page] = render_latest(answer, EN)
    assert page.html == (
        f"<b>The latest:</b>\n\n<b>1. {ABOVE}<blockquote>One.</blockquote>\n\n<b>2. {ABOVE}"
        "<blockquote>Two.</blockquote>"
    )
    assert page.quotes == (1, 2)
    empty = answer_of()
    empty = replace(empty, question=replace(empty.question, source="TASS"))
    assert [page.html for page in render_latest(empty, EN)] == [
        "<i>only TASS (/reset for all)</i>\n\n<b>There are no articles to show.</b>"
    ]


def test_a_notice_names_the_question_that_is_watched() -> None:
    [page] = render_watch_notice("who is <b>?", answer_of(quote_of("One.", (0, 4))), EN)
    assert page.html == (
        f"<i>New on your question: who is &lt;b&gt;?</i>\n\n<b>{ABOVE}<blockquote><b>One.</b></blockquote>"
    )
    [page] = render_watch_notice("who?" * 2000, answer_of(quote_of("One.")), RU)
    assert parse(page.html)[1][0].text.startswith("Новое по вашему вопросу: who?who?")


TEXT = "Rain fell on Oslo.\n\nThe mayor spoke. It would stop, she said. Nobody else did.\n\nIt stopped."
SAID = "It would stop, she said."


def standing(text: str, quote: str = SAID, of: str = TEXT, **fields: Any) -> LocatedQuote:
    """Look up the quote of one text in another."""
    known: dict[str, Any] = {"title": "Rain falls", "source": "TASS", "published": date(2022, 4, 2)}
    article = Article("a1", of, "a.txt", **{**known, "url": "https://example.org/rain", **fields})
    start = of.index(quote)
    found = look_up(QuoteId.of(article, start, start + len(quote)), [replace(article, text=text)])
    assert found
    return found


def test_a_quote_in_its_context_is_marked_by_its_blockquote() -> None:
    assert render_context(standing(TEXT), EN) == (
        f"<b>{ABOVE}\nRain fell on Oslo.\n\nThe mayor spoke.\n<blockquote>{SAID}</blockquote>\n"
        "Nobody else did.\n\nIt stopped."
    )
    assert render_context(standing("One.", "One.", "One."), EN) == f"<b>{ABOVE}<blockquote>One.</blockquote>"


def test_the_headline_is_not_repeated_in_a_context() -> None:
    of = f"Rain\nfalls\n\n{SAID} Nobody else did."
    assert render_context(standing(of, SAID, of), EN) == f"<b>{ABOVE}<blockquote>{SAID}</blockquote>\nNobody else did."


def test_a_moved_quote_has_a_note() -> None:
    message = render_context(standing(f"Now. {TEXT}"), EN)
    assert message.startswith(
        f"<b>{ABOVE}<i>The article has changed since, but it still contains this quote.</i>\n\nNow. Rain fell"
    )
    assert quoted([message]) == [SAID]


def test_the_text_that_replaced_a_quote_has_no_blockquote() -> None:
    gone = f"<b>{ABOVE}<b>The article has changed and no longer contains this quote.</b>\n"
    changed = TEXT.replace("stop,", "last,")
    assert render_context(standing(changed), EN) == f"{gone}The text in its place is now:\n\n{changed}"
    assert render_context(standing("Rain."), EN) == f"{gone}The article now ends before the place of the quote."


def test_long_paragraphs_are_cut_at_words_and_say_so() -> None:
    of = f"{'before ' * 500}{SAID} {'after ' * 500}"
    message = render_context(standing(of, SAID, of), EN)
    _, _, _, before, quote, after = parse(message)[0].split("\n")
    assert before == f"…{' '.join(['before'] * 114)}"
    assert after == f"{' '.join(['after'] * 133)}…"
    assert quote == SAID


@given(long_texts(), long_texts(), long_texts(), st.none() | awkward_texts, every_language, st.booleans())
@settings(max_examples=60, deadline=None)
def test_telegram_takes_any_context_in_one_message_with_the_beginning_of_the_quote(
    before: str, quote: str, after: str, title: str | None, texts: Any, moved: bool
) -> None:
    article = Article("a1", before + quote + after, "a.txt", title)
    id = QuoteId.of(article, len(before), len(before) + len(quote))
    now = replace(article, text=f"{'x. ' if moved else ''}{article.text}")
    start = id.start + len(now.text) - len(article.text)
    found = LocatedQuote(id, now, Span(start, start + len(quote)), "moved" if moved else "unchanged")
    message = render_context(found, texts)
    shown = "".join(quoted([message]))
    assert shown == harmless(quote) if units(quote) <= 2800 else harmless(quote).startswith(shown)
    changed = render_context(replace(found, status="changed"), texts)
    assert all(units(parse(message)[0]) <= 4096 for message in (message, changed))
    assert quoted([changed]) == []


SUMMARY = Summary(1200, 5000, 3, date(2022, 3, 1), date(2022, 4, 2), (("TASS", 900), ("A<P", 1)), ("en",))


def test_sources() -> None:
    assert render_sources(SUMMARY, EN) == (
        "<b>1,200 articles from 2 outlets</b>\n1 March – 2 April 2022\n3 articles have no date\n\n"
        "TASS: 900\nA&lt;P: 1\nwithout an outlet: 299"
    )
    assert render_sources(SUMMARY, RU).startswith(
        "<b>1\u00a0200 статей из 2 изданий</b>\n1 марта – 2 апреля 2022\n3 статьи без даты\n\nTASS: 900\n"
    )


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        (Summary(0, 0, 0, None, None, (), ()), "I have no articles yet."),
        (
            Summary(1, 1, 1, None, None, (), ("en",)),
            "<b>one article</b>\none article has no date\n\nwithout an outlet: 1",
        ),
        (
            Summary(1, 1, 0, date(2022, 4, 2), date(2022, 4, 2), (("AP", 1),), ("en",)),
            "<b>one article from one outlet</b>\n2 April 2022\n\nAP: 1",
        ),
        (
            Summary(1, 1, 0, date(2022, 4, 2), date(2022, 4, 2), (("\u200b", 1),), ("en",)),
            "<b>one article from one outlet</b>\n2 April 2022\n\nwithout an outlet: 1",
        ),
    ],
)
def test_sources_of_few_articles(summary: Summary, shown: str) -> None:
    assert render_sources(summary, EN) == shown


def test_a_long_list_of_sources_says_how_many_are_left() -> None:
    shown = render_sources(replace(SUMMARY, outlets=tuple((f"outlet {n}", 12) for n in range(100))), EN)
    assert shown.endswith("outlet 39: 12\nand 60 more")


@given(
    st.lists(st.tuples(awkward_texts.map(lambda name: name * 9), st.integers(1, 10**9)), max_size=60), every_language
)
@settings(deadline=None)
def test_telegram_takes_any_sources(outlets: list[tuple[str, int]], texts: Any) -> None:
    count = sum(count for _, count in outlets)
    parse(render_sources(replace(SUMMARY, articles=count, outlets=tuple(outlets)), texts))


def test_an_inline_result_is_a_quote_with_its_source() -> None:
    result = inline_result(quote_of("Rain fell. It stopped.", (11, 22)), EN)
    assert (result.title, result.description) == ("Rain falls", "2 April 2022 · TASS · It stopped.")
    assert result.html == f"<b>{ABOVE}<blockquote>Rain fell. <b>It stopped.</b></blockquote>"
    result = inline_result(quote_of("Rain.", title="x" * 200, source=None, published=None), EN)
    assert (result.title, result.description) == ("x" * 99 + "…", "undated · Rain.")


@given(quotes(), every_language)
@settings(max_examples=80, deadline=None)
def test_telegram_takes_any_inline_result_and_its_words_are_the_articles(quote: Quote, texts: Any) -> None:
    result = inline_result(quote, texts)
    assert units(parse(result.html)[0]) <= 4096
    assert "".join(quoted([result.html])) in harmless(quote.text)
    assert 1 <= units(result.title) <= 100
    assert 1 <= units(result.description) <= 250
    assert harmless(result.title + result.description) == result.title + result.description


@given(awkward_texts.map("x".__add__), st.sampled_from([1, 9000]))
@settings(deadline=None)
def test_telegram_takes_any_plain_line(words: str, times: int) -> None:
    shown, entities = parse(text(words * times))
    assert entities == []
    assert units(shown) <= 4000
    if times == 1:
        assert shown == harmless(words).strip()
