"""Permanent ids of quotes, short enough for a message or the data of a button.

An id such as 66dm9hbg-0-a-h95h holds the article's key, the start and length of the quote in code points of the
article's text, and a checksum of its words, all in base 32.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.keys import article_key, from_base32, hash_key, to_base32
from index.types import Article

_CHECK = 4  # symbols: one other text in a million has the same checksum
_PATTERN = re.compile("([0-9a-z]{8})-([0-9a-z]{1,8})-([0-9a-z]{1,8})-([0-9a-z]{4})")
_LOOKALIKES = str.maketrans("oil", "011")  # as in Crockford's base 32 (index.keys)


@dataclass(frozen=True, slots=True)
class QuoteId:
    """The parts of an id; `str` returns the id."""

    key: str
    start: int
    length: int
    check: str

    @classmethod
    def of(cls, article: Article, start: int, end: int) -> QuoteId:
        """Return the id of the slice from `start` to `end` of an article's text."""
        return cls(article_key(article.id), start, end - start, hash_key(article.text[start:end], _CHECK))

    @classmethod
    def parse(cls, text: str) -> QuoteId:
        """Parse an id, in any case and with o for 0 or i or l for 1; raises ValueError for anything else.

        >>> QuoteId.parse("66DM9HBG-O-A-H95H")
        QuoteId(key='66dm9hbg', start=0, length=10, check='h95h')
        """
        match = _PATTERN.fullmatch(text.strip().lower().translate(_LOOKALIKES))
        if match is None:
            raise ValueError(f"{text!r} is not a quote id")
        key, start, length, check = match.groups()
        if not from_base32(length):
            raise ValueError(f"{text!r} is the id of an empty quote")
        return cls(key, from_base32(start), from_base32(length), check)

    @classmethod
    def of_text(cls, text: str) -> QuoteId | None:
        """Parse an id like `parse`; return None for anything else."""
        try:
            return cls.parse(text)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.key}-{to_base32(self.start)}-{to_base32(self.length)}-{self.check}"

    def fits(self, words: str) -> bool:
        """Return whether the id was made from these words."""
        return len(words) == self.length and hash_key(words, _CHECK) == self.check
