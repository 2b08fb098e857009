"""Build, and build again whenever files of the sources change: quotewire index --watch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.build.builder import BuildResult, build_index
from index.errors import ConfigError, InterruptedBuildError, QuotewireError
from index.settings import IndexSettings

log = logging.getLogger(__name__)

_RETRY_AFTER = 5.0  # seconds after a failed build
_DEBOUNCE = 1600  # milliseconds over which changes are collected at most, so that a copied folder is one change


def watch(
    settings: IndexSettings, rebuild: bool, strict: bool, draft: bool, show: Callable[[BuildResult], None]
) -> None:
    """Build now and after every change until Ctrl-C, and pass each result to `show`.

    A change that arrives while full-model embeddings are computed interrupts them: a draft with the change is
    published first. A build that fails is logged and retried after a pause or the next change; an error of the
    configuration is raised.
    """
    logged: str | None = None  # the last build's error, so that one that repeats is logged once
    log.info("watching the sources; Ctrl-C ends")
    while True:
        with _watching(settings) as changed:
            failure = None
            try:
                show(build_index(settings, rebuild, strict, draft, changed.is_set))
                rebuild = False
            except (ConfigError, InterruptedBuildError):
                raise
            except QuotewireError as error:
                failure = str(error)
                if failure != logged:
                    log.error("%s", failure)
            logged = failure
            try:
                # A failure can end without a change of a file: a lock is released, a folder is mounted again.
                changed.wait(_RETRY_AFTER if failure else None)
            except KeyboardInterrupt:
                return


@contextmanager
def _watching(settings: IndexSettings) -> Iterator[threading.Event]:
    """Yield an event that is set when a source changes, or when the sources can no longer be watched.

    Changes are seen from the moment of the yield on, so that a build inside the context misses none.
    """
    from watchfiles import watch as watch_files

    sources = [source.resolve() for source in settings.sources]
    # For a source that is a file, its folder is watched: many editors replace a file, which ends a watch on it.
    folders = {source if source.is_dir() else source.parent for source in sources}
    index = settings.path.resolve()
    changed, ended = threading.Event(), _End()

    def is_in_sources(_: object, name: str) -> bool:
        path = Path(name)
        return index not in (path, *path.parents) and any(source in (path, *path.parents) for source in sources)

    def listen() -> None:
        try:
            present = [folder for folder in folders if folder.is_dir()]
            if present:
                for _ in watch_files(*present, watch_filter=is_in_sources, debounce=_DEBOUNCE, stop_event=ended):
                    changed.set()
        except OSError:  # a folder has just been removed; the next build reports it
            changed.set()
        finally:
            ended.asked.set()

    thread = threading.Thread(target=listen, name="watch", daemon=True)
    thread.start()
    ended.asked.wait()
    try:
        yield changed
    finally:
        ended.set()
        thread.join()


class _End(threading.Event):
    """The event that ends the watching; `asked` is set once the watcher asks for it, that is, is at work."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    def is_set(self) -> bool:
        """Return whether the watching shall end."""
        self.asked.set()
        return super().is_set()
