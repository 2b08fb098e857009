"""Short names in Crockford's base 32: lower case, and without the letters i, l, o and u.

https://www.crockford.com/base32.html
"""

from __future__ import annotations

import hashlib

_SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {symbol: value for value, symbol in enumerate(_SYMBOLS)}


def to_base32(number: int, width: int = 1) -> str:
    """A number of at least 0, filled up with zeros to this many symbols.

    >>> to_base32(1234), to_base32(7, 4)
    ('16j', '0007')
    """
    symbols = ""
    while number or not symbols:
        number, value = divmod(number, 32)
        symbols = _SYMBOLS[value] + symbols
    return symbols.rjust(width, _SYMBOLS[0])


def from_base32(symbols: str) -> int:
    """The number that symbols stand for; raises ValueError for any that `to_base32` does not use."""
    number = 0
    for symbol in symbols:
        if symbol not in _VALUES:
            raise ValueError(f"{symbol!r} is no symbol of base 32")
        number = number * 32 + _VALUES[symbol]
    return number


def hash_key(text: str, width: int) -> str:
    """The first bits of a text's SHA-256, five to a symbol.

    >>> hash_key("rain", 8)
    '66dm9hbg'
    """
    digest = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return to_base32(digest >> (256 - 5 * width), width)


def article_key(id: str) -> str:
    """What an article is called in the ids of its quotes: eight symbols; one pair in 2⁴⁰ shares one."""
    return hash_key(id, 8)
