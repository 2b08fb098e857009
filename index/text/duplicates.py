"""Articles that are copies, updates or cuts of the same wire copy, grouped into stories.

Articles are compared by MinHash signatures of their shingles of three words (Broder 1997). Two articles with one of 32
bands of the signature in common are candidates (locality-sensitive hashing); they are alike only if the whole
signatures are similar enough. `group` is pure.
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

_VALUES = 128  # of a signature; with four to a band, one in 6,500 pairs is missed at a similarity of 0.7
_SEED = 1
# Only the lower halves of the values are kept (b-bit minwise hashing, Li and König 2010).
_RECORD = np.dtype([("shingles", "<u4"), ("values", "<u2", _VALUES)])
_WORD = re.compile(
    rf"{UNSPACED.pattern}|[^\W{UNSPACED.pattern[1:-1]}]+"
)  # one character is a word in scripts without spaces

# Jaccard similarities of the shingles, which are estimated to within about 0.03. A short text that differs in a figure
# is a form that was filled in again, so it has to be more alike.
_ALIKE, _ALIKE_SHORT = 0.7, 0.9
_SHORT = 60  # shingles of the shorter text
# A cut is less similar to the whole, so nearly all of it must be in the whole. It must not be short, and must be
# similar enough for its share to be estimated.
_CUT, _SHARE_INSIDE = 0.4, 0.9
_MOST_DAYS = 3  # between copies; what is alike later is a form for every week, or a text that a site repeats
_BLOCK = 4096  # articles


@dataclass(frozen=True, slots=True)
class SignedArticle:
    """An article's number in the store, with the day and the signature that it is compared by."""

    number: int
    day: date | None
    signature: bytes  # from `sign`


def sign(article: Article, passages: Iterable[Passage]) -> bytes:
    """Return the signature of an article's headline and passages, which contain no boilerplate: 260 bytes.

    The headline tells apart short articles that differ only in a name there, and counts for little in a longer one. The
    signature of an article is the same on every machine. Whoever changes it must raise index.build.changes.READING.
    """
    shingles = _shingles([article.title or "", *(passage.text for passage in passages)])
    sketch = RMinHash(num_perm=_VALUES, seed=_SEED)
    sketch.update(list(shingles))
    values = np.array(sketch.digest(), dtype="<u4").astype("<u2")
    return len(shingles).to_bytes(4, "little") + values.tobytes()


def nearly_same(first_text: str, second_text: str) -> bool:
    """Return whether two texts are equal except for small changes, whatever their days."""
    first, second = _shingles([first_text]), _shingles([second_text])
    return _is_alike(len(first & second) / len(first | second), min(len(first), len(second)))


def _is_alike(jaccard: float, shorter: int) -> bool:
    """Return whether two texts with this similarity are alike; `shorter` is the number of shingles of the shorter."""
    return jaccard >= (_ALIKE if shorter >= _SHORT else _ALIKE_SHORT)


def _shingles(texts: Sequence[str]) -> set[str]:
    words = [word for text in texts for word in _WORD.findall(text.lower())]
    return set(map(" ".join, zip(words, words[1:], words[2:], strict=False))) or {" ".join(words or texts)}


def group(new: Sequence[SignedArticle], firsts: Iterable[SignedArticle]) -> dict[int, int]:
    """Return the story of each new article, by number: that of the most similar first article, or else its own.

    `firsts` are the first articles of the existing stories. Every article of a story is like its first one, so a chain
    of small changes does not join articles that differ.
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
    for at in np.flatnonzero(shared.any(axis=1)).tolist():  # few: most articles share no band
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
    """A signature, unpacked."""

    def __init__(self, article: SignedArticle) -> None:
        self.number = article.number
        self._day = article.day
        record = np.frombuffer(article.signature, _RECORD)[0]
        self._shingles = int(record["shingles"])
        self._values: npt.NDArray[Any] = record["values"]

    def likeness(self, other: _Sketch) -> float:
        """Return the estimated Jaccard similarity if both are one story, as copies or as a cut of the whole, else 0."""
        if self._day and other._day and abs(self._day - other._day).days > _MOST_DAYS:
            return 0.0
        jaccard = float((self._values == other._values).mean())
        shorter = min(self._shingles, other._shingles)
        common = jaccard / (1 + jaccard) * (self._shingles + other._shingles)
        is_cut = jaccard >= _CUT and shorter >= _SHORT and common >= _SHARE_INSIDE * shorter
        return jaccard if _is_alike(jaccard, shorter) or is_cut else 0.0


def _put(by_band: defaultdict[int, list[_Sketch]], sketch: _Sketch, bands: Iterable[int]) -> None:
    for band in bands:
        by_band[band].append(sketch)


def _bands(articles: Sequence[SignedArticle]) -> npt.NDArray[np.uint64]:
    """Return the bands of the signatures, shape (articles, 32): four values of 16 bits make one number of 64."""
    records = np.frombuffer(b"".join(article.signature for article in articles), _RECORD)
    return np.ascontiguousarray(records["values"]).view("<u8")
