"""Answer questions about articles with quotes from them.

    import quotewire

    quotewire.build(["seeds"], path="data")
    with quotewire.open(path="data") as index:
        for quote in index.ask("who is under sanctions?").quotes:
            print(quote.text, quote.article.title, quote.id)

Importing the package is cheap: what it exports is imported on first use. It prints nothing and logs to the loggers
`index` and `retrieval`, which are silent unless the program configures logging.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.build.builder import BuildResult as BuildResult
    from index.errors import QuotewireError as QuotewireError
    from index.types import Article as Article
    from index.types import Passage as Passage
    from index.types import Span as Span
    from quotewire.api import OpenIndex as OpenIndex
    from quotewire.api import build as build
    from quotewire.api import open as open
    from retrieval.quote_lookup import LocatedQuote as LocatedQuote
    from retrieval.types import Answer as Answer
    from retrieval.types import Hit as Hit
    from retrieval.types import Question as Question
    from retrieval.types import Quote as Quote

_EXPORTS = {
    "open": ("quotewire.api", "open"),
    "build": ("quotewire.api", "build"),
    "OpenIndex": ("quotewire.api", "OpenIndex"),
    "Answer": ("retrieval.types", "Answer"),
    "Quote": ("retrieval.types", "Quote"),
    "Question": ("retrieval.types", "Question"),
    "Hit": ("retrieval.types", "Hit"),
    "LocatedQuote": ("retrieval.quote_lookup", "LocatedQuote"),
    "Article": ("index.types", "Article"),
    "Passage": ("index.types", "Passage"),
    "Span": ("index.types", "Span"),
    "BuildResult": ("index.build.builder", "BuildResult"),
    "QuotewireError": ("index.errors", "QuotewireError"),
}
__all__ = [*_EXPORTS]


def __getattr__(name: str) -> Any:
    """Import an exported name on first use."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _EXPORTS[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
