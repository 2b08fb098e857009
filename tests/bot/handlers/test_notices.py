"""Notices to people whose updates are not handled."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.handlers.notices import SentNotices
from bot.messages import texts_for
from bot.updates.chat_queues import UnparsableError, UnreachableError
from bot.updates.inbox import Inbox
from bot.updates.raw_updates import without_text
from tests.support.telegram import NAME, ApiError
from tests.support.whole_bot import WholeBot, whole_bot

EN, RU = texts_for("en", "en"), texts_for("ru", "en")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(tmp_path) as talk:
        yield talk


class Owner:
    def __init__(self) -> None:
        self.told: list[tuple[str, Exception | None]] = []

    async def report(self, id: str, error: Exception | None) -> None:
        self.told.append((id, error))


def update(talk: WholeBot) -> dict[str, Any]:
    """Return the next update and confirm it."""
    [raw] = talk.telegram.call("getUpdates", {"timeout": 0})
    talk.telegram.call("getUpdates", {"timeout": 0, "offset": raw["update_id"] + 1})
    read: dict[str, Any] = raw
    return read


def kept(talk: WholeBot) -> dict[str, Any]:
    """Return the next update as the inbox keeps it beyond the backlog."""
    inbox = Inbox(talk._connection, 0, expects_reply=talk._bot._asks)
    [number] = inbox.add([update(talk)])
    entry = inbox.get(number)
    assert entry
    inbox.done(number)
    return entry.raw


def tell(talk: WholeBot, work: Coroutine[Any, Any, None]) -> list[tuple[int, str, int | None, int | None]]:
    """Return the chat, text, replied message and topic of each message that was sent."""
    before = len(talk.telegram.sent)
    talk._runner.run(work)
    return [(sent.chat, sent.text, sent.reply_to, sent.thread) for sent in talk.telegram.sent[before:]]


def notices(talk: WholeBot, owner: Owner | None = None) -> SentNotices:
    bot = talk._bot
    return SentNotices(
        *(bot._registry.localizer, talk.metrics, bot._application.bot),
        *(bot._registry.access.may_use, (owner or Owner()).report),
    )


def test_each_line_is_a_reply_in_the_persons_language(talk: WholeBot) -> None:
    number, error, owner = talk.telegram.say("who?", language="ru"), ValueError("a bug"), Owner()
    raw, said = update(talk), notices(talk, owner)
    assert tell(talk, said.tell_busy(without_text(raw))) == [(7, RU("busy"), number, None)]
    assert tell(talk, said.tell_too_late(raw)) == [(7, RU("too-late"), number, None)]
    assert tell(talk, said.tell_failed(raw, "ab12", error)) == [(7, RU("error", id="ab12"), number, None)]
    assert owner.told == [("ab12", error)]


def test_notices_about_edits_and_presses_stay_in_their_topic(talk: WholeBot) -> None:
    topic = talk.telegram.topic(-5)
    [sent] = talk.say("/ask 5 quotes", -5, "supergroup", thread=topic)
    talk.telegram.press(sent, "2")
    assert tell(talk, notices(talk).tell_busy(kept(talk))) == [(-5, EN("busy"), sent.number, topic)]
    assert sent.reply_to
    talk.telegram.edit(sent.reply_to, "/ask 6 quotes")
    assert tell(talk, notices(talk).tell_busy(kept(talk))) == [(-5, EN("busy"), sent.reply_to, topic)]


def test_updates_that_ask_nothing_get_no_notice(talk: WholeBot) -> None:
    talk.telegram.privacy = False
    owner = Owner()
    said = notices(talk, owner)
    talk.telegram.say("hello, all", -5, "group")
    chatter = update(talk)
    talk.telegram.inline("who?")
    inline = update(talk)
    talk.telegram.block(8)
    blocked = update(talk)
    unreadable: dict[str, Any] = {"update_id": 1, "message": "no message"}
    for raw in (chatter, inline, blocked, unreadable):
        assert tell(talk, said.tell_too_late(raw)) == tell(talk, said.tell_failed(raw, "1", None)) == []
    assert owner.told == [("1", None)] * 4
    talk.telegram.say(f"@{NAME}, who?", -5, "group")
    assert len(tell(talk, said.tell_too_late(update(talk)))) == 1


def test_strangers_get_no_notice(tmp_path: Path) -> None:
    with whole_bot(tmp_path, allowed=[7, -6]) as talk:
        owner = Owner()
        said = notices(talk, owner)
        for person, chat, kind, lines in (
            (8, 8, "private", 0),
            (8, -5, "group", 0),
            (8, -6, "group", 1),
            (7, -5, "group", 1),
        ):
            talk.telegram.say("/ask who?", chat, kind, person=person)
            raw = update(talk)
            for work in (said.tell_busy(without_text(raw)), said.tell_too_late(raw), said.tell_failed(raw, "1", None)):
                assert len(tell(talk, work)) == lines
        assert owner.told == [("1", None)] * 4


def test_a_notice_about_an_unparsable_message(talk: WholeBot) -> None:
    talk.telegram.say("who?")
    raw = update(talk)
    raw["message"]["photo"] = [{"file_id": []}, 7]  # as it is also in what Telegram returns of a reply to it
    said = tell(talk, notices(talk).tell_failed(raw, "ab12", UnparsableError()))
    assert said == [(7, EN("error", id="ab12"), None, None)]


def test_a_notice_to_a_gone_chat_is_dropped_and_one_in_an_outage_is_retried(talk: WholeBot) -> None:
    owner = Owner()
    talk.telegram.say("who?")
    raw = update(talk)
    talk.telegram.failures["sendMessage"] = [ApiError("Forbidden: bot was blocked by the user", 403)]
    assert tell(talk, notices(talk, owner).tell_too_late(raw)) == []
    long = ApiError("Too Many Requests: retry after 4000", 429, retry_after=4000)
    talk.telegram.failures["sendMessage"] = [long]
    with pytest.raises(UnreachableError):
        tell(talk, notices(talk, owner).tell_failed(raw, "ab12", None))
    assert owner.told == [("ab12", None)]  # the owner hears of it anyway


def test_notices_are_counted(talk: WholeBot) -> None:
    talk.telegram.say("who?")
    raw, said, metrics = update(talk), notices(talk), talk.metrics
    tell(talk, said.tell_busy(raw))
    tell(talk, said.tell_failed(raw, "1", None))
    values = [counter._value.get() for counter in (metrics.turned_away, metrics.dead_letters, metrics.errors)]
    assert values == [1, 1, 1]


def test_a_broken_date_does_not_prevent_a_notice() -> None:
    place = {"chat": {"id": 1, "type": "private"}, "from": {"id": 1, "is_bot": False, "first_name": "Ann"}}
    raw = {"update_id": 5, "message": {**place, "message_id": 2, "date": "yesterday", "text": "who?"}}
    assert without_text(raw) == {"update_id": 5, "message": {**place, "message_id": 2, "date": 0}}
