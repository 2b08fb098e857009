"""What the bot says in Telegram: the texts about answers, and messages of its own from the catalogues in this package.

A catalogue for another language is a file here, and one in retrieval/presentation/texts, named by the language's code.
"""

from __future__ import annotations

from retrieval.presentation import texts
from retrieval.presentation.texts import Texts


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that the bot speaks, sorted."""
    return texts.languages(__name__)


def texts_for(code: str | None, default: str) -> Texts:
    """Return the bot's texts in a language, else in the default language, else in English."""
    return texts.texts_for(code, default, __name__)
