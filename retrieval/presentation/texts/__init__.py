"""User-visible text: messages in several languages, from Fluent catalogues such as en.ftl in this package.

The catalogues here have what the terminal and the bot both say. A package can add catalogues with messages of its own,
as bot.messages does. Messages are plain text, without markup.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk

from retrieval.presentation.answer_parts import one_line
from retrieval.presentation.clipping import clip
from retrieval.query.periods import extent

ANSWER_TEXTS = __name__  # the package whose catalogues every Texts begins with

_LONGEST_VALUE = 1000  # UTF-16 units; Fluent raises an error for a value of more than 2,500 characters


class Texts:
    """The messages of one language: `texts("busy")`, `texts("error", id="ab12")`.

    Numbers are formatted, and plural forms chosen, by the rules of the language. A text that is put into a message
    becomes one line without control characters.
    """

    def __init__(self, language: str, *catalogues: str) -> None:
        """Parse catalogues; raise ValueError if Fluent cannot parse a message, or if two catalogues have it."""
        self.language = language
        self._locale = Locale.parse(language)
        functions: dict[str, Any] = {"DAY": self._write_day}
        self._bundle = FluentBundle([language], functions, use_isolating=False)
        for source in catalogues:
            resource = FluentResource(source)
            for entry in resource.body:
                if isinstance(entry, Junk):
                    raise ValueError(f"{language}.ftl: cannot be read: {(entry.content or '').strip()[:80]!r}")
                if (id := getattr(entry, "id", None)) and self._bundle.has_message(id.name):
                    raise ValueError(f"{language}.ftl: {id.name} is in another catalogue already")
            self._bundle.add_resource(resource)

    def __call__(self, id: str, /, **values: str | int | date) -> str:
        """Return a message; raise KeyError if no catalogue has it, or if it needs a value that is not given."""
        pattern = self._bundle.get_message(id).value
        if pattern is None:
            raise KeyError(id)
        put = {name: _one_line(value) if isinstance(value, str) else value for name, value in values.items()}
        text, errors = self._bundle.format_pattern(pattern, put)
        if errors:
            raise KeyError(f"{id}: {errors[0]}")
        return str(text)

    def day(self, day: date) -> str:
        """Return a day as the language writes it: "2 April 2022"."""
        return self("day", day=day)

    def days(self, since: date | None, until: date | None) -> str:
        """Return a period of days: "1–31 March 2022", "since 5 March 2022".

        Both days are included; one of them may be None. Raises ValueError if both are.
        """
        kind = extent(since, until)
        if kind == "day" and since:
            return self.day(since)
        return self(f"days-{kind}", **{name: day for name, day in (("since", since), ("until", until)) if day})

    def number(self, number: int) -> str:
        """Return a number as the language writes it: "2,205"."""
        return str(format_decimal(number, locale=self._locale))

    def _write_day(self, day: Any, pattern: Any) -> str:
        return str(format_date(day, str(pattern), locale=self._locale))


@cache
def languages(*more: str) -> tuple[str, ...]:
    """Return the codes of the languages that ANSWER_TEXTS and all packages in `more` have catalogues for, sorted."""
    names = [{entry.name for entry in files(package).iterdir()} for package in (ANSWER_TEXTS, *more)]
    shared = set.intersection(*names)
    return tuple(sorted(name.removesuffix(".ftl") for name in shared if name.endswith(".ftl")))


def texts_for(code: str | None, default: str = "en", *more: str) -> Texts:
    """Return the texts in a language, with the messages of the packages in `more`.

    The code may name a region, as in "ru-RU" or "ru_RU.UTF-8". Without catalogues for it, the texts are in the default
    language, and without catalogues for that in English.
    """
    return _read(supported_language(code, *more) or supported_language(default, *more) or "en", more)


def supported_language(code: str | None, *more: str) -> str | None:
    """Return the language of a code without its region, or None if there are no catalogues for it."""
    language = (code or "").replace("_", "-").split("-")[0].lower()
    return language if language in languages(*more) else None


@cache
def _read(language: str, more: tuple[str, ...]) -> Texts:
    sources = (files(package).joinpath(f"{language}.ftl").read_text("utf-8") for package in (ANSWER_TEXTS, *more))
    return Texts(language, *sources)


def _one_line(value: str) -> str:
    return clip(one_line(value) or "", _LONGEST_VALUE)
