"""What fuzzers put in: realistic files with pieces lost, doubled and mixed, and a limit that ends a hang."""

from __future__ import annotations

import faulthandler
import gzip
import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NoReturn

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

HANGS = 20  # seconds of the processor's time for one input
_STUCK = 300  # seconds of waiting, of a loaded machine too, after which the run is ended with a traceback

PROSE = [
    "LEEDS, England — March 5, 2022 — It rained. “No,” said Dr. Ann Lee, “it didn’t.” The U.S. team left at 5 p.m.",
    "OSLO (AP) — Six nations signed a pact on Friday. Norland (pop. 2,104) did not sign it... Why?",
    "МОСКВА, 2 апреля. /ТАСС/. Э. Макрон и Б. Н. Ельцин. В 1945 г. Семья переехала в Тулу, ул. Ленина, 5 тыс. руб.",
    "Київ. «Так, – сказав А.Б. Петров. – Ні!» Ціна 5 млрд. грн. у січ. 2021 р. Потім пішов дощ.",
    "पुल खुला। श्री. शर्मा ने कहा। قال د. خالد إن الجسر افتتح؟ نعم. ד״ר כהן אמר. Τι; Ναι.",
    "雨が降った。「雪も」と言った！大桥的费用是多少？ ฝนตก ก.พ. จบ 비가 왔다. 2022년 3월 5일",
    "1 of 3 DOCUMENTS\nThe Leeds Post\nMarch 5, 2022 Saturday\nRain stops play\nBYLINE: By Jane Doe\nLENGTH: 99 words",
    "FOR IMMEDIATE RELEASE\nContact: press@example.org\n\nRain stops play\n\nPublished: 5 March 2022, 14:30 GMT\n\n###",
    "Home > News > Rain\nSkip to content\nAdvertisement\nTags\nRain\nSnow\n© 2022 The Post. All rights reserved.",
]
FRAGMENTS = [
    *"<>&\"'`~*_#=-+|:;,.!?…。।？\\/()[]{}«»“”„‘’「」@%$€ \t\n\r\v\f\x00\x01\x1b\x7f\x85\x9f\xa0\xad",
    *"\u200b\u200d\u200e\u202e\u2028\u2029\u2066\ufeff\ufffd\ufffe\U0010ffff\u0301\u0e33٣²Ⅷßſıİ\u212aǅﬁ😀",
    *("\ud800", "\udc00", "🇩🇪", "👩‍👩‍👧", "\n\n", "\r\n", "  \n"),
    *("...", "&nbsp;", "&#0;", "&#xD800;", "&#x110000;", "&amp;lt;"),
    *("<!--", "-->", "<![CDATA[", "]]>", "</", "<p>"),
    *("</p>", "<div", "<br>", "<table><tr><td>", "<ul><li>", "</html>"),
    *("<script>", "<style>*{display:none}</style>", "<svg>", "<template>"),
    *("<q>", "<sup>2</sup>", "<del>", "<plaintext>"),
    *("<frameset>", "<base href='//['>", "<a href='http://[::'>x</a>"),
    *("<p hidden>", ' style="display:none"', "<h1>x</h1>"),
    *("---\n", "+++\n", "{", "}", "[[", "```\n", "~~", "> "),
    *("- ", "1. ", "    ", "| a | b |\n|---|---|\n", "[x](<", "![", "# "),
    *("title: ", "date: 2022-03-05\n", 'id = "x"\n', "&a [*a]", "!!python/x "),
    *("date: 9999-12-31\n", '"text": ', "null", "NaN"),
    *("2022-03-05", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    *("9999-12-31T23:59:59-12:00", "5 March 2022", "March 5, 2022"),
    *("03/04/2022", "31.02.2022", "5 ſeptember 2022", "Aprİl 5, 2022"),
    *("29 February", "99 days ago", "999", "5 maı 2022"),
    *("<style>" + "p>" * 900 + "p{display:none}</style>", "[" * 600 + "]" * 600, "9" * 5000),
    *("0x" + "f" * 5000, "\\ud83d"),
    *("By Jane Doe", "(Reuters) -", "Mr. ", "U.S. ", "г. "),
    *("т. е. ", "A. B. ", "5 p.m. ", "http://x.org/?a=1&b", "Tags:"),
    *("x" * 700, "word " * 300, "a. " * 100, "“" * 20, "雨" * 400, "e" + "\u0301" * 50),
]  # fmt: skip

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Rain stops play | The Post</title>
<link rel="canonical" href="https://www.post.example/rain"><meta property="og:site_name" content="The Post">
<meta property="article:published_time" content="2022-03-05T23:30:00Z"><meta name="keywords" content="rain, snow">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headline":
"Rain stops play", "datePublished": "2022-03-05T23:30:00+00:00", "author": [{"name": "Jane Doe"}], "publisher":
{"@type": "Organization", "@id": "#p", "name": "The Post"}, "mainEntityOfPage": {"@id": "https://post.example/rain"}}]}
</script><style>.gone, #x > p:nth-child(2) { display: none } @media print { p { display: none } } s{visibility:hidden}
</style></head><body class="home"><header><nav><ul><li><a href="/">Home</a></li></ul></nav></header><main><article>
<h1>Rain stops play</h1><p class="byline">By Jane Doe, <time datetime="2022-03-06" class="published">6 March 2022,
10:00 MSK</time></p><p>It rained for 10<sup>9</sup> seconds in Leeds, <q lang="de">said the <q>mayor</q></q>, and the
match was called off on <b>Saturday</b><del>Friday</del>.</p><ul><li>One item of the list.</li><li>Another one</li></ul>
<table><tr><th>Team</th><td>Runs</td></tr><tr><td>Leeds</td><td>104</td></tr></table><blockquote><p>“We waited for hours
and hours until it was dark,” she said to the people who had come.</p></blockquote><pre>a  b
c</pre><p style="display:none">Never seen by anybody at all.</p><p>The match goes on today, the club said on its site,
if the sky is clear by ten o'clock in the morning.<br><br>Tickets stay valid.</p></article><aside class="related">
<h2><a href="/snow">Snow falls on the hills</a></h2><form><input><button>Go</button></form></aside></main>
<footer>© 2022 The Post. <time itemprop="dateModified" content="2022-03-07">7 March 2022</time></footer></body></html>
"""
MARKDOWN = """---
title: "Rain: it stops play"
date: 2022-03-05
authors: [Jane Doe, &a John Doe]
source: https://post.example/rain
---
# Rain stops *play*

It rained ~~never~~ for `10` seconds, [she said](https://x.org "t"). <b>And</b> it<br>stopped.
Next line  \nof a paragraph.

> quoted
> > twice

1. one
   - two

| a | b |
|---|---|
| 1 | 2 |

```python
x = 1
```
<div hidden>no</div>
"""
TOML = '+++\ntitle = "Rain"\ndate = 2022-03-05T10:00:00Z\ntags = ["a", 1, 2.5]\n[extra]\nx = 1\n+++\nIt fell.\n'
JSON = '{"title": "Rain", "date": "2022-03-05", "authors": ["Jane"]}\nIt rained. It stopped.\n'
ROWS = "\n".join(
    json.dumps(row, ensure_ascii=False)
    for row in [
        {"id": 1, "title": "Rain", "text": PROSE[0], "published": "2022-03-05T10:00:00+03:00", "url": "https://x/1"},
        {"headline": "Snow &amp; ice", "body": "<p>It&nbsp;snowed.</p><ul><li>a<li>b</ul>",
         "pubDate": "Sat, 05 Mar 2022 10:00:00 GMT"},
        {"text": PROSE[2], "author": {"@type": "Person", "name": "Иван"},
         "tags": ["a", None], "language": "ru", "date": "03/04/2022"},
    ]
)  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be", "cp1252", "cp1251", "cp1250", "koi8-r", "shift_jis"]

_numbers = count()


def fuzzed(examples: int) -> settings:
    """Return how a fuzzer is run: with so many examples, or more in the profile "long"."""
    scale = max(1, settings().max_examples // 100)
    return settings(
        max_examples=examples * scale, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )


class HangError(BaseException):
    """One input took too long; no code that is fuzzed catches it."""


@contextmanager
def no_hang() -> Iterator[None]:
    """End what takes the processor for more than HANGS seconds; it measures nothing else."""

    def end(*_: object) -> NoReturn:
        raise HangError(f"one input took {HANGS} seconds")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    faulthandler.dump_traceback_later(_STUCK, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def written(folder: Path, data: bytes, ending: str) -> Path:
    """Return a new file with these bytes."""
    path = folder / f"{next(_numbers)}{ending}"
    path.write_bytes(data)
    return path


@st.composite
def mutated(draw: st.DrawFn, originals: Sequence[str], most: int = 12) -> str:
    """A text of some originals' kind, with pieces taken out, put in, repeated and moved."""
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(0, most))):
        at = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 5)):
            case 0 | 1:
                text = text[:at] + draw(st.sampled_from(FRAGMENTS)) + text[at:]
            case 2:
                text = text[:at] + text[at + draw(st.integers(1, 60)) :]
            case 3:
                piece = text[at : at + draw(st.integers(1, 200))]
                text = text[:at] + piece * draw(st.sampled_from([2, 3, 30])) + text[at:]
            case 4:
                other = draw(st.sampled_from(originals))
                start = draw(st.integers(0, len(other)))
                text = text[:at] + other[start : start + draw(st.integers(1, 300))] + text[at:]
            case 5:
                text = text[:at] + draw(st.text(max_size=5)) + text[at + 1 :]
        text = text[:50_000]
    return text


texts = mutated(["\n\n".join(PROSE), *PROSE]) | st.lists(
    st.sampled_from([*FRAGMENTS, *(word for text in PROSE for word in text.split())]), max_size=60
).map(" ".join)


@st.composite
def encoded(draw: st.DrawFn, text: st.SearchStrategy[str]) -> bytes:
    """A text in some encoding, at times with a few bytes that are none of it."""
    shown, encoding = draw(text), draw(st.sampled_from([*(["utf-8"] * 12), *ENCODINGS]))
    data = shown.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 4]))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=4)) + data[at + draw(st.integers(0, 2)) :]
    return data


@st.composite
def packed(draw: st.DrawFn, data: st.SearchStrategy[bytes]) -> bytes:
    """Bytes in gzip, at times cut off, damaged or followed by more."""
    shown = gzip.compress(draw(data), 1)
    match draw(st.integers(0, 4)):
        case 0:
            return shown[: draw(st.integers(0, len(shown)))]
        case 1:
            at = draw(st.integers(0, len(shown) - 1))
            return shown[:at] + draw(st.binary(min_size=1, max_size=3)) + shown[at + 1 :]
        case 2:
            return shown + draw(st.binary(max_size=30))
    return shown


# fmt: off
_TAGS = [
    "p", "div", "span", "article", "main", "section", "aside", "nav", "header", "footer", "h1", "h2", "ul", "ol", "li",
    "dl", "dt", "dd", "table", "tr", "td", "th", "blockquote", "q", "sup", "sub", "a", "b", "time", "del", "pre", "br",
    "hr", "img", "form", "button", "label", "figure", "figcaption", "details", "dialog", "svg", "math", "title", "html",
    "body", "head", "x-y", "meta", "link", "select", "option", "textarea", "noscript", "template", "o:p", "frameset",
]
_ATTRIBUTES = [
    "hidden", "aria-hidden=true", "style='display:none'", "style='display:block;text-decoration:line-through'",
    "class=related", "class='entry-content published'", "id=comments", "role=navigation", "itemprop=datePublished",
    "itemscope itemtype=http://schema.org/Comment", "datetime='2022-03-05T10:00Z'", "datetime=9999-12-31T23:59:59Z",
    "datetime='9999-12-31T20:00:00-05:00'", "content='2022-03-05'", "href='#x'", "href='http://[x'", "href=/",
    "lang=ru", "lang=''", "rel=canonical", "rel=author", "property=og:title", "name=author", "open", "class=' '", "=",
    "'", "\"", "a='", "style=';:;'", "popover", "pubdate", "property=og:url", "property=article:published_time",
]
# fmt: on
_words = st.sampled_from(
    [*FRAGMENTS, *PROSE, "The match goes on today, the club said, if the sky is clear by ten in the morning."]
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page of any elements in any order, some never closed, some closed twice."""
    parts: list[str] = []
    opened: list[str] = []
    for _ in range(draw(st.integers(1, 40))):
        match draw(st.integers(0, 4)):
            case 0 | 1:
                tag = draw(st.sampled_from(_TAGS))
                attributes = " ".join(draw(st.lists(st.sampled_from(_ATTRIBUTES), max_size=3)))
                parts.append(f"<{tag} {attributes}>")
                opened.append(tag)
            case 2 | 3:
                parts.append(draw(_words))
            case _:
                is_own = draw(st.booleans()) and opened
                parts.append(f"</{opened.pop() if is_own else draw(st.sampled_from(_TAGS))}>")
    return "".join(parts)


def _nested(value: object) -> object:
    """As deep as json reads, and deeper than a recursion over it would get."""
    for _ in range(600):
        value = [value]
    return value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(FRAGMENTS) | st.sampled_from(PROSE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "@id", "@type", "x"]), inner),
    max_leaves=6,
)
_KEYS = [
    "id",
    "text",
    "body",
    "title",
    "headline",
    "date",
    "published",
    "url",
    "link",
    "source",
    "authors",
    "tags",
    "x",
]


@st.composite
def rows(draw: st.DrawFn) -> str:
    """Lines of JSON with anything as a value, and lines that are nearly that."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.dictionaries(st.sampled_from(_KEYS), json_values | json_values.map(_nested) | texts, max_size=6))
        line = json.dumps(row, ensure_ascii=draw(st.booleans()))
        if draw(st.integers(0, 3)) == 0:
            line = draw(mutated([line, "[" * 100_000, '{"text": ' + '{"a":' * 3000, '{"text": ' + "9" * 5000 + "}"], 3))
        lines.append(line)
    return "\n".join(lines)
