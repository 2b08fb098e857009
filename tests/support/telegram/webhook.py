"""The webhook: updates are posted to it one by one, in order, each until it is taken."""

from __future__ import annotations

import re
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from tests.support.telegram.entities import Json
from tests.support.telegram.errors import bad
from tests.support.telegram.updates import KINDS, Updates
from tests.support.telegram.values import Values

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Webhook:
    """Where updates are posted to, while it is set."""

    retry_after = 0.05  # seconds; Telegram's grow, from one second on

    def __init__(self, updates: Updates) -> None:
        self.url = ""
        self.secret = ""
        self.posts = 0  # that were tried
        self._updates = updates
        self._connections = 40
        self._error: Json = {}
        self._thread: threading.Thread | None = None

    def set(self, values: Values) -> bool:
        """Set it, or delete it with an empty url; raises ApiError."""
        url, secret = values.text("url"), values.text("secret_token")
        connections = values.integer("max_connections", 40)
        if url and not re.fullmatch(r"https?://[^\s/?#]+(/\S*)?", url):  # Telegram itself takes https only
            raise bad("invalid webhook URL specified")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not re.fullmatch("[A-Za-z0-9_-]*", secret):
            raise bad("secret token contains unallowed characters")
        if not 1 <= connections <= 100:
            raise bad("max_connections must be from 1 to 100")
        with self._updates.news:
            self._updates.want(values)
            self.url, self.secret, self._connections, self._error = url, secret, connections, {}
            self._updates.webhook = bool(url)
            if values.flag("drop_pending_updates"):
                self._updates.clear()
            if url:
                self._updates.end_poll()
                if self._thread is None:
                    self._thread = threading.Thread(target=self._deliver, daemon=True)
                    self._thread.start()
            self._updates.tell()
        return True

    def delete(self, values: Values) -> bool:
        return self.set(Values({"drop_pending_updates": values.text("drop_pending_updates")}))

    def info(self) -> Json:
        with self._updates.news:
            shown: Json = {
                "url": self.url,
                "has_custom_certificate": False,
                "pending_update_count": len(self._updates),
                "allowed_updates": sorted(self._updates.kinds & KINDS),
            }
            return shown | ({"max_connections": self._connections} if self.url else {}) | self._error

    def post(self, body: bytes, secret: str | None = None, **headers: str) -> int:
        """Post to it as anyone could, with the secret that is given, if any; returns the status."""
        headers = {"Content-Type": "application/json", **headers, **({} if secret is None else {HEADER: secret})}
        request = urllib.request.Request(self.url, body, headers, method="POST")
        try:
            with _direct.open(request, timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def _deliver(self) -> None:
        while self._updates.open:
            with self._updates.news:
                first = self._updates.first() if self.url else None
                if first is None:
                    self._updates.news.wait(1)
                    continue
            problem = self._try(first[1])
            if problem is None:
                self._updates.delivered(first[0])
                continue
            with self._updates.news:
                self._error = {"last_error_date": int(time.time()), "last_error_message": problem}
                self._updates.news.wait(self.retry_after)

    def _try(self, body: bytes) -> str | None:
        self.posts += 1
        try:
            status: Any = self.post(body, self.secret or None)
        except (OSError, ValueError) as error:
            return f"Connection failed: {error}"
        return None if 200 <= status < 300 else f"Wrong response from the webhook: {status}"
