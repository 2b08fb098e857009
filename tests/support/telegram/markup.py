"""Telegram's HTML, read as strictly as can be: what Telegram shows in another way than it is written is refused."""

from __future__ import annotations

import re

from tests.support.telegram.entities import Entity, check_link, check_nesting_of_tag, units
from tests.support.telegram.errors import unparsable

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}
_ATTRIBUTES = {"a": re.compile(r' href="([^"<>]*)"'), "blockquote": re.compile(r"(?: expandable)?")}
_NONE = re.compile("")
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#x27;": "'"}
_ESCAPE = re.compile("&[^;&<>\\s]{1,8};|&")
_TOKENS = re.compile(r"<(/?)([a-z-]+)([^<>]*)>|(&[^;&<>\s]{1,8};)|([^<>&]+)|(.)", re.DOTALL)


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The text and the entities in the order of their ends; raises ApiError."""
    pieces: list[str] = []
    length = 0  # of the pieces
    spans: list[tuple[str, str, int, int]] = []
    opened: list[tuple[str, str, int]] = []
    for match in _TOKENS.finditer(markup):
        closing, name, attributes, escaped, plain, stray = match.groups()
        if plain or escaped in _ESCAPES:
            pieces.append(plain or _ESCAPES[escaped])
            length += len(pieces[-1])
            continue
        where = f"at byte offset {len(markup[: match.start()].encode())}"
        names = [tag[0] for tag in opened]
        if stray:
            raise unparsable(f"stray {stray!r} {where}")
        if escaped:
            raise unparsable(f"unknown entity {escaped} {where}")
        if closing:
            if not opened or attributes:
                raise unparsable(f"unexpected end tag {where}")
            if names[-1] != name:
                raise unparsable(f'unmatched end tag {where}, expected "</{names[-1]}>", found "</{name}>"')
            spans.append((*opened.pop(), length))
            continue
        if name not in _TAGS:
            raise unparsable(f'unsupported start tag "{name}" {where}')
        if not _ATTRIBUTES.get(name, _NONE).fullmatch(attributes):
            raise unparsable(f"bad tag {match[0]!r} {where}")
        if problem := check_nesting_of_tag(name, names):
            raise unparsable(f"{problem} {where}")
        if name == "a":
            check_link(_unescaped(attributes[7:-1]))
        opened.append((name, attributes, length))
    if opened:
        raise unparsable(f'can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    text = "".join(pieces)
    return text, [Entity(kind, text[at:end], attribute, units(text[:at])) for kind, attribute, at, end in spans]


def _unescaped(value: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[0] not in _ESCAPES:
            raise unparsable(f"unknown entity {match[0]} in a link")
        return _ESCAPES[match[0]]

    return _ESCAPE.sub(one, value)
