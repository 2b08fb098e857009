"""Inputs of any size that are odd in one way, of which work could grow with the square: for benchmarks/growth.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

PROSE = "The club said on Saturday that the match goes on if the sky is clear by ten o'clock in the morning."
ENTRY = '{"@type": "Article", "author": "Jane Doe"}'
LINKED = "<script type=application/ld+json>{}</script>"


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of input, the size n, and the text of a size; `ending` is that of the file, none of what is asked."""

    kind: str
    n: int
    make: Callable[[int], str]
    ending: str = ""


def page(body: str, head: str = "") -> str:
    return (
        f"<html><head><title>Rain</title>{head}</head><body><h1>Rain stops play</h1><p>{PROSE}</p>{body}</body></html>"
    )


def row(text: str) -> str:
    """A row of JSON Lines."""
    return json.dumps({"title": "Rain", "text": text}, ensure_ascii=False)


ARTICLES = [
    Case("sentence of n words", 12_500, lambda n: "It landed in " + "the field " * (n // 2) + "."),
    Case("sentence of n numbers", 5000, lambda n: "Ann Lee landed in " + "2022 " * n),
    Case("n letters without a space", 50_000, lambda n: "x" * n),
    Case("n signs without a space", 25_000, lambda n: "雨" * n),
    Case("n sentences in one paragraph", 1250, lambda n: (PROSE + " ") * n),
    Case("n sentences, Russian", 1250, lambda n: "Э. Макрон прибыл в 1945 г. Семья ждала его на ул. Ленина. " * n),
    Case("n initials, Russian", 5000, lambda n: "Б. Н. " * n + "Ельцин."),
    Case("n letters, Russian", 25_000, lambda n: "я" * n + "."),
    Case("n full stops", 25_000, lambda n: "It rained" + "." * n),
    Case("n full stops, spaced", 12_500, lambda n: "It rained" + " ." * n),
    Case("n initials", 5000, lambda n: "J. D. " * n + "Vance."),
    Case("n letters with full stops", 12_500, lambda n: "a." * n),
    Case("n opening quotation marks", 12_500, lambda n: "“" * n),
    Case("n straight quotation marks", 12_500, lambda n: '"' * n),
    Case("n straight quotation marks, spaced", 12_500, lambda n: ' "' * n),
    Case("n quotations", 1250, lambda n: "“No,” said Ann Lee. " * n),
    Case("n apostrophes", 12_500, lambda n: "‘" * n),
    Case("n opening brackets", 12_500, lambda n: "(" * n),
    Case("n combining marks", 12_500, lambda n: "It raine" + "\u0301" * n + "d."),
    Case("n joiners", 12_500, lambda n: "It raine" + "\u200d" * n + "d."),
    Case("n blank lines", 25_000, lambda n: "It rained." + "\n" * n + "It stopped."),
    Case("n spaces", 25_000, lambda n: "It rained." + " " * n + "It stopped."),
    Case("n wide spaces", 25_000, lambda n: "It rained." + "\u3000" * n + "It stopped."),
    Case("n blank lines with spaces", 12_500, lambda n: "It rained." + " \n" * n + "It stopped."),
    Case("n lines", 5000, lambda n: "It rained\n" * n),
    Case("n paragraphs", 5000, lambda n: "It rained.\n\n" * n),
    Case("n lines of furniture", 2500, lambda n: "It rained.\nAdvertisement\n" * n),
    Case("n datelines", 1250, lambda n: "LEEDS, England (AP) — It rained.\n\n" * n),
    Case("n dates in a line", 2500, lambda n: "5 March 2022 " * n),
    Case("n dashes", 12_500, lambda n: "LEEDS " + "-" * n),
    Case("n tags at the end", 2500, lambda n: "It rained.\n\nTags\n" + "Rain\n" * n),
    Case("n captions", 1250, lambda n: "Hide Caption 17 of 44 Photos: Rain falls. " * n),
    Case("n names", 5000, lambda n: "Ann Lee of " * n),
    Case("n digits", 25_000, lambda n: "It rained " + "1" * n),
    Case("n thousands", 5000, lambda n: "It rained 1" + ",000" * n + "x"),
    Case("n breadcrumbs", 2500, lambda n: "Home > " * n),
]
FILES = [
    Case("n comments that are never closed", 5000, lambda n: page("<!--" * n), ".html"),
    Case("h and n spaces", 25_000, lambda n: page("h" + " " * n + "x"), ".html"),
    Case("n attributes", 1250, lambda n: page(
        "<p " + "".join(f"a{i}=1 " for i in range(n)) + f">{PROSE}</p>"), ".html"),
    Case("n opening brackets", 25_000, lambda n: page("<" * n), ".html"),
    Case("n elements that are never closed", 2500, lambda n: page("<div>" * n + PROSE), ".html"),
    Case("n inline elements that are never closed", 2500, lambda n: page("<b>" * n + PROSE), ".html"),
    Case("n nested lists", 1250, lambda n: page("<ul><li>It rained." * n), ".html"),
    Case("n nested quotations", 1250, lambda n: page("<q>It rained." * n), ".html"),
    Case("n nested raised figures", 1250, lambda n: page("<sup>1" * n), ".html"),
    Case("n nested asides", 1250, lambda n: page("<div class=related>x" * n), ".html"),
    Case("n nested tables", 500, lambda n: page("<table><tr><td>It rained." * n), ".html"),
    Case("n headings", 1250, lambda n: page(f"<h1>Rain stops play</h1><p>{PROSE}</p>" * n), ".html"),
    Case("n links", 2500, lambda n: page("<p><a href='/x'>Snow falls on the hills</a></p>" * n), ".html"),
    Case("n links in a list", 500, lambda n: page("<ul>" + "<li><a href='/x'>Snow</a>" * n + "</ul>"), ".html"),
    Case("n addresses and n headlines", 250, lambda n: page(
        f"<h1>Snow falls on the hills</h1>{PROSE}" * n,
        "".join(f"<link rel=canonical href=https://a{i}.example/x>" for i in range(n))), ".html"),
    Case("n separators in a headline", 1250, lambda n: page(f"<h1>{'Rain | ' * n}</h1>{PROSE}"), ".html"),
    Case("n dates in a byline", 500, lambda n: page(f"<p>{'5.3.2022,' * n}</p>{PROSE}"), ".html"),
    Case("n spaces in an author", 5000, lambda n: page(
        PROSE, LINKED.format(ENTRY.replace(" D", " " * n + "D"))), ".html"),
    Case("n links to the first page", 2500, lambda n: page("<a href='/'>The Post</a>" * n), ".html"),
    Case("n paragraphs", 2500, lambda n: page(f"<p>{PROSE}</p>" * n), ".html"),
    Case("n items", 5000, lambda n: page(f"<ul>{'<li>It rained.' * n}</ul>"), ".html"),
    Case("n cells", 5000, lambda n: page(f"<table><tr>{'<td>1' * n}</table>"), ".html"),
    Case("n rows", 2500, lambda n: page(f"<table>{'<tr><td>1<td>2' * n}</table>"), ".html"),
    Case("n line breaks", 12_500, lambda n: page("x<br>" * n), ".html"),
    Case("n line breaks, spaced", 12_500, lambda n: page("x" + "<br> " * n), ".html"),
    Case("n empty elements in a line", 12_500, lambda n: page("<p>x" + "<i> </i>" * n), ".html"),
    Case("n elements struck out", 5000, lambda n: page("<p>x" + " <del>y</del>, " * n), ".html"),
    Case("n quotations", 2500, lambda n: page("<p>" + "<q>It rained.</q> " * n), ".html"),
    Case("n style rules", 500, lambda n: page(PROSE, f"<style>{'p > p{display:none}' * n}</style>"), ".html"),
    Case("n style rules by class, of n elements", 250,
         lambda n: page("<p class=a>It rained." * n, f"<style>{'.a{display:block}' * n}</style>"), ".html"),
    Case("n style rules by path, of n elements", 250,
         lambda n: page("<p class=a>It rained." * n, f"<style>{'p + p{display:block}' * n}</style>"), ".html"),
    Case("n braces", 12_500, lambda n: page(PROSE, f"<style>{'@media screen{' * n}p{{display:none}}</style>"), ".html"),
    Case("n rules in n blocks", 500, lambda n: page(
        PROSE, f"<style>{'@media screen{' * n}{'p{display:none}' * n}</style>"), ".html"),
    Case("n steps of a selector", 250, lambda n: page(PROSE, f"<style>{'p>' * n}p{{display:none}}</style>"), ".html"),
    Case("n negations", 2500, lambda n: page(PROSE, f"<style>{':not(' * n}{{display:none}}</style>"), ".html"),
    Case("n comments in a sheet", 5000, lambda n: page(PROSE, f"<style>{'/*' * n}</style>"), ".html"),
    Case("n declarations", 5000, lambda n: page(f"<p style='{'display:none;' * n}'>{PROSE}"), ".html"),
    Case("n classes", 12_500, lambda n: page(f"<p class='{'a ' * n}'>{PROSE}"), ".html"),
    Case("n dashes in a class", 25_000, lambda n: page(f"<p class='{'-' * n}'>{PROSE}"), ".html"),
    Case("n times", 1250, lambda n: page("<time class=published datetime=2022-03-05>5 March 2022</time>" * n), ".html"),
    Case("n times in paragraphs", 1250, lambda n: page(
        "<p><time class=published>5 March 2022</time></p>" * n), ".html"),
    Case("n metas", 2500, lambda n: page(PROSE, "<meta property=og:title content='Rain stops'>" * n), ".html"),
    Case("n publishers", 500, lambda n: page("<i itemprop=publisher>The Post</i>" * n), ".html"),
    Case("n entries of JSON-LD", 500, lambda n: page(
        PROSE, LINKED.format(f"[{','.join([ENTRY] * n)}]")), ".html"),
    Case("n slashes in JSON-LD", 12_500, lambda n: page(
        PROSE, LINKED.format("/" * n)), ".html"),
    Case("n quotation marks in JSON-LD", 12_500, lambda n: page(
        PROSE, LINKED.format('{"a' + '\\"' * n)), ".html"),
    Case("n entities", 12_500, lambda n: page("&amp;" * n), ".html"),
    Case("n copyrights", 5000, lambda n: page(f"<p>{'© ' * n}</p>"), ".html"),
    Case("n backticks", 12_500, lambda n: PROSE + " " + "`" * n, ".md"),
    Case("runs of 1 to n backticks", 100, lambda n: PROSE + " ".join("`" * i for i in range(n)), ".md"),
    Case("n stars", 12_500, lambda n: PROSE + "*" * n, ".md"),
    Case("n stars, spaced", 5000, lambda n: PROSE + " *a _b" * n, ".md"),
    Case("n opening square brackets", 5000, lambda n: PROSE + "[" * n, ".md"),
    Case("n pictures that are never closed", 5000, lambda n: PROSE + "![a](" * n, ".md"),
    Case("n opening angle brackets", 5000, lambda n: PROSE + "<a " * n, ".md"),
    Case("n comments that are never closed", 5000, lambda n: PROSE + " <!-- " * n, ".md"),
    Case("n tildes", 5000, lambda n: PROSE + "~~a" * n, ".md"),
    Case("n nested quotations", 250, lambda n: ">" * n + " It rained.", ".md"),
    Case("n nested items", 150, lambda n: "".join("  " * i + "- It rained.\n" for i in range(n)), ".md"),
    Case("n nested items in a line", 250, lambda n: "- " * n + "It rained.", ".md"),
    Case("n quoted lines", 2500, lambda n: "> It rained.\n" * n, ".md"),
    Case("n items", 2500, lambda n: "- It rained.\n" * n, ".md"),
    Case("n cells", 1250, lambda n: f"{'|a' * n}|\n{'|-' * n}|\n{'|b' * n}|\n", ".md"),
    Case("n rows", 1250, lambda n: "|a|b|\n|-|-|\n" + "|1|2|\n" * n, ".md"),
    Case("n references", 1250, lambda n: "".join(f"[a{i}]: /x\n" for i in range(n)) + "[a1] " * n, ".md"),
    Case("n blank lines", 25_000, lambda n: PROSE + "\n" * n + PROSE, ".md"),
    Case("n lines with markup", 1250, lambda n: "It <b>rained</b>.\n\n" * n, ".md"),
    Case("n lines of YAML", 250, lambda n: "---\ntitle: Rain\n" + "a: b\n" * n + f"---\n{PROSE}", ".txt"),
    Case("n nested lists of YAML", 100, lambda n: f"---\ntitle: {'[' * n}\n---\n{PROSE}", ".txt"),
    Case("n aliases of YAML", 10, lambda n: "---\ntitle: Rain\na0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n)) + f"---\n{PROSE}", ".txt"),
    Case("n lines of TOML", 250, lambda n: "+++\ntitle='Rain'\n" + "".join(
        f"a{i}=1\n" for i in range(n)) + f"+++\n{PROSE}", ".txt"),
    Case("n parts of a key of TOML", 250, lambda n: f"+++\n{'.'.join(['a'] * n)}=1\n+++\n{PROSE}", ".txt"),
    Case("n lines that open no front matter", 5000, lambda n: "---\n" + "a: b\n" * n + PROSE, ".txt"),
    Case("n rules", 12_500, lambda n: "---\n\n" * n + PROSE, ".txt"),
    Case("n lines", 12_500, lambda n: "It rained.\n" * n, ".txt"),
    Case("n labels", 2500, lambda n: "Title: Rain\n" * n + PROSE, ".txt"),
    Case("n opening angle brackets", 12_500, lambda n: row("<br>" + "<" * n), ".jsonl"),
    Case("n ampersands", 12_500, lambda n: row("&a" * n), ".jsonl"),
    Case("n tags that are never closed", 5000, lambda n: row("<p " * n), ".jsonl"),
    Case("n paragraphs", 2500, lambda n: row(f"<p>{PROSE}</p>" * n), ".jsonl"),
    Case("n keys", 5000, lambda n: json.dumps({"text": PROSE, **{f"a{i}": 1 for i in range(n)}}), ".jsonl"),
    Case("n digits", 25_000, lambda n: '{"text": ' + "1" * n + "}", ".jsonl"),
    Case("n opening square brackets", 25_000, lambda n: '{"text": ' + "[" * n, ".jsonl"),
    Case("n rows that are none", 1250, lambda n: "x\n" * n, ".jsonl"),
]  # fmt: skip
QUESTIONS = [
    Case("question of n dates", 500, lambda n: "Who won on 5 March and " * n),
    Case("question of n numbers", 1250, lambda n: "5 " * n),
    Case("question of n spaces", 5000, lambda n: "Who" + " " * n + "won?"),
    Case("question of n counts", 500, lambda n: "twenty-two " * n + "days ago"),
    Case("question of n names", 500, lambda n: "News on " + "Ann Lee " * n),
    Case("question of n lines", 750, lambda n: "Who won?\n" * n),
    Case("question of n greetings", 500, lambda n: "Hi! " * n + "Who won?"),
    Case("question of n quotation marks", 1250, lambda n: "“a" * n),
    Case("Russian question of n days", 500, lambda n: "Кто победил 5 марта и " * n),
]
