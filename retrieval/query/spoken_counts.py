"""The value of a count in words or digits: "twenty-two days ago". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from index.text.normalize import fold_case

_WORD = re.compile(r"\w+")


class Count(NamedTuple):
    """A number of things: from `least` to `most`, which differ for "a few"."""

    least: int
    most: int


_FEW = Count(2, 7)


def read_count(text: str, numbers: Mapping[str, int]) -> Count | None:
    """Return the count that a text says in digits or in the words of `numbers`; None if it says none.

    The value 0 means "a few". A number of up to nine before one hundred multiplies it.

    >>> read_count("twenty-two", {"twenty": 20, "two": 2}), read_count("two twenty", {"twenty": 20, "two": 2})
    (Count(least=22, most=22), None)
    """
    if text.isdecimal():
        return Count(int(text), int(text))
    found = [numbers[word] for word in _WORD.findall(fold_case(text)) if word in numbers]  # without "and" and "of"
    if found[1:] and found[0] == 1:  # "a few", "one hundred"
        del found[0]
    if found == [0]:
        return _FEW
    total, room = 0, 1000  # the next number must be smaller than `room`
    for number in found:
        if number == 100 and 0 < total < 10:
            total, room = total * 100, 100
        elif 0 < number < room:
            total += number
            room = 100 if number == 100 else 10 if number >= 20 else 1
        else:
            return None
    return Count(total, total) if total else None
