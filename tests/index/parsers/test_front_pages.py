"""Front pages have no article; a page with teasers and an article of its own does."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.parsers.html import NO_ARTICLE
from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.types import Article

Stories = list[tuple[str, str]]

ENGLISH: Stories = [
    ("Fish market to close after forty years",
     "The town council of Marrow Bay voted on Tuesday to close the old fish market, saying that it was not safe."),
    ("Ferry to Fenn will cost nine euros",
     "The operator Blueline said that fuel had become dearer and that it had no choice but to raise the fare."),
    ("School opens a heated pool", "Pupils may swim all year from Monday on, and so may everyone else on Sundays."),
    ("Mayor will not resign over harbour deal",
     "Vera Lind said that she had done nothing wrong. Her rival Emil Roth called for a vote before the summer."),
    ("Storm leaves six villages without power",
     "Engineers hoped to mend the line by Friday evening, the power company said in a statement on its website."),
    ("Bakers end their strike after two weeks",
     "The union agreed to a rise of five percent and longer breaks at night, which both sides called fair."),
]  # fmt: skip
RUSSIAN: Stories = [
    ("Рыбный рынок закроют через сорок лет",
     "Городской совет во вторник проголосовал за закрытие старого рынка, сообщив, что здание больше не безопасно."),
    ("Паром до Фенна подорожает до девяти евро",
     "Оператор «Блюлайн» заявил, что топливо подорожало и что у него нет выбора, кроме как повысить цену с апреля."),
    ("В школе открыли тёплый бассейн",
     "Ученики смогут плавать круглый год с понедельника, сказал директор, а по воскресеньям туда пустят всех."),
    ("Мэр не уйдёт в отставку из-за порта",
     "Вера Линд сказала, что не сделала ничего плохого. Её соперник Эмиль Рот потребовал голосования до лета."),
    ("Буря оставила шесть деревень без света",
     "Инженеры надеются починить линию к вечеру пятницы, говорится в сообщении энергетической компании."),
    ("Пекари закончили забастовку",
     "Профсоюз согласился на прибавку в пять процентов и более долгие перерывы ночью, обе стороны довольны."),
]  # fmt: skip
GERMAN: Stories = [
    ("Fischmarkt schließt nach vierzig Jahren",
     "Der Stadtrat hat am Dienstag beschlossen, den alten Fischmarkt zu schließen, weil er nicht mehr sicher sei."),
    ("Fähre nach Fenn kostet bald neun Euro",
     "Der Betreiber Blueline teilte mit, der Treibstoff sei teurer geworden, und der Preis müsse ab April steigen."),
    ("Schule eröffnet ein beheiztes Schwimmbad",
     "Ab Montag dürfen die Schüler das ganze Jahr schwimmen, sagte die Leiterin, und sonntags dürfen es alle."),
    ("Bürgermeisterin tritt nicht zurück",
     "Vera Lind sagte, sie habe nichts falsch gemacht. Ihr Gegner Emil Roth verlangt eine Abstimmung."),
    ("Sturm lässt sechs Dörfer ohne Strom",
     "Die Leitung soll bis Freitagabend wieder in Betrieb sein, teilte der Versorger auf seiner Seite mit."),
    ("Bäcker beenden ihren Streik",
     "Die Gewerkschaft stimmte fünf Prozent mehr Lohn und längeren Pausen in der Nacht zu."),
]  # fmt: skip
LANGUAGES = {"English": ENGLISH, "Russian": RUSSIAN, "German": GERMAN}

NAV = '<header><a href="/"><img alt="Bay Post"></a></header><nav><a href="/n">News</a> <a href="/s">Sport</a></nav>'
SITE = '<meta property="og:type" content="website">'
# Name -> (markup before the teasers, template of a teaser, markup after them, markup in the head).
LAYOUTS = {
    "cards": (f"{NAV}<main><h1>News</h1>", '<div class="card"><h3><a href="/{n}">{h}</a></h3><p>{t}</p></div>',
              "</main>", ""),
    "articles with a time": (
        f"{NAV}<main>",
        '<article class="post hentry"><h2><a href="/{n}">{h}</a></h2><time class="published" '
        'datetime="2022-03-0{n}">{n} March 2022</time><div class="entry-summary"><p>{t} <a href="/{n}">Read more</a>'
        "</p></div></article>", "</main>", SITE),
    "links around all": ("<main>", '<a class="tile" href="/{n}"><h3>{h}</h3><p>{t}</p></a>', "</main>", ""),
    "items of a list": (f"{NAV}<ul>", '<li><a href="/{n}">{h}</a><br>{t}</li>', "</ul>", ""),
    "a table": ("<table><tr><td><a href=/>Home</a></td><td>", '<b><a href="/{n}">{h}</a></b><br>{t}<br><br>',
                "</td></tr></table>", ""),
    "headings alone": (f"{NAV}<h1>World</h1><div>", '<h2><a href="/{n}">{h}</a></h2><p>{t}</p>', "</div>", ""),
    "definitions": ("<h1>Bay Post</h1><dl>", '<dt><a href="/{n}">{h}</a></dt><dd>{t}</dd>', "</dl>", ""),
    "headlines without teasers": (f"{NAV}<h1>Sport</h1><ul>", '<li><a href="/{n}">{h}</a></li>', "</ul>", ""),
    "times before headlines": (
        "<h1>Новости</h1>", '<div class="news-item"><div class="time">1{n}:30</div><a href="/{n}">{h}</a>'
        '<div class="anons">{t}</div></div>', "", ""),
    "links after teasers": ("<main>", '<div><img alt=""><h2>{h}</h2><p>{t} <a href="/{n}">mehr</a></p></div>',
                            "</main>", ""),
    "buttons after teasers": ("<div>", '<div class="c{n}"><h3>{h}</h3><p>{t}</p><p><a href="/{n}">More</a></p></div>',
                              "</div>", ""),
    "kickers above headlines": (
        "<main><section><h2>Politik</h2>", '<article><a href="/{n}"><span class="kicker">Bay</span> <h3>{h}</h3></a>'
        "<p>{t}</p></article>", "</section></main>", ""),
    "classes of their own": ("<div id=a>", '<div class="b{n}"><h3><a href="/{n}">{h}</a></h3><p>{t}</p><p>Jane Doe</p>'
                             "</div>", "</div><p>Bay Post is the newspaper of the bay and of the islands.</p>", ""),
    "results of a search": (
        f"{NAV}<h1>Search results for “fish”</h1><p>6 results</p><ol>",
        '<li><h3><a href="https://b.example/{n}">{h}</a></h3><cite>b.example › news</cite><p>… {t} …</p></li>', "</ol>",
        ""),
    "a topic with a text about it": (
        f"{NAV}<h1>Marrow Bay harbour</h1><p>The harbour of Marrow Bay was built in 1861 and is the largest on the "
        "coast. Read all that we have written about it here.</p>",
        '<div class="story-wrapper"><h2><a href="/{n}">{h}</a></h2><p>{t}</p><p>By Jane Doe</p></div>', "",
        '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'),
    "an author": (
        "<h1>Jane Doe</h1><p>Jane Doe has written about the harbour and the islands for the Bay Post since 2012.</p>",
        '<div><h2><a href="/{n}">{h}</a></h2><p>{t}</p><span>{n} March 2022</span></div>', "",
        '<meta property="og:type" content="profile">'),
}  # fmt: skip


def page_of(body: str, title: str = "Bay Post – News of the bay", head: str = "") -> str:
    head = f'<meta charset="utf-8"><title>{title}</title>{head}'
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def teasers(form: str, stories: Stories) -> str:
    return "".join(form.format(n=n, h=headline, t=text) for n, (headline, text) in enumerate(stories, 1))


def read(folder: Path, markup: str) -> tuple[list[Article], list[Problem]]:
    path = folder / "a.html"
    path.write_text(markup, "utf-8")
    problems: list[Problem] = []
    return list(read_file(path, path.name, problems.append)), problems


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_front_page_is_no_article(tmp_path: Path, layout: str, language: str) -> None:
    before, form, after, head = LAYOUTS[layout]
    markup = page_of(before + teasers(form, LANGUAGES[language]) + after, head=head)
    told = Problem(str(tmp_path / "a.html"), NO_ARTICLE, False, no_article=True)
    assert read(tmp_path, markup) == ([], [told])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("lead", "others"),
    [
        ('<div class="hero"><a href="/1"><h1>{h}</h1></a><p>{t}</p></div>',
         '<div><a href="/{n}"><h2>{h}</h2></a><p>{t}</p></div>'),
        ('<section><h2><a href="/1">{h}</a></h2><p>{t}</p><p>Both sides met again on Monday, and nothing came of it, '
         "they said.</p></section>", '<div class="b{n}"><h3><a href="/{n}">{h}</a></h3><p>{t}</p></div>'),
        ('<div class="main-news"><a href="/1"><img alt=""></a><h2><a href="/1">{h}</a></h2><div>{t}</div></div>',
         '<article><h3><a href="/{n}">{h}</a></h3><div>{t}</div><span>17:30</span></article>'),
    ],
)  # fmt: skip
def test_front_page_with_a_lead_story(tmp_path: Path, lead: str, others: str, language: str) -> None:
    first, *rest = LANGUAGES[language]
    # The JSON-LD describes the lead story, not the page.
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{first[0]}"}}</script>'
    for head in ("", SITE, data):
        articles, problems = read(tmp_path, page_of(teasers(lead, [first]) + teasers(others, rest), head=head))
        assert (articles, [problem.message for problem in problems]) == ([], [NO_ARTICLE])


BRIEF = "Marrow Bay closed its fish market on Tuesday, the mayor said. It had been open since 1961."
MORE = "<div><h3>Elsewhere</h3>{}</div>".format(teasers(LAYOUTS["cards"][1], ENGLISH[1:] + GERMAN))
DATA = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Fish market to close"}</script>'


@pytest.mark.parametrize(
    ("body", "title", "head"),
    [
        (f"<h1>Fish market to close</h1><p>{BRIEF}</p>{MORE}", "Bay Post", ""),
        (f"<h2>Fish market to close</h2><p>{BRIEF}</p>{MORE}", "Fish market to close | Bay Post", ""),
        (f'<h1><a href="/fish">Fish market to close</a></h1><p>{BRIEF}</p>{MORE}', "Fish market to close - Bay", ""),
        (f"<b>Fish market to close</b><p>{BRIEF}</p>{MORE}", "Bay Post", '<meta property="og:type" content="article">'),
        (f"<h1>Fish market to close</h1><p>{BRIEF}</p>{MORE}", "Fish market to close", SITE + DATA),
        (f"<h1>Fish market to close</h1><p>{BRIEF}</p>{MORE}", "Fish market to close",
         SITE + '<meta property="article:published_time" content="2022-03-08">'),
        (f"{MORE}<h1>Fish market to close</h1><p>{BRIEF}</p>", "Fish market to close", ""),
        (f"<h1>Fish market to close</h1><p>{BRIEF}</p>", "Bay Post", SITE),
    ],
)  # fmt: skip
def test_brief_article_among_teasers_is_read(tmp_path: Path, body: str, title: str, head: str) -> None:
    (article,), problems = read(tmp_path, page_of(body, title, head))
    assert (article.text, problems) == (BRIEF, [])


def test_longer_text_is_read_even_if_the_page_claims_to_be_a_website(tmp_path: Path) -> None:
    text = (
        f"{BRIEF} Traders said that they would appeal to the court. Nobody had asked them what they thought of it, "
        "said Ana Petrov, who has sold herring there since 1994."
    )
    (article,), problems = read(tmp_path, page_of(f"<h1>Fish market to close</h1><p>{text}</p>{MORE}", head=SITE))
    assert (article.text, problems) == (text, [])


def test_links_between_paragraphs_are_not_teasers(tmp_path: Path) -> None:
    story = "".join(
        f'<p><a href="/{n}">{headline}</a></p>' + f"<p>{BRIEF} Part {n}.</p>" * 3
        for n, (headline, _) in enumerate(ENGLISH)
    )
    (article,), problems = read(tmp_path, page_of(f"<h2>The market</h2>{story}"))
    assert (article.text.count(BRIEF), problems) == (18, [])


def test_whole_posts_of_a_blog_are_read(tmp_path: Path) -> None:
    post = '<article><h2><a href="/{n}">{h}</a></h2>' + "<p>{t}</p>" * 8 + "</article>"
    (article,), problems = read(tmp_path, page_of(teasers(post, ENGLISH)))
    assert problems == []
    assert [article.text.count(text) for _, text in ENGLISH] == [8] * 6
