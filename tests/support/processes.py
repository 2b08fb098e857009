"""Bots in processes of their own, which tests signal, kill and start again; and the place that forks them.

They are forked from a process that has imported what they need, so that a start takes a tenth of a second.
"""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.echo_bot import ANSWER_WITHIN

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "pytest",
        "index.build.builder",
        "index.parsers.plain_text",
        "numpy.ma",
        "retrieval.answerer",
        "tests.support.fake_models",
        "tests.support.echo_bot",
        "bot.app",
    ]
)


@dataclass
class Child:
    """A bot in a process of its own."""

    process: Any
    stderr: Path

    def stop(self, number: int) -> tuple[int, str]:
        """Send a signal; returns the exit code, negative for a signal, and all that it logged."""
        os.kill(self.process.pid, number)
        return self.end()

    def end(self, seconds: float = 30) -> tuple[int, str]:
        """The same, once it ends by itself."""
        self.process.join(seconds)
        assert self.has_ended, "it should have ended"
        return int(self.process.exitcode), self.stderr.read_text()

    def kill(self) -> None:
        """As the system does it: at once, in the midst of whatever it is at."""
        self.process.kill()
        self.process.join()

    @property
    def has_ended(self) -> bool:
        return self.process.exitcode is not None

    def megabytes(self, of: str = "VmRSS") -> float:
        """What it holds in memory; of VmHWM: the most that it has held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"^{of}:\s+(\d+) kB$", status, re.M)
        assert found is not None
        return int(found[1]) / 1024


class Children:
    """Starts processes in a folder; when it is left, none is left behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[Child] = []

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.kill()

    def start(self, main: Callable[..., object], *arguments: object, **settings: object) -> Child:
        """Call a function in a new process, with settings of [bot]; by default its state is in state/."""
        settings = {"state": self._folder / "state", "answer_within": ANSWER_WITHIN, **settings}
        variables = {f"QUOTEWIRE_BOT_{name.upper()}": str(value) for name, value in settings.items()}
        variables["NO_PROXY"] = "127.0.0.1"
        stderr = self._folder / f"stderr{len(self._children)}"
        stderr.touch()
        process = CONTEXT.Process(target=_run, args=(main, arguments, variables, stderr))
        process.start()
        self._children.append(Child(process, stderr))
        return self._children[-1]


def _run(main: Callable[..., object], arguments: tuple[object, ...], variables: dict[str, str], stderr: Path) -> None:
    file = os.open(stderr, os.O_WRONLY)
    os.dup2(file, 2)
    os.close(file)
    os.environ.update(variables)
    main(*arguments)
