"""Parser of Markdown files, which are read as the plain text that they render to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.limits import FIELD
from index.parsers.article_assembly import make_article
from index.parsers.decoding import load_text
from index.parsers.field_aliases import NO_CUSTOM_KEYS, CustomKeys
from index.parsers.field_markup import html_to_text
from index.parsers.fields import FieldError, check_text
from index.parsers.front_matter import split_front_matter
from index.parsers.problems import Problem, Warn
from index.types import Article

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_HTML_TOKENS = ("html_inline", "s_open")  # HTML and struck-out text; a line with any is rendered as HTML


def read(path: Path, name: str, warn: Warn, custom_keys: CustomKeys = NO_CUSTOM_KEYS) -> Iterator[Article]:
    """Yield the one article of a Markdown file; without a stated title it is the first "# heading"; raises OSError."""
    text = load_text(path, warn)
    if text is None:
        return
    fields, text = split_front_matter(text, str(path), warn, custom_keys)
    rendered = render_markdown(text)
    try:
        check_text(rendered.text)
    except FieldError as error:
        warn(Problem(str(path), f"{error}; left out", True))
        return
    fields = replace(fields, title=fields.title or rendered.title)
    yield make_article(fields, rendered.text, name, str(path), warn, use_header=True)


@dataclass(frozen=True, slots=True)
class RenderedMarkdown:
    """The plain text that Markdown renders to, and its first heading of level 1."""

    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class _MarkdownBlock:
    """A paragraph, heading, code block, list item or table row."""

    text: str
    tag: str  # "h1" for a heading of level 1
    group: int  # a number shared by the blocks of one list or table, 0 outside of these


def render_markdown(markdown: str) -> RenderedMarkdown:
    """Return the plain text of Markdown, with blank lines between blocks but not within a list or table."""
    # Slow to import, and only Markdown needs it.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
    blocks = [block for block in _blocks(parser, parser.parse(markdown)) if block.text.strip()]
    pieces = [block.text for block in blocks[:1]]
    for before, block in pairwise(blocks):
        pieces += "\n" if before.group == block.group != 0 else "\n\n", block.text
    titles = (" ".join(block.text.split()) for block in blocks if block.tag == "h1")
    title = next((title for title in titles if len(title) <= FIELD), None)
    return RenderedMarkdown("".join(pieces), title)


def _blocks(parser: MarkdownIt, tokens: Sequence[Token]) -> Iterator[_MarkdownBlock]:
    tag = number = ""
    depth = groups = 0  # the number of open lists and tables, and of outermost ones so far
    cells: list[str] = []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            groups += depth == 0
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            depth -= 1
        elif token.type == "list_item_open" and token.info:
            number = f"{token.info}{token.markup} "
        elif token.type in ("heading_open", "paragraph_open", "th_open", "td_open"):
            tag = token.tag
        elif token.type == "inline" and tag in ("th", "td"):
            cells.append(_inline(parser, token.children or ()))
        elif token.type == "tr_close":
            yield _MarkdownBlock(" | ".join(cells), "tr", groups)
            cells = []
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            text = _inline(parser, token.children or ()) if token.type == "inline" else _literal(token)
            yield _MarkdownBlock(number + text, tag, groups if depth else 0)
            tag = number = ""


def _literal(token: Token) -> str:
    """Return code as it is, and HTML as a browser displays it."""
    return html_to_text(token.content) if token.type == "html_block" else token.content.rstrip("\n")


def _inline(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    """Return the text of inline tokens: the words of links, and nothing of images and struck-out text."""
    if any(token.type in _HTML_TOKENS for token in tokens):
        return html_to_text(parser.renderer.render([*tokens], parser.options, {}))
    texts = {"text": "", "code_inline": "", "text_special": "", "softbreak": "\n", "hardbreak": "\n"}
    return "".join(texts[token.type] or token.content for token in tokens if token.type in texts)
