"""What the bot says: one catalogue of messages per language, in Fluent, beside this file. Plain text, no markup."""

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

from bot.clipping import clip
from retrieval.presentation.display import line
from retrieval.query.periods import extent

_LONGEST = 1000  # units of what is put into a message; Fluent takes 2,500 characters at most


class Texts:
    """The messages of one language: `texts("busy")`, `texts("error", id="ab12")`.

    Numbers are written, and plurals chosen, as the language does. What is put into a message becomes one harmless line.
    """

    def __init__(self, language: str, source: str) -> None:
        """Raises ValueError for a catalogue with a message that Fluent cannot read."""
        self.language = language
        self._locale = Locale.parse(language)
        functions: dict[str, Any] = {"DAY": self._write_day}
        self._bundle = FluentBundle([language], functions, use_isolating=False)
        resource = FluentResource(source)
        for entry in resource.body:
            if isinstance(entry, Junk):
                raise ValueError(f"{language}.ftl: cannot be read: {(entry.content or '').strip()[:80]!r}")
        self._bundle.add_resource(resource)

    def __call__(self, id: str, /, **values: str | int | date) -> str:
        """A message; raises KeyError for one that the catalogue does not have, or that needs another value."""
        pattern = self._bundle.get_message(id).value
        if pattern is None:
            raise KeyError(id)
        put = {name: _one_line(value) if isinstance(value, str) else value for name, value in values.items()}
        words, errors = self._bundle.format_pattern(pattern, put)
        if errors:
            raise KeyError(f"{id}: {errors[0]}")
        return str(words)

    def day(self, day: date) -> str:
        """A day: "2 April 2022"."""
        return self("day", day=day)

    def days(self, since: date | None, until: date | None) -> str:
        """A period, both days included, of which one may be open: "1–31 March 2022", "since 5 March 2022"."""
        kind = extent(since, until)
        if kind == "day" and since:
            return self.day(since)
        return self(f"days-{kind}", **{name: day for name, day in (("since", since), ("until", until)) if day})

    def number(self, number: int) -> str:
        """A number: "2,205"."""
        return str(format_decimal(number, locale=self._locale))

    def _write_day(self, day: Any, pattern: Any) -> str:
        return str(format_date(day, str(pattern), locale=self._locale))


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that there are catalogues for."""
    return tuple(sorted(entry.name.removesuffix(".ftl") for entry in files(__name__).iterdir() if _is_catalogue(entry)))


def texts_for(code: str | None, default: str) -> Texts:
    """The texts of a language, which may be named with its region ("ru-RU"), or of the default if there are none."""
    return _read(_known(code) or _known(default) or "en")


def _known(code: str | None) -> str | None:
    language = (code or "").replace("_", "-").split("-")[0].lower()
    return language if language in languages() else None


@cache
def _read(language: str) -> Texts:
    return Texts(language, files(__name__).joinpath(f"{language}.ftl").read_text("utf-8"))


def _is_catalogue(entry: Any) -> bool:
    return bool(entry.name.endswith(".ftl"))


def _one_line(value: str) -> str:
    return clip(line(value) or "", _LONGEST)
