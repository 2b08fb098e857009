"""What style sheets and attributes do to the elements of a page: which are shown, struck out, in line or blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import XPathError
from lxml.html import HtmlElement

WIDTH = 1280  # pixels of the window that media queries are asked about
MOST_WORK = 3_000_000  # elements that selectors of names are about, or that other ones look at; the rest is passed over
# What looks from an element to those next to it, and how many pairs of them take as long as an element elsewhere.
SIBLINGS = ((re.compile("[+~]"), 1), (re.compile("-(?:child|of-type)"), 100))
LINE = ("text-decoration", "text-decoration-line")
PROPERTIES = {
    **{name: name for name in ("display", "visibility", "vertical-align")},
    **dict.fromkeys(LINE, "line"),
}

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
OF_INTEREST = re.compile(r"\b(?:display|visibility|vertical-align|text-decoration)\b")
NEGATION = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
NAME = re.compile(r"[.#](?:[\w-]|\\.|[^\x00-\x7f])+")
NAMES_ONLY = re.compile(r"([a-z][a-z\d]*)?((?:[.#][\w-]+)+)", re.IGNORECASE)
WIDTH_QUERY = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)")

Declarations = dict[tuple[str, bool], str]  # by property, and whether it is important
Weight = tuple[bool, tuple[int, ...], int]  # important, specificity, order


@dataclass(slots=True)
class ComputedStyle:
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


def computed_styles(tree: HtmlElement) -> dict[HtmlElement, ComputedStyle]:
    """Return the style of each element of which attributes or a style sheet of the page say one."""
    styles: dict[HtmlElement, ComputedStyle] = {}
    for element in tree.xpath("//*[@hidden or @popover] | //dialog[not(@open)]"):
        styles.setdefault(element, ComputedStyle({})).set(
            "display", "none", (False, (-1,), 0)
        )  # as a browser's own sheet does
    sheets = tree.xpath("//style[not(@media) or not(contains(@media, 'print'))][not(ancestor::noscript)]")
    rules = _Selectors(tree)
    order = 0
    for selector, declarations in _rules("\n".join(sheet.text_content() for sheet in sheets)):
        order += 1
        for element, specificity in rules.matches(selector):
            _declare(styles.setdefault(element, ComputedStyle({})), declarations, specificity, order)
    for element in tree.xpath("//*[@style]"):
        declarations = _declarations(element.get("style"))
        _declare(styles.setdefault(element, ComputedStyle({})), declarations, (1, 0, 0, 0), order)
    return styles


def _declare(style: ComputedStyle, declarations: Declarations, specificity: tuple[int, ...], order: int) -> None:
    for (name, important), value in declarations.items():
        style.set(name, value, (important, specificity, order))


def _declarations(text: str) -> Declarations:
    """The properties of interest that declarations set, the last value of each."""
    found: Declarations = {}
    for declaration in text.lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in PROPERTIES and value:
            value, important, _ = value.partition("!important")
            found[PROPERTIES[name.strip()], bool(important)] = value.strip()
    return found


def _rules(sheet: str) -> Iterator[tuple[str, Declarations]]:
    """The selectors of a sheet that may say something of interest, each with its declarations."""
    for selectors, text in _blocks(COMMENT.sub("", sheet)):
        if OF_INTEREST.search(text.lower()) and (declarations := _declarations(text)):
            for selector in selectors.split(","):
                yield selector.strip(), declarations


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """What is before and what is between the braces of each rule that a wide screen obeys."""
    open_blocks: list[tuple[str, bool]] = []  # with whether what they hold counts
    start = 0
    for brace in re.finditer("[{}]", sheet):
        if brace[0] == "{":
            prelude = sheet[start : brace.start()].rpartition(";")[2].strip()
            counts = not open_blocks or (open_blocks[-1][1] and _applies(open_blocks[-1][0]))
            open_blocks.append((prelude, counts))
        elif open_blocks:
            prelude, counts = open_blocks.pop()
            if counts and not prelude.startswith("@"):
                yield prelude, sheet[start : brace.start()]
        start = brace.end()


def _applies(rule: str) -> bool:
    """Whether what an at-rule holds counts on a wide screen; where that is not certain, it does not."""
    name, _, queries = rule.lower().partition(" ")
    return name in ("@supports", "@layer") or (name == "@media" and any(map(_matches_screen, queries.split(","))))


def _matches_screen(query: str) -> bool:
    for bound, number, unit in WIDTH_QUERY.findall(query):
        pixels = float(number) * (1 if unit == "px" else 16)
        if pixels < WIDTH if bound == "max" else pixels > WIDTH:
            return False
    rest = " ".join(word for word in WIDTH_QUERY.sub("", query).split() if word not in ("and", "only"))
    return rest in ("", "all", "screen", "not print")


class _Selectors:
    """What selectors are about in a tree; most of those of most sheets are about names that the page does not have."""

    def __init__(self, tree: HtmlElement):
        self._tree = tree
        self._named: dict[str, set[HtmlElement]] = {}
        self._size = self._pairs = 0
        self._work = self._found = 0
        for element in tree.iter():
            self._size += 1
            self._pairs += len(element) ** 2
            for sign, attribute in ((".", "class"), ("#", "id")):
                for name in element.get(attribute, "").split():
                    self._named.setdefault(sign + name, set()).add(element)

    def matches(self, selector: str) -> list[tuple[HtmlElement, tuple[int, ...]]]:
        """Return the elements, each with the specificity of the selector; none where it cannot be read."""
        names = NAME.findall(NEGATION.sub("", selector))
        if any("\\" not in name and name not in self._named for name in names):
            return []
        if simple := NAMES_ONLY.fullmatch(selector):
            self._found += min(len(self._named[name]) for name in names)
            if self._found > MOST_WORK:
                return []
            found = set.intersection(*sorted((self._named[name] for name in names), key=len))
            ids = sum(name[0] == "#" for name in names)
            specificity = (0, ids, len(names) - ids, int(simple[1] is not None))
            return [(element, specificity) for element in found if simple[1] in (None, element.tag)]
        self._work += self._size + sum(self._pairs // few for sign, few in SIBLINGS if sign.search(selector))
        return self._by_path(selector) if self._work <= MOST_WORK else []

    def _by_path(self, selector: str) -> list[tuple[HtmlElement, tuple[int, ...]]]:
        from cssselect import HTMLTranslator, SelectorError, parse

        try:
            (parsed,) = parse(selector)
            if parsed.pseudo_element is not None:
                return []
            path = HTMLTranslator().selector_to_xpath(parsed)
            return [(element, (0, *parsed.specificity())) for element in self._tree.xpath(path)]
        except (SelectorError, XPathError, ValueError, RecursionError):
            return []
