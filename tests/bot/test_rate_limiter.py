"""The rate limiter under python-telegram-bot's own bot, in virtual time."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar, cast

import httpx
import pytest
from structlog.testing import capture_logs
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.rate_limiter import RateLimiter
from tests.support.telegram import TOKEN
from tests.support.virtual_time import now, run

T = TypeVar("T")
Bot: TypeAlias = "ExtBot[None]"
Failure: TypeAlias = "tuple[int, dict[str, Any]] | TelegramError"


class Telegram(BaseRequest):
    """Records each call with its time, method, chat and text, and raises the failures set for it."""

    def __init__(self) -> None:
        self.came: list[tuple[float, str, str, str]] = []
        self.arrived: list[tuple[float, str, str]] = []  # accepted calls: time, chat, text
        self.failures: dict[str, list[Failure]] = {}  # by chat or method
        self.down_until = 0.0
        self.every_third_fails = False
        self.takes = 0.0

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        assert request_data is not None
        name, values = url.rsplit("/", 1)[1], request_data.json_parameters
        chat, text = values.get("chat_id", ""), values.get("text", "")
        moment = now()
        self.came.append((moment, name, chat, text))
        is_third = len(self.came) % 3 == 0
        await asyncio.sleep(self.takes)
        if moment < self.down_until:
            raise NetworkError("httpx.ConnectError: All connection attempts failed") from httpx.ConnectError("no")
        if self.every_third_fails and is_third:
            return 500, b'{"ok": false, "error_code": 500, "description": "Internal Server Error"}'
        if failures := self.failures.get(chat or name):
            failure = failures.pop(0)
            if isinstance(failure, TelegramError):
                raise failure
            return failure[0], json.dumps({"ok": False, **failure[1]}).encode()
        self.arrived.append((moment, chat, text))
        is_message = name in ("sendMessage", "editMessageText", "forwardMessage", "copyMessage")
        message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": text}
        return 200, json.dumps({"ok": True, "result": message if is_message else True}).encode()

    def times(self, chat: int) -> list[float]:
        """When calls came for a chat."""
        return [moment for moment, _, of, _ in self.came if of == str(chat)]


def flood(seconds: int) -> Failure:
    return 429, {"description": f"Too Many Requests: retry after {seconds}", "parameters": {"retry_after": seconds}}


@pytest.fixture(autouse=True)
def telegram(monkeypatch: pytest.MonkeyPatch) -> Telegram:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    return Telegram()


def patient(*limits: Any, **more: Any) -> RateLimiter:
    """Return a rate limiter that waits for up to an hour itself, so that all waits can be observed."""
    return RateLimiter(*limits, **{"longest_wait": 3600, **more})


def with_bot(
    telegram: Telegram, use: Callable[[Bot], Awaitable[T]], limiter: Callable[[], RateLimiter] = lambda: patient(25)
) -> T:
    async def main() -> T:
        bot: Any = ExtBot(TOKEN, request=telegram, get_updates_request=telegram, rate_limiter=limiter())
        return await use(bot)

    return run(main())


def send(telegram: Telegram, *messages: tuple[int, str], per_second: int = 25) -> None:
    """Send all messages at the same time."""

    async def use(bot: Bot) -> None:
        await asyncio.gather(*(bot.send_message(chat, text) for chat, text in messages))

    with_bot(telegram, use, lambda: patient(per_second))


def most_in(times: list[float], seconds: float) -> int:
    """Return the largest number of times within any period of so many seconds."""
    return max(sum(start <= moment < start + seconds for moment in times) for start in times)


def test_a_private_chat_gets_three_at_once_and_then_one_a_second(telegram: Telegram) -> None:
    send(telegram, *((7, str(number)) for number in range(9)))
    assert telegram.times(7) == [0, 0, 0, 3, 3, 3, 6, 6, 6]
    assert [text for _, _, text in telegram.arrived] == [str(number) for number in range(9)]


@pytest.mark.parametrize("group", [-7, -1001234567890])
def test_a_group_gets_20_in_any_minute(telegram: Telegram, group: int) -> None:
    send(telegram, *((group, str(number)) for number in range(45)))
    assert Counter(telegram.times(group)) == {0: 20, 60: 20, 120: 5}
    assert [text for _, _, text in telegram.arrived] == [str(number) for number in range(45)]


def test_a_chat_in_name_is_a_group(telegram: Telegram) -> None:
    async def use(bot: Bot) -> None:
        for number in range(21):
            await bot.send_chat_action("@channel", "typing")
            await bot.pin_chat_message("@channel", number)  # is not a message
            await bot.edit_message_reply_markup("@channel", number)

    with_bot(telegram, use)
    edited = [moment for moment, name, _, _ in telegram.came if name == "editMessageReplyMarkup"]
    assert Counter(edited) == {0: 20, 60: 1}


def test_a_message_counts_from_the_end_of_its_call(telegram: Telegram) -> None:
    telegram.takes = 0.5
    send(telegram, *((7, str(number)) for number in range(4)))
    assert telegram.times(7) == [0, 0.5, 1, 3.5]  # three seconds after the end of the first call


@pytest.mark.parametrize(
    ("takes", "times"), [(0.1, [0, 0.1, 0.2, 0.3]), (1.5, [0, 0.25, 0.5, 0.75]), (4, [0, 0.25, 0.5, 0.75])]
)
def test_new_messages_are_sent_one_at_a_time_unless_one_takes_long(
    telegram: Telegram, takes: float, times: list[float]
) -> None:
    telegram.takes = takes
    send(telegram, *((chat, "x") for chat in range(1, 5)))
    assert [moment for moment, *_ in telegram.came] == pytest.approx(times)


def test_edits_wait_for_a_new_message_and_nothing_waits_for_edits(telegram: Telegram) -> None:
    telegram.takes = 0.1

    async def use(bot: Bot) -> None:
        edits = [bot.edit_message_text("changed", chat, 1) for chat in (2, 3)]
        await asyncio.gather(bot.send_message(1, "x"), *edits, bot.copy_message(4, 8, 1), bot.send_message(5, "x"))

    with_bot(telegram, use)
    assert [(chat, moment) for moment, _, chat, _ in telegram.came] == [
        ("1", 0),
        ("2", pytest.approx(0.1)),
        ("3", pytest.approx(0.1)),
        ("4", pytest.approx(0.1)),
        ("5", pytest.approx(0.2)),
    ]


def test_edits_count_as_messages(telegram: Telegram) -> None:
    async def use(bot: Bot) -> None:
        for number in range(2):
            await bot.send_message(7, str(number))
            await bot.edit_message_text("changed", 7, number)

    with_bot(telegram, use)
    assert telegram.times(7) == [0, 0, 0, 3]


def test_copies_and_forwarded_messages_count_too(telegram: Telegram) -> None:
    async def use(bot: Bot) -> None:
        for _ in range(2):
            await bot.forward_message(7, 8, 1)
            await bot.copy_message(7, 8, 1)

    with_bot(telegram, use)
    assert telegram.times(7) == [0, 0, 0, 3]


def test_each_inline_message_has_its_own_limit(telegram: Telegram) -> None:
    async def use(bot: Bot) -> None:
        for number in range(4):
            for inline in ("one", "two"):
                await bot.edit_message_text(f"{inline} {number}", inline_message_id=inline)

    with_bot(telegram, use)
    assert [moment for moment, *_ in telegram.came] == [0] * 6 + [3, 3]


def test_the_overall_limit(telegram: Telegram) -> None:
    send(telegram, *((chat, "x") for chat in range(1, 11)), per_second=4)
    assert [moment for moment, *_ in telegram.came] == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert [int(chat) for _, chat, _ in telegram.arrived] == list(range(1, 11))  # first come, first served


def test_a_waiting_chat_does_not_delay_others(telegram: Telegram) -> None:
    send(telegram, *((1, str(number)) for number in range(7)), (2, "x"), per_second=4)
    assert telegram.times(1) == [0, 0, 0, 3, 3, 3, 6]
    assert telegram.times(2) == [0]


def test_a_flooded_chat_waits_alone_and_in_order(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(30), flood(5)]
    send(telegram, (1, "a"), (2, "x"), (1, "b"), (2, "y"))
    assert telegram.times(1) == [0, 30, 35, 35]
    assert [text for _, chat, text in telegram.arrived if chat == "1"] == ["a", "b"]
    assert telegram.times(2) == [0, 0]


def test_nothing_is_sent_to_a_flooded_chat(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(30)]

    async def use(bot: Bot) -> None:
        sending = asyncio.create_task(bot.send_message(1, "a"))
        await asyncio.sleep(1)
        assert await bot.send_chat_action(1, "typing") is False
        await asyncio.gather(sending, bot.delete_message(1, 5), bot.answer_callback_query("5"))

    with_bot(telegram, use)
    assert [(moment, name) for moment, name, _, _ in telegram.came] == [
        (0, "sendMessage"),
        (1, "answerCallbackQuery"),
        (30, "sendMessage"),
        (30, "deleteMessage"),
    ]


def test_a_flood_wait_holds_back_a_queued_message(telegram: Telegram) -> None:
    telegram.failures["2"] = [flood(10)]

    async def use(bot: Bot) -> None:
        sent = [asyncio.create_task(bot.send_message(chat, "x")) for chat in (1, 2)]
        await bot.delete_message(2, 5)
        await asyncio.gather(*sent)

    with_bot(telegram, use, lambda: patient(1))
    assert telegram.times(1) == [0]
    assert telegram.times(2) == [0, 10, 10]


def test_the_longer_of_two_flood_waits_counts(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(30), flood(5)]
    with_bot(telegram, lambda bot: asyncio.gather(bot.delete_message(1, 5), bot.delete_message(1, 6)))
    assert telegram.times(1) == [0, 0, 30, 30]


def test_the_limit_of_a_chat_survives_other_chats(telegram: Telegram) -> None:
    telegram.failures["2"] = [flood(10)]

    async def use(bot: Bot) -> None:
        await bot.send_chat_action(2, "typing")
        for text in ("a", "b", "c"):
            await bot.send_message(1, text)
        for chat in range(3, 20):
            await bot.send_message(chat, "x")
        await asyncio.gather(bot.send_message(1, "d"), bot.send_message(2, "a"))

    with_bot(telegram, use)
    assert telegram.times(1) == [0, 0, 0, 3]
    assert telegram.times(2) == [0, 10]


def test_without_a_chat_a_flood_wait_applies_to_the_method(telegram: Telegram) -> None:
    telegram.failures["setMyCommands"] = [flood(600)]

    async def use(bot: Bot) -> None:
        await asyncio.gather(bot.set_my_commands([]), bot.answer_inline_query("5", []), bot.send_message(1, "a"))

    with_bot(telegram, use)
    assert [(moment, name) for moment, name, _, _ in telegram.came] == [
        (0, "setMyCommands"),
        (0, "answerInlineQuery"),
        (0, "sendMessage"),
        (600, "setMyCommands"),
    ]


def test_the_eleventh_flood_is_raised(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(2)] * 11
    with pytest.raises(RetryAfter):
        send(telegram, (1, "a"))
    assert telegram.times(1) == [2 * number for number in range(10)] + [20]
    send(telegram, (1, "b"))
    assert len(telegram.arrived) == 1


def test_a_flood_wait_of_more_than_an_hour_is_raised_and_respected(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(4000)]
    reasons: list[str] = []

    async def use(bot: Bot) -> None:
        for _ in range(2):
            with pytest.raises(RetryAfter):
                await bot.send_message(1, "a")
        await asyncio.sleep(500)
        await bot.send_message(1, "b")

    with_bot(telegram, use, lambda: patient(25, reasons.append))
    assert telegram.times(1) == [0, 4000]
    assert reasons == []


def test_a_call_that_would_wait_too_long_raises_at_once(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(16)]
    waits: list[float] = []

    async def use(bot: Bot) -> None:
        for _ in range(2):
            try:
                await bot.send_message(1, "a")
            except RetryAfter as error:
                waits.append(cast(timedelta, error.retry_after).total_seconds())
            await asyncio.sleep(4)  # 12 seconds are left then, and 8 after the next time
        await bot.send_message(1, "a")
        for number in range(21):
            try:
                await bot.send_message(-7, str(number))
            except RetryAfter as error:
                waits.append(cast(timedelta, error.retry_after).total_seconds())

    with_bot(telegram, use, lambda: RateLimiter(25))
    assert telegram.times(1) == [0, 16, 20]
    assert len(telegram.times(-7)) == 20
    assert waits == [16, pytest.approx(60, abs=1)]


def test_messages_are_counted_once_sent(telegram: Telegram) -> None:
    telegram.failures["1"] = [flood(2)]
    sent: list[float] = []

    async def use(bot: Bot) -> None:
        await bot.send_message(1, "a")
        await bot.edit_message_text("b", 1, 1)
        await bot.send_chat_action(1, "typing")
        await bot.answer_callback_query("1")

    with_bot(telegram, use, lambda: patient(25, on_sent=lambda: sent.append(now())))
    assert sent == [2, 2]


def test_an_outage_of_30_seconds_is_survived_in_order(telegram: Telegram) -> None:
    telegram.down_until = 30
    send(telegram, *((chat, text) for text in "ab" for chat in (1, 2, 3)))
    assert [text for text, _ in Counter(text for _, _, text in telegram.arrived).items()] == ["a", "b"]
    assert len(telegram.arrived) == 6
    assert telegram.times(1) == [0, 1, 3, 7, 15, 30, 30]


def test_an_outage_of_five_minutes_is_survived_and_a_longer_one_is_raised(telegram: Telegram) -> None:
    telegram.down_until = 300
    send(telegram, (1, "a"))
    assert telegram.times(1)[-2:] == [285, 300]
    telegram.down_until = 301
    with pytest.raises(NetworkError, match="All connection attempts failed"):
        send(telegram, (1, "a"))
    assert len(telegram.arrived) == 1


def test_every_third_call_fails_and_all_arrive_once_in_order(telegram: Telegram) -> None:
    telegram.every_third_fails = True
    send(telegram, *((chat, str(number)) for number in range(20) for chat in (1, 2, 3, 4, 5)))
    for chat in "12345":
        assert [text for _, of, text in telegram.arrived if of == chat] == [str(number) for number in range(20)]
    assert len(telegram.came) == 149  # 100 that arrive, and each third call, which fails


def test_limits_hold_under_floods_and_failures(telegram: Telegram) -> None:
    telegram.every_third_fails = True
    telegram.failures = {str(chat): [flood(chat % 7 + 1)] * (chat % 4) for chat in range(1, 101)}
    send(telegram, *((chat, str(number)) for number in range(5) for chat in range(1, 101)))
    assert len(telegram.arrived) == 500
    assert most_in([moment for moment, *_ in telegram.came], 1.0) == 25
    assert max(most_in(telegram.times(chat), 3.0) for chat in range(1, 101)) == 3


@pytest.mark.parametrize(
    "error", [TimedOut(), NetworkError("Bad Gateway"), (502, {}), (500, {"description": "Internal Server Error"})]
)
def test_network_errors_are_retried(telegram: Telegram, error: Failure) -> None:
    telegram.failures["1"] = [error]
    send(telegram, (1, "a"))
    assert telegram.times(1) == [0, 1]


def test_a_bot_that_is_shut_down_does_not_wait(telegram: Telegram) -> None:
    closed = NetworkError("Unknown error in HTTP implementation: RuntimeError('This HTTPXRequest is not initialized!')")
    closed.__cause__ = RuntimeError("This HTTPXRequest is not initialized!")
    telegram.failures["1"] = [closed]
    with pytest.raises(NetworkError, match="not initialized"):
        send(telegram, (1, "a"))
    assert telegram.times(1) == [0]


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ((400, {"description": "Bad Request: chat not found"}), BadRequest),
        ((403, {"description": "Forbidden: bot was blocked by the user"}), Forbidden),
        ((401, {"description": "Unauthorized"}), InvalidToken),
        ((409, {"description": "Conflict"}), Conflict),
    ],
)
def test_permanent_errors_are_raised_at_once(telegram: Telegram, failure: Failure, error: type[TelegramError]) -> None:
    telegram.failures["1"] = [failure]
    with pytest.raises(error):
        send(telegram, (1, "a"))
    assert telegram.times(1) == [0]


def test_a_retried_edit_that_had_arrived_is_no_error(telegram: Telegram) -> None:
    same = (400, {"description": "Bad Request: message is not modified: specified new message content is the same"})
    telegram.failures["1"] = [TimedOut(), same, same]

    async def use(bot: Bot) -> None:
        assert await bot.edit_message_text("new", 1, 5) is True
        with pytest.raises(BadRequest):
            await bot.edit_message_text("new", 1, 5)

    with_bot(telegram, use)


def migrated(to: int) -> Failure:
    return 400, {"description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": to}}


def test_a_migrated_group_is_followed_once(telegram: Telegram) -> None:
    telegram.failures = {"-1": [migrated(-1002)], "-1002": [flood(5)]}
    send(telegram, (-1, "a"))
    assert [(moment, chat) for moment, _, chat, _ in telegram.came] == [(0, "-1"), (0, "-1002"), (5, "-1002")]
    telegram.failures = {"-1": [migrated(-1002)], "-1002": [migrated(-1)]}
    with pytest.raises(ChatMigrated):
        send(telegram, (-1, "a"))


def test_a_late_typing_action_is_dropped(telegram: Telegram) -> None:
    telegram.takes = 0.5

    async def use(bot: Bot) -> None:
        assert await bot.send_chat_action(1, "typing") is True
        sending = asyncio.create_task(bot.send_message(1, "a"))
        await asyncio.sleep(0)
        assert await bot.send_chat_action(1, "typing") is False  # the message is being sent
        assert await bot.send_chat_action(2, "typing") is True
        await sending
        assert await bot.send_chat_action(1, "typing") is True
        await bot.send_message(1, "b")
        await bot.send_message(1, "c")
        assert await bot.send_chat_action(1, "typing") is False  # a message would have to wait

    with_bot(telegram, use)


def test_a_typing_action_is_dropped_while_the_whole_bot_waits(telegram: Telegram) -> None:
    async def use(bot: Bot) -> None:
        await bot.send_message(1, "a")
        assert await bot.send_chat_action(2, "typing") is False
        await asyncio.sleep(1)
        assert await bot.send_chat_action(2, "typing") is True

    with_bot(telegram, use, lambda: patient(1))


def test_a_failed_typing_action_is_dropped_and_its_flood_wait_respected(telegram: Telegram) -> None:
    telegram.failures["1"] = [TimedOut(), flood(9)]

    async def use(bot: Bot) -> None:
        assert await bot.send_chat_action(1, "typing") is False
        assert await bot.send_chat_action(1, "typing") is False
        await bot.send_message(1, "a")
        telegram.failures["1"] = [(403, {}), (400, {})]
        for error in (Forbidden, BadRequest):
            with pytest.raises(error):
                await bot.send_chat_action(1, "typing")

    with_bot(telegram, use)
    assert telegram.times(1) == [0, 0, 9, 9, 9]


@pytest.mark.parametrize("after", [0.0, 0.2, 1.0, 40.0])
def test_a_cancelled_call_does_not_block_others(telegram: Telegram, after: float) -> None:
    """Cancel it in transit, in and behind a flood wait, between retries, and while waiting for the overall limit."""
    telegram.takes = 0.1
    telegram.failures = {"1": [flood(30)], "2": [TimedOut()] * 7}

    async def use(bot: Bot) -> None:
        waiting = [asyncio.create_task(bot.send_message(chat, "x")) for chat in (1, 1, 2, 2, 3, 3, 4, 4)]
        await asyncio.sleep(after)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        telegram.failures.pop("2")
        await asyncio.gather(*(bot.send_message(chat, "after") for chat in (1, 2, 3, 4)))

    with_bot(telegram, use, lambda: patient(2))
    assert {chat for _, chat, text in telegram.arrived if text == "after"} == {"1", "2", "3", "4"}
    assert all(moment >= 30 for moment in telegram.times(1)[1:]) or after == 0.0
    assert most_in([moment for moment, *_ in telegram.came], 1.0) == 2


def test_memory_of_10000_chats_is_released() -> None:
    came: Counter[int] = Counter()

    async def callback(chat: int) -> bool:
        came[chat] += 1
        if chat <= 5 and came[chat] == 1:
            raise RetryAfter(100)
        return True

    async def main() -> None:
        limiter = patient(1000)

        async def call(chat: int, method: str = "sendMessage") -> None:
            await limiter.process_request(callback, (chat,), {}, method, {"chat_id": chat}, None)

        flooded = [asyncio.create_task(call(chat)) for chat in range(1, 6)]
        for start in range(10, 10_010, 100):  # each expires after three seconds
            await asyncio.gather(*(call(chat) for chat in range(start, start + 100)))
            await asyncio.sleep(0.1)
            assert len(limiter._chats) <= 2 * 3 * 1000 + 5
        await asyncio.sleep(3)
        for _ in range(3000):
            await call(10, "sendChatAction")
        assert len(limiter._chats) == 6
        await asyncio.gather(*flooded)
        assert now() == 100

    run(main())
    assert came.total() == 10_000 + 3000 + 2 * 5


def test_retries_are_counted_and_logged_without_the_message(telegram: Telegram) -> None:
    reasons: list[str] = []
    telegram.failures["1"] = [flood(7), (502, {"description": "https://proxy/secret"})]
    telegram.down_until = 1
    with capture_logs() as lines:
        with_bot(telegram, lambda bot: bot.send_message(1, "a secret"), lambda: patient(25, reasons.append))
    assert reasons == ["network", "flood", "network"]
    about = {"event": "sent_again", "log_level": "warning", "method": "sendMessage"}
    assert lines == [
        {**about, "reason": "network", "wait": 1.0, "error": "ConnectError"},
        {**about, "reason": "flood", "wait": 7.0, "error": "RetryAfter"},
        {**about, "reason": "network", "wait": 2.0, "error": "NetworkError"},
    ]
