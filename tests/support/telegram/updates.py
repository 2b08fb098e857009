"""The updates that wait for the bot, and getUpdates: offsets, kinds, and only one who asks."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.telegram.errors import ApiError, bad
from tests.support.telegram.values import Values

KINDS = {
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
    "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
    "purchased_paid_media", "managed_bot", "guest_message",
}  # fmt: skip
DEFAULT_KINDS = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "Conflict: terminated by setWebhook request"
NO_POLLING = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, eq=False)
class Poll:
    """A getUpdates that waits until `end` of the monotonic clock."""

    limit: int
    end: float


class Updates:
    """All under one lock, which is the server's; whoever waits for updates waits for `news`."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.listeners: set[Callable[[], None]] = set()  # called, under the lock, when there is news
        self.kinds = DEFAULT_KINDS
        self.offset = 0  # all updates before it are confirmed
        self.webhook = False  # whether one is set
        self.open = True
        self._waiting: deque[tuple[int, Any]] = deque()
        self._numbers = itertools.count(500_000)
        self._poll: Poll | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, update: Any) -> None:
        """An update, with the next update id if it has none; of a kind that the bot does not want it is dropped."""
        with self.news:
            number = next(self._numbers)
            if isinstance(update, dict):
                if (unwanted := KINDS & update.keys()) and not unwanted & self.kinds:
                    return
                update = {"update_id": number, **update}
                if type(update["update_id"]) is int:
                    number = update["update_id"]
            self._waiting.append((number, update))
            self.tell()

    def tell(self) -> None:
        """Wake all who wait."""
        self.news.notify_all()
        for listener in self.listeners:
            listener()

    def want(self, values: Values) -> None:
        """Keep which kinds the bot wants, until it says otherwise; an empty list is Telegram's choice."""
        kinds = values.decoded("allowed_updates", "allowed updates")
        if kinds is None:
            return
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            raise bad("expected an Array of String as allowed updates")
        if strange := sorted(set(kinds) - KINDS):  # which Telegram would pass over in silence
            raise bad(f"unknown kinds of updates: {', '.join(strange)}")
        self.kinds = set(kinds) or DEFAULT_KINDS

    def begin(self, values: Values) -> Poll:
        """A new getUpdates, which ends the one that waits."""
        with self.news:
            if self.webhook:
                raise ApiError(NO_POLLING, 409)
            self.want(values)
            limit, timeout = values.integer("limit", 100), values.integer("timeout")
            self._poll = Poll(min(max(limit, 1), 100), time.monotonic() + min(max(timeout, 0), 50))
            self.confirm(values.integer("offset"))
            self.tell()
            return self._poll

    def ready(self, poll: Poll) -> list[Any] | None:
        """What a getUpdates gets now, None as long as it waits; raises ApiError if it is ended."""
        with self.news:
            if poll is not self._poll:
                raise ApiError(BY_WEBHOOK if self.webhook else CONFLICT, 409)
            if self._waiting or not self.open or time.monotonic() >= poll.end:
                return [update for _, update in itertools.islice(self._waiting, poll.limit)]
            return None

    def end_poll(self) -> None:
        """A webhook ends the getUpdates that waits."""
        self._poll = None
        self.tell()

    def confirm(self, offset: int) -> None:
        """Forget what comes before an offset; a negative one keeps only that many, the latest."""
        if offset < 0:
            offset = self._waiting[max(0, len(self._waiting) + offset)][0] if self._waiting else 0
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        self.offset = max(self.offset, offset)

    def first(self) -> tuple[int, bytes] | None:
        """The number and the JSON of the oldest update, for a webhook."""
        with self.news:
            return (self._waiting[0][0], json.dumps(self._waiting[0][1]).encode()) if self._waiting else None

    def delivered(self, number: int) -> None:
        """The oldest update has come to the webhook."""
        with self.news:
            if self._waiting and self._waiting[0][0] == number:
                self._waiting.popleft()

    def clear(self) -> None:
        self._waiting.clear()
