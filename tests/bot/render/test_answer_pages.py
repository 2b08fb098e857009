import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.messages import texts_for
from bot.render import render_answer, render_latest, render_more, render_watch_notice
from index.harmless import harmless
from index.types import Span
from retrieval.presentation.texts import Texts
from retrieval.query.periods import Period
from retrieval.types import Answer, Quote
from tests.support.sample_answers import answer_of, copy_of, quote_of
from tests.support.strategies import parse, quoted
from tests.support.telegram import Entity, units

EN, RU = texts_for("en", "en"), texts_for("ru", "en")


def rendered(answer: Answer, texts: Texts = EN) -> list[str]:
    return [page.html for page in render_answer(answer, texts)]


def test_a_quote_has_headline_outlet_date_and_link_and_its_highlights_in_bold() -> None:
    [message] = rendered(answer_of(quote_of("Rain fell. It stopped.", (11, 22))))
    assert message == (
        "<b>Rain falls</b>\n"
        'TASS · 2 April 2022 · <a href="https://example.org/rain">open article</a>\n'
        "<blockquote>Rain fell. <b>It stopped.</b></blockquote>"
    )


def test_quotes_share_a_message_best_first() -> None:
    [message] = rendered(answer_of(quote_of("One."), quote_of("Two.", title="Snow")))
    assert quoted([message]) == ["One.", "Two."]
    assert "\n\n2. Snow\n" in parse(message)[0]


def test_quotes_are_numbered_where_there_are_several_and_a_page_knows_which_it_holds() -> None:
    long = "It rained all day. " * 400
    pages = render_answer(answer_of(quote_of("One."), quote_of(long), quote_of(long), more=1), EN)
    assert [page.quotes for page in pages] == [(1, 2), (3,)]
    heads = [entity.text for page in pages for entity in parse(page.html)[1] if entity.kind == "b"]
    assert heads == ["1. Rain falls", "2. Rain falls", "3. Rain falls"]
    assert pages[1].html.endswith("</i>\n\n<i>and one more quote</i>")
    [alone] = render_answer(answer_of(quote_of("One.")), EN)
    assert (alone.html[:17], alone.quotes) == ("<b>Rain falls</b>", (1,))
    [first] = render_answer(answer_of(quote_of("One."), more=1), EN)
    assert first.html.startswith("<b>1. Rain falls</b>")


def of_one(text: str, *spans: tuple[int, int], **fields: Any) -> list[Quote]:
    """Quotes of one article."""
    whole = quote_of(text, **fields)
    return [replace(whole, start=start, end=end) for start, end in spans]


def test_quotes_of_an_article_share_a_headline() -> None:
    first, second = of_one("“No,” said Lee. Snow fell.", (0, 15), (16, 26))
    first = replace(first, speaker=Span(11, 14), copies=(copy_of("AP"),))
    second = replace(second, highlights=(Span(16, 26),), copies=(copy_of("AP"),))
    [page] = render_answer(answer_of(first, second, quote_of("Hail.", title="Hail falls")), EN)
    place = 'TASS · 2 April 2022 · <a href="https://example.org/rain">open article</a>\n'
    assert page.html == (
        f"<b>1. Rain falls</b>\n{place}"
        "<blockquote>“No,” said Lee.</blockquote>\n<i>said by Lee</i>\n"
        "<b>2.</b>\n<blockquote><b>Snow fell.</b></blockquote>\n<i>also in AP; first on 2 April 2022</i>\n\n"
        f"<b>3. Hail falls</b>\n{place}<blockquote>Hail.</blockquote>"
    )
    assert page.quotes == (1, 2, 3)


def test_a_message_that_begins_within_an_article_has_its_headline_again() -> None:
    quotes = of_one("x" * 2500 + "y" * 2500 + "Rain.", (0, 2500), (2500, 5000), (5000, 5005))
    pages = render_answer(answer_of(*quotes, more=1), EN)
    assert [page.quotes for page in pages] == [(1,), (2, 3)]
    shown = [parse(page.html)[0] for page in pages]
    place = "TASS · 2 April 2022 · open article"
    assert shown[0] == f"1. Rain falls\n{place}\n{'x' * 2500}"
    assert shown[1] == f"2. Rain falls\n{place}\n{'y' * 2500}\n3.\nRain.\n\nand one more quote"
    [page] = render_more(answer_of(*quotes[1:]), EN, start=7)
    assert parse(page.html)[0] == f"8. Rain falls\n{place}\n{'y' * 2500}\n9.\nRain."
    assert page.quotes == (8, 9)


def test_closest_passages_of_one_article_share_its_headline() -> None:
    [message] = rendered(answer_of(closest=tuple(of_one("One. Two.", (0, 4), (5, 9)))))
    assert parse(message)[0].endswith("1. Rain falls\nTASS · 2 April 2022 · open article\nOne.\n2.\nTwo.")


@pytest.mark.parametrize(
    ("texts", "line"), [(EN, "Perhaps this answers it:"), (RU, "Возможно, ответ здесь:")], ids=["en", "ru"]
)
def test_an_uncertain_answer_is_introduced_as_such(texts: Texts, line: str) -> None:
    quote = replace(quote_of("Rain fell. It stopped.", (11, 22)), marks=(Span(11, 13),))
    [page] = render_answer(answer_of(closest=(quote,), perhaps=True, understood="rain"), texts)
    shown, entities = parse(page.html)
    assert shown.split("\n")[1:5] == ["", line, "", "Rain falls"]
    assert shown.endswith("\nRain fell. It stopped.")
    assert [entity.text for entity in entities if entity.kind == "b"] == [line, "Rain falls", "It stopped."]
    assert page.quotes == (1,)


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (EN, "found by search only, not checked against the question"),
        (RU, "найдено только поиском; отвечает ли это на вопрос, не проверено"),
    ],
    ids=["en", "ru"],
)
def test_an_unread_answer_says_so(texts: Texts, line: str) -> None:
    quote = quote_of("One.")
    [message] = rendered(answer_of(quote, confidence=None), texts)
    assert message.startswith(f"<i>{line}</i>\n\n<b>Rain falls</b>\n")
    [message] = rendered(answer_of(quote, confidence=None, understood="rain"), texts)
    assert parse(message)[0].split("\n")[1:4] == [line, "", "Rain falls"]
    [notice] = render_watch_notice("Rain?", answer_of(quote, confidence=None), texts)
    assert parse(notice.html)[0].split("\n")[:4] == [texts("watch-notice", question="Rain?"), line, "", "Rain falls"]
    latest = answer_of(quote, confidence=None, question="")
    for answer in (answer_of(quote), answer_of(confidence=None), answer_of(small_talk="thanks", confidence=None)):
        assert line not in rendered(answer, texts)[0]
    assert line not in render_latest(latest, texts)[0].html + render_more(latest, texts, 1)[0].html


def test_the_filters_of_a_question_come_first() -> None:
    def asked(**filters: Any) -> str:
        answer = answer_of(quote_of("One."), understood="rain … why?")
        return rendered(replace(answer, question=replace(answer.question, **filters)))[0]

    assert asked(since=date(2022, 3, 5), source="T<SS").startswith(
        "<i>only since 5 March 2022, T&lt;SS (/reset for all)</i>\n<i>understood as: rain … why?</i>\n\n<b>"
    )
    assert asked(since=date(2022, 3, 1), until=date(2022, 3, 31)).startswith("<i>only 1–31 March 2022 (/reset")
    assert asked(source="x" * 5000).startswith("<i>only xxx")


def test_in_russian() -> None:
    quote = quote_of("«Нет», сказал Ли.", title=None)
    quote = replace(quote, speaker=Span(14, 16), copies=(copy_of("AP"), copy_of("DW")))
    [message] = rendered(answer_of(quote, more=2, period=Period(date(2022, 3, 5), None, Span(0, 1))), RU)
    assert message == (
        "<i>ищу за период с 5 марта 2022</i>\n\n"
        '<b>1. Без заголовка</b>\nTASS · 2 апреля 2022 · <a href="https://example.org/rain">открыть статью</a>\n'
        "<blockquote>«Нет», сказал Ли.</blockquote>\n<i>говорит Ли</i>\n"
        "<i>также в 2 изданиях: AP, DW; впервые 2 апреля 2022</i>\n\n<i>и ещё 2 цитаты</i>"
    )
    day = Period(date(2022, 3, 5), date(2022, 3, 5), Span(0, 1))
    assert rendered(answer_of(period=day), RU) == [
        "<i>ищу за 5 марта 2022</i>\n\n<b>В статьях за этот день ответа нет.</b>"
    ]


def test_a_link_that_would_fill_a_message_is_left_out() -> None:
    [message] = rendered(answer_of(quote_of("One.", url=f"https://x.org/{'&' * 1500}")))
    assert parse(message)[0].split("\n")[1] == "TASS · 2 April 2022"


def test_other_coverage_is_named_below_the_quote() -> None:
    quote = replace(quote_of("One."), copies=(copy_of("AP & <b>Co</b>"), copy_of("DW", date(2022, 4, 1))))
    [message] = rendered(answer_of(quote, quote_of("Two.")))
    below = "\n<i>also in 2 outlets: AP &amp; &lt;b&gt;Co&lt;/b&gt;, DW; first on 1 April 2022</i>\n\n<b>"
    assert f"<blockquote>One.</blockquote>{below}" in message
    assert message.endswith("<blockquote>Two.</blockquote>")


def test_long_names_of_outlets_are_clipped() -> None:
    quote = replace(quote_of("One."), copies=tuple(copy_of("X" * n) for n in range(90, 99)))
    [message] = rendered(answer_of(quote))
    [below] = [entity for entity in parse(message)[1] if entity.kind == "i"]
    assert below.text.startswith("also in 9 outlets: XXX")
    assert len(below.text) <= 200
    assert below.text.endswith("…")


def test_the_words_that_answer_are_underlined_in_the_bold_sentence() -> None:
    quote = replace(quote_of("Rain fell. It stopped on Monday.", (11, 32)), marks=(Span(25, 31),))
    [message] = rendered(answer_of(quote))
    assert message.endswith("<blockquote>Rain fell. <b>It stopped on <u>Monday</u>.</b></blockquote>")
    quote = replace(quote_of("Rain & hail. Snow.", (0, 12)), marks=(Span(0, 4), Span(7, 11)))
    [message] = rendered(answer_of(quote))
    assert message.endswith("<blockquote><b><u>Rain</u> &amp; <u>hail</u>.</b> Snow.</blockquote>")


def test_the_speaker_is_named_between_the_quote_and_other_coverage() -> None:
    quote = replace(quote_of("“No,” said A<b> Lee."), speaker=Span(11, 19), copies=(copy_of("AP"),))
    [message] = rendered(answer_of(quote))
    assert message.endswith("</blockquote>\n<i>said by A&lt;b&gt; Lee</i>\n<i>also in AP; first on 2 April 2022</i>")


def test_further_quotes_are_counted_at_the_end() -> None:
    [message] = rendered(answer_of(quote_of("One."), more=3))
    assert message.endswith("<blockquote>One.</blockquote>\n\n<i>and 3 more quotes</i>")


def test_a_refusal_introduces_the_closest_passages() -> None:
    closest = replace(quote_of("One.", (0, 4)), marks=(Span(0, 3),), speaker=Span(0, 3))
    [message] = rendered(answer_of(closest=(closest,)))
    assert message.startswith("<b>No article here answers this.</b>\n\n<i>Closest passages:</i>\n\n")
    assert message.endswith("<blockquote>One.</blockquote>")  # without bold words
    assert parse(message)[0] == (
        "No article here answers this.\n\nClosest passages:\n\nRain falls\nTASS · 2 April 2022 · open article\nOne."
    )
    assert rendered(answer_of()) == ["<b>No article here answers this.</b>"]


def test_the_understood_question_comes_first_and_is_escaped() -> None:
    [message] = rendered(answer_of(quote_of("One."), understood="a<b … why?"))
    assert message.startswith("<i>understood as: a&lt;b … why?</i>\n\n<b>Rain falls</b>\n")
    [message] = rendered(answer_of(understood="rain … why?"))
    assert message == "<i>understood as: rain … why?</i>\n\n<b>No article here answers this.</b>"


def test_small_talk_gets_only_its_reply() -> None:
    assert rendered(answer_of(small_talk="goodbye", understood="x")) == [EN("talk-goodbye")]


def test_the_period_is_shown_above_the_quotes() -> None:
    period = Period(date(2022, 3, 1), date(2022, 3, 31), Span(0, 1))
    [message] = rendered(replace(answer_of(quote_of("One.")), period=period))
    assert message.startswith("<i>looking at 1–31 March 2022</i>\n\n<b>Rain falls</b>\n")
    [message] = rendered(answer_of(period=period, understood="rain … in March?"))
    assert message == (
        "<i>understood as: rain … in March?</i>\n<i>looking at 1–31 March 2022</i>\n\n"
        "<b>No article of these days answers this.</b>"
    )


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"published": None}, "TASS · undated · open article"),
        ({"published": None, "published_text": "April 2"}, "TASS · April 2 · open article"),
        ({"published": datetime(2022, 4, 2, 23, 30, tzinfo=UTC)}, "TASS · 2 April 2022 · open article"),
        ({"source": None, "url": None}, "2 April 2022"),
        ({"modified": date(2022, 4, 3)}, "TASS · 2 April 2022, updated 3 April 2022 · open article"),
        ({"url": "javascript:alert(1)"}, "TASS · 2 April 2022"),
        ({"url": "https://[broken"}, "TASS · 2 April 2022"),
        ({"url": "https://x.org/ a"}, "TASS · 2 April 2022 · open article"),
        ({"url": "https://x .org/a"}, "TASS · 2 April 2022"),
        ({"source": "T\u202eASS\n\x1b[31m<i>"}, "TASS [31m<i> · 2 April 2022 · open article"),
    ],
)
def test_the_line_under_the_headline(fields: dict[str, Any], line: str) -> None:
    [message] = rendered(answer_of(quote_of("One.", **fields)))
    assert parse(message)[0].split("\n")[1] == line


def test_a_link_is_escaped() -> None:
    [message] = rendered(answer_of(quote_of("One.", url="https://x.org/'?a=1&b=\"'>")))
    [link] = [entity for entity in parse(message)[1] if entity.kind == "a"]
    assert link.attribute == ' href="https://x.org/&#x27;?a=1&amp;b=%22%27%3E"'


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (None, "Untitled"),
        (" \n", "Untitled"),
        ("a\nb\x1b[1m\u202ec", "a b[1mc"),
        ("é" * 400, "é" * 149 + "…"),
        ("words " * 40, "words " * 23 + "words…"),
    ],
)
def test_headlines(title: str | None, shown: str) -> None:
    [message] = rendered(answer_of(quote_of("One.", title=title)))
    assert parse(message)[1][0] == Entity("b", shown)


def test_a_long_quote_can_be_unfolded_and_a_short_one_is_open() -> None:
    long, short = rendered(answer_of(quote_of("word " * 170)))[0], rendered(answer_of(quote_of("word")))[0]
    assert "<blockquote expandable>word" in long
    assert "<blockquote>word" in short


def test_many_quotes_are_shortened_more_than_few() -> None:
    texts = [f"{number} " + "x" * 2500 for number in range(5)]
    messages = rendered(answer_of(*map(quote_of, texts[:3])))
    assert [quoted([message]) for message in messages] == [texts[:1], texts[1:2], texts[2:3]]
    shorter = [text[:1400] for text in texts]
    messages = rendered(answer_of(*map(quote_of, texts)))
    assert [quoted([message]) for message in messages] == [shorter[:2], shorter[2:4], shorter[4:]]


@pytest.mark.parametrize(
    "unit", ["👨‍👩‍👧‍👦", "🇩🇪", "e\u0301", "👍🏽", "🏴\U000e0067\U000e0062\U000e007f", "\u1112\u1161\u11ab"]
)
def test_a_visible_character_is_never_cut(unit: str) -> None:
    [part] = quoted(rendered(answer_of(quote_of(unit * 4000))))
    assert part == unit * (len(part) // len(unit))
    assert 2700 <= units(part) <= 2800


def test_harmless_changes_nothing_else() -> None:
    assert harmless("a\r\nb\tc\x00\x1b[1m\x85d\u2028e\u202ef\u2066g\ud800 «é» 👩‍👩‍👧 \u200f\u00a0") == (
        "a\nb\tc[1m\nd\nefg\ufffd «é» 👩‍👩‍👧 \u200f\u00a0"
    )


def test_rendering_and_the_terminal_do_not_import_telegram() -> None:
    imported = "bot.render, bot.terminal, retrieval.presentation.terminal_view, sys"
    code = f"import {imported}; print([m for m in sys.modules if 'telegram' in m])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
