"""Strip control characters from text before it is shown: they could drive a terminal or disguise the text."""

from __future__ import annotations

import json

LINE_ENDS = "\v\f\x85\u2028\u2029"
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), *map(ord, BIDI_CONTROLS))
_HARMLESS: dict[int, str | None] = {
    **dict.fromkeys(_CONTROLS, None),  # ESC, NUL and others; CR, of which the LF is kept; bidi controls
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # lone surrogates, which cannot be encoded in UTF-8
    **dict.fromkeys(map(ord, LINE_ENDS), "\n"),
    ord("\n"): "\n",
    ord("\t"): "\t",
}
_ESCAPED = {code: f"\\u{code:04x}" for code in (*_CONTROLS, *range(0xD800, 0xE000), *map(ord, LINE_ENDS))}


def harmless(text: str) -> str:
    """Return the text without control characters other than newline and tab, and without bidi controls.

    The other line ends become newlines, and a lone surrogate becomes U+FFFD. Nothing else is changed.
    """
    return text.translate(_HARMLESS)


def harmless_json(value: object) -> str:
    """Return a value as one line of JSON; the characters that `harmless` changes are escaped, so that none is lost.

    >>> harmless_json("Jos\u00e9\\x1b")
    '"José\\\\u001b"'
    """
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)
