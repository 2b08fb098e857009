"""The public functions: build an index, open it, and ask it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from index.build.builder import BuildResult, build_index
from index.errors import UnknownQuoteError
from index.progress import silent_progress
from index.settings import IndexSettings
from retrieval.answerer import Answerer
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.settings import RetrievalSettings
from retrieval.types import Answer, Question


class OpenIndex:
    """An index with its models loaded: ask it, and close it when done. Make one with `quotewire.open`.

    It answers from the index as it was when it was opened, until `refresh` moves it to a newer build. It may be used
    from several threads: a lock lets one call run at a time, since a call uses all processor cores anyway. Each method
    raises ValueError once the index is closed.
    """

    def __init__(self, answerer: Answerer) -> None:
        """Wrap an answerer; `quotewire.open` does this."""
        self._answerer: Answerer | None = answerer
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def ask(
        self,
        question: str,
        *,
        asked: datetime | None = None,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        earlier: str | None = None,
        limit: int | None = None,
    ) -> Answer:
        """Answer a question with quotes, or with none if no article answers it.

        `asked` is the time that words such as "yesterday" refer to (default: now; without a time zone it is taken as
        UTC). `since` and `until` are days, both included, and `source` is the name of an outlet: only articles that
        match are searched. `earlier` is the `subject` of the previous answer, if the question may follow it up.
        `limit` is the number of quotes (default: [retrieval] quotes).

        The quotes are in `Answer.quotes`, best first. Where there are none, `Answer.closest` has the nearest passages,
        and `Answer.status` says whether one of them perhaps answers.
        """
        asked = asked or datetime.now(UTC)
        asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
        with self._lock:
            return self._opened().answer(Question(question, asked, since, until, source, earlier), limit)

    def latest(
        self,
        *,
        since: date | None = None,
        source: str | None = None,
        limit: int | None = None,
        seen: Collection[str] = (),
    ) -> Answer:
        """Return the first sentences of the newest articles, one quote for each story.

        `seen` holds the ids of quotes to leave out, so that the next ones follow.
        """
        with self._lock:
            return self._opened().latest(datetime.now(UTC), since, source, limit, seen)

    def show(self, quote_id: str) -> LocatedQuote:
        """Find a quote by its permanent id (`Quote.id`), with the text around it.

        Raises UnknownQuoteError for an invalid id, and for a quote whose article is not in the index.
        """
        try:
            id = QuoteId.parse(quote_id)
        except ValueError as error:
            raise UnknownQuoteError(str(error)) from None
        with self._lock:
            located = self._opened().look_up(id)
        if located is None:
            raise UnknownQuoteError(f"no article in the index has the quote {id}")
        return located

    def sources(self) -> tuple[tuple[str, int], ...]:
        """Return the outlets and how many articles each has, most articles first."""
        with self._lock:
            return self._opened().summary().outlets

    def refresh(self) -> bool:
        """Move to the newest build, and return whether there was a newer one; raises as `quotewire.open` does."""
        with self._lock:
            return self._opened().refresh()

    def close(self) -> None:
        """Release the index and its models; closing twice does nothing."""
        with self._lock:
            self._answerer = None

    def _opened(self) -> Answerer:
        if self._answerer is None:
            raise ValueError("the index is closed; open it again with quotewire.open()")
        return self._answerer


def open(config: str | Path | None = None, *, path: str | Path | None = None) -> OpenIndex:
    """Open an index for questions, and load its models, which takes one to two seconds.

    `config` is a configuration file; by default QUOTEWIRE_CONFIG or ./config.toml is used, as by the commands. `path`
    is the folder that the index was built in (default: [index] path).

    Raises QuotewireError: NoIndexError if nothing has been built there, DamagedIndexError, WrongModelError if it was
    built with another model, ModelError and ConfigError.
    """
    file = Path(config) if config is not None else None
    return OpenIndex(Answerer.open(_settings(file, path=path), RetrievalSettings.load(file)))


def build(
    sources: str | Path | Iterable[str | Path],
    path: str | Path | None = None,
    *,
    config: str | Path | None = None,
    rebuild: bool = False,
    strict: bool = False,
) -> BuildResult:
    """Build or update the index of files and folders, and return what was built.

    `path` is the folder of the index (default: [index] path); other settings come from `config`, as for `open`. Only
    what has changed since the last build is read and embedded, unless `rebuild` is true. What had to be left out is in
    `BuildResult.problems`; with `strict` it raises SourceError instead.

    Raises QuotewireError: SourceError, ModelError, StorageError, LockedError while another process builds there, and
    ConfigError. The previous index stays in place then.
    """
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    file = Path(config) if config is not None else None
    with silent_progress():
        return build_index(_settings(file, path=path, sources=paths), rebuild, strict)


def _settings(
    config: Path | None, path: str | Path | None = None, sources: Iterable[str | Path] | None = None
) -> IndexSettings:
    """Read the [index] section, with the given values in place of the configured ones."""
    given = {
        **({} if path is None else {"path": Path(path)}),
        **({} if sources is None else {"sources": [Path(source) for source in sources]}),
    }
    return IndexSettings.load(config).model_copy(update=given)
