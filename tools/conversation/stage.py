"""A folder with articles, their index, and the real bot in a process of its own, which people then talk to."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.telegram import BOT_ID, TOKEN, Sent, wait_for
from tools.conversation.witness import Witness

ROOT = Path(__file__).parent.parent.parent
_PATIENCE = 60.0  # seconds until what is expected has to be there


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and the language of their Telegram."""

    id: int
    name: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the conversation: what it is about, and who says and hears what in it."""

    title: str
    about: str
    act: Callable[[Stage], None]


def scene(title: str, about: str) -> Callable[[Callable[[Stage], None]], Scene]:
    """Makes a scene of a function."""
    return partial(Scene, title, about)


class Stage:
    """Whatever the bot says has to be expected: the next message in a chat has to hold the words that are named."""

    def __init__(self, folder: Path, telegram: Witness, monitor: str) -> None:
        self.folder = folder
        self.telegram = telegram
        self.monitor = monitor  # host:port
        self._heard: dict[int, int] = {}  # messages of the bot that were expected, by chat
        self._bot: subprocess.Popen[bytes] | None = None

    def play(self, scene: Scene) -> None:
        """Have a scene played to its end."""
        self.telegram.section(scene.title, scene.about)
        scene.act(self)
        self.rest()

    def configure(self, **settings: Any) -> None:
        """Write the configuration; `settings` are of [bot]."""
        lines = ["[index]", "sources = ['news']", "[retrieval]", "quotes = 2", "[bot]"]
        lines += [f"api_url = '{self.telegram.url}'"]
        lines += [f"monitor = '{self.monitor}'", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
        (self.folder / "config.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def command(self, *words: str) -> str:
        """Run a command of Quotewire to its end; returns what it prints."""
        run = subprocess.run(self._command(*words), capture_output=True, text=True, env=_environment(), cwd=ROOT)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def start(self) -> None:
        """Start the bot, and wait until it asks for updates."""
        asked = self._polls()
        with (self.folder / "log").open("ab") as log:
            self._bot = subprocess.Popen(self._command("bot"), stdout=log, stderr=log, env=_environment(), cwd=ROOT)
        self.until(lambda: self._polls() > asked)

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send the bot a signal, and wait until it is gone."""
        if self._bot:
            self._bot.send_signal(number)
            code = self._bot.wait(_PATIENCE)
            assert code == (0 if number == signal.SIGTERM else -number), self.log()
            self._bot = None

    def leave(self) -> None:
        """Leave no process behind, whatever has gone wrong."""
        if self._bot:
            self._bot.kill()
            self._bot.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def until(self, condition: Callable[[], Any]) -> Any:
        """What a condition gives once that is true; fails if it does not come, or the bot ends."""

        def is_there() -> Any:
            assert not self._bot or self._bot.poll() is None, f"the bot has ended\n{self.log()}"
            return condition()

        try:
            return wait_for(is_there, _PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.telegram.calls[-5:]}\n{self.log()[-3000:]}") from error

    def say(self, person: Person, text: str, **more: Any) -> int:
        """Send a message of a person in their private chat; return its id."""
        return self.telegram.say(text, person.id, language=person.language, **more)

    def press(self, person: Person, sent: Sent, button: str) -> str:
        """A press of theirs on the button that ends with these words; returns the id of the query."""
        named = next((name for name in sent.buttons if name.endswith(button)), button)
        return self.telegram.press(sent, named, person.id, language=person.language)

    def hear(self, chat: int, *words: str) -> Sent:
        """The next message of the bot in a chat, which has to hold words."""
        number = self._heard.get(chat, 0)
        sent: Sent = self.until(lambda: self.telegram.sent_in.get(chat, [])[number : number + 1])[0]
        self._heard[chat] = number + 1
        missing = [each for each in words if each not in sent.text]
        assert not missing, f"{missing} not in:\n{sent.text}"
        return sent

    def see(self, sent: Sent, *words: str) -> Sent:
        """Wait until a message has come to hold words, in its text or on its buttons."""
        self.until(lambda: all(each in "\n".join([sent.text, *sent.buttons]) for each in words))
        return sent

    def told(self, query: str, words: str = "") -> str:
        """Wait until a press is answered, with words or with nothing."""
        text = str(self.until(lambda: self.telegram.answers.get(query)).get("text", ""))
        assert words in text, text
        assert bool(words) == bool(text), text
        return text

    def rest(self) -> None:
        """Wait until the bot has nothing left to do, and see that it has said nothing that was not expected."""
        self.until(lambda: not len(self.telegram.updates) and not self._open_updates())
        unheard = {
            chat: [each.text for each in sent[self._heard.get(chat, 0) :]]
            for chat, sent in self.telegram.sent_in.items()
            if len(sent) > self._heard.get(chat, 0)
        }
        assert not unheard, f"said, and not expected: {unheard}"
        assert not self.telegram.refused, f"refused by the server: {self.telegram.refused}"

    def read(self, path: str) -> str:
        """What the bot serves to those who watch over it."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{self.monitor}{path}", timeout=10) as response:
            return str(response.read().decode())

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "bot", *words, "--config", str(self.folder / "config.toml")]

    def _open_updates(self) -> int:
        path = self.folder / "state" / f"bot-{BOT_ID}.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            query = "SELECT count(*) FROM updates WHERE state IN ('waiting', 'busy')"
            return int(connection.execute(query).fetchone()[0])

    def _polls(self) -> int:
        return sum(method == "getUpdates" for method, _ in self.telegram.calls)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUOTEWIRE_")}
    return {**kept, "TELEGRAM_BOT_TOKEN": TOKEN, "HF_HUB_OFFLINE": "1", "NO_PROXY": "127.0.0.1"}
