"""The text of HTML as a browser displays it: within fields, in Markdown and by style sheets."""

from __future__ import annotations

import pytest

from index.parsers.field_markup import html_to_text, strip_markup
from index.parsers.markdown import render_markdown


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        # The text of inline elements, known and unknown, is kept.
        ("<p>It said on <time datetime='2022-03-08'>Tuesday</time> that forty fell ill.</p>",
         "It said on Tuesday that forty fell ill."),
        ("<p>The sum is <output>42</output>, at <progress value=7 max=10>70 %</progress> of it.</p>",
         "The sum is 42, at 70 % of it."),
        ("<p>So <math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math> holds.</p>",
         "So E=mc² holds."),
        ("<p>The <fancy-name>Jane Doe</fancy-name> of <blink>Leeds</blink>.</p>", "The Jane Doe of Leeds."),
        ("<p>A <data value=1>one</data> and a <meter value=.5>half</meter>, <bdi>so</bdi>.</p>",
         "A one and a half, so."),
        ("<p>Call <a href='tel:1'>five <b>five</b></a><wbr>-five.</p>", "Call five five-five."),
        # Struck-out text is dropped.
        ("<p>At least <del>12</del> <ins>15</ins> people.</p>", "At least 15 people."),
        ("<p>At least <s>twelve</s>, or 15 people.</p>", "At least, or 15 people."),
        ("<p>It costs <strike>9</strike> 8 euros <del>now</del>.</p>", "It costs 8 euros."),
        ("<p>So <span style='text-decoration: line-through'>12</span> 15 came.</p>", "So 15 came."),
        ("<style>.old{text-decoration:red line-through}</style><p>So <b class=old>12</b> 15 came.</p>",
         "So 15 came."),
        ("<del><p>It rained.</p></del><p>It was dry.</p>", "It was dry."),
        # Superscripts and subscripts.
        ("<p>Some 10<sup>9</sup> euros for CO<sub>2</sub>.</p>", "Some 10⁹ euros for CO₂."),
        ("<p>A 10<sup>−6</sup> part, 5 m<sup>2</sup>.</p>", "A 10⁻⁶ part, 5 m²."),
        ("<p>The 5<sup>th</sup> of May.</p>", "The 5th of May."),
        ("<p>It rained.<sup><a href='#n1'>1</a></sup> It stopped.<sup>[2]</sup></p>", "It rained.¹ It stopped.[2]"),
        ("<p>H<sub>2</sub>SO<sub>4</sub></p>", "H₂SO₄"),
        # Quotation elements get quotation marks.
        ("<p>He said <q>the hall is finished</q> and left.</p>", "He said “the hall is finished” and left."),
        ("<p>She: <q>He said <q>no</q></q>.</p>", "She: “He said ‘no’”."),
        ("<p lang=ru>Он сказал: <q>нет</q>.</p>", "Он сказал: «нет»."),
        ("<p lang=de-AT>Er sagte <q>nein <q>danke</q></q>.</p>", "Er sagte „nein ‚danke‘“."),
        ("<p>He said <q>“no”</q>.</p>", "He said “no”."),
        ("<p>He said <q> the hall\n is <b>finished</b> </q>.</p>", "He said “the hall is finished”."),
        # Hidden elements are dropped.
        ("<p>Seen.</p><p hidden>Draft.</p><p aria-hidden=true>★</p>", "Seen."),
        ("<p>Seen.</p><template><p>Draft.</p></template><noscript>No.</noscript>", "Seen."),
        ("<p>Seen.</p><p style='Display : NONE'>Draft.</p><p style='visibility:hidden'>Draft.</p>", "Seen."),
        ("<style>.x{color:red;display:none}</style><p>Seen.</p><p class='y x'>Draft.</p>", "Seen."),
        ("<style>#a p > b, .z { visibility: hidden }</style><div id=a><p>Seen. <b>Draft.</b></p></div>", "Seen."),
        ("<style>.x{display:none} .x.y{display:block}</style><p class='x y'>Seen.</p><p class=x>Not.</p>", "Seen."),
        ("<style>.x{display:block}</style><p class=x hidden>Seen.</p><p>Too.</p>", "Seen.\n\nToo."),
        ("<style>.x{display:none!important}</style><p>Seen.</p><p class=x style='display:block'>Not.</p>", "Seen."),
        ("<style>@media print{p{display:none}} @media (max-width: 600px){p{display:none}}</style><p>Seen.</p>",
         "Seen."),
        ("<style>@media screen and (min-width: 900px){.x{display:none}}</style><p>Seen.</p><p class=x>Not.</p>",
         "Seen."),
        ("<style>@media screen{@media print{p{display:none}} @media all{.x{display:none}}}</style><p>Seen.</p>"
         "<p class=x>Not.</p>", "Seen."),
        (f"<style>{'p > ' * 2000}p{{display:none}} .x{{display:none}}</style><p>Seen.</p><p class=x>Not.</p>", "Seen."),
        # Sibling rules are ignored when there are too many pairs of siblings; other rules still apply.
        (f"<style>p ~ p{{text-decoration:line-through}} .x{{display:none}}</style>{'<p>a' * 2000}<p class=x>b",
         "\n\n".join(["a"] * 2000)),
        ("<style>p ~ p{text-decoration:line-through}</style><p>a<p>b", "a"),
        ("<style>.x:not(:is(.y)){display:none}</style><p class='x y'>Seen.</p><p class=x>Not.</p>", "Seen."),
        ("<style>.x{display:none;display:block} .y{display:block;display:none}</style><p class=x>Seen.</p>"
         "<p class=y>Not.</p>", "Seen."),
        ("<style media=print>p{display:none}</style><p>Seen.</p>", "Seen."),
        ("<style>/* .x{ */ .y{display:none} /* } */</style><p class=x>Seen.</p><p class=y>Not.</p>", "Seen."),
        ("<style>p::after{display:none} p:hover{display:none} ..x{display:none}</style><p>Seen.</p>", "Seen."),
        ("<style>body{display:none}</style><p>Seen.</p>", "Seen."),
        ("<dialog>Sign in.</dialog><p>Seen.</p><div popover>Menu</div>", "Seen."),
        ("<style>.c{display:none}</style><div class=c><p>It rained in all of Leeds.</p></div>",
         "It rained in all of Leeds."),
        ("<style>.Big{Display:None} i.b.c{display:none}</style><p>Seen.</p><p class=Big>N</p><i class='c b'>N</i>",
         "Seen."),
        # White space is collapsed as a browser does.
        ("<p>The council of Marrow\n   Bay voted on\nTuesday.\n\n Twice.</p>",
         "The council of Marrow Bay voted on Tuesday. Twice."),
        ("<p>one<br>two<br/>three</p>", "one\ntwo\nthree"),
        ("<div>one<br><br>two</div>", "one\n\ntwo"),
        ("<pre>x  = 1\n\n  y = 2</pre>", "x  = 1\n\n  y = 2"),
        ("<p>Stadt\u00adrat and fish\u200bmarket&nbsp;hall</p>", "Stadtrat and fishmarket hall"),
        ("<p>a<span> b </span>c</p>", "a b c"),
        ("<div>a<div>b</div>c<section>d</section></div>", "a\n\nb\n\nc\n\nd"),
        ("<span style='display:block'>a</span><span style='display:block'>b</span>", "a\n\nb"),
        ("<div style='display:inline'>a</div> <div style='display:inline'>b</div>", "a b"),
        ("<p style='display:flex'>of<span>12</span><b>15</b></p>", "of 12 15"),
        ("<div style='display:grid'><span>2021</span><a href=x>40</a></div>", "2021 40"),
        # Superscripts by style, formulas and nested quotations.
        ("<p>10<span style='vertical-align: super'>9</span> and CO<span style='vertical-align:sub'>2</span></p>",
         "10⁹ and CO₂"),
        ("<p><math><msup><mn>10</mn><mn>9</mn></msup></math>, <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>",
         "10⁹, 1/2"),
        ("<p><math><msub><mi>H</mi><mn>2</mn></msub><mi>O</mi></math> <math><msqrt><mn>2</mn></msqrt></math></p>",
         "H₂O √2"),
        ("<p><math><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></math></p>", "x₁²"),
        ("<p><q>he told me <q>go</q> and left</q></p>", "“he told me ‘go’ and left”"),
        ("<p><q>the <b>‘best’</b> years</q> and <q> more </q></p>", "“the ‘best’ years” and “more”"),
        ("<p lang=ru><q>слово <q>да</q> здесь</q></p>", "«слово “да” здесь»"),
        # Lists and tables.
        ("<p>Three:</p><ul><li>a<li><p>b</p><li><a href=x>c</a><ul><li>d</ul></ul><p>e</p>",
         "Three:\n\na\nb\nc\nd\n\ne"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a\tb\n1\t2"),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        (f"<table><tr><td>{'Rain fell. ' * 20}<td>{'It was dry. ' * 20}</table>",
         f"{('Rain fell. ' * 20).strip()}\n\n{('It was dry. ' * 20).strip()}"),
        ("<table><tr><td><p>It rained.</p><td><p>It was dry.</p></table>", "It rained.\n\nIt was dry."),
    ],
)  # fmt: skip
def test_html_to_text(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>It&rsquo;s&nbsp;2AM.</p><p>Rain <b>fell</b>.</p>", "It’s 2AM.\n\nRain fell."),
        ("Rain<br>fell.", "Rain\nfell."),
        ("<p>At least <del>12</del> 15.</p>", "At least 15."),
        ("Rain &amp; hail&nbsp;fell.", "Rain & hail fell."),
        ("<p>A <q>wet</q> 10<sup>3</sup>.</p><p hidden>Draft.</p>", "A “wet” 10³."),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<unnamed> said &c; <a", "<unnamed> said &c; <a"),
        ("It  rained.\n", "It  rained.\n"),
    ],
)
def test_strip_markup(text: str, expected: str) -> None:
    assert strip_markup(text) == expected


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("At least ~~12~~ 15 people.", "At least 15 people."),
        ("~~It rained.~~\n\nIt was dry.", "It was dry."),
        ("At least <del>12</del> <ins>15</ins>\npeople.", "At least 15\npeople."),
        ("It was <s>wet</s>, dry and *hot* [here](x).", "It was, dry and hot here."),
        ("Some 10<sup>9</sup> <q>euros</q>.", "Some 10⁹ “euros”."),
        ("- ~~a~~\n- b ~~c~~", "b"),
        ("<p hidden>Draft.</p>\n\nIt <span hidden>never</span> rained.", "It rained."),
        ("|a|b|\n|-|-|\n|~~1~~ 2|3|", "a | b\n2 | 3"),
    ],
)
def test_markdown(markdown: str, text: str) -> None:
    assert render_markdown(markdown).text == text
