"""The language that the terminal speaks."""

from __future__ import annotations

import os
from collections.abc import Mapping

from retrieval.presentation.texts import Texts, supported_language, texts_for


def terminal_texts(environment: Mapping[str, str] = os.environ) -> Texts:
    """Return the texts in the language that the environment asks for, English where there are none in it.

    As in GNU gettext (its manual's "Specifying a Priority List of Languages"), the locale is LC_ALL, else LC_MESSAGES,
    else LANG, and an empty variable counts as unset. Unless the locale is C or unset, the languages of LANGUAGE, a list
    divided by colons, come before its own.
    """
    names = (environment.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "C")
    if locale.split(".")[0] in ("C", "POSIX"):
        return texts_for("en")
    codes = [*environment.get("LANGUAGE", "").split(":"), locale]
    return texts_for(next(filter(None, map(supported_language, codes)), "en"))
