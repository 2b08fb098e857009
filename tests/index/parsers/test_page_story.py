"""The blocks of a page that are its article."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.parsers.blocks import join_blocks
from index.parsers.html import NO_ARTICLE
from index.parsers.page import parse_page
from index.parsers.page_story import find_story
from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from tests.support.sample_story import FIRST, LAST, SECOND

HEAD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Fish market to close</title></head><body>'


def text_of(markup: str) -> str:
    page = parse_page(markup)
    assert page is not None
    return join_blocks(find_story(page))


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        # Cases reported by users of similar software.
        ('<article><h1>Fish market to close</h1><p>The clinic said on <time datetime="2022-03-08">Tuesday</time> that '
         f"forty people had fallen ill after eating herring.</p><p>{SECOND}</p><p>{LAST}</p></article>",
         ["The clinic said on Tuesday that forty people had fallen ill after eating herring.", SECOND, LAST]),
        ("<article><h1>Fish market to close</h1><p>At least <del>12</del> <ins>15</ins> people were hurt when the "
         f"roof of the hall fell in on Tuesday.</p><p>{SECOND}</p></article>",
         ["At least 15 people were hurt when the roof of the hall fell in on Tuesday.", SECOND]),
        ("<article><h1>Fish market to close</h1><p>The mayor said <q>the hall is finished</q> and that nobody would "
         f"be paid before the summer.</p><p>{LAST}</p></article>",
         ["The mayor said “the hall is finished” and that nobody would be paid before the summer.", LAST]),
        (f"<article><h1>Fish market to close</h1><p>{FIRST}</p><p hidden>Draft, do not publish: the mayor sold the "
         f"market to a bank for one euro, said a source.</p><p>{LAST}</p></article>", [FIRST, LAST]),
        (f"<h1>Fish market to close</h1><p>{FIRST}</p><p>The council gave three reasons:</p><ul><li>the roof leaks "
         f"above the main hall</li><li>the wiring dates from 1961</li><li>the insurance was cancelled in May</li></ul>"
         f"<p>{LAST}</p>",
         [FIRST, "The council gave three reasons:", "the roof leaks above the main hall\nthe wiring dates from 1961\n"
          "the insurance was cancelled in May", LAST]),
        (f'<article><h1>Fish market to close</h1><p>{FIRST}</p><ul><li><p>the roof leaks above the main hall</p></li>'
         '<li><a href="/w">the wiring dates from 1961</a></li><li>the insurance, <a href="/i">cancelled in May</a>'
         f"</li></ul><p>{LAST}</p></article>",
         [FIRST, "the roof leaks above the main hall\nthe wiring dates from 1961\nthe insurance, cancelled in May",
          LAST]),
        ("<p>It&rsquo;s 2AM. You&rsquo;re woken by the <code>siren</code> of the fish market, and by the gulls.</p>",
         ["It’s 2AM. You’re woken by the siren of the fish market, and by the gulls."]),
        ('<form id="aspnetForm"><div class="top"><a href="/">Home</a></div><div class="story"><h1>Fish market to '
         f'close</h1>{FIRST}<br><br>“We have nowhere else to go,” said Ana Petrov.<br><br><div class="ad">'
         "Advertisement</div><br>The council said the market would move to a tent.<br/>It will cost 12 million euros."
         '</div></form><div class="side"><p>Forty days of lessons, episode 52.</p></div>',
         [FIRST, "“We have nowhere else to go,” said Ana Petrov.",
          "The council said the market would move to a tent.\nIt will cost 12 million euros."]),
        (f'<article><h1>Fish market to close</h1><p>{FIRST}</p><section class="more-on"><h2>Recommended Stories</h2>'
         f'<ul><li><a href="/1">Ferry sinks off Malawi, 30 missing</a></li></ul></section><p>{LAST}</p></article>',
         [FIRST, LAST]),
        ('<article><p><strong id="timeline">MARROW BAY, March 8, 2022 (Reuters) -</strong> The town council voted on '
         f"Tuesday to close the old fish market.</p><p>{LAST}</p></article>",
         ["MARROW BAY, March 8, 2022 (Reuters) - The town council voted on Tuesday to close the old fish market.",
          LAST]),
        # Tables for layout.
        (f"<table><tr><td><a href=/>Home</a><br><a href=/n>News</a></td><td><h1>Fish market to close</h1>{FIRST}"
         f"<br><br>{SECOND}</td></tr></table>", [FIRST, SECOND]),
        (f"<table><tr><td>{FIRST}</td></tr><tr><td>{SECOND}</td></tr></table>", [FIRST, SECOND]),
        # Data tables keep their cells.
        (f"<p>{FIRST}</p><table><tr><th>Year<th>Stalls<tr><td>1994<td>41<tr><td>2022<td>6</table><p>{LAST}</p>",
         [FIRST, "Year\tStalls\n1994\t41\n2022\t6", LAST]),
        # Live blogs keep their entries and times.
        ("<main><h1>Fish market to close</h1><div class=live-blog>"
         f"<article class=entry><time datetime=x>14:32</time><h2>Vote</h2><p>{FIRST}</p></article>"
         f"<article class=entry><time datetime=y>13:05</time><h2>Protest</h2><p>{SECOND}</p></article>"
         "<article class=entry><time datetime=z>12:50</time><p>It begins.</p></article></div></main>",
         ["14:32", "Vote", FIRST, "13:05", "Protest", SECOND, "12:50", "It begins."]),
        ("<div id=live><h1>Fish market to close</h1><ol class=updates>"
         f"<li><div class=entry-meta><span class=timestamp>2:32 p.m.</span></div><p>{FIRST}</p></li>"
         f"<li><div class=entry-meta><span class=timestamp>1:05 p.m.</span></div><p>{LAST}</p></li></ol></div>",
         ["2:32 p.m.", FIRST, "1:05 p.m.", LAST]),
        ("<section><h1>Fish market to close</h1>"
         f"<section id=b1><h3><a href='#b1'>16.40h</a></h3><p>{FIRST}</p><button>Share</button></section>"
         f"<section id=b2><h3><a href='/live#b2'>16.10h</a></h3><p>{LAST}</p><button>Share</button></section>"
         "</section>",
         ["16.40h", FIRST, "16.10h", LAST]),
        # An infobox, comments and other stories are not the article.
        (f'<article><h1>Fish market to close</h1><table class="infobox vcard"><tr><th>Opened<td>1961</table>'
         f"<p>{FIRST}</p><p>{LAST}</p></article><div id=comments><ol class=comment-list><li><p>{SECOND}</p></ol></div>",
         [FIRST, LAST]),
        (f"<article><h1>Fish market to close</h1><p>{FIRST}</p><p>{LAST}</p></article><div><h3>From the region</h3>"
         f'<div class=item><h4><a href="/2">Ferry sinks off Malawi</a></h4><p>{SECOND}</p></div>'
         f'<div class=item><h4><a href="/3">Mayor opens a new bridge</a></h4><p>{SECOND}</p></div></div>',
         [FIRST, LAST]),
        (f'<article><h1>Fish market to close</h1><p>{FIRST}</p><aside class="fact-box"><p>{SECOND}</p></aside>'
         f'<p>{LAST}</p></article><div class="recirc RelatedStories"><p>{SECOND}</p></div>', [FIRST, LAST]),
        # Labels of buttons and forms are dropped, except in running text.
        (f"<article><p>{FIRST}</p><button>Print</button><label>Your mail</label><select><option>a</select>"
         f"<p>Press <button>Start</button> to begin, the council said.</p></article>",
         [FIRST, "Press Start to begin, the council said."]),
        (f"<article><p>{FIRST}</p><form><p>Sign up for all of our letters and never miss what happens in the bay "
         f"again.</p><input type=submit value=Go></form><p>{LAST}</p></article>", [FIRST, LAST]),
        # Class names of layouts are ignored.
        (f'<div class="content-with-sidebar has-comments"><div class="l-sidebar-fixed article-body"><p>{FIRST}</p>'
         f'<p>{LAST}</p></div></div>', [FIRST, LAST]),
        (f'<div id="sharing-with-the-whole-old-town"><p>{FIRST}</p></div><p>{LAST}</p>', [FIRST, LAST]),
        (f'<p>{FIRST} <span class="popup">{LAST}</span> It rained.</p>', [f"{FIRST} {LAST} It rained."]),
        # An article in two parts.
        (f'<div class="article-body"><p>{FIRST}</p></div><div class="slot"></div><div class="article-body"><p>{SECOND}'
         f"</p><p>{LAST}</p></div>", [FIRST, SECOND, LAST]),
        # Text in a boilerplate element is read if there is no other.
        (f'<div class="share"><p>{FIRST}</p></div>', [FIRST]),
        (f"<form><p>{FIRST}</p></form>", [FIRST]),
        ("<nav><a href=/>Home</a></nav><h1>Fish market to close</h1>", []),
        ("", []),
    ],
)  # fmt: skip
def test_story(body: str, paragraphs: list[str]) -> None:
    assert text_of(HEAD + body) == "\n\n".join(paragraphs)


def test_page_without_an_article_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><nav><a href=/>Home</a></nav></body></html>")
    problems: list[Problem] = []
    assert list(read_file(path, "a.html", problems.append)) == []
    assert [problem.message for problem in problems] == [NO_ARTICLE]


# Pages in many layouts: every word of the article is read once and in order, and none of the marked boilerplate.

INLINE = ["{}", "<b>{}</b>", "<a href=/x>{}</a>", "<time>{}</time>", "<x-y>{}</x-y>", "<span class=c>{}</span>",
          "<q>{}</q>"]  # fmt: skip


def some_words(name: str) -> st.SearchStrategy[list[str]]:
    """Draw 20 to 45 words that occur once on the page, in one of several scripts."""
    ends = st.sampled_from(["rain", "élan", "дождь", "مطر", "o’er", "x-ray"])
    return st.builds(lambda count, end: [f"{name}{n}{end}" for n in range(count)], st.integers(20, 45), ends)


def running(block: list[str], inline: str, at: int) -> str:
    """Join the words of a block, putting the word at a position into an inline element."""
    marked = [inline.format(word) if number == at else word for number, word in enumerate(block)]
    return " ".join(marked).capitalize() + "."


BOILERPLATE = [
    "<nav><p>{}</p></nav>",
    "<aside><p>{}</p></aside>",
    "<footer><p>{}</p></footer>",
    "<form><p>{}</p></form>",
    "<div role=navigation>{}</div>",
    "<div role=complementary><p>{}</p></div>",
    "<div role=contentinfo>{}</div>",
    "<section role=search>{}</section>",
    *(
        f"<div class='{name}'><p>{{}}</p></div>"
        for name in [
            "sidebar", "site-footer", "main-nav", "related-posts", "comments", "newsletter-signup", "social-share",
            "cookie-banner", "ad ad-slot", "recommended", "breadcrumbs", "promo", "most-read", "author-bio",
        ]
    ),
    "<ul id=comment-list><li>{}</li></ul>",
    "<div id=sidebar-right><div>{}</div></div>",
    "<div class=RelatedStories>{}</div>",
    "<div hidden>{}</div>",
    "<div style='display: none'><p>{}</p></div>",
    "<template><p>{}</p></template>",
]  # fmt: skip
BLOCKS = ["<p>{}</p>", "<div>{}</div>", "<blockquote><p>{}</p></blockquote>", "<ul><li>{}</li></ul>",
          "<h2>Rain</h2><p>{}</p>", "<section><p>{}</p></section>", "<div><div><p>{}</p></div></div>",
          "{}<br><br>"]  # fmt: skip
LAYOUTS = [
    "<body>{before}<article><h1>It rained</h1>{story}</article>{after}</body>",
    "<body>{before}<main><h1>It rained</h1>{story}</main>{after}</body>",
    "<body><div id=wrap>{before}<div class=content><h1>It rained</h1>{story}</div>{after}</div></body>",
    "<body><form id=aspnetForm>{before}<h1>It rained</h1>{story}{after}</form></body>",
    "<body><table><tr><td>{before}</td><td><h1>It rained</h1>{story}</td><td>{after}</td></tr></table></body>",
    "<body class=has-sidebar>{before}{story}{after}</body>",
    "<body><div itemprop=articleBody>{story}</div>{before}{after}</body>",
    "<body>{before}<div class='post-body with-comments'>{story}</div>{after}</body>",
]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_story_has_every_word_of_the_article_and_no_other(data: st.DataObject) -> None:
    story = [data.draw(some_words(f"s{n}x")) for n in range(data.draw(st.integers(1, 6)))]
    inline = data.draw(st.sampled_from(INLINE))
    blocks = [data.draw(st.sampled_from(BLOCKS)).format(running(block, inline, n)) for n, block in enumerate(story)]
    boilerplate = [
        data.draw(st.sampled_from(BOILERPLATE)).format(running(data.draw(some_words(f"b{n}x")), "{}", 0))
        for n in range(data.draw(st.integers(0, 5)))
    ]
    cut = data.draw(st.integers(0, len(boilerplate)))
    within = data.draw(st.integers(0, len(blocks)))
    amid = data.draw(st.integers(0, 1))  # number of boilerplate elements within the article
    blocks[within:within] = boilerplate[:amid]
    boilerplate, cut = boilerplate[amid:], max(0, cut - amid)
    layout = data.draw(st.sampled_from(LAYOUTS))
    page = layout.format(before="".join(boilerplate[:cut]), story="".join(blocks), after="".join(boilerplate[cut:]))
    text = text_of(f"<html><head><title>It rained</title></head>{page}</html>")
    found = [word.strip("“”.\n").lower() for word in text.split()]
    assert [word for word in found if word != "rain"] == [word.lower() for block in story for word in block]
