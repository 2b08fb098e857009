"""How the time of reading, splitting and answering grows with the size of what is odd: twice as much, twice the time.

    python -m benchmarks.growth [--only WORDS] [--times 3] [--json FILE]

Each kind is measured at n, 2n and 4n, best of so many times, in seconds of the processor; "growth" is the second and
the third time divided by the one before. About 2 is linear and 4 quadratic; 1 is what has a limit. The first half of
the kinds are articles that are split, quoted from and asked about, which no time limit guards; the others are files.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import show
from index.passages import passage_sentences, split_article
from index.readers import read_file
from index.types import Article, Span
from retrieval.beginnings import beginning
from retrieval.quote_ids import QuoteId
from retrieval.quotes import attributed, completed, quotes
from retrieval.rules.attribution import asked_speaker, says
from retrieval.rules.periods import find_period
from retrieval.rules.smalltalk import small_talk
from retrieval.rules.subjects import asked_subject
from retrieval.rules.things import Kind, things
from retrieval.scoring import Scored
from retrieval.standing import look_up
from retrieval.types import Hit

PROSE = "The club said on Saturday that the match goes on if the sky is clear by ten o'clock in the morning."
ENTRY = '{"@type": "Article", "author": "Jane Doe"}'
ASKED = datetime(2022, 4, 13, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of input, the size n, and the text of a size; `ending` is that of the file, none of what is asked."""

    kind: str
    n: int
    make: Callable[[int], str]
    ending: str = ""


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>Rain</title>{head}</head><body><h1>Rain stops play</h1><p>{PROSE}</p>{body}</body></html>"


def row(text: str) -> str:
    return json.dumps({"title": "Rain", "text": text}, ensure_ascii=False)


ARTICLES = [
    Case("sentence of n words", 50_000, lambda n: "It landed in " + "the field " * (n // 2) + "."),
    Case("sentence of n numbers", 20_000, lambda n: "Ann Lee landed in " + "2022 " * n),
    Case("n letters without a space", 200_000, lambda n: "x" * n),
    Case("n signs without a space", 100_000, lambda n: "雨" * n),
    Case("n sentences in one paragraph", 5000, lambda n: (PROSE + " ") * n),
    Case("n sentences, Russian", 5000, lambda n: "Э. Макрон прибыл в 1945 г. Семья ждала его на ул. Ленина. " * n),
    Case("n initials, Russian", 20_000, lambda n: "Б. Н. " * n + "Ельцин."),
    Case("n letters, Russian", 100_000, lambda n: "я" * n + "."),
    Case("n full stops", 100_000, lambda n: "It rained" + "." * n),
    Case("n full stops, spaced", 50_000, lambda n: "It rained" + " ." * n),
    Case("n initials", 20_000, lambda n: "J. D. " * n + "Vance."),
    Case("n letters with full stops", 50_000, lambda n: "a." * n),
    Case("n opening quotation marks", 50_000, lambda n: "“" * n),
    Case("n straight quotation marks", 50_000, lambda n: '"' * n),
    Case("n straight quotation marks, spaced", 50_000, lambda n: ' "' * n),
    Case("n quotations", 5000, lambda n: "“No,” said Ann Lee. " * n),
    Case("n apostrophes", 50_000, lambda n: "‘" * n),
    Case("n opening brackets", 50_000, lambda n: "(" * n),
    Case("n combining marks", 50_000, lambda n: "It raine" + "\u0301" * n + "d."),
    Case("n joiners", 50_000, lambda n: "It raine" + "\u200d" * n + "d."),
    Case("n blank lines", 100_000, lambda n: "It rained." + "\n" * n + "It stopped."),
    Case("n spaces", 100_000, lambda n: "It rained." + " " * n + "It stopped."),
    Case("n wide spaces", 100_000, lambda n: "It rained." + "\u3000" * n + "It stopped."),
    Case("n blank lines with spaces", 50_000, lambda n: "It rained." + " \n" * n + "It stopped."),
    Case("n lines", 20_000, lambda n: "It rained\n" * n),
    Case("n paragraphs", 20_000, lambda n: "It rained.\n\n" * n),
    Case("n lines of furniture", 10_000, lambda n: "It rained.\nAdvertisement\n" * n),
    Case("n datelines", 5000, lambda n: "LEEDS, England (AP) — It rained.\n\n" * n),
    Case("n dates in a line", 10_000, lambda n: "5 March 2022 " * n),
    Case("n dashes", 50_000, lambda n: "LEEDS " + "-" * n),
    Case("n tags at the end", 10_000, lambda n: "It rained.\n\nTags\n" + "Rain\n" * n),
    Case("n captions", 5000, lambda n: "Hide Caption 17 of 44 Photos: Rain falls. " * n),
    Case("n names", 20_000, lambda n: "Ann Lee of " * n),
    Case("n digits", 100_000, lambda n: "It rained " + "1" * n),
    Case("n thousands", 20_000, lambda n: "It rained 1" + ",000" * n + "x"),
    Case("n breadcrumbs", 10_000, lambda n: "Home > " * n),
]
FILES = [
    Case("n comments that are never closed", 20_000, lambda n: page("<!--" * n), ".html"),
    Case("h and n spaces", 100_000, lambda n: page("h" + " " * n + "x"), ".html"),
    Case("n attributes", 10_000, lambda n: page("<p " + "".join(f"a{i}=1 " for i in range(n)) + f">{PROSE}</p>"), ".html"),
    Case("n opening brackets", 100_000, lambda n: page("<" * n), ".html"),
    Case("n elements that are never closed", 10_000, lambda n: page("<div>" * n + PROSE), ".html"),
    Case("n inline elements that are never closed", 10_000, lambda n: page("<b>" * n + PROSE), ".html"),
    Case("n nested lists", 5000, lambda n: page("<ul><li>It rained." * n), ".html"),
    Case("n nested quotations", 5000, lambda n: page("<q>It rained." * n), ".html"),
    Case("n nested raised figures", 5000, lambda n: page("<sup>1" * n), ".html"),
    Case("n nested asides", 5000, lambda n: page("<div class=related>x" * n), ".html"),
    Case("n nested tables", 2000, lambda n: page("<table><tr><td>It rained." * n), ".html"),
    Case("n headings", 5000, lambda n: page(f"<h1>Rain stops play</h1><p>{PROSE}</p>" * n), ".html"),
    Case("n links", 10_000, lambda n: page("<p><a href='/x'>Snow falls on the hills</a></p>" * n), ".html"),
    Case("n links to the first page", 10_000, lambda n: page("<a href='/'>The Post</a>" * n), ".html"),
    Case("n paragraphs", 10_000, lambda n: page(f"<p>{PROSE}</p>" * n), ".html"),
    Case("n items", 20_000, lambda n: page(f"<ul>{'<li>It rained.' * n}</ul>"), ".html"),
    Case("n cells", 20_000, lambda n: page(f"<table><tr>{'<td>1' * n}</table>"), ".html"),
    Case("n rows", 10_000, lambda n: page(f"<table>{'<tr><td>1<td>2' * n}</table>"), ".html"),
    Case("n line breaks", 50_000, lambda n: page("x<br>" * n), ".html"),
    Case("n line breaks, spaced", 50_000, lambda n: page("x" + "<br> " * n), ".html"),
    Case("n empty elements in a line", 50_000, lambda n: page("<p>x" + "<i> </i>" * n), ".html"),
    Case("n elements struck out", 20_000, lambda n: page("<p>x" + " <del>y</del>, " * n), ".html"),
    Case("n quotations", 10_000, lambda n: page("<p>" + "<q>It rained.</q> " * n), ".html"),
    Case("n style rules", 2000, lambda n: page(PROSE, f"<style>{'p > p{display:none}' * n}</style>"), ".html"),
    Case("n style rules by class, of n elements", 500,
         lambda n: page("<p class=a>It rained." * n, f"<style>{'.a{display:block}' * n}</style>"), ".html"),
    Case("n style rules by path, of n elements", 500,
         lambda n: page("<p class=a>It rained." * n, f"<style>{'p + p{display:block}' * n}</style>"), ".html"),
    Case("n braces", 50_000, lambda n: page(PROSE, f"<style>{'@media screen{' * n}p{{display:none}}</style>"), ".html"),
    Case("n comments in a sheet", 20_000, lambda n: page(PROSE, f"<style>{'/*' * n}</style>"), ".html"),
    Case("n declarations", 20_000, lambda n: page(f"<p style='{'display:none;' * n}'>{PROSE}"), ".html"),
    Case("n classes", 50_000, lambda n: page(f"<p class='{'a ' * n}'>{PROSE}"), ".html"),
    Case("n dashes in a class", 100_000, lambda n: page(f"<p class='{'-' * n}'>{PROSE}"), ".html"),
    Case("n times", 5000, lambda n: page("<time class=published datetime=2022-03-05>5 March 2022</time>" * n), ".html"),
    Case("n times in paragraphs", 5000, lambda n: page("<p><time class=published>5 March 2022</time></p>" * n), ".html"),
    Case("n metas", 10_000, lambda n: page(PROSE, "<meta property=og:title content='Rain stops'>" * n), ".html"),
    Case("n publishers", 2000, lambda n: page("<i itemprop=publisher>The Post</i>" * n), ".html"),
    Case("n entries of JSON-LD", 2000, lambda n: page(
        PROSE, f"<script type=application/ld+json>[{','.join([ENTRY] * n)}]</script>"), ".html"),
    Case("n slashes in JSON-LD", 50_000, lambda n: page(
        PROSE, f"<script type=application/ld+json>{'/' * n}</script>"), ".html"),
    Case("n quotation marks in JSON-LD", 50_000, lambda n: page(
        PROSE, '<script type=application/ld+json>{"a' + '\\"' * n + "</script>"), ".html"),
    Case("n entities", 50_000, lambda n: page("&amp;" * n), ".html"),
    Case("n copyrights", 20_000, lambda n: page(f"<p>{'© ' * n}</p>"), ".html"),
    Case("n backticks", 50_000, lambda n: PROSE + " " + "`" * n, ".md"),
    Case("runs of 1 to n backticks", 200, lambda n: PROSE + " ".join("`" * i for i in range(n)), ".md"),
    Case("n stars", 50_000, lambda n: PROSE + "*" * n, ".md"),
    Case("n stars, spaced", 20_000, lambda n: PROSE + " *a _b" * n, ".md"),
    Case("n opening square brackets", 20_000, lambda n: PROSE + "[" * n, ".md"),
    Case("n pictures that are never closed", 20_000, lambda n: PROSE + "![a](" * n, ".md"),
    Case("n opening angle brackets", 20_000, lambda n: PROSE + "<a " * n, ".md"),
    Case("n comments that are never closed", 20_000, lambda n: PROSE + " <!-- " * n, ".md"),
    Case("n tildes", 20_000, lambda n: PROSE + "~~a" * n, ".md"),
    Case("n nested quotations", 1000, lambda n: ">" * n + " It rained.", ".md"),
    Case("n nested items", 300, lambda n: "".join("  " * i + "- It rained.\n" for i in range(n)), ".md"),
    Case("n nested items in a line", 1000, lambda n: "- " * n + "It rained.", ".md"),
    Case("n quoted lines", 10_000, lambda n: "> It rained.\n" * n, ".md"),
    Case("n items", 10_000, lambda n: "- It rained.\n" * n, ".md"),
    Case("n cells", 5000, lambda n: f"{'|a' * n}|\n{'|-' * n}|\n{'|b' * n}|\n", ".md"),
    Case("n rows", 5000, lambda n: "|a|b|\n|-|-|\n" + "|1|2|\n" * n, ".md"),
    Case("n references", 5000, lambda n: "".join(f"[a{i}]: /x\n" for i in range(n)) + "[a1] " * n, ".md"),
    Case("n blank lines", 100_000, lambda n: PROSE + "\n" * n + PROSE, ".md"),
    Case("n lines with markup", 5000, lambda n: "It <b>rained</b>.\n\n" * n, ".md"),
    Case("n lines of YAML", 1000, lambda n: "---\ntitle: Rain\n" + "a: b\n" * n + f"---\n{PROSE}", ".txt"),
    Case("n nested lists of YAML", 200, lambda n: f"---\ntitle: {'[' * n}\n---\n{PROSE}", ".txt"),
    Case("n aliases of YAML", 10, lambda n: "---\ntitle: Rain\na0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n)) + f"---\n{PROSE}", ".txt"),
    Case("n lines of TOML", 1000, lambda n: "+++\ntitle='Rain'\n" + "".join(f"a{i}=1\n" for i in range(n)) + f"+++\n{PROSE}", ".txt"),
    Case("n parts of a key of TOML", 1000, lambda n: f"+++\n{'.'.join(['a'] * n)}=1\n+++\n{PROSE}", ".txt"),
    Case("n lines that open no front matter", 20_000, lambda n: "---\n" + "a: b\n" * n + PROSE, ".txt"),
    Case("n rules", 50_000, lambda n: "---\n\n" * n + PROSE, ".txt"),
    Case("n lines", 50_000, lambda n: "It rained.\n" * n, ".txt"),
    Case("n labels", 10_000, lambda n: "Title: Rain\n" * n + PROSE, ".txt"),
    Case("n opening angle brackets", 50_000, lambda n: row("<br>" + "<" * n), ".jsonl"),
    Case("n ampersands", 50_000, lambda n: row("&a" * n), ".jsonl"),
    Case("n tags that are never closed", 20_000, lambda n: row("<p " * n), ".jsonl"),
    Case("n paragraphs", 10_000, lambda n: row(f"<p>{PROSE}</p>" * n), ".jsonl"),
    Case("n keys", 20_000, lambda n: json.dumps({"text": PROSE, **{f"a{i}": 1 for i in range(n)}}), ".jsonl"),
    Case("n digits", 100_000, lambda n: '{"text": ' + "1" * n + "}", ".jsonl"),
    Case("n opening square brackets", 100_000, lambda n: '{"text": ' + "[" * n, ".jsonl"),
    Case("n rows that are none", 5000, lambda n: "x\n" * n, ".jsonl"),
]  # fmt: skip
QUESTIONS = [
    Case("question of n dates", 2000, lambda n: "Who won on 5 March and " * n),
    Case("question of n numbers", 5000, lambda n: "5 " * n),
    Case("question of n spaces", 20_000, lambda n: "Who" + " " * n + "won?"),
    Case("question of n counts", 2000, lambda n: "twenty-two " * n + "days ago"),
    Case("question of n names", 2000, lambda n: "News on " + "Ann Lee " * n),
    Case("question of n lines", 3000, lambda n: "Who won?\n" * n),
    Case("question of n greetings", 2000, lambda n: "Hi! " * n + "Who won?"),
    Case("question of n quotation marks", 5000, lambda n: "“a" * n),
    Case("Russian question of n days", 2000, lambda n: "Кто победил 5 марта и " * n),
]


def ask(text: str) -> None:
    """Do what is done with an article when it is indexed, and with its passages when they are found."""
    article = Article("a", text, "a.txt", "Rain")
    for passage in split_article(article):
        spans = passage_sentences(passage)
        hit = Hit(passage, 0.5, 0.7, 0.9)
        scored = Scored(hit, tuple(spans), np.zeros(len(spans), dtype=np.float32), (None,) * len(spans))
        for quote in quotes(scored, 0.0):
            shown = attributed(completed(quote))
            look = look_up(QuoteId.of(article, shown.start, shown.end), [article])
            assert look is None or look.context
        beginning(hit)
        for span in spans:
            says(text, span, "Ann Lee")
            for kind in Kind:
                things(text[slice(*span)], kind)


def understand(text: str) -> None:
    """Do what is done with a question before anything is searched."""
    asked_subject(text, find_period(text, ASKED))
    asked_speaker(text)
    small_talk(text)


def read(path: Path) -> None:
    """Read a file in this process, and do with its articles what is done when they are indexed."""
    for article in read_file(path, path.name, lambda _: None):
        split_article(article)


def seconds(case: Case, n: int, times: int, work: Callable[[str], None]) -> float:
    """The processor's time for one size, best of so many."""
    text = case.make(n)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{case.ending}"
        path.write_text(text, "utf-8")
        found = []
        for _ in range(times):
            started = time.process_time()
            if case.ending:
                read(path)
            else:
                work(text)
            found.append(time.process_time() - started)
    return min(found)


def figures(case: Case, times: int, work: Callable[[str], None]) -> dict[str, object]:
    """A row of the table: the times and how they grow; 5 ms and less say nothing of that."""
    taken = [seconds(case, n, times, work) for n in (case.n, 2 * case.n, 4 * case.n)]
    growth = ["-" if before < 0.005 else f"{after / before:.1f}" for before, after in zip(taken, taken[1:], strict=False)]
    return {
        "kind": f"{case.kind}{f' ({case.ending})' if case.ending else ''}",
        "n": f"{case.n:,}",
        **{f"{name} ms": f"{1000 * each:,.0f}" for name, each in zip(("n", "2n", "4n"), taken, strict=True)},
        "growth": ", ".join(growth),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="kinds whose names, with the ending of the file, hold these words")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for cases, work in ((ARTICLES, ask), (FILES, ask), (QUESTIONS, understand)):
        rows += [figures(case, options.times, work) for case in cases if options.only in f"{case.kind} {case.ending}"]
    show(rows, options.json)


if __name__ == "__main__":
    main()
