"""Short keys in Crockford's base 32: digits and lower-case letters without i, l, o and u.

https://www.crockford.com/base32.html
"""

from __future__ import annotations

import hashlib

_SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {symbol: value for value, symbol in enumerate(_SYMBOLS)}


def to_base32(number: int, width: int = 1) -> str:
    """Write a non-negative number in at least `width` symbols, padded with zeros.

    >>> to_base32(1234), to_base32(7, 4)
    ('16j', '0007')
    """
    symbols = ""
    while number or not symbols:
        number, value = divmod(number, 32)
        symbols = _SYMBOLS[value] + symbols
    return symbols.rjust(width, _SYMBOLS[0])


def from_base32(symbols: str) -> int:
    """Read a number written by `to_base32`; raises ValueError for a symbol that it does not use."""
    number = 0
    for symbol in symbols:
        if symbol not in _VALUES:
            raise ValueError(f"{symbol!r} is not a base 32 symbol")
        number = number * 32 + _VALUES[symbol]
    return number


def hash_key(text: str, width: int) -> str:
    """Return the first 5 × `width` bits of a text's SHA-256, in `width` symbols.

    >>> hash_key("rain", 8)
    '66dm9hbg'
    """
    digest = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return to_base32(digest >> (256 - 5 * width), width)


def article_key(id: str) -> str:
    """Return the key that stands for an article in quote ids: 8 symbols, 40 bits."""
    return hash_key(id, 8)
