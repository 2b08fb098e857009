"""The headline, outlet and dates that a page states, none of which may be made up."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.parsers.metadata import Metadata, read_metadata
from index.parsers.page import parse_page
from tests.support.sample_story import FIRST, FISH

STORY = """<p>The town council of Marrow Bay voted on Tuesday to close the old fish market after forty years, saying
that the building was no longer safe for traders or visitors.</p>
<p>Traders said they would appeal. “We have nowhere else to go,” said Ana Petrov, who has sold herring there since 1994
and employs six people in the market hall.</p>
<p>The council said the market would move to a tent beside the railway station until a new hall opens in three years at
a cost of 12 million euros.</p>"""
ARTICLE = f"<article><h1>{FISH}</h1>{STORY}</article>"


def about_page(markup: str) -> Metadata:
    tree = parse_page(markup)
    return read_metadata(tree, markup) if tree else Metadata()


def page(body: str = ARTICLE, head: str = "", title: str = FISH) -> Metadata:
    return about_page(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def linked(*entries: object) -> str:
    data = entries[0] if len(entries) == 1 else list(entries)
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def meta(**values: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in values.items())


def news(**values: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", **values}


def under(byline: str, head: str = "") -> Metadata:
    """Return the metadata of a page with a byline between its headline and its story."""
    return page(f"<article><h1>{FISH}</h1>{byline}{STORY}</article>", head)


# Days


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (ARTICLE + "<footer>Last updated 3 April 2024</footer>", ""),  # case 03
        (ARTICLE + '<div class="comments"><div class="comment"><span class="date">7 May 2023</span>'
         "<p>I agree.</p></div></div>", ""),  # case 05
        (ARTICLE + "<footer>Copyright 2024 Bay Post. Site last modified: 2024-04-03</footer>", ""),  # case 06
        ('<header><time datetime="2024-04-04">Thursday, 4 April 2024</time></header>' + ARTICLE, ""),  # case 08
        ('<div id="page"><div class="top">Thursday, 4 April 2024</div>' + ARTICLE + "</div>", ""),
        (ARTICLE + '<footer><time class="published" datetime="2024-04-03">3 April 2024</time></footer>', ""),
        (ARTICLE + '<aside><time datetime="2023-05-07" pubdate>7 May 2023</time></aside>', ""),
        (ARTICLE + '<section itemscope itemtype="https://schema.org/Comment"><time itemprop="datePublished" '
         'datetime="2023-05-07">7 May 2023</time></section>', ""),
        (ARTICLE + '<article><h2>Ferry sinks</h2><time class="published" datetime="2023-05-07">7 May 2023</time>'
         "</article>", ""),
        (ARTICLE + '<ul class="related-stories"><li>Ferry sinks <time itemprop="datePublished">7 May 2023</time>'
         "</li></ul>", ""),
        (f"<article><h1>{FISH}</h1>{STORY}<p>It was last closed on 3 May 1998.</p></article>", ""),
        (f"<article><h1>{FISH}</h1><p>On 3 May 1998 it was closed for the first time, and nobody believed that it "
         f"would ever open again, said everyone who was asked about it then.</p>{STORY}</article>", ""),
        (f"<article><h1>{FISH}</h1><p>Updated 3 April 2024</p>{STORY}</article>", ""),
        (f'<article><h1>{FISH}</h1><p>Updated</p><time datetime="2024-04-03">3 April 2024</time>{STORY}</article>', ""),
        (f'<article><h1>{FISH}</h1><time class="updated" datetime="2024-04-03">3 April 2024</time>{STORY}</article>',
         ""),
        (f"<article><h1>{FISH}</h1><figure><figcaption>The market on 3 May 1998</figcaption></figure>{STORY}</article>",
         ""),
        (f"<article><h1>{FISH}</h1><p hidden>3 April 2024</p>{STORY}</article>", ""),
        *((f"<article><h1>{FISH}</h1>{line}{STORY}</article>", "") for line in (
            "<p>Born: 5 May 1960 in Fenn</p>", "<p>Died 3 March 2020</p>", "<p>5 May 1940 – 3 March 2020</p>",
            "<p>Deadline: 6 May 2023</p>", "<p>When: Saturday, 6 May 2023, 7 pm</p>",
            "<p>Event date: <time datetime=2023-05-06>6 May 2023</time></p>", "<p>Release date: 5 May 2010</p>",
            "<p>Registration open until 9 March 2022</p>", "<p>Photo taken 5 May 2019</p>",
            "<p>Judgment of 5 May 2019</p>", "<p>From the archive, 5 May 1956</p>", "<p>As of 5 May 2019</p>",
            "<p>Geboren am 5. Mai 1960</p>", "<p>Дата выхода: 5 мая 2019</p>", "<p>Today is 30 November 2026</p>",
            "<p>This article was amended on 9 March 2022</p>", "<p>Republished on 9 March 2022</p>",
            "<table><tr><td>Born<td>5 May 1960</table>",
        )),
        (f"<h1>{FISH}</h1>" + "".join(
            f"<div class=entry><time datetime=2022-03-0{day}T10:00Z>10:00</time><p>{FIRST}</p></div>"
            for day in (9, 8, 7)), ""),
        (ARTICLE, meta(article__modified_time="2025-01-07T09:08:22+00:00")),
        (ARTICLE, meta(og__updated_time="2025-01-07T09:08:22+00:00")),
        (ARTICLE, linked(news(headline=FISH, dateModified="2025-01-07"))),
        (ARTICLE, linked(news(headline=FISH, datePublished="0001-01-01T00:00:00Z"))),
        (ARTICLE, linked(news(headline=FISH, datePublished="1970-01-01T00:00:00Z"))),
        (ARTICLE, linked(news(headline=FISH, datePublished="1969-12-31T19:00:00-05:00"))),
        (ARTICLE, linked(news(headline=FISH, datePublished="1900-01-01T00:00:00"))),
        (ARTICLE, linked(news(headline=FISH, datePublished="9999-12-31T23:59:59Z"))),
        (ARTICLE, linked(news(headline=FISH, datePublished="-0001-11-30T00:00:00+00:00"))),
        (ARTICLE, linked(news(headline=FISH, dateCreated="2022-03-08"))),
        (ARTICLE, linked({"@type": "VideoObject", "name": "A ferry sinks", "datePublished": "2022-03-08"})),
        (ARTICLE, '<meta name="revised" content="Tuesday, March 8th, 2022">'),
        (ARTICLE, '<meta http-equiv="last-modified" content="Tue, 08 Mar 2022 10:00:00 GMT">'),
        (ARTICLE, '<link rel="canonical" href="https://b.example/2022/03/08/fish">'),
        (f"<article><h1>{FISH}</h1><p>On 8 March 2022 the council closed the market.</p>{STORY}</article>", ""),
        (f"<article><h1>{FISH}</h1><h2>The old market will be closed on 8 March 2022 after forty years</h2>{STORY}"
         "</article>", ""),
        (f"<article><h1>{FISH}</h1>{STORY}<p>Date: 8 March 2022</p></article>", ""),
        (f"<div class=topbar>Tuesday, 8 March 2022</div>{ARTICLE}", ""),
        (f"<article><h1>{FISH}</h1><p>2 hours ago</p>{STORY}</article>", ""),
        (ARTICLE, linked(news(headline="Ten best beaches of the coast", datePublished="2019-06-01"))),
        (ARTICLE, linked({"@type": "ItemList", "itemListElement": [news(headline=FISH, datePublished="2019-06-01")]})),
    ],
)  # fmt: skip
def test_no_day_unless_one_of_publication_is_stated(body: str, head: str) -> None:
    assert page(body, head).published is None


@pytest.mark.parametrize(
    "head",
    [
        linked(news(headline=FISH, datePublished="2022-03-08")),
        linked({"@graph": [{"@type": "WebPage", "datePublished": "2022-03-08"}]}),
        linked({"@type": "WebPage", "mainEntity": news(datePublished="2022-03-08")}),
        '<script type="application/ld+json">//<![CDATA[\n{"@type": ["BlogPosting"], "headline": "Fish market to '
        'close", // ours\n"datePublished": "2022-03-08",}\n//]]></script>',
        meta(article__published_time="2022-03-08T10:30:00"),
        meta(article__published_time="March 8, 2022, 07:47 PM EST"),
        '<meta name="parsely-pub-date" content="2022-03-08T12:00:00Z">',
        '<meta name="DC.date.issued" content="2022-03-08">',
        '<meta itemprop="datePublished" content="Tue Mar 08 2022 12:05:46 GMT+0000">',
        linked({"@type": "BreadcrumbList"}, news(headline=FISH, datePublished="20220308T100000Z")),
        linked(
            {
                "@graph": [
                    {
                        **news(headline=FISH, datePublished="2022-03-08T10:00:00+0000"),
                        "@type": ["Article", "NewsArticle"],
                    }
                ]
            }
        ),
        linked(
            news(
                headline=FISH,
                datePublished="2022-03-08",
                comment=[{"@type": "Comment", "datePublished": "2023-05-07"}],
            )
        ),
        linked(news(headline=FISH, datePublished="Tue, 08 Mar 2022 10:00:00 GMT")),
        linked(news(headline=FISH, datePublished="")) + meta(article__published_time="2022-03-08"),
        linked(news(headline=FISH, datePublished="0001-01-01")) + meta(article__published_time="2022-03-08"),
        '<meta name="citation_publication_date" content="2022/03/08">',
        '<meta name="pubdate" content="20220308">',
    ],
)
def test_day_of_the_metadata(head: str) -> None:
    assert page(head=head).published == "2022-03-08"


@pytest.mark.parametrize(
    "byline",
    [
        '<span itemprop="datePublished">8 March 2022, 17:30</span>',
        '<span itemprop="datePublished" content="2022-03-08T17:30">yesterday</span>',
        '<abbr class="published" title="2022-03-08">yesterday</abbr>',
        '<time pubdate datetime="2022-03-08">yesterday</time>',
        '<p>By Ida Holm <time datetime="2022-03-08T12:00:00Z">1 day ago</time></p>',
        "<p>By Ida Holm, 8 March 2022</p>",
        "<p>By Ida Holm</p><p>Tuesday, March 8, 2022 5:30 PM</p>",
        "<p>Published 8 March 2022. Updated 9 March 2022.</p>",
        "<p>8. März 2022, 17:30 Uhr</p>",
        "<p>Опубликовано 8 марта 2022 года</p>",
        "<p>8 березня 2022, 17:30</p>",
        "<p>08.03.2022</p>",
        "<p>2022年3月8日</p>",
        '<time itemprop="datePublished dateCreated" datetime="2022-03-08T09:00">yesterday</time>',
        '<span property="schema:datePublished" content="2022-03-08">yesterday</span>',
        '<time class="dt-published" datetime="2022-03-08">8/3/22</time>',
        '<time class="entry-date published updated" datetime="2022-03-08T10:00:00+00:00">March 8, 2022</time>',
        '<div class="post-meta">Posted on March 8, 2022 by admin in News</div>',
        "<ul class=meta><li>Ida Holm</li><li>8 March 2022</li><li>3 comments</li></ul>",
        "<p><span>Last updated:</span> <span>9 March 2022</span></p><p>First published:</p><p>8 March 2022</p>",
        "<p>Publié le 08 mars 2022 à 17h30, mis à jour le 09 mars 2022 à 10h00</p>",
        "<p>Publicado el 8 de marzo de 2022. Actualizado: 9 de marzo de 2022</p>",
        "<p>8 marca 2022, 17:30 | aktualizacja: 9 marca 2022</p>",
        "<p>Di 08.03.2022, 17:30 Uhr</p>",
        "<p>Вівторок, 8 березня 2022, 17:30</p>",
        "<p>2022.03.08 17:30</p>",
    ],
)
def test_day_of_the_byline(byline: str) -> None:
    assert under(byline).published == "2022-03-08"


def test_no_day_for_several_posts_with_different_days() -> None:
    posts = "".join(
        f'<article><h2><a href="/{day}">Post of a day</a></h2><time class=published datetime="2022-03-0{day}">'
        f"{day} March 2022</time>{STORY}</article>"
        for day in (8, 7, 6)
    )
    assert page(posts, title="A blog of the bay").published is None


def test_day_above_the_headline() -> None:
    header = f"<header><p>8 March 2022</p><h1>{FISH}</h1></header>"
    assert page(f"<div>{header}{STORY}</div>").published == "2022-03-08"


def test_case_01_ambiguous_day_is_kept_as_text() -> None:
    stated = "Wed, 04/06/2022 - 10:30"
    assert page(head=meta(article__published_time=stated)).published == stated
    assert under("<p>By Ida Holm, 04/06/2022</p>").published == "04/06/2022"
    # Other statements of the page resolve the ambiguity.
    assert under("<p>6 April 2022</p>", meta(article__published_time=stated)).published == "2022-04-06"
    assert under("<p>04/06/2022</p>", meta(article__published_time="2022-04-06")).published == "2022-04-06"


def test_last_moment_of_year_9999_is_a_placeholder() -> None:
    metadata = under("<p>By Jane Doe, 10:00 MSK</p>", meta(article__published_time="9999-12-31T23:59:59Z"))
    assert metadata.published is None


def test_characters_in_json_ld_that_cannot_be_stored_are_replaced() -> None:
    """A headline cut in the middle of an emoji once cost the whole page."""
    entry = news(
        headline="Market \ud83d", author="Jane\0 \ud83d", publisher="Bay\0Post", url="https://b.example/\ud83d"
    )
    metadata = page(STORY, linked(entry), title="")
    assert (metadata.title, metadata.authors, metadata.url) == (
        "Market \ufffd",
        ("Jane\ufffd \ufffd",),
        "https://b.example/\ufffd",
    )


@pytest.mark.parametrize(
    "slip", ['{"a": "\\"\\"\\"', '{"a": "b\\', '{"a": "// no comment", }', '{"a": "x, ]"} // a comment'],
)  # fmt: skip
def test_invalid_json_ld_does_not_hide_other_scripts(slip: str) -> None:
    head = f'<script type="application/ld+json">{slip}</script>' + linked(news(author="Jane Doe"))
    assert page(ARTICLE, head).authors == ("Jane Doe",)


def test_case_10_day_is_in_the_time_zone_of_the_metadata() -> None:
    head = linked({"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "name": "Bay Post", "url": "https://baypost.example/"},
        {"@type": "WebPage", "datePublished": "2022-03-08T22:30:00-05:00", "name": f"{FISH} - Bay Post"},
        news(headline=FISH, datePublished="2022-03-08T22:30:00-05:00", dateModified="2022-03-12T09:00:00+00:00",
             author=[{"@id": "#p1"}]),
        {"@type": "Person", "@id": "#p1", "name": "Ida Holm"},
    ]})  # fmt: skip
    about = page(head=head, title=f"{FISH} - Bay Post")
    assert about == Metadata(
        FISH,
        "Bay Post",
        authors=("Ida Holm",),
        language="en",
        published="2022-03-08",
        modified=date(2022, 3, 12),
        kind="article",
    )


def test_case_11_microdata_in_russian() -> None:
    story = "<p>Городской совет во вторник проголосовал за закрытие старого рыбного рынка.</p>"
    date_ = '<span itemprop="datePublished">3 апреля 2022, 17:30</span>'
    body = f"<article><h1>Рыбный рынок закроют</h1>{date_}{story}</article>"
    assert page(body, title="Рыбный рынок закроют").published == "2022-04-03"


@pytest.mark.parametrize(
    ("byline", "stated", "published"),
    [
        ("<p>18 November 2019</p>", "2019-11-19T01:00:00Z", "2019-11-18"),
        ("<p>18 November 2019</p>", "2019-11-19T01:00:00-06:00", "2019-11-18"),  # the offset is wrong
        ("<p>Nov 18, 2019 8:00 pm ET</p>", "2019-11-19T01:00:00Z", "2019-11-18"),
        ("<p>Updated 11:21 pm CST, Tuesday, November 19, 2019</p>", "2019-11-20T05:14:00Z", "2019-11-19"),
        ("<p>Updated 12:24 am EST, November 20, 2019</p>", "2019-11-20T02:07:00Z", "2019-11-19"),
        ("<p>18 November 2019</p>", "2019-06-01T01:00:00Z", "2019-06-01"),
        ("", "2019-11-19T01:00:00Z", "2019-11-19"),
    ],
)
def test_displayed_day_corrects_the_metadata(byline: str, stated: str, published: str) -> None:
    assert under(byline, meta(article__published_time=stated)).published == published


def test_time_zone_of_another_moment_is_used() -> None:
    head = meta(article__published_time="2019-11-19T03:05:00Z", og__updated_time="2019-11-18T22:15:00-05:00")
    assert page(head=head).published == "2019-11-18"


def test_day_of_the_last_change_is_separate() -> None:
    head = meta(article__published_time="2022-03-08T10:00Z", article__modified_time="2022-03-12T10:00Z")
    assert (page(head=head).published, page(head=head).modified) == ("2022-03-08", date(2022, 3, 12))
    about = under("<p>Published 8 March 2022</p><p>Last updated: 9 March 2022</p>")
    assert (about.published, about.modified) == ("2022-03-08", date(2022, 3, 9))
    # The byline has only the day of the change.
    head = meta(article__published_time="2022-03-11T10:00Z", article__modified_time="2022-03-12T10:00Z")
    assert under("<p>12 March 2022</p>", head).published == "2022-03-11"


# Headlines


def test_case_12_json_ld_of_another_article_is_ignored() -> None:
    head = '<link rel="canonical" href="https://baypost.example/fish">' + linked(
        news(headline="Ten best beaches of the coast", datePublished="2019-06-01T10:00:00Z"),
        news(headline=FISH, datePublished="2022-03-08T09:00:00Z", mainEntityOfPage="https://baypost.example/fish"),
    )
    about = page(head=head)
    assert (about.title, about.published) == (FISH, "2022-03-08")


@pytest.mark.parametrize(
    ("title", "head", "body"),
    [
        (f"{FISH} | Bay Post", meta(og__title=f"{FISH} | Bay Post", og__site_name="Bay Post"), ARTICLE),  # case 14
        (f"{FISH} | Bay Post", linked(news(name="Bay Post", headline=FISH)), ARTICLE),  # case 17
        ("Bay Post", meta(og__title=f"{FISH} - Bay Post", og__site_name="Bay Post"), STORY),
        (f"Bay Post | {FISH}", meta(og__site_name="Bay Post"), STORY),
        (f"{FISH} — Bay Post", '<link rel="canonical" href="https://www.baypost.example/a">', STORY),
        ("The market", "", ARTICLE),
        ("Bay Post", meta(og__title="The end of the market"), ARTICLE),
        (FISH, "", f'<h1 class="logo"><a href="/">Bay</a></h1><h2>{FISH}</h2>{STORY}'),
        (FISH, "", f"<h1>Sport</h1>{ARTICLE}"),
        (FISH, "", f"<h1>News and Opinion to Read</h1>{ARTICLE}"),
        (FISH, "", f"<h1>Sport to go</h1>{STORY}"),
        (FISH, "", f'<h1>{FISH}<a href="#fish">¶</a></h1>{STORY}'),
        (FISH, meta(og__site_name="The Bay"), f"<h1>Support the Bay</h1><h2>{FISH}</h2>{STORY}"),
        (FISH, meta(og__site_name="BBC News"), f"<h1>BBC NEWS</h1>{ARTICLE}"),
        (FISH, "", f"<nav><h1>{FISH} and more</h1></nav>{ARTICLE}"),
        (f"{FISH}: live", "", f"{ARTICLE}<h1>Ferry sinks off Fenn</h1>"),
        ("", linked(news(headline=FISH)), STORY),
        ("Bay Post", linked(news(headline=FISH)), STORY),
        *((f"{FISH} {mark} Bay Post", meta(og__site_name="Bay Post"), STORY) for mark in "|-–—·•»/~:<"),
        (f"Bay Post: {FISH}", meta(og__site_name="Bay Post"), STORY),
        (f"{FISH} | News | Bay Post", meta(og__site_name="Bay Post"), STORY),
        (f"{FISH} | Ida Holm | Bay Post", meta(og__site_name="Bay Post"), STORY),
        (
            f"{FISH} - Local Politics | Bay Post",
            meta(og__site_name="Bay Post"),
            f"<a href=/p>Local politics</a>{STORY}",
        ),
        (f"{FISH} | Bay Post", "", f"<h1><a href=/>Bay Post</a></h1><h2>{FISH}</h2>{STORY}"),
        (f"{FISH} | Bay Post", "", f"<h1 class=sr-only>Bay Post article page</h1><h2>{FISH}</h2>{STORY}"),
        (FISH, "", f"<h1><span class=kicker>Local news</span> {FISH}</h1>{STORY}"),
        (FISH, "", f"<h1 style='display:none'>{FISH} and more</h1>{ARTICLE}"),
        *((f"{FISH} | Bay Post", "", f"<h1>{heading}</h1>{STORY}") for heading in (
            f"{FISH} <button>Share</button>", f"{FISH}<a href=#comments>12</a>", f"<span>LIVE</span>{FISH}",
            f"<span>Exclusive</span> {FISH}", f"{FISH} <span class=date>8 March 2022</span>",
            f"{FISH} <time datetime=2022-03-08>8 March 2022</time>",
        )),
        ("", meta(og__title=FISH), STORY),
    ],
)  # fmt: skip
def test_headline(title: str, head: str, body: str) -> None:
    assert page(body, head, title).title == FISH


def test_a_deadline_does_not_correct_the_stated_day() -> None:
    head = meta(article__published_time="2022-03-08T10:00:00+01:00")
    assert under("<p>Deadline: 9 March 2022</p>", head).published == "2022-03-08"


@pytest.mark.parametrize("heading", [f"{FISH} today", f"Events of <time>8 March 2022</time> in {FISH}"])
def test_words_of_the_h1_that_the_title_lacks_are_kept(heading: str) -> None:
    assert page(f"<h1>{heading}</h1>{STORY}", title=FISH).title != FISH


@pytest.mark.parametrize(
    ("title", "head"),
    [
        (" - Home", ""),  # case 16
        ("Home", ""),
        ("", ""),
        ("BBC NEWS", meta(og__site_name="BBC News")),
        ("Support the Guardian", meta(og__site_name="The Guardian")),
        ("Bay Post - Home", meta(og__site_name="Bay Post")),
        ("Home - Bay Post", ""),
        ("Главная", ""),
        ("Startseite | Buchtpost", ""),
        ("Untitled Document", ""),
        ("Новости", ""),
        (
            "Bay Post",
            meta(og__site_name="Bay Post")
            + '<link rel="canonical" href="https://bay.example/fish">'
            + linked(news(headline="Ten best beaches", url="https://bay.example/beaches")),
        ),
    ],
)
def test_titles_that_are_not_headlines(title: str, head: str) -> None:
    assert page(STORY, head, title).title is None


@pytest.mark.parametrize(
    "headline",
    [
        "Milan Design Week 2018 | Light installation for FLOS",
        "Bay Post wins a prize",
        "Hong Kong chaos: China – the end",
        f"{FISH} - again",
        f"Live | {FISH}",
    ],
)
def test_separators_within_a_headline_are_kept(headline: str) -> None:
    body = f"<article><h1>{headline}</h1>{STORY}</article>"
    assert page(body, meta(og__site_name="Bay Post"), f"{headline} | Bay Post").title == headline


# Outlets


@pytest.mark.parametrize(
    ("head", "title", "outlet"),
    [
        (meta(og__site_name="Bay Post"), FISH, "Bay Post"),
        (meta(og__site_name="https://www.baypost.example"), f"{FISH} - Bay Post", "Bay Post"),
        (meta(og__site_name="BayPost") + linked(news(headline=FISH, publisher={"name": "Bay Post"})), FISH, "Bay Post"),
        (meta(og__site_name="baypost.com") + linked(news(publisher={"name": "The Bay Post"})), FISH, "The Bay Post"),
        (meta(og__site_name="Bay Post - All the news of the bay"), FISH, "Bay Post"),
        (meta(og__site_name="Bay Post") + linked(news(headline=FISH, publisher={"name": "Associated Press"})), FISH,
         "Bay Post"),
        (linked(news(headline=FISH, publisher={"@id": "#o"}), {"@type": "Newspaper", "@id": "#o", "name": "Bay Post"}),
         FISH, "Bay Post"),
        (linked({"@type": "WebSite", "name": "Bay Post"}), FISH, "Bay Post"),
        (linked(news(headline=FISH, isPartOf={"@type": "WebSite", "name": "Bay Post"})), FISH, "Bay Post"),
        (linked(news(headline=FISH, publisher=[{"@type": "Organization", "name": "Bay Post"}])), FISH, "Bay Post"),
        (linked(news(headline=FISH, publisher="Bay Post")), FISH, "Bay Post"),
        (meta(og__site_name="@baypost"), f"{FISH} | Bay Post", "Bay Post"),
        ('<meta name="application-name" content="Bay Post">', FISH, "Bay Post"),
        ("", f"{FISH} | Sport | Bay Post", "Bay Post"),
        ('<link rel="canonical" href="https://www.baypost.example/a">', FISH, "baypost.example"),
        ("", FISH, None),
    ],
)  # fmt: skip
def test_outlet(head: str, title: str, outlet: str | None) -> None:
    assert page(head=head, title=title).source == outlet


@pytest.mark.parametrize(
    ("body", "outlet"),
    [
        ("<footer>© 2022 Bay Post. All rights reserved.</footer>", "Bay Post"),
        ("<footer>Copyright 2020-2022 by Bay Post, Inc.</footer>", "Bay Post"),
        ("<footer>© baypost.com, 2008</footer>", "baypost.com"),
    ],
)
def test_outlet_of_the_copyright_notice(body: str, outlet: str) -> None:
    assert page(ARTICLE + body).source == outlet


def test_outlet_of_the_logo() -> None:
    logo = '<a href="/"><img alt="The Wall Post logo"></a>'
    assert page(logo + ARTICLE, meta(og__site_name="WP"), f"{FISH} - WP").source == "The Wall Post"


# Any page

PIECES = st.sampled_from(
    ["<h1>", "</h1>", "<p>", "<div class=comments>", "</div>", "<time datetime=2022-03-08>", "</time>", "<article>",
     "8 March 2022", "03/04/2022", "Updated ", "© 2022 Bay", "<title>", "</title>",
     "<meta property=og:title content=Rain>", "<link rel=canonical href='http://[x'>",
     '<script type="application/ld+json">', "</script>", '{"@type": "NewsArticle"',
     ', "headline": 7, "datePublished": [1]}', "<a href='//['>", "<!--", "-->",
     "<?xml version='1.0' encoding='x'?>", "\0"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_metadata_of_any_page_is_read(text: str) -> None:
    about = about_page(text)
    assert about.published is None or "2022" in text
    assert about.title is None or about.title.strip()
