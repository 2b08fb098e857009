"""The stage of a conversation: a folder with articles and their index, and the real bot in its own process."""

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
_PATIENCE = 60.0  # seconds to wait for something expected


@dataclass(frozen=True, slots=True)
class Person:
    """A person, and the language of their Telegram."""

    id: int
    name: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene: its title, its introduction, and the function that plays it."""

    title: str
    about: str
    act: Callable[[Stage], None]


def scene(title: str, about: str) -> Callable[[Callable[[Stage], None]], Scene]:
    """Return a decorator that makes a scene of a function."""
    return partial(Scene, title, about)


class Stage:
    """The stage. Everything that the bot says has to be expected, by words that its next message in a chat contains."""

    def __init__(self, folder: Path, telegram: Witness, monitor: str) -> None:
        self.folder = folder
        self.telegram = telegram
        self.monitor = monitor  # host:port
        self._heard: dict[int, int] = {}  # how many messages of the bot were expected, by chat
        self._bot: subprocess.Popen[bytes] | None = None

    def play(self, scene: Scene) -> None:
        """Play a scene to its end."""
        self.telegram.section(scene.title, scene.about)
        scene.act(self)
        self.rest()

    def configure(self, **settings: Any) -> None:
        """Write the configuration; `settings` are the keys of [bot]."""
        lines = ["[index]", "sources = ['news']", "[retrieval]", "quotes = 2", "[bot]"]
        lines += [f"api_url = '{self.telegram.url}'"]
        lines += [f"monitor = '{self.monitor}'", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
        (self.folder / "config.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def command(self, *words: str) -> str:
        """Run a command of Quotewire to its end, and return what it prints."""
        run = subprocess.run(self._command(*words), capture_output=True, text=True, env=_environment(), cwd=ROOT)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def start(self) -> None:
        """Start the bot, and wait until it polls for updates."""
        asked = self._polls()
        with (self.folder / "log").open("ab") as log:
            self._bot = subprocess.Popen(self._command("bot"), stdout=log, stderr=log, env=_environment(), cwd=ROOT)
        self.until(lambda: self._polls() > asked)

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send the bot a signal, and wait until it has ended."""
        if self._bot:
            self._bot.send_signal(number)
            code = self._bot.wait(_PATIENCE)
            assert code == (0 if number == signal.SIGTERM else -number), self.log()
            self._bot = None

    def leave(self) -> None:
        """End the bot if it is still running, whatever has gone wrong."""
        if self._bot:
            self._bot.kill()
            self._bot.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def until(self, condition: Callable[[], Any]) -> Any:
        """Return the value of a condition once it is true; fail if it does not become true, or if the bot ends."""

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
        """Press the button whose label ends with these words, and return the id of the query."""
        named = next((name for name in sent.buttons if name.endswith(button)), button)
        return self.telegram.press(sent, named, person.id, language=person.language)

    def hear(self, chat: int, *words: str) -> Sent:
        """Return the next message of the bot in a chat, which must contain the words."""
        number = self._heard.get(chat, 0)
        sent: Sent = self.until(lambda: self.telegram.sent_in.get(chat, [])[number : number + 1])[0]
        self._heard[chat] = number + 1
        missing = [each for each in words if each not in sent.text]
        assert not missing, f"{missing} not in:\n{sent.text}"
        return sent

    def see(self, sent: Sent, *words: str) -> Sent:
        """Wait until a message contains the words, in its text or on its buttons."""
        self.until(lambda: all(each in "\n".join([sent.text, *sent.buttons]) for each in words))
        return sent

    def told(self, query: str, words: str = "") -> str:
        """Wait until the press of a button is answered, with words or silently."""
        text = str(self.until(lambda: self.telegram.answers.get(query)).get("text", ""))
        assert words in text, text
        assert bool(words) == bool(text), text
        return text

    def rest(self) -> None:
        """Wait until the bot has nothing left to do, and check that it has said nothing unexpected."""
        self.until(lambda: not len(self.telegram.updates) and not self._open_updates())
        unheard = {
            chat: [each.text for each in sent[self._heard.get(chat, 0) :]]
            for chat, sent in self.telegram.sent_in.items()
            if len(sent) > self._heard.get(chat, 0)
        }
        assert not unheard, f"said, and not expected: {unheard}"
        assert not self.telegram.refused, f"refused by the server: {self.telegram.refused}"

    def read(self, path: str) -> str:
        """Return a page that the bot serves for monitoring."""
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
