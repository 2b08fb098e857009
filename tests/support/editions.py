"""A paper whose every sentence says of which edition it is; processes that publish it and answer from it."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from bot.settings import BotSettings
from index.build.builder import build_index
from index.settings import IndexSettings
from index.storage.generations import open_generation
from retrieval.answerer import Answerer
from retrieval.settings import RetrievalSettings
from tests.support.fake_models import FAKE_MODEL, FakeEncoder
from tests.support.paths import write_articles
from tests.support.telegram import TOKEN

SUBJECTS = ("rain", "snow", "hail", "wind", "frost", "fog")
PLACES = ("Tver", "Omsk", "Perm", "Riga", "Oslo", "Bern", "Lima", "Cairo", "Bonn", "Minsk", "Turin", "Quito")
_SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "pa", "ro", "si", "tu", "ve", "zo")


def settings_in(folder: Path) -> IndexSettings:
    return IndexSettings(sources=[folder / "news"], path=folder / "data", language="en", keep=1)


def publish(folder: Path, first: int, count: int) -> None:
    """Publish so many editions, one after the other; in published.log stands when each may and must be current."""
    patch = pytest.MonkeyPatch()  # never undone: the process ends
    patch.setattr("index.build.builder.find_model", lambda *_: FAKE_MODEL)
    patch.setattr("index.build.builder.load_encoder", lambda *_: FakeEncoder())
    settings = settings_in(folder)
    settings.sources[0].mkdir(exist_ok=True)
    for edition in range(first, first + count):
        write_articles(settings.sources[0], **{name: article(name, edition) for name in SUBJECTS})
        began = time.monotonic()
        assert build_index(settings).published
        with (folder / "published.log").open("a") as log:
            log.write(f"{edition} {began} {time.monotonic()}\n")


def article(subject: str, edition: int) -> str:
    """Long sentences, each of other words, so that all of them are quoted, in more than one message."""
    chance = random.Random(subject)
    sentences = []
    for place in PLACES:
        words = " ".join("".join(chance.choices(_SYLLABLES, k=4)) for _ in range(60))
        sentences.append(f"In edition {edition} it is said that {subject} fell on {place}: {words}, edition {edition}.")
    return f"All about {subject} in edition {edition}\n\n" + "\n\n".join(sentences)


def main(url: str, folder: Path) -> None:
    """A bot that polls a server, and answers from what is published."""
    from bot.app import run_bot
    from bot.setup import Setup
    from index.console import run

    index = settings_in(folder)
    settings = BotSettings(api_url=url, monitor="", refine=False)
    chosen = RetrievalSettings(quotes=8, per_article=20, min_confidence=0)
    answers = Answerer(open_generation(index.path), FakeEncoder(), index, FAKE_MODEL, chosen)
    run(lambda: run_bot(answers, Setup(settings, index), TOKEN))
