"""The Bot API server of the tests: the world, what goes wrong in it, and the HTTP in front of it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self

from tests.support.telegram.entities import Json
from tests.support.telegram.errors import ApiError
from tests.support.telegram.faults import Fault, Faults, Hang, Late, Lost
from tests.support.telegram.http import Server, serve
from tests.support.telegram.methods import METHODS
from tests.support.telegram.people import People
from tests.support.telegram.updates import Poll
from tests.support.telegram.values import Upload, Values, as_strings
from tests.support.telegram.world import Sent

_METHODS = {name.lower(): call for name, call in METHODS.items()}


@dataclass
class FakeTelegram(People):
    """Start it with `with`; people write with `say` and its like, and what the bot sends is read from `sent`."""

    calls: list[tuple[str, Json]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # of the calls, by the monotonic clock
    refused: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def offset(self) -> int:
        """All updates before it are confirmed."""
        return self.updates.offset

    @property
    def failures(self) -> dict[str, list[Fault]]:
        """What the next calls of a method come to; None: the connection is dropped."""
        return self.faults.failures

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, port: int = 0) -> FakeTelegram:
        self._server = serve(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        with self.updates.news:
            self.updates.open = False
            self.updates.tell()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def outage(self, seconds: float = float("inf")) -> None:
        """From now on every connection is dropped, those that wait too, for some seconds or until `restore`."""
        with self.updates.news:
            self.faults.outage(seconds)
            self.updates.tell()

    def restore(self) -> None:
        self.faults.restore()

    def to(self, chat: int) -> list[str]:
        """What a chat shows of the bot's messages."""
        return [sent.text for sent in self.sent_to(chat)]

    def sent_to(self, chat: int) -> list[Sent]:
        return [sent for sent in self.sent_in.get(chat, ()) if not sent.deleted]

    def wait(self, count: int, seconds: float = 10) -> list[Sent]:
        """What was sent, once it is that many messages."""
        return wait_for(lambda: self.sent[:] if len(self.sent) >= count else None, seconds) or self.sent

    def call(self, method: str, values: dict[str, Any], files: dict[str, Upload] | None = None) -> Any:
        """The result of a call, unless that is to go wrong; raises ApiError, and ConnectionError if no reply comes."""
        fault = self.begin(method, values)
        if isinstance(fault, Hang):
            time.sleep(fault.seconds)
            raise ConnectionAbortedError
        if method.lower() == "getupdates":
            result: Any = self._wait_for_updates(self.poll(values))
        else:
            result = self.perform(method, values, files)
        if isinstance(fault, Lost):
            raise ConnectionAbortedError
        if isinstance(fault, Late):
            time.sleep(fault.seconds)
        return result

    def begin(self, method: str, values: dict[str, Any]) -> Hang | Lost | Late | None:
        """Write a call down; raises what it fails with at once, and returns what is to go wrong later."""
        with self.updates.news:
            self.calls.append((method, as_strings(values)))
            self.times.append(time.monotonic())
            fails, fault = self.faults.next(method)
        if fails and fault is None:
            raise ConnectionAbortedError
        if isinstance(fault, ApiError):
            raise fault
        return fault

    def perform(self, method: str, values: dict[str, Any], files: dict[str, Upload] | None = None) -> Any:
        """What a method does, getUpdates apart; raises ApiError, and writes down what is refused for what it says."""
        known = _METHODS.get(method.lower())
        if known is None:
            raise ApiError("Not Found", 404)
        with self.updates.news:
            try:
                return known(self, Values(as_strings(values), files or {}))
            except ApiError as error:
                if error.code == 400:
                    self.refused.append(str(error))
                raise

    def poll(self, values: dict[str, Any]) -> Poll:
        return self.updates.begin(Values(as_strings(values)))

    def polled(self, poll: Poll) -> list[Any] | None:
        """What a getUpdates gets now, None as long as it waits."""
        if self.faults.out:
            raise ConnectionAbortedError
        return self.updates.ready(poll)

    def _wait_for_updates(self, poll: Poll) -> list[Any]:
        with self.updates.news:
            while (updates := self.polled(poll)) is None:
                self.updates.news.wait(max(0.0, poll.end - time.monotonic()))
            return updates


def wait_for(condition: Any, seconds: float = 10) -> Any:
    """What the condition gives once that is true; fails after some seconds."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    return value
