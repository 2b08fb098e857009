"""The command table, and in which order handlers take updates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.command_table import COMMANDS
from bot.messages import languages, texts_for
from tests.support.whole_bot import whole_bot

EN = texts_for("en", "en")
ADMIN, ANN, GROUP = 5, 7, -50
OF_ADMINS = [command.name for command in COMMANDS if command.is_admin]


def test_names_of_commands_are_unique_and_valid() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z0-9_]{1,32}", name) for name in names)  # core.telegram.org/bots/api#botcommand


@pytest.mark.parametrize("language", languages())
def test_every_listed_command_is_described(language: str) -> None:
    texts = texts_for(language, language)
    for command in COMMANDS:
        if command.is_listed:
            assert texts(f"command-{command.name}")
            assert texts(f"help-{command.name}")


def test_every_command_is_registered_once(tmp_path: Path) -> None:
    with whole_bot(tmp_path, admins=[ADMIN]) as talk:
        handlers = talk._bot._application.handlers[0]
    registered = [sorted(commands) for each in handlers if (commands := getattr(each, "commands", None))]
    everywhere = [names for names in registered if len(names) == 1]
    assert sorted(everywhere) == sorted([command.name] for command in COMMANDS)
    assert [names for names in registered if len(names) > 1] == [sorted(OF_ADMINS)]  # in groups


@pytest.mark.parametrize("command", OF_ADMINS)
def test_an_administrator_in_a_group_hears_where(tmp_path: Path, command: str) -> None:
    with whole_bot(tmp_path, admins=[ADMIN]) as talk:
        talk.telegram.privacy = False
        assert [sent.text for sent in talk.say(f"/{command} x", GROUP, "supergroup", person=ADMIN)] == [
            EN("admin-only-in-private")
        ]
        assert talk.say(f"/{command} x", GROUP, "supergroup", person=ANN) == []


@pytest.mark.parametrize("command", OF_ADMINS)
def test_to_others_the_commands_of_administrators_are_unknown(tmp_path: Path, command: str) -> None:
    with whole_bot(tmp_path, admins=[ADMIN]) as talk:
        assert [sent.text for sent in talk.say(f"/{command} x", ANN)] == [EN("unknown-command")]
        [answer] = talk.say("who?", ADMIN)
        assert talk.edit(answer.reply_to, f"/{command} x") == []
        assert answer.text == EN("edited-to-command")
