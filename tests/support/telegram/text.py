"""The text of a message, and what Telegram makes of it."""

from __future__ import annotations

import re
from typing import Any

from tests.support.telegram.entities import Entity, read_entities, units
from tests.support.telegram.errors import bad
from tests.support.telegram.markup import parse_html

MAX_TEXT, MAX_CAPTION = 4096, 1024  # UTF-16 units, without the markup
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")


def check_message(text: str, parse_mode: str | None, entities: Any = None) -> tuple[str, list[Entity]]:
    """What Telegram makes of a message; raises ApiError as Telegram refuses it."""
    plain, found = _read(text, parse_mode, entities)
    if not plain:
        raise bad("message text is empty")
    if units(plain) > MAX_TEXT:
        raise bad("message is too long")
    return plain, found


def check_caption(text: str, parse_mode: str | None, entities: Any = None) -> tuple[str, list[Entity]]:
    """The same for what stands below a file, which may be nothing."""
    plain, found = _read(text, parse_mode, entities)
    if units(plain) > MAX_CAPTION:
        raise bad("message caption is too long")
    return plain, found


def _read(text: str, parse_mode: str | None, given: Any) -> tuple[str, list[Entity]]:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    if size > 1 << 15:
        raise bad("text is too long")
    mode = (parse_mode or "none").lower()
    if mode in ("markdown", "markdownv2"):
        raise bad("this server reads no Markdown")
    if mode not in ("html", "none"):
        raise bad("unsupported parse_mode")
    if mode == "html" and given:
        raise bad("parse_mode and entities are both given")
    plain, entities = parse_html(text) if mode == "html" else (text, read_entities(text, given) if given else [])
    if _CONTROL.search(plain):
        raise bad("strings must not have control characters")
    if len(entities) > 100:
        raise bad("too many entities")
    return plain.strip(), _stripped(plain, entities)


def _stripped(plain: str, entities: list[Entity]) -> list[Entity]:
    """The entities of a text that loses the space around it."""
    if not (lead := units(plain) - units(plain.lstrip())):
        return entities
    return [Entity(e.kind, e.text, e.attribute, max(0, e.offset - lead)) for e in entities]
