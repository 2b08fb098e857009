"""The questions that /start offers: those that were chosen when the index was built, or are now."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from bot.answer_source import AnswerSource
from bot.handlers.desk import Desk
from bot.stopping import until
from retrieval.example_questions import Example, choose_examples, read_examples, write_examples

log = structlog.get_logger(__name__)

_LOOK_EVERY = 30.0  # seconds between two looks whether other articles answer


async def keep_examples(desk: Desk, root: Path, stop: asyncio.Event) -> None:
    """Until `stop` is set, keep the questions of `desk` in line with the articles that answer."""
    content = None
    while not stop.is_set():
        if content != (content := desk.answering.content):
            try:
                desk.chosen[:] = await desk.answering.run(lambda answers: examples_of(answers, root), behind=True)
            except Exception:  # none is no reason to stop answering
                log.exception("no examples could be chosen")
        await until(stop, asyncio.sleep(_LOOK_EVERY))


def examples_of(answers: AnswerSource, root: Path) -> tuple[Example, ...]:
    """The questions for the articles that answer, kept in `root`; chosen in some two seconds if there are none."""
    content = answers.manifest.content
    chosen = read_examples(root, content)
    if chosen is None:
        chosen = choose_examples(answers)
        try:
            write_examples(root, content, chosen)
        except OSError as error:  # an index that may only be read
            log.info("the examples could not be kept", reason=error.strerror)
    return chosen
