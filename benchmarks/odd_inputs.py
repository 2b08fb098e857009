"""Unusual inputs of any size, with which work could grow quadratically; for benchmarks/growth.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

PROSE = "The club said on Saturday that the match goes on if the sky is clear by ten o'clock in the morning."
ENTRY = '{"@type": "Article", "author": "Jane Doe"}'
LINKED = "<script type=application/ld+json>{}</script>"


@dataclass(frozen=True, slots=True)
class Odd:
    """A kind of input: its name, size n, a function from sizes to texts, and its file ending (none for questions)."""

    kind: str
    n: int
    make: Callable[[int], str]
    ending: str = ""


def page(body: str, head: str = "") -> str:
    return (
        f"<html><head><title>Rain</title>{head}</head><body><h1>Rain stops play</h1><p>{PROSE}</p>{body}</body></html>"
    )


def row(text: str) -> str:
    """Return a row of JSON Lines."""
    return json.dumps({"title": "Rain", "text": text}, ensure_ascii=False)


ARTICLES = [
    Odd("sentence of n words", 12_500, lambda n: "It landed in " + "the field " * (n // 2) + "."),
    Odd("sentence of n numbers", 5000, lambda n: "Ann Lee landed in " + "2022 " * n),
    Odd("n letters without a space", 50_000, lambda n: "x" * n),
    Odd("n signs without a space", 25_000, lambda n: "雨" * n),
    Odd("n sentences in one paragraph", 1250, lambda n: (PROSE + " ") * n),
    Odd("n sentences, Russian", 1250, lambda n: "Э. Макрон прибыл в 1945 г. Семья ждала его на ул. Ленина. " * n),
    Odd("n initials, Russian", 5000, lambda n: "Б. Н. " * n + "Ельцин."),
    Odd("n letters, Russian", 25_000, lambda n: "я" * n + "."),
    Odd("n full stops", 25_000, lambda n: "It rained" + "." * n),
    Odd("n full stops, spaced", 12_500, lambda n: "It rained" + " ." * n),
    Odd("n initials", 5000, lambda n: "J. D. " * n + "Vance."),
    Odd("n letters with full stops", 12_500, lambda n: "a." * n),
    Odd("n opening quotation marks", 12_500, lambda n: "“" * n),
    Odd("n straight quotation marks", 12_500, lambda n: '"' * n),
    Odd("n straight quotation marks, spaced", 12_500, lambda n: ' "' * n),
    Odd("n quotations", 1250, lambda n: "“No,” said Ann Lee. " * n),
    Odd("n apostrophes", 12_500, lambda n: "‘" * n),
    Odd("n opening brackets", 12_500, lambda n: "(" * n),
    Odd("n combining marks", 12_500, lambda n: "It raine" + "\u0301" * n + "d."),
    Odd("n joiners", 12_500, lambda n: "It raine" + "\u200d" * n + "d."),
    Odd("n blank lines", 25_000, lambda n: "It rained." + "\n" * n + "It stopped."),
    Odd("n spaces", 25_000, lambda n: "It rained." + " " * n + "It stopped."),
    Odd("n wide spaces", 25_000, lambda n: "It rained." + "\u3000" * n + "It stopped."),
    Odd("n blank lines with spaces", 12_500, lambda n: "It rained." + " \n" * n + "It stopped."),
    Odd("n lines", 5000, lambda n: "It rained\n" * n),
    Odd("n paragraphs", 5000, lambda n: "It rained.\n\n" * n),
    Odd("n lines of boilerplate", 2500, lambda n: "It rained.\nAdvertisement\n" * n),
    Odd("n datelines", 1250, lambda n: "LEEDS, England (AP) — It rained.\n\n" * n),
    Odd("n dates in a line", 2500, lambda n: "5 March 2022 " * n),
    Odd("n dashes", 12_500, lambda n: "LEEDS " + "-" * n),
    Odd("n tags at the end", 2500, lambda n: "It rained.\n\nTags\n" + "Rain\n" * n),
    Odd("n captions", 1250, lambda n: "Hide Caption 17 of 44 Photos: Rain falls. " * n),
    Odd("n names", 5000, lambda n: "Ann Lee of " * n),
    Odd("n digits", 25_000, lambda n: "It rained " + "1" * n),
    Odd("n thousands", 5000, lambda n: "It rained 1" + ",000" * n + "x"),
    Odd("n breadcrumbs", 2500, lambda n: "Home > " * n),
]
FILES = [
    Odd("n comments that are never closed", 5000, lambda n: page("<!--" * n), ".html"),
    Odd("h and n spaces", 25_000, lambda n: page("h" + " " * n + "x"), ".html"),
    Odd("n attributes", 1250, lambda n: page(
        "<p " + "".join(f"a{i}=1 " for i in range(n)) + f">{PROSE}</p>"), ".html"),
    Odd("n opening brackets", 25_000, lambda n: page("<" * n), ".html"),
    Odd("n elements that are never closed", 2500, lambda n: page("<div>" * n + PROSE), ".html"),
    Odd("n inline elements that are never closed", 2500, lambda n: page("<b>" * n + PROSE), ".html"),
    Odd("n nested lists", 1250, lambda n: page("<ul><li>It rained." * n), ".html"),
    Odd("n nested quotations", 1250, lambda n: page("<q>It rained." * n), ".html"),
    Odd("n nested raised figures", 1250, lambda n: page("<sup>1" * n), ".html"),
    Odd("n nested asides", 1250, lambda n: page("<div class=related>x" * n), ".html"),
    Odd("n nested tables", 500, lambda n: page("<table><tr><td>It rained." * n), ".html"),
    Odd("n headings", 1250, lambda n: page(f"<h1>Rain stops play</h1><p>{PROSE}</p>" * n), ".html"),
    Odd("n links", 2500, lambda n: page("<p><a href='/x'>Snow falls on the hills</a></p>" * n), ".html"),
    Odd("n links in a list", 500, lambda n: page("<ul>" + "<li><a href='/x'>Snow</a>" * n + "</ul>"), ".html"),
    Odd("n addresses and n headlines", 250, lambda n: page(
        f"<h1>Snow falls on the hills</h1>{PROSE}" * n,
        "".join(f"<link rel=canonical href=https://a{i}.example/x>" for i in range(n))), ".html"),
    Odd("n separators in a headline", 1250, lambda n: page(f"<h1>{'Rain | ' * n}</h1>{PROSE}"), ".html"),
    Odd("n dates in a byline", 500, lambda n: page(f"<p>{'5.3.2022,' * n}</p>{PROSE}"), ".html"),
    Odd("n spaces in an author", 5000, lambda n: page(
        PROSE, LINKED.format(ENTRY.replace(" D", " " * n + "D"))), ".html"),
    Odd("n links to the first page", 2500, lambda n: page("<a href='/'>The Post</a>" * n), ".html"),
    Odd("n paragraphs", 2500, lambda n: page(f"<p>{PROSE}</p>" * n), ".html"),
    Odd("n items", 5000, lambda n: page(f"<ul>{'<li>It rained.' * n}</ul>"), ".html"),
    Odd("n cells", 5000, lambda n: page(f"<table><tr>{'<td>1' * n}</table>"), ".html"),
    Odd("n rows", 2500, lambda n: page(f"<table>{'<tr><td>1<td>2' * n}</table>"), ".html"),
    Odd("n line breaks", 12_500, lambda n: page("x<br>" * n), ".html"),
    Odd("n line breaks, spaced", 12_500, lambda n: page("x" + "<br> " * n), ".html"),
    Odd("n empty elements in a line", 12_500, lambda n: page("<p>x" + "<i> </i>" * n), ".html"),
    Odd("n elements struck out", 5000, lambda n: page("<p>x" + " <del>y</del>, " * n), ".html"),
    Odd("n quotations", 2500, lambda n: page("<p>" + "<q>It rained.</q> " * n), ".html"),
    Odd("n style rules", 500, lambda n: page(PROSE, f"<style>{'p > p{display:none}' * n}</style>"), ".html"),
    Odd("n style rules by class, of n elements", 250,
         lambda n: page("<p class=a>It rained." * n, f"<style>{'.a{display:block}' * n}</style>"), ".html"),
    Odd("n style rules by path, of n elements", 250,
         lambda n: page("<p class=a>It rained." * n, f"<style>{'p + p{display:block}' * n}</style>"), ".html"),
    Odd("n braces", 12_500, lambda n: page(PROSE, f"<style>{'@media screen{' * n}p{{display:none}}</style>"), ".html"),
    Odd("n rules in n blocks", 500, lambda n: page(
        PROSE, f"<style>{'@media screen{' * n}{'p{display:none}' * n}</style>"), ".html"),
    Odd("n steps of a selector", 250, lambda n: page(PROSE, f"<style>{'p>' * n}p{{display:none}}</style>"), ".html"),
    Odd("n negations", 2500, lambda n: page(PROSE, f"<style>{':not(' * n}{{display:none}}</style>"), ".html"),
    Odd("n comments in a sheet", 5000, lambda n: page(PROSE, f"<style>{'/*' * n}</style>"), ".html"),
    Odd("n declarations", 5000, lambda n: page(f"<p style='{'display:none;' * n}'>{PROSE}"), ".html"),
    Odd("n classes", 12_500, lambda n: page(f"<p class='{'a ' * n}'>{PROSE}"), ".html"),
    Odd("n dashes in a class", 25_000, lambda n: page(f"<p class='{'-' * n}'>{PROSE}"), ".html"),
    Odd("n times", 1250, lambda n: page("<time class=published datetime=2022-03-05>5 March 2022</time>" * n), ".html"),
    Odd("n times in paragraphs", 1250, lambda n: page(
        "<p><time class=published>5 March 2022</time></p>" * n), ".html"),
    Odd("n metas", 2500, lambda n: page(PROSE, "<meta property=og:title content='Rain stops'>" * n), ".html"),
    Odd("n publishers", 500, lambda n: page("<i itemprop=publisher>The Post</i>" * n), ".html"),
    Odd("n entries of JSON-LD", 500, lambda n: page(
        PROSE, LINKED.format(f"[{','.join([ENTRY] * n)}]")), ".html"),
    Odd("n slashes in JSON-LD", 12_500, lambda n: page(
        PROSE, LINKED.format("/" * n)), ".html"),
    Odd("n quotation marks in JSON-LD", 12_500, lambda n: page(
        PROSE, LINKED.format('{"a' + '\\"' * n)), ".html"),
    Odd("n entities", 12_500, lambda n: page("&amp;" * n), ".html"),
    Odd("n copyrights", 5000, lambda n: page(f"<p>{'© ' * n}</p>"), ".html"),
    Odd("n backticks", 12_500, lambda n: PROSE + " " + "`" * n, ".md"),
    Odd("runs of 1 to n backticks", 100, lambda n: PROSE + " ".join("`" * i for i in range(n)), ".md"),
    Odd("n stars", 12_500, lambda n: PROSE + "*" * n, ".md"),
    Odd("n stars, spaced", 5000, lambda n: PROSE + " *a _b" * n, ".md"),
    Odd("n opening square brackets", 5000, lambda n: PROSE + "[" * n, ".md"),
    Odd("n pictures that are never closed", 5000, lambda n: PROSE + "![a](" * n, ".md"),
    Odd("n opening angle brackets", 5000, lambda n: PROSE + "<a " * n, ".md"),
    Odd("n comments that are never closed", 5000, lambda n: PROSE + " <!-- " * n, ".md"),
    Odd("n tildes", 5000, lambda n: PROSE + "~~a" * n, ".md"),
    Odd("n nested quotations", 250, lambda n: ">" * n + " It rained.", ".md"),
    Odd("n nested items", 150, lambda n: "".join("  " * i + "- It rained.\n" for i in range(n)), ".md"),
    Odd("n nested items in a line", 250, lambda n: "- " * n + "It rained.", ".md"),
    Odd("n quoted lines", 2500, lambda n: "> It rained.\n" * n, ".md"),
    Odd("n items", 2500, lambda n: "- It rained.\n" * n, ".md"),
    Odd("n cells", 1250, lambda n: f"{'|a' * n}|\n{'|-' * n}|\n{'|b' * n}|\n", ".md"),
    Odd("n rows", 1250, lambda n: "|a|b|\n|-|-|\n" + "|1|2|\n" * n, ".md"),
    Odd("n references", 1250, lambda n: "".join(f"[a{i}]: /x\n" for i in range(n)) + "[a1] " * n, ".md"),
    Odd("n blank lines", 25_000, lambda n: PROSE + "\n" * n + PROSE, ".md"),
    Odd("n lines with markup", 1250, lambda n: "It <b>rained</b>.\n\n" * n, ".md"),
    Odd("n lines of YAML", 250, lambda n: "---\ntitle: Rain\n" + "a: b\n" * n + f"---\n{PROSE}", ".txt"),
    Odd("n nested lists of YAML", 100, lambda n: f"---\ntitle: {'[' * n}\n---\n{PROSE}", ".txt"),
    Odd("n aliases of YAML", 10, lambda n: "---\ntitle: Rain\na0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n)) + f"---\n{PROSE}", ".txt"),
    Odd("n lines of TOML", 250, lambda n: "+++\ntitle='Rain'\n" + "".join(
        f"a{i}=1\n" for i in range(n)) + f"+++\n{PROSE}", ".txt"),
    Odd("n parts of a key of TOML", 250, lambda n: f"+++\n{'.'.join(['a'] * n)}=1\n+++\n{PROSE}", ".txt"),
    Odd("n lines that open no front matter", 5000, lambda n: "---\n" + "a: b\n" * n + PROSE, ".txt"),
    Odd("n rules", 12_500, lambda n: "---\n\n" * n + PROSE, ".txt"),
    Odd("n lines", 12_500, lambda n: "It rained.\n" * n, ".txt"),
    Odd("n labels", 2500, lambda n: "Title: Rain\n" * n + PROSE, ".txt"),
    Odd("n opening angle brackets", 12_500, lambda n: row("<br>" + "<" * n), ".jsonl"),
    Odd("n ampersands", 12_500, lambda n: row("&a" * n), ".jsonl"),
    Odd("n tags that are never closed", 5000, lambda n: row("<p " * n), ".jsonl"),
    Odd("n paragraphs", 2500, lambda n: row(f"<p>{PROSE}</p>" * n), ".jsonl"),
    Odd("n keys", 5000, lambda n: json.dumps({"text": PROSE, **{f"a{i}": 1 for i in range(n)}}), ".jsonl"),
    Odd("n digits", 25_000, lambda n: '{"text": ' + "1" * n + "}", ".jsonl"),
    Odd("n opening square brackets", 25_000, lambda n: '{"text": ' + "[" * n, ".jsonl"),
    Odd("n rows that are none", 1250, lambda n: "x\n" * n, ".jsonl"),
]  # fmt: skip
QUESTIONS = [
    Odd("question of n dates", 500, lambda n: "Who won on 5 March and " * n),
    Odd("question of n numbers", 1250, lambda n: "5 " * n),
    Odd("question of n spaces", 5000, lambda n: "Who" + " " * n + "won?"),
    Odd("question of n counts", 500, lambda n: "twenty-two " * n + "days ago"),
    Odd("question of n names", 500, lambda n: "News on " + "Ann Lee " * n),
    Odd("question of n lines", 750, lambda n: "Who won?\n" * n),
    Odd("question of n greetings", 500, lambda n: "Hi! " * n + "Who won?"),
    Odd("question of n quotation marks", 1250, lambda n: "“a" * n),
    Odd("Russian question of n days", 500, lambda n: "Кто победил 5 марта и " * n),
]
