"""Markdown, read for the text that it renders to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.limits import FIELD
from index.parsers.decoding import load_text
from index.parsers.field_aliases import NO_NAMES, Names
from index.parsers.field_markup import shown_text
from index.parsers.fields import FieldError, check_text, make_article
from index.parsers.front_matter import split_front_matter
from index.parsers.problems import Problem, Warn
from index.parsers.stated_headers import fill_in
from index.types import Article

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

AS_HTML = ("html_inline", "s_open")  # of which only HTML says what is shown


def read(path: Path, name: str, warn: Warn, names: Names = NO_NAMES) -> Iterator[Article]:
    """Read the one article of a Markdown file; its title is the first "# heading"; raises OSError."""
    text = load_text(path, warn)
    if text is None:
        return
    fields, text = split_front_matter(text, str(path), warn, names)
    page = render(text)
    try:
        check_text(page.text)
    except FieldError as error:
        warn(Problem(str(path), f"{error}; left out", True))
        return
    fields = replace(fields, title=fields.title or page.title)
    yield make_article(fill_in(fields, page.text), page.text, name, str(path), warn)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What Markdown renders to, as plain text, and its first heading of the first level."""

    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a heading, a piece of code, an item of a list or a row of a table."""

    text: str
    tag: str  # "h1" for a heading of the first level
    group: int  # the same number for the blocks of one list or table, 0 for those outside


def render(markdown: str) -> Rendered:
    """The plain text of Markdown, without its marks: blank lines between blocks, none within a list or table."""
    # Slow to import, and only Markdown needs it.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
    blocks = [block for block in _blocks(parser, parser.parse(markdown)) if block.text.strip()]
    pieces = [block.text for block in blocks[:1]]
    for before, block in pairwise(blocks):
        pieces += "\n" if before.group == block.group != 0 else "\n\n", block.text
    titles = (" ".join(block.text.split()) for block in blocks if block.tag == "h1")
    title = next((title for title in titles if len(title) <= FIELD), None)
    return Rendered("".join(pieces), title)


def _blocks(parser: MarkdownIt, tokens: Sequence[Token]) -> Iterator[Piece]:
    tag = number = ""
    depth = groups = 0  # the lists and tables that are open, and how many outermost ones there were
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
            yield Piece(" | ".join(cells), "tr", groups)
            cells = []
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            text = _inline(parser, token.children or ()) if token.type == "inline" else _literal(token)
            yield Piece(number + text, tag, groups if depth else 0)
            tag = number = ""


def _literal(token: Token) -> str:
    """Code as it is; of HTML what a browser would show."""
    return shown_text(token.content) if token.type == "html_block" else token.content.rstrip("\n")


def _inline(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    """The text of a line's tokens: of a link its words, of a picture and of what is struck out nothing."""
    if any(token.type in AS_HTML for token in tokens):
        return shown_text(parser.renderer.render([*tokens], parser.options, {}))
    texts = {"text": "", "code_inline": "", "text_special": "", "softbreak": "\n", "hardbreak": "\n"}
    return "".join(texts[token.type] or token.content for token in tokens if token.type in texts)
