"""What style sheets and attributes do to the elements of a page: which are shown, struck out, in line or blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import XPathError
from lxml.html import HtmlElement

WIDTH = 1280  # pixels of the window that media queries are asked about
MOST_RULES = 5000  # of one page; those after them are passed over
PROPERTIES = {"display": "display", "visibility": "visibility", "text-decoration": "line", "text-decoration-line": "line"}

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
OF_INTEREST = re.compile(r"\b(?:display|visibility|text-decoration)\b")
NEGATION = re.compile(r":not\([^)]*\)")
NAME = re.compile(r"[.#]((?:[\w-]|\\.|[^\x00-\x7f])+)")
WIDTH_QUERY = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)")

Weight = tuple[bool, tuple[int, ...], int]  # important, specificity, order


@dataclass(slots=True)
class Style:
    """What counts for an element: the value of each property that is set, and how much it weighs."""

    values: dict[str, tuple[Weight, str]]

    def set(self, name: str, value: str, weight: Weight) -> None:
        """Give a property a value, unless a weightier rule has given it one."""
        if name not in self.values or self.values[name][0] <= weight:
            self.values[name] = weight, value

    def get(self, name: str) -> str | None:
        """Return the value of a property, None where nothing sets it."""
        return self.values[name][1] if name in self.values else None

    @property
    def hides(self) -> bool:
        """Whether the element is not shown."""
        return self.get("display") == "none" or self.get("visibility") in ("hidden", "collapse")

    @property
    def hides_by_sheet(self) -> bool:
        """Whether a style sheet, not the element itself, says that it is not shown."""
        return self.hides and all(weight[1][0] == 0 for weight, _ in self.values.values())

    @property
    def strikes(self) -> bool:
        """Whether the element is struck out."""
        return "line-through" in (self.get("line") or "")


def computed_styles(tree: HtmlElement) -> dict[HtmlElement, Style]:
    """Return the style of each element of which attributes or a style sheet of the page say one."""
    styles: dict[HtmlElement, Style] = {}
    for element in tree.xpath("//*[@hidden or @popover] | //dialog[not(@open)]"):
        styles.setdefault(element, Style({})).set("display", "none", (False, (-1,), 0))  # as a browser's own sheet does
    sheets = tree.xpath("//style[not(@media) or not(contains(@media, 'print'))][not(ancestor::noscript)]")
    order = 0
    for selector, declarations in _rules("\n".join(sheet.text_content() for sheet in sheets), _names(tree)):
        order += 1
        for element, specificity in _matches(tree, selector):
            _declare(styles.setdefault(element, Style({})), declarations, specificity, order)
    for element in tree.xpath("//*[@style]"):
        _declare(styles.setdefault(element, Style({})), element.get("style").lower(), (1, 0, 0, 0), order)
    return styles


def _declare(style: Style, declarations: str, specificity: tuple[int, ...], order: int) -> None:
    for declaration in declarations.split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in PROPERTIES and value:
            value, important, _ = value.partition("!important")
            style.set(PROPERTIES[name.strip()], value.strip(), (bool(important), specificity, order))


def _names(tree: HtmlElement) -> set[str]:
    """The classes and ids of a page: most rules of most sheets are about others."""
    return {name for value in tree.xpath("//@class | //@id") for name in value.lower().split()}


def _rules(sheet: str, names: set[str]) -> Iterator[tuple[str, str]]:
    """The selectors of a sheet that may say something of the page, each with its declarations, in lower case."""
    found = 0
    for selectors, declarations in _blocks(COMMENT.sub("", sheet).lower()):
        if OF_INTEREST.search(declarations):
            for selector in selectors.split(","):
                if set(NAME.findall(NEGATION.sub("", selector))) <= names and found < MOST_RULES:
                    found += 1
                    yield selector.strip(), declarations


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """What is before and what is between the braces of each rule that a wide screen obeys."""
    open_blocks: list[str] = []
    start = 0
    for brace in re.finditer("[{}]", sheet):
        if brace[0] == "{":
            open_blocks.append(sheet[start : brace.start()].rpartition(";")[2].strip())
        elif open_blocks:
            prelude = open_blocks.pop()
            if not prelude.startswith("@") and all(_applies(block) for block in open_blocks):
                yield prelude, sheet[start : brace.start()]
        start = brace.end()


def _applies(rule: str) -> bool:
    """Whether what an at-rule holds counts on a wide screen; where that is not certain, it does not."""
    name, _, queries = rule.partition(" ")
    return name in ("@supports", "@layer") or (name == "@media" and any(map(_matches_screen, queries.split(","))))


def _matches_screen(query: str) -> bool:
    for bound, number, unit in WIDTH_QUERY.findall(query):
        pixels = float(number) * (1 if unit == "px" else 16)
        if pixels < WIDTH if bound == "max" else pixels > WIDTH:
            return False
    return WIDTH_QUERY.sub("", query).replace("only", "").replace("and", "").strip() in ("", "all", "screen", "not print")


def _matches(tree: HtmlElement, selector: str) -> list[tuple[HtmlElement, tuple[int, ...]]]:
    """The elements that a selector is about, each with the selector's specificity; none where it cannot be read."""
    from cssselect import HTMLTranslator, SelectorError, parse

    try:
        (parsed,) = parse(selector)
        if parsed.pseudo_element is not None:
            return []
        path = HTMLTranslator().selector_to_xpath(parsed)
        return [(element, (0, *parsed.specificity())) for element in tree.xpath(path)]
    except (SelectorError, XPathError, ValueError):
        return []
