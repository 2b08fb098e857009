"""Texts that try to break a message, quotes made of them, and what the strict server makes of a message."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from index.types import Span
from retrieval.types import Quote
from tests.support.sample_answers import copy_of, quote_of
from tests.support.telegram import Entity, check_message

AWKWARD = [
    *"<>&\"';\n\r\t \0\x1b\u202e\u2028\ud800aZ.!。\u200b\u3164{}",
    *("😀", "👩‍👩‍👧", "🇩🇪", "e\u0301", "&lt;", "</b>", "&#", "{ $x }"),
]

awkward_texts = st.lists(st.one_of(st.sampled_from(AWKWARD), st.characters()), min_size=1, max_size=40).map("".join)
_repeats = st.sampled_from([1, 1, 2, 100, 500])


@st.composite
def long_texts(draw: st.DrawFn) -> str:
    """A text that may be longer than a message."""
    return draw(awkward_texts) * draw(_repeats)


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    """A quote with anything in every place."""
    text = draw(long_texts())
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=20)))
    spans = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False) if start < end]
    title, source = draw(st.none() | awkward_texts), draw(st.none() | awkward_texts)
    url = draw(st.none() | awkward_texts.map("https://example.org/".__add__))
    copies = tuple(copy_of(other) for other in draw(st.lists(st.none() | awkward_texts, max_size=4)))
    places = st.integers(0, len(text))
    marks = draw(st.lists(st.builds(Span, places, places), max_size=20))
    if draw(st.booleans()):  # more than a message has entities
        marks += [Span(at, at + 1) for at in range(0, min(len(text), 400), 2)]
    speaker = draw(st.none() | st.builds(Span, places, places))
    quote = quote_of(text, *spans, title=title, source=source, url=url)
    return replace(quote, marks=tuple(marks), speaker=speaker, copies=copies)


def parse(message: str) -> tuple[str, list[Entity]]:
    """The text and entities of a message; raises ApiError if Telegram would refuse it."""
    return check_message(message, "HTML")


def quoted(messages: list[str]) -> list[str]:
    """What stands in blockquotes, in order."""
    return [entity.text for message in messages for entity in parse(message)[1] if entity.kind == "blockquote"]
