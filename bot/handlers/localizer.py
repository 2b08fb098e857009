"""The choice of the language in which the bot speaks to a person or in a chat."""

from __future__ import annotations

from telegram import Update

from bot.memory.chats import Chats
from bot.messages import texts_for
from retrieval.presentation.texts import Texts


class Localizer:
    """Chooses the texts for a person, in `default` if there is no catalogue for their language."""

    def __init__(self, chats: Chats, default: str) -> None:
        self._chats = chats
        self._default = default

    def texts(self, update: Update) -> Texts:
        """Return the texts in the language of the person who caused an update."""
        user = update.effective_user
        return self.texts_in(user.language_code if user else None)

    def texts_of_chat(self, chat: int) -> Texts:
        """Return the texts in the language that was last used in a chat, for messages that nobody asked for."""
        return self.texts_in(self._chats.language(chat))

    def texts_in(self, language: str | None) -> Texts:
        """Return the texts in a language, given by its code; None stands for the default."""
        return texts_for(language, self._default)
