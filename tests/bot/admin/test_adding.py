"""/add: articles are stored as files, whole and once."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.admin.adding import AddCommand
from bot.admin.incoming import AlreadyThereError, Incoming, ending_of, incoming_text, store
from bot.messages import texts_for
from index.build.builder import build_index
from index.errors import SourceError, StorageError
from index.parsers.source_files import read_file
from index.settings import IndexSettings
from index.types import Article
from tests.support.fake_models import FakeEncoder
from tests.support.handler_bot import ADMIN, ANN, HandlerBot, handler_bot
from tests.support.telegram import ApiError

EN = texts_for("en", "en")
STORY = "Rain falls in Leeds\n\nIt rained on Sunday. The match was off."
NAME = "rain-falls-in-leeds-7pd2ykyk.txt"
ENDINGS = ".txt, .md, .markdown, .html, .htm, .jsonl, .jsonl.gz"
NUL = "contains a NUL byte, so it is not text; left out"
USAGE = EN("add-usage", endings=ENDINGS)


def rows(*values: dict[str, Any]) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def files(settings: IndexSettings) -> list[str]:
    """Return the names of all files in the articles folder, hidden ones included."""
    return sorted(path.name for path in settings.sources[0].iterdir())


def articles_of(path: Path) -> list[Article]:
    problems: list[Any] = []
    articles = list(read_file(path, path.name, problems.append))
    assert problems == []
    return articles


def test_a_text_is_stored_unchanged(settings: IndexSettings) -> None:
    stored = store(settings, incoming_text(STORY))
    assert (stored.name, stored.articles, stored.problems) == (NAME, 1, ())
    assert files(settings) == [NAME]
    assert (settings.sources[0] / NAME).read_bytes() == STORY.encode()
    [article] = articles_of(settings.sources[0] / NAME)
    assert (article.title, article.text) == ("Rain falls in Leeds", STORY)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Rain falls", "rain-falls-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("Café “Zürich”", "cafe-zurich-"),
        ("Дождь", "article-"),
        ("a" * 100, "a" * 60 + "-"),
        (f"{'a' * 59} b", "a" * 59 + "-"),
        (".hidden", "hidden-"),
        ("\x00\n", "article-"),
    ],
)
def test_names_are_safe(settings: IndexSettings, title: str, name: str) -> None:
    stored = store(settings, Incoming(title, ".txt", b"It rained on Sunday, and then it rained again."))
    assert stored.name == f"{name}v3qm5xcd.txt"


def test_metadata_is_read_back(settings: IndexSettings) -> None:
    known = {
        "published": "2022-04-03T10:00:00+00:00",
        "source": "Rain: 'News' #1 & \"more\" 😀",
        "url": "https://t.me/a/5",
    }
    stored = store(settings, incoming_text(f"---\n{STORY}", **known))
    [article] = articles_of(settings.sources[0] / stored.name)
    assert article.published is not None
    assert article.published.isoformat() == known["published"]
    assert (article.source, article.url, article.text) == (known["source"], known["url"], f"---\n{STORY}")


# A text of blanks is none, which /add refuses before it comes to this.
@given(st.text().filter(str.isprintable), st.text(st.characters(exclude_categories=["Cs", "Cc"])).filter(str.strip))
@settings(deadline=None)
def test_no_title_or_text_breaks_out_of_its_field(source: str, text: str) -> None:
    import frontmatter
    import yaml

    data = incoming_text(text, source=source, url="https://t.me/a/5").data.decode()
    block, body = frontmatter.default_handlers.YAMLHandler().split(data)
    assert yaml.load(block, Loader=yaml.BaseLoader) == {"source": source, "url": "https://t.me/a/5"}
    assert body == f"\n{text}"


def test_the_same_text_is_not_added_twice(settings: IndexSettings, fake: FakeEncoder) -> None:
    store(settings, incoming_text(STORY))
    with pytest.raises(AlreadyThereError, match=rf"^{NAME}: is there already$"):
        store(settings, incoming_text(STORY))
    (settings.sources[0] / NAME).rename(settings.sources[0] / "other.txt")
    build_index(settings)
    with pytest.raises(AlreadyThereError, match=r"^Rain falls in Leeds: is there already$"):
        store(settings, incoming_text(STORY))
    assert files(settings) == ["other.txt"]


def test_an_existing_file_is_not_replaced(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings.sources[0] / NAME).write_text("another's")
    monkeypatch.setattr(Path, "exists", lambda _: False)  # it comes just now
    with pytest.raises(AlreadyThereError):
        store(settings, incoming_text(STORY))
    assert (settings.sources[0] / NAME).read_text() == "another's"
    assert files(settings) == [NAME]


@pytest.mark.parametrize(
    ("ending", "data", "problem"),
    [
        (".txt", b"\x00", NUL),
        (".txt", b" \n", "is empty; left out"),
        (".jsonl", rows({"title": "Rain falls", "text": "Rain falls"}), "it holds a headline and no text"),
        (".jsonl", b"no json\n", "invalid JSON: Expecting value at character 1 of the row; the row is skipped"),
        (".jsonl", b"", "has no rows; left out"),
        (".jsonl.gz", b"no gzip", "the gzip data is corrupt"),
        (".html", b"<p></p>", "no article found"),
    ],
)
def test_an_unreadable_file_is_not_stored(settings: IndexSettings, ending: str, data: bytes, problem: str) -> None:
    with pytest.raises(SourceError) as raised:
        store(settings, Incoming("rain", ending, data))
    assert problem in str(raised.value)
    assert files(settings) == []


def test_a_file_that_a_build_would_leave_out_is_not_stored(settings: IndexSettings, fake: FakeEncoder) -> None:
    first = rows({"id": "a", "text": "The cat sat on the mat."})
    assert store(settings, Incoming("cats", ".jsonl", first)).articles == 1
    build_index(settings)
    with pytest.raises(SourceError, match=r"has the same id as .*/cats-dnkt8heh\.jsonl:1, a, and nearly the same text"):
        store(settings, Incoming("cats", ".jsonl", rows({"id": "a", "text": "The cat sat, on the mat!"})))
    assert len(files(settings)) == 1
    assert store(settings, Incoming("dogs", ".jsonl", rows({"id": "a", "text": "The dog sat on a log."}))).articles == 1


def test_only_an_excluded_name_or_no_folder_is_refused(settings: IndexSettings, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=rf"^\[index\] exclude leaves out {NAME}$"):
        store(settings.model_copy(update={"exclude": ["*.txt"]}), incoming_text(STORY))
    (tmp_path / "one.txt").write_text("It rained.")
    with pytest.raises(SourceError, match="names no folder"):
        store(settings.model_copy(update={"sources": [tmp_path / "one.txt"]}), incoming_text(STORY))
    assert files(settings) == []


def test_a_folder_that_cannot_be_written_is_one_line(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match=r"news: cannot be written \(No space left on device\)"):
        store(settings, incoming_text(STORY))
    assert files(settings) == []


def test_folders_left_by_a_killed_bot_are_removed(settings: IndexSettings) -> None:
    (settings.sources[0] / ".incoming-x").mkdir()
    (settings.sources[0] / ".incoming-x" / "half.txt").write_text("ha")
    store(settings, incoming_text(STORY))
    assert files(settings) == [NAME]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.TXT", ".txt"), ("a.jsonl.gz", ".jsonl.gz"), ("a.gz", None), ("a.pdf", None), (None, None), ("txt", None)],
)
def test_endings(name: str | None, ending: str | None) -> None:
    assert ending_of(name) == ending


def run(tmp_path: Path, settings: IndexSettings, scenario: Callable[[HandlerBot], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with handler_bot(tmp_path) as bot:
            command = AddCommand(bot.replies, bot.access, settings)
            bot.add_commands("add", add=command)
            command.add_to(bot.application)
            await scenario(bot)

    asyncio.run(whole())


def added(name: str, articles: int = 1) -> str:
    return f"{EN('add-done', name=name, articles=articles)}\nThe next /reindex publishes it."


def test_text_after_the_command(tmp_path: Path, settings: IndexSettings) -> None:
    async def scenario(bot: HandlerBot) -> None:
        for _ in range(2):
            bot.telegram.say(f"/add {STORY}", ADMIN)
        await bot.handle()
        assert bot.shown(ADMIN) == [added(NAME), f"That article is already there: {NAME}"]
        assert bot.telegram.sent[0].buttons == ["Read the articles now"]
        assert (settings.sources[0] / NAME).read_text() == STORY
        assert bot.telegram.refused == []

    run(tmp_path, settings, scenario)


@pytest.mark.parametrize("way", ["button", "reply"])
def test_a_forwarded_post(tmp_path: Path, settings: IndexSettings, way: str) -> None:
    async def scenario(bot: HandlerBot) -> None:
        chat = {"id": -1009, "type": "channel", "title": "Rain:\nNews", "username": "rain_news"}
        post = bot.telegram.forward(
            STORY, ADMIN, {"type": "channel", "date": 1_649_000_000, "chat": chat, "message_id": 5}
        )
        await bot.handle()
        assert bot.shown(ADMIN) == [EN("add-offer")]
        if way == "button":
            bot.telegram.press(bot.telegram.sent[0], EN("button-add"))
        else:
            bot.telegram.say("/add", ADMIN, reply_to=post)
        await bot.handle()
        assert bot.shown(ADMIN)[-1] == added(NAME)
        [article] = articles_of(settings.sources[0] / NAME)
        assert (article.source, article.url, article.text) == ("Rain: News", "https://t.me/rain_news/5", STORY)
        assert article.published is not None
        assert article.published.isoformat() == "2022-04-03T15:33:20+00:00"

    run(tmp_path, settings, scenario)


@pytest.mark.parametrize(
    "origin",
    [
        {"type": "user", "date": 1, "sender_user": {"id": 9, "is_bot": False, "first_name": "Eve", "username": "eve"}},
        {"type": "hidden_user", "date": 1, "sender_user_name": "Eve"},
        {"type": "chat", "date": 1, "sender_chat": {"id": -9, "type": "supergroup", "title": "Eve", "username": "eve"}},
        None,
    ],
)
def test_a_forwarded_person_is_not_the_source(
    tmp_path: Path, settings: IndexSettings, origin: dict[str, Any] | None
) -> None:
    async def scenario(bot: HandlerBot) -> None:
        origins: dict[str, Any] = {"forward_origin": origin} if origin else {}
        post = bot.telegram.say(STORY, ADMIN, **origins)
        bot.telegram.say("/add", ADMIN, reply_to=post)
        await bot.handle()
        assert bot.shown(ADMIN) == [added(NAME)]
        assert (settings.sources[0] / NAME).read_text() == STORY

    run(tmp_path, settings, scenario)


@pytest.mark.parametrize("way", ["caption", "button", "reply"])
def test_a_file(tmp_path: Path, settings: IndexSettings, way: str) -> None:
    data = gzip.compress(rows({"text": "The cat sat on the mat."}, {"text": "The dog ran."}, {"text": 5}), mtime=0)

    async def scenario(bot: HandlerBot) -> None:
        caption = "/add please" if way == "caption" else None
        file = bot.telegram.send_document("../Cats & Dogs.jsonl.gz", data, caption, ADMIN)
        await bot.handle()
        if way == "button":
            bot.telegram.press(bot.telegram.sent[0], EN("button-add"))
        elif way == "reply":
            bot.telegram.say("/add", ADMIN, reply_to=file)
        await bot.handle()
        [name] = files(settings)
        assert name == "cats-dogs-7gw6gkh6.jsonl.gz"
        assert (settings.sources[0] / name).read_bytes() == data
        first = "text: must be a string, not a number; the row is skipped"
        told = f"Added 2 articles as {name}\nOne thing to know: {first}\nThe next /reindex publishes it."
        assert bot.shown(ADMIN)[-1] == told
        assert bot.reached == []

    run(tmp_path, settings, scenario)


@pytest.mark.parametrize(
    ("do", "line"),
    [
        (lambda it: it.say("/add", ADMIN), USAGE),
        (lambda it: it.say("/add", ADMIN, reply_to=it.send_photo(chat=ADMIN)), USAGE),
        (lambda it: it.send_document("a.pdf", b"x", "/add", ADMIN), EN("add-format", endings=ENDINGS)),
        (lambda it: it.send_document("a.pdf", b"x", None, ADMIN), EN("add-format", endings=ENDINGS)),
        (lambda it: it.send_document("a.txt", b"\0", "/add", ADMIN), f"Nothing was added: {NUL}"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_line(
    tmp_path: Path, settings: IndexSettings, do: Callable[[Any], object], line: str
) -> None:
    async def scenario(bot: HandlerBot) -> None:
        do(bot.telegram)
        await bot.handle()
        assert bot.shown(ADMIN)[-1] == line
        assert files(settings) == []

    run(tmp_path, settings, scenario)


def test_messages_of_the_bot_are_no_articles(tmp_path: Path, settings: IndexSettings) -> None:
    async def scenario(bot: HandlerBot) -> None:
        sent = await bot.application.bot.send_message(bot.telegram.chat(ADMIN).id, STORY)
        bot.telegram.say("/add", ADMIN, reply_to=sent.message_id)
        await bot.handle()
        assert bot.shown(ADMIN)[-1] == USAGE
        assert files(settings) == []

    run(tmp_path, settings, scenario)


def test_a_file_that_is_too_large_to_download(tmp_path: Path, settings: IndexSettings) -> None:
    async def scenario(bot: HandlerBot) -> None:
        file = {"file_id": "f", "file_unique_id": "u", "file_name": "a.txt", "file_size": 20_000_001}
        bot.telegram.say(None, ADMIN, document=file, caption="/add")
        bot.telegram.failures["getFile"] = [ApiError("Bad Request: file is too big")]
        bot.telegram.send_document("a.txt", b"It rained.", "/add", ADMIN)
        await bot.handle()
        too_large = "That file is too large: I can accept 20 MB. Please copy it into the articles folder."
        assert bot.shown(ADMIN) == [too_large, "Nothing was added: File is too big"]

    run(tmp_path, settings, scenario)


def test_only_administrators_can_add(tmp_path: Path, settings: IndexSettings) -> None:
    async def scenario(bot: HandlerBot) -> None:
        bot.telegram.say(f"/add {STORY}", ANN)
        bot.telegram.send_document("a.txt", STORY.encode(), "/add", ANN)
        post = bot.telegram.forward(STORY, ANN)
        bot.telegram.say("/add", ANN, reply_to=post)
        bot.telegram.say(f"/add {STORY}", -50, "supergroup", person=ADMIN)
        bot.telegram.forward(f"/add {STORY}", ADMIN, {"type": "hidden_user", "date": 1, "sender_user_name": "A"})
        await bot.handle()
        assert bot.telegram.sent == []
        assert len(bot.reached) == 6
        offer = await bot.application.bot.send_message(ANN, "an offer")
        bot.telegram.press(offer.message_id, "add", forged=True)
        await bot.handle()
        assert files(settings) == []

    run(tmp_path, settings, scenario)
