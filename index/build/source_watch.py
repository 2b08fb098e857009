"""quotewire index --watch: a build whenever files of the sources change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.build.builder import BuildResult, build_index
from index.console import say
from index.errors import ConfigError, InterruptedBuildError, QuotewireError
from index.settings import IndexSettings

_TRY_AGAIN = 5.0  # seconds after a build that failed
_DEBOUNCE = 1600  # milliseconds that files have to be quiet, at most; a copied folder is one change


def watch(
    settings: IndexSettings, rebuild: bool, strict: bool, draft: bool, show: Callable[[BuildResult], None]
) -> None:
    """Build, and build again after every change, until Ctrl-C; what each build came to is shown.

    A change that comes while fine vectors are computed goes first: the draft is published, then they go on. A build
    that fails is said, and the next change tries again.
    """
    said: str | None = None  # of the last build, so that what fails again and again is said once
    say("watching the sources; Ctrl-C ends")
    while True:
        with _watching(settings) as changed:
            failed = None
            try:
                show(build_index(settings, rebuild, strict, draft, changed.is_set))
                rebuild = False
            except (ConfigError, InterruptedBuildError):
                raise
            except QuotewireError as error:
                if str(error) != said:
                    say(f"error: {error}")
                failed = str(error)
            said = failed
            try:
                # A failure may end without a change of a file: a lock that is let go, a folder that is there again.
                changed.wait(_TRY_AGAIN if failed else None)
            except KeyboardInterrupt:
                return


@contextmanager
def _watching(settings: IndexSettings) -> Iterator[threading.Event]:
    """An event that is set when something in the sources changes, or when they can be watched no more."""
    from watchfiles import watch as watch_files

    sources = [source.resolve() for source in settings.sources]
    # Of a file its folder is watched: many editors replace the file, and a watch on it would go with the old one.
    folders = {source if source.is_dir() else source.parent for source in sources}
    index = settings.path.resolve()
    changed, ended = threading.Event(), threading.Event()

    def ours(_: object, name: str) -> bool:
        path = Path(name)
        return index not in (path, *path.parents) and any(source in (path, *path.parents) for source in sources)

    def listen() -> None:
        there = [folder for folder in folders if folder.is_dir()]
        try:
            for _ in watch_files(*there, watch_filter=ours, debounce=_DEBOUNCE, stop_event=ended) if there else ():
                changed.set()
        except OSError:  # a folder went away just now: the build says so
            changed.set()

    thread = threading.Thread(target=listen, name="watch", daemon=True)
    thread.start()
    try:
        yield changed
    finally:
        ended.set()
        thread.join()
