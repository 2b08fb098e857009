"""The conversation from its first scene to its last."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.conversation import backstage, scenes
from tools.conversation.events import Event, Section
from tools.conversation.sample_articles import write_articles
from tools.conversation.stage import Scene, Stage
from tools.conversation.witness import Witness

USERS: tuple[Scene, ...] = (
    scenes.start,
    scenes.question,
    scenes.more,
    scenes.follow_up,
    scenes.edit,
    scenes.filters,
    scenes.browse,
    scenes.no_question,
    scenes.group,
    scenes.inline,
    scenes.russian,
)
OWNER: tuple[Scene, ...] = (
    backstage.watch,
    backstage.roll_back,
    backstage.add,
    backstage.status,
    backstage.feedback,
    backstage.broadcast,
    backstage.kill,
    backstage.error,
    backstage.forget,
    backstage.strangers,
)
ALL = USERS + OWNER


def core(sections: Sequence[Section]) -> list[Event]:
    """Select the events for the picture: a question and its answer, and a watched question with its notice."""
    [asked] = [section for section in sections if section.title == scenes.question.title]
    [watched] = [section for section in sections if section.title == backstage.watch.title]
    anns = [
        event for event in watched.events if scenes.ANN.name in (getattr(event, "who", ""), getattr(event, "whom", ""))
    ]
    return [*asked.events[:2], *anns[:3]]


def play(chosen: Sequence[Scene] = USERS, models: Path | None = None) -> list[Section]:
    """Play the scenes, and return what happened; raise AssertionError if a scene does not go as expected.

    `models` is the models/ of an index, which saves their computing.
    """
    with TemporaryDirectory() as name, Witness(date=None) as telegram:
        folder = Path(name)
        telegram.names = dict(scenes.NAMES)
        telegram.chat(scenes.OLGA.id)  # the bot can only set a menu for a known chat
        write_articles(folder / "news")
        if models:
            shutil.copytree(models, folder / "data" / "models")
        stage = Stage(folder, telegram, f"127.0.0.1:{_free_port()}")
        stage.configure(admins=[scenes.OLGA.id], errors_to=scenes.OLGA.id, refine=False, questions_per_minute=120)
        stage.command("index")
        try:
            stage.start()
            for scene in chosen:
                stage.play(scene)
            stage.end()
        finally:
            stage.leave()
        return telegram.sections


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
