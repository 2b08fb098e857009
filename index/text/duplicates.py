"""One story under many names: which articles are copies, updates or cuts of the same wire copy.

Articles are compared by MinHash signatures of their shingles of three words (Broder 1997). Those that have one of 32
bands of a signature in common are candidates (locality-sensitive hashing); of these are alike only those whose whole
signatures say so. The pure part is `group`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from index.text.word_count import UNSPACED
from index.types import Article, Passage

_VALUES, _ROWS = 128, 4  # of a signature, and of a band of it: at a similarity of 0.7 one in 6,500 pairs is missed
_SEED = 1
# The lower halves of the values will do (b-bit minwise hashing, Li and König 2010).
_RECORD = np.dtype([("shingles", "<u4"), ("values", "<u2", _VALUES)])
_WORD = re.compile(rf"{UNSPACED.pattern}|[^\W{UNSPACED.pattern[1:-1]}]+")  # a character where words are not spaced

# Of the shingles of both, estimated within some 0.03. A short text that differs in a figure is a form, filled in anew.
ALIKE, ALIKE_SHORT, SHORT = 0.7, 0.9, 60  # the last: shingles of the shorter
# A cut has lost so much that it is less like the whole: then nearly all of it must be in the whole, of which it must
# hold enough for that to be estimated; nor may it be short.
CUT, INSIDE = 0.4, 0.9
DAYS = 3  # what is alike later is no copy, but a form that is filled in each week, or what a site puts over its pages
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Signed:
    """An article, by its number in the store, and what it is compared by."""

    number: int
    day: date | None
    signature: bytes  # of `sign`


def sign(article: Article, passages: Iterable[Passage]) -> bytes:
    """The signature of an article's headline and passages, 260 bytes; furniture is in none of them.

    The headline keeps apart what is short and like others but for a name in it, and weighs little beside a story. Of
    the same article it is the same on every machine. Raise index.build.changes.READING if it is to be another one.
    """
    shingles = _shingles([article.title or "", *(passage.text for passage in passages)])
    sketch = RMinHash(num_perm=_VALUES, seed=_SEED)
    sketch.update(list(shingles))
    values = np.array(sketch.digest(), dtype="<u4").astype("<u2")
    return len(shingles).to_bytes(4, "little") + values.tobytes()


def nearly_same(one: str, other: str) -> bool:
    """Whether two texts are the same but for small changes, whatever their days."""
    first, second = _shingles([one]), _shingles([other])
    return _is_alike(len(first & second) / len(first | second), min(len(first), len(second)))


def _is_alike(jaccard: float, shorter: int) -> bool:
    """Whether two texts say the same, of which the shorter has so many shingles."""
    return jaccard >= (ALIKE if shorter >= SHORT else ALIKE_SHORT)


def _shingles(texts: Sequence[str]) -> set[str]:
    words = [word for text in texts for word in _WORD.findall(text.lower())]
    return set(map(" ".join, zip(words, words[1:], words[2:], strict=False))) or {" ".join(words or texts)}


def group(new: Sequence[Signed], firsts: Iterable[Signed]) -> dict[int, int]:
    """The story of each new article, by its number: that of the first article which it is most like, or its own.

    `firsts` are the first articles of the stories that there are. All articles of a story are like its first one, so
    that no chain of small changes joins unlike ones.
    """
    bands = _bands(new)
    words, counts = np.unique(bands, return_counts=True)
    by_band: defaultdict[int, list[_Sketch]] = defaultdict(list)  # first articles
    rest = iter(firsts)
    while block := list(islice(rest, _BLOCK)):
        known = _bands(block)
        common = np.isin(known, words)
        for at in np.flatnonzero(common.any(axis=1)).tolist():
            _put(by_band, _Sketch(block[at]), known[at][common[at]].tolist())
    shared = np.isin(bands, np.concatenate([words[counts > 1], np.array(list(by_band), dtype=words.dtype)]))
    stories = {article.number: article.number for article in new}
    for at in np.flatnonzero(shared.any(axis=1)).tolist():  # few: most articles have no band in common with another
        sketch, own = _Sketch(new[at]), bands[at][shared[at]].tolist()
        candidates = {first.number: first for band in own for first in by_band[band]}
        likeness = {number: sketch.likeness(first) for number, first in candidates.items()}
        best = max(likeness, key=lambda number: (likeness[number], -number), default=None)
        if best is not None and likeness[best]:
            stories[sketch.number] = best
        else:
            _put(by_band, sketch, own)
    return stories


class _Sketch:
    """A signature, read."""

    def __init__(self, article: Signed) -> None:
        self.number = article.number
        self._day = article.day
        record = np.frombuffer(article.signature, _RECORD)[0]
        self._shingles = int(record["shingles"])
        self._values: npt.NDArray[Any] = record["values"]

    def likeness(self, other: _Sketch) -> float:
        """The estimated Jaccard similarity where it, or containment, makes both one story; else 0."""
        if self._day and other._day and abs(self._day - other._day).days > DAYS:
            return 0.0
        jaccard = float((self._values == other._values).mean())
        shorter = min(self._shingles, other._shingles)
        common = jaccard / (1 + jaccard) * (self._shingles + other._shingles)
        is_cut = jaccard >= CUT and shorter >= SHORT and common >= INSIDE * shorter
        return jaccard if _is_alike(jaccard, shorter) or is_cut else 0.0


def _put(by_band: defaultdict[int, list[_Sketch]], sketch: _Sketch, bands: Iterable[int]) -> None:
    for band in bands:
        by_band[band].append(sketch)


def _bands(articles: Sequence[Signed]) -> npt.NDArray[np.uint64]:
    """The bands of signatures, a row each: four values of 16 bits are one number of 64."""
    records = np.frombuffer(b"".join(article.signature for article in articles), _RECORD)
    return np.ascontiguousarray(records["values"]).view("<u8")
