"""Compute the few CSS properties that matter for a page's text: display, visibility, strike-through, alignment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import XPathError
from lxml.html import HtmlElement

_WINDOW_WIDTH = 1280  # pixels, for media queries
# Elements that simple selectors match, and, counted apart, that other selectors examine; further ones are ignored.
_MAX_WORK = 3_000_000
# Selectors that compare siblings, and the number of pairs of siblings that take as long as examining one element.
_SIBLING_COSTS = ((re.compile("[+~]"), 1), (re.compile("-(?:child|of-type)"), 100))
_TEXT_DECORATIONS = ("text-decoration", "text-decoration-line")
_PROPERTIES = {
    **{name: name for name in ("display", "visibility", "vertical-align")},
    **dict.fromkeys(_TEXT_DECORATIONS, "line"),
}

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RELEVANT_PROPERTY = re.compile(r"\b(?:display|visibility|vertical-align|text-decoration)\b")
_NEGATION = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
_NAME = re.compile(r"[.#](?:[\w-]|\\.|[^\x00-\x7f])+")
_SIMPLE_SELECTOR = re.compile(r"([a-z][a-z\d]*)?((?:[.#][\w-]+)+)", re.IGNORECASE)
_WIDTH_QUERY = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)")

_Declarations = dict[tuple[str, bool], str]  # (property, whether it is !important) -> value
_Weight = tuple[bool, tuple[int, ...], int]  # important, specificity, order


@dataclass(slots=True)
class ComputedStyle:
    """The properties of an element, each with its value and the weight of the rule that set it."""

    values: dict[str, tuple[_Weight, str]]

    def set(self, name: str, value: str, weight: _Weight) -> None:
        """Set a property, unless a rule of greater weight has set it."""
        if name not in self.values or self.values[name][0] <= weight:
            self.values[name] = weight, value

    def get(self, name: str) -> str | None:
        """Return the value of a property, None if it is not set."""
        return self.values[name][1] if name in self.values else None

    @property
    def hides(self) -> bool:
        """Return whether the element is hidden."""
        return self.get("display") == "none" or self.get("visibility") in ("hidden", "collapse")

    @property
    def hides_by_sheet(self) -> bool:
        """Return whether the element is hidden by a style sheet rather than by an attribute of its own."""
        return self.hides and all(weight[1][0] == 0 for weight, _ in self.values.values())

    @property
    def strikes(self) -> bool:
        """Return whether the element is struck out."""
        return "line-through" in (self.get("line") or "")


def computed_styles(tree: HtmlElement) -> dict[HtmlElement, ComputedStyle]:
    """Return the style of each element that an attribute or a style sheet in the page applies to."""
    styles: dict[HtmlElement, ComputedStyle] = {}
    for element in tree.xpath("//*[@hidden or @popover] | //dialog[not(@open)]"):
        # Browsers do this in their own style sheet, which any other overrides.
        styles.setdefault(element, ComputedStyle({})).set("display", "none", (False, (-1,), 0))
    sheets = tree.xpath("//style[not(@media) or not(contains(@media, 'print'))][not(ancestor::noscript)]")
    selectors = _SelectorMatcher(tree)
    order = 0
    for selector, declarations in _rules("\n".join(sheet.text_content() for sheet in sheets)):
        order += 1
        for element, specificity in selectors.matches(selector):
            _apply_declarations(styles.setdefault(element, ComputedStyle({})), declarations, specificity, order)
    for element in tree.xpath("//*[@style]"):
        declarations = _declarations(element.get("style"))
        _apply_declarations(styles.setdefault(element, ComputedStyle({})), declarations, (1, 0, 0, 0), order)
    return styles


def _apply_declarations(
    style: ComputedStyle, declarations: _Declarations, specificity: tuple[int, ...], order: int
) -> None:
    for (name, important), value in declarations.items():
        style.set(name, value, (important, specificity, order))


def _declarations(text: str) -> _Declarations:
    """Return the relevant properties that a block of declarations sets; the last value of each wins."""
    declarations: _Declarations = {}
    for declaration in text.lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in _PROPERTIES and value:
            value, important, _ = value.partition("!important")
            declarations[_PROPERTIES[name.strip()], bool(important)] = value.strip()
    return declarations


def _rules(sheet: str) -> Iterator[tuple[str, _Declarations]]:
    """Yield each selector of a style sheet that sets relevant properties, with its declarations."""
    for selectors, text in _blocks(_COMMENT.sub("", sheet)):
        if _RELEVANT_PROPERTY.search(text.lower()) and (declarations := _declarations(text)):
            for selector in selectors.split(","):
                yield selector.strip(), declarations


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield (selectors, declarations) of each rule that applies to a wide screen, both unparsed."""
    open_blocks: list[tuple[str, bool]] = []  # what is before the brace, and whether the rules inside apply
    start = 0
    for brace in re.finditer("[{}]", sheet):
        if brace[0] == "{":
            prelude = sheet[start : brace.start()].rpartition(";")[2].strip()
            applies = not open_blocks or (open_blocks[-1][1] and _applies(open_blocks[-1][0]))
            open_blocks.append((prelude, applies))
        elif open_blocks:
            prelude, applies = open_blocks.pop()
            if applies and not prelude.startswith("@"):
                yield prelude, sheet[start : brace.start()]
        start = brace.end()


def _applies(rule: str) -> bool:
    """Return whether the rules in an at-rule apply to a wide screen; False if that is uncertain."""
    name, _, queries = rule.lower().partition(" ")
    return name in ("@supports", "@layer") or (name == "@media" and any(map(_matches_screen, queries.split(","))))


def _matches_screen(query: str) -> bool:
    for bound, number, unit in _WIDTH_QUERY.findall(query):
        pixels = float(number) * (1 if unit == "px" else 16)
        if pixels < _WINDOW_WIDTH if bound == "max" else pixels > _WINDOW_WIDTH:
            return False
    rest = " ".join(word for word in _WIDTH_QUERY.sub("", query).split() if word not in ("and", "only"))
    return rest in ("", "all", "screen", "not print")


class _SelectorMatcher:
    """Finds the elements that selectors match; fast, since most selectors have names that the page does not have."""

    def __init__(self, tree: HtmlElement):
        self._tree = tree
        self._named: dict[str, set[HtmlElement]] = {}  # ".class" or "#id" -> elements
        self._element_count = self._sibling_pairs = 0
        self._examined = self._matched = 0  # elements so far, to compare with _MAX_WORK
        for element in tree.iter():
            self._element_count += 1
            self._sibling_pairs += len(element) ** 2
            for sign, attribute in ((".", "class"), ("#", "id")):
                for name in element.get(attribute, "").split():
                    self._named.setdefault(sign + name, set()).add(element)

    def matches(self, selector: str) -> list[tuple[HtmlElement, tuple[int, ...]]]:
        """Return the matching elements, each with the selector's specificity; none if it cannot be parsed."""
        names = _NAME.findall(_NEGATION.sub("", selector))
        if any("\\" not in name and name not in self._named for name in names):
            return []
        if simple := _SIMPLE_SELECTOR.fullmatch(selector):
            self._matched += min(len(self._named[name]) for name in names)
            if self._matched > _MAX_WORK:
                return []
            elements = set.intersection(*sorted((self._named[name] for name in names), key=len))
            ids = sum(name[0] == "#" for name in names)
            specificity = (0, ids, len(names) - ids, int(simple[1] is not None))
            return [(element, specificity) for element in elements if simple[1] in (None, element.tag)]
        costs = (self._sibling_pairs // pairs for pattern, pairs in _SIBLING_COSTS if pattern.search(selector))
        self._examined += self._element_count + sum(costs)
        return self._matches_by_xpath(selector) if self._examined <= _MAX_WORK else []

    def _matches_by_xpath(self, selector: str) -> list[tuple[HtmlElement, tuple[int, ...]]]:
        from cssselect import HTMLTranslator, SelectorError, parse

        try:
            (parsed,) = parse(selector)
            if parsed.pseudo_element is not None:
                return []
            path = HTMLTranslator().selector_to_xpath(parsed)
            return [(element, (0, *parsed.specificity())) for element in self._tree.xpath(path)]
        except (SelectorError, XPathError, ValueError, RecursionError):
            return []
