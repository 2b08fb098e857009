"""python-telegram-bot's requests answered by a FakeTelegram in the same process, without a socket."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from tests.support.telegram.errors import ApiError
from tests.support.telegram.faults import Hang, Late, Lost
from tests.support.telegram.http import download, refusal
from tests.support.telegram.server import FakeTelegram
from tests.support.telegram.values import Upload
from tests.support.telegram.world import TOKEN


class InProcessRequest(BaseRequest):
    """Give one each to `request` and `get_updates_request` of an ApplicationBuilder; the server need not be started."""

    def __init__(self, fake: FakeTelegram, read_timeout: float | None = 5.0) -> None:
        self._fake = fake
        self._timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        return self._timeout

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """What HTTPXRequest does: a status and a body, or NetworkError or TimedOut."""
        patience = self._timeout if isinstance(read_timeout, DefaultValue) else read_timeout
        parts = urlsplit(url)
        before, _, name = unquote(parts.path).partition(f"/bot{TOKEN}/")
        try:
            if not name:
                raise ApiError("Unauthorized", 401)
            if before.endswith("/file"):
                return 200, download(self._fake, name)
            values = dict(parse_qsl(parts.query, keep_blank_values=True))
            values |= request_data.json_parameters if request_data else {}
            result = await asyncio.wait_for(self._call(name, values, _files(request_data)), patience)
        except ApiError as error:
            return error.code, refusal(error)
        except TimeoutError as error:
            raise TimedOut from error
        except ConnectionError as error:
            raise NetworkError(f"in process: {error!r}") from error
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _call(self, name: str, values: dict[str, str], files: dict[str, Upload]) -> Any:
        fault = self._fake.begin(name, values)
        if isinstance(fault, Hang):
            await asyncio.sleep(fault.seconds)
            raise ConnectionAbortedError
        await asyncio.sleep(0)
        if name.lower() == "getupdates":
            result: Any = await self._updates(values)
        else:
            result = self._fake.perform(name, values, files)
        if isinstance(fault, Lost):
            raise ConnectionAbortedError
        if isinstance(fault, Late):
            await asyncio.sleep(fault.seconds)
        return result

    async def _updates(self, values: dict[str, str]) -> list[Any]:
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def listener() -> None:
            loop.call_soon_threadsafe(news.set)

        with self._fake.updates.news:
            self._fake.updates.listeners.add(listener)
        try:
            poll = self._fake.poll(values)
            while (updates := self._fake.polled(poll)) is None:
                try:
                    await asyncio.wait_for(news.wait(), max(0.001, poll.end - time.monotonic()))
                except TimeoutError:
                    continue
                news.clear()
            return updates
        finally:
            with self._fake.updates.news:
                self._fake.updates.listeners.remove(listener)


def _files(request_data: RequestData | None) -> dict[str, Upload]:
    if request_data is None:
        return {}
    return {name: _upload(*field) for name, field in request_data.multipart_data.items()}


def _upload(name: str, data: Any, *_: str) -> Upload:
    return Upload(name, data if isinstance(data, bytes) else data.read())
