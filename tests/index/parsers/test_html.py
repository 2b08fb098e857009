"""Whole pages; numbered cases were reported by users of similar software."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.types import Article
from tests.support.sample_story import FIRST, FISH, LAST, SECOND

ALL = (FIRST, SECOND, LAST)
TAIL = f"<p>{SECOND}</p><p>{LAST}</p>"
STORY = f"<p>{FIRST}</p>{TAIL}"
ARTICLE = f"<article><h1>{FISH}</h1>{STORY}</article>"


def page(body: str = ARTICLE, head: str = "", title: str = FISH, language: str = "en") -> str:
    head = f'<meta charset="utf-8"><title>{title}</title>{head}'
    return f'<!DOCTYPE html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def read(folder: Path, markup: str, encoding: str = "utf-8") -> tuple[Article, list[Problem]]:
    path = folder / "a.html"
    path.write_bytes(markup.encode(encoding))
    problems: list[Problem] = []
    (article,) = read_file(path, path.name, problems.append)
    return article, problems


def story(*blocks: str) -> str:
    return f"<article><h1>{FISH}</h1>{''.join(blocks)}</article>"


DATES = {
    "01": (page(head='<meta property="article:published_time" content="Wed, 04/06/2022 - 10:30">'),
           "Wed, 04/06/2022 - 10:30"),
    "03": (page(ARTICLE + "<footer>Last updated 3 April 2024</footer>"), None),
    "05": (page(ARTICLE + '<div class="comments"><div class="comment"><span class="date">7 May 2023</span><p>I '
                          'agree with '
                "the council.</p></div></div>"), None),
    "06": (page(ARTICLE + "<footer>Copyright 2024 Bay Post. Site last modified: 2024-04-03</footer>"), None),
    "08": (page('<header><time datetime="2024-04-04">Thursday, 4 April 2024</time></header>' + ARTICLE), None),
    "12": (page(head='<link rel="canonical" href="https://baypost.example/fish">' + linked([
        {"@context": "http://schema.org", "@type": "NewsArticle", "headline": "Ten best beaches of the coast",
         "datePublished": "2019-06-01T10:00:00Z"},
        {"@context": "http://schema.org", "@type": "NewsArticle", "headline": FISH,
         "datePublished": "2022-03-08T09:00:00Z", "mainEntityOfPage": "https://baypost.example/fish"}])), "2022-03-08"),
}  # fmt: skip


@pytest.mark.parametrize("case", DATES)
def test_days_of_cases(tmp_path: Path, case: str) -> None:
    markup, dated = DATES[case]
    article, problems = read(tmp_path, markup)
    assert (article.title, article.dated, article.text, problems) == (FISH, dated, "\n\n".join(ALL), [])


GRAPH = {"@context": "https://schema.org", "@graph": [
    {"@type": "WebSite", "name": "Bay Post", "url": "https://baypost.example/"},
    {"@type": "WebPage", "datePublished": "2022-03-08T22:30:00-05:00", "name": f"{FISH} - Bay Post"},
    {"@type": "NewsArticle", "headline": FISH, "datePublished": "2022-03-08T22:30:00-05:00",
     "dateModified": "2022-03-12T09:00:00+00:00", "author": [{"@id": "#p1"}]},
    {"@type": "Person", "@id": "#p1", "name": "Ida Holm"}]}  # fmt: skip


def test_case_10_graph_with_a_zone(tmp_path: Path) -> None:
    article, _ = read(tmp_path, page(head=linked(GRAPH), title=f"{FISH} - Bay Post"))
    assert (article.title, article.source, article.day) == (FISH, "Bay Post", date(2022, 3, 8))
    assert (article.modified, article.authors) == (date(2022, 3, 12), ("Ida Holm",))


def test_case_11_microdata_in_russian(tmp_path: Path) -> None:
    title = "Рыбный рынок закроют"
    first = (
        "Городской совет во вторник проголосовал за закрытие старого рыбного рынка после сорока лет работы, сообщил "
        "мэр города."
    )
    second = (
        "Торговцы заявили, что подадут жалобу. «Нам некуда идти», — сказала Анна Петрова, которая торгует там с 1994 "
        "года."
    )
    day = '<span itemprop="datePublished">3 апреля 2022, 17:30</span>'
    body = f"<article><h1>{title}</h1>{day}<p>{first}</p><p>{second}</p></article>"
    article, _ = read(tmp_path, page(body, title=title, language="ru"))
    assert (article.title, article.day, article.text) == (title, date(2022, 4, 3), f"{first}\n\n{second}")


HEADLINES = {
    "14": (page(head=f'<meta property="og:title" content="{FISH} | Bay Post"><meta property="og:site_name" '
                'content="Bay Post">', title=f"{FISH} | Bay Post"), FISH, "Bay Post"),
    "16": (page(f"<div>{STORY}</div>", title=" - Home"), None, None),
    "17": (page(head=linked({"@context": "https://schema.org", "@type": "NewsArticle", "name": "Bay Post",
                             "headline": FISH, "datePublished": "2022-03-08"}), title=f"{FISH} | Bay Post"), FISH,
           "Bay Post"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADLINES)
def test_headlines_of_cases(tmp_path: Path, case: str) -> None:
    markup, title, source = HEADLINES[case]
    article, _ = read(tmp_path, markup)
    assert (article.title, article.source, article.text) == (title, source, "\n\n".join(ALL))


TEXTS = {
    "18": (story('<p>The clinic said on <time datetime="2022-03-08">Tuesday</time> that forty people in Marrow Bay had '
                 "fallen ill after eating herring from the old hall.</p>", TAIL),
           ["The clinic said on Tuesday that forty people in Marrow Bay had fallen ill after eating herring from "
            "the old "
            "hall.", SECOND, LAST]),
    "20": (story("<p>At least <del>12</del> <ins>15</ins> people were hurt when the roof of the hall fell in on "
                 "Tuesday, "
                 "the fire service of Marrow Bay said in a statement.</p>", TAIL),
           ["At least 15 people were hurt when the roof of the hall fell in on Tuesday, the fire service of Marrow Bay "
            "said in a statement.", SECOND, LAST]),
    "23": (story("<p>The mayor said <q>the hall is finished</q> and that nobody would be paid before the summer, "
                 "according to two people who were in the meeting.</p>", TAIL),
           ["The mayor said “the hall is finished” and that nobody would be paid before the summer, according to two "
            "people who were in the meeting.", SECOND, LAST]),
    "24": (story(f"<p>{FIRST}</p>", "<p hidden>Draft, do not publish: the mayor sold the market to a bank for one "
                                    "euro, "
                 "said a source.</p>", TAIL), [*ALL]),
    "26": (f"<h1>{FISH}</h1><p>{FIRST}</p><p>The council gave three reasons:</p><ul><li>the roof leaks above the main "
           "hall</li><li>the wiring dates from 1961</li><li>the insurance was cancelled in May</li></ul>"
           f"<p>{LAST}</p>",
           [FIRST, "The council gave three reasons:", "the roof leaks above the main hall\nthe wiring dates from 1961\n"
            "the insurance was cancelled in May", LAST]),
    "27": (story(f"<p>{FIRST}</p><p>The council gave three reasons:</p><ul><li><p>the roof leaks above the main "
                 f"hall</p>"
                 '</li><li><a href="/w">the wiring dates from 1961</a></li><li>the insurance, <a '
                 'href="/i">cancelled in '
                 f"May</a></li></ul><p>{LAST}</p>"),
           [FIRST, "The council gave three reasons:", "the roof leaks above the main hall\nthe wiring dates from 1961\n"
            "the insurance, cancelled in May", LAST]),
    "30": ('<form id="aspnetForm"><div class="top"><a href="/">Home</a></div><div class="story"><h1>Fish market to '
           'close'
           "</h1>The town council of Marrow Bay voted on Tuesday to close the old fish market after forty "
           "years.<br><br>"
           "“We have nowhere else to go,” said Ana Petrov, who has sold herring there since 1994.<br><br>"
           '<div class="ad">Advertisement</div><br>The council said the market would move to a tent.<br/>It will '
           'cost 12 '
           'million euros.</div></form><div class="side"><p>Forty days of lessons, episode 52.</p></div>',
           ["The town council of Marrow Bay voted on Tuesday to close the old fish market after forty years.",
            "“We have nowhere else to go,” said Ana Petrov, who has sold herring there since 1994.",
            "The council said the market would move to a tent.\nIt will cost 12 million euros."]),
    "31": (story(f'<p>{FIRST}</p><section class="more-on"><h2>Recommended Stories</h2><ul><li><a href="/1">Ferry sinks '
                 "off Malawi, 30 missing</a></li></ul></section>", TAIL), [*ALL]),
    "32": (story('<p><strong id="timeline">MARROW BAY, March 8, 2022 (Reuters) -</strong> The town council voted on '
                 "Tuesday to close the old fish market after forty years, saying that the building was no longer safe."
                 "</p>", TAIL),
           ["MARROW BAY, March 8, 2022 (Reuters) - The town council voted on Tuesday to close the old fish market "
            "after "
            "forty years, saying that the building was no longer safe.", SECOND, LAST]),
    "33": (story("<p>The town council of Marrow\n   Bay voted on\nTuesday to close the old\n\n fish market after forty "
                 "years.</p>", TAIL),
           ["The town council of Marrow Bay voted on Tuesday to close the old fish market after forty years.", SECOND,
            LAST]),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_texts_of_cases(tmp_path: Path, case: str) -> None:
    body, blocks = TEXTS[case]
    article, problems = read(tmp_path, page(body))
    assert (article.title, article.text, problems) == (FISH, "\n\n".join(blocks), [])
    if case == "32":
        assert (article.day, article.source, article.place) == (date(2022, 3, 8), "Reuters", "MARROW BAY")


def test_case_29_a_fragment(tmp_path: Path) -> None:
    article, problems = read(
        tmp_path,
        "<p>It&rsquo;s 2AM in Marrow Bay. You&rsquo;re woken by the <code>siren</code> of the fish market, which the "
        "council closed on Tuesday, and by the gulls. The mayor, Jon Hale, is aware of the noise.</p>",
    )
    assert article.text == (
        "It’s 2AM in Marrow Bay. You’re woken by the siren of the fish market, which the council closed on Tuesday, "
        "and "
        "by the gulls. The mayor, Jon Hale, is aware of the noise."
    )
    assert (article.title, article.day, problems) == (None, None, [])


def test_case_34_soft_hyphens(tmp_path: Path) -> None:
    title = "Fischmarkt schließt"
    text = (
        "Der Stadt\u00adrat von Norden hat am Dienstag be\u00adschlossen, den alten Fisch\u00admarkt nach vierzig "
        "Jahren zu "
        "schließen, weil das Ge\u00adbäude nicht mehr sicher sei, sagte der Bürgermeister."
    )
    body = f"<article><h1>{title}</h1><p>{text}</p></article>"
    article, _ = read(tmp_path, page(body, title=title, language="de"))
    assert article.text == text.replace("\u00ad", "")


CAFE = "Café owner’s €12m plan"
SAID = (
    "The café’s owner – Zoë Núñez – said “we’ll pay €12m” for the naïve façade on Tuesday, the Süddeutsche paper "
    "reported "
    "from the bay."
)
NOTHING = "The council said that it had heard nothing of the plan and would answer next week."
CAFE_PAGE = (
    f'<html lang="en"><head><meta charset="iso-8859-1"><title>{CAFE}</title></head><body><article><h1>{CAFE}</h1>'
    f"<p>{SAID}</p><p>{NOTHING}</p></article></body></html>"
)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"], ids=["36", "37"])
def test_encodings_of_cases(tmp_path: Path, encoding: str) -> None:
    article, problems = read(tmp_path, CAFE_PAGE, encoding)
    assert (article.title, article.text, problems) == (CAFE, f"{SAID}\n\n{NOTHING}", [])


@pytest.mark.parametrize(
    ("head", "guess"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>Рынок один</title>', False),
        ("<title>Рынок два</title>", True),
        ('<meta charset="utf-8"><title>Рынок три</title>', True),
        ('<title><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></title><title>Рынок четыре'
         "</title>", False),
    ],
)  # fmt: skip
def test_case_38_windows_1251(tmp_path: Path, head: str, guess: bool) -> None:
    title = "Рыбный рынок закроют"
    said = (
        "Городской совет во вторник проголосовал за закрытие рынка, сообщил мэр Иван Петров. «Нам некуда идти», — "
        "сказала Анна Лунина."
    )
    body = f"<body><article><h1>{title}</h1><p>{said}</p></article></body>"
    article, problems = read(tmp_path, f'<html lang="ru"><head>{head}</head>{body}</html>', "cp1251")
    assert (article.title, article.text) == (title, said)
    assert ["a guess" in problem.message for problem in problems] == [True] * guess
