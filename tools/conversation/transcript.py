"""Write sections of a conversation as Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.conversation.events import Buttons, Event, Happened, Posted, Pressed, Said, Section, Told, Typed
from tools.conversation.svg_styles import Line, Run, lines

_LONGEST = 200  # characters that are shown of a person's message
_MARKS = {"b": "**", "i": "*", "s": "~~", "code": "`"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_LEADING = re.compile(r"^(\s*\d*)([-+.])(?=\s)")


def transcript(title: str, about: str, sections: Sequence[Section]) -> str:
    """Return the page, with a list of its sections."""
    contents = [f"- [{section.title}](#{_anchor(section.title)})" for section in sections]
    parts = [f"# {title}", about, "\n".join(contents)]
    for section in sections:
        parts += [f"## {section.title}", section.about, *map(_event, section.events)]
    return "\n\n".join(parts) + "\n"


def _event(event: Event) -> str:
    match event:
        case Said():
            return _said(event)
        case Pressed():
            return f"**{event.who}** presses {_button(event.button)}"
        case Told():
            return _quoted([f"{'A box opens' if event.box else 'For a moment'}: *{_escape(event.text)}*"])
        case Typed():
            return _typed(event)
        case Posted():
            return _posted(event)
        case Happened():
            printed = f"\n\n```\n{event.printed.strip()}\n```" if event.printed else ""
            return f"*{event.text}*{printed}"


def _said(said: Said) -> str:
    where = f" in *{said.where}*" if said.where else ""
    how = " edits that to" if said.edited else ""
    attached = f" *({said.attached})*" if said.attached else ""
    text = said.text
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST].rsplit(' ', 1)[0]} … ({len(said.text):,} characters)"
    written = "\\\n".join(_escape(line) for line in text.split("\n") if line)
    return f"**{said.who}**{where}{how}:{attached} {written}".rstrip()


def _typed(typed: Typed) -> str:
    offered = [f"**{_escape(title)}**\\\n{_escape(description)}" for title, description in typed.offered]
    button = [_button(typed.button)] if typed.button else []
    rows = "\n\n".join([*button, *offered]).split("\n")
    return f"**{typed.who}** types: {_escape(typed.query)}\n\n{_quoted(rows)}"


def _posted(posted: Posted) -> str:
    where = f" in *{posted.where}*" if posted.where else ""
    whom = f" to {posted.whom}" if posted.whom and not where else ""
    what = {"": "", "text": ", editing its message", "buttons": ", changing the buttons"}[posted.edited]
    rows = [f"**{posted.whom}**{where}, by way of Quotewire" if posted.sent_on else f"**Quotewire**{whom}{where}{what}"]
    if posted.edited != "buttons":
        rows += ["", *_body(lines(posted.text, posted.entities))]
    rows += ["", *_keyboard(posted.buttons)] if posted.buttons else []
    return _quoted(rows)


def _body(found: list[Line]) -> Iterator[str]:
    """Yield the lines, quoted ones in a nested blockquote."""
    for number, (quoted, group) in enumerate(groupby(found, lambda line: line.quoted)):
        if number:
            yield ""  # separates quoted lines from others
        shown = "\n".join(map(_line, group)).strip().split("\n")
        for at, line in enumerate(shown):
            goes_on = line and at + 1 < len(shown) and shown[at + 1]
            yield f"{'> ' if quoted else ''}{line}{chr(92) if goes_on else ''}".rstrip()


def _line(line: Line) -> str:
    parts = groupby(line.runs, lambda run: [mark for style, mark in _MARKS.items() if style in run.styles])
    return _LEADING.sub(r"\1\\\2", "".join(_marked("".join(map(_run, runs)), marks) for marks, runs in parts))


def _marked(words: str, marks: list[str]) -> str:
    """Put marks around words; blanks stay outside of the marks."""
    inner = words.strip()
    if not inner:
        return words
    before, after = words[: words.index(inner)], words[words.index(inner) + len(inner) :]
    return f"{before}{''.join(marks)}{inner}{''.join(reversed(marks))}{after}"


def _run(run: Run) -> str:
    shown = f"[{_escape(run.text)}]({run.link})" if run.link else _escape(run.text)
    return f"<u>{shown}</u>" if "u" in run.styles else shown


def _keyboard(rows: Buttons) -> list[str]:
    shown = [" ".join(map(_button, row)) for row in rows]
    return [*(f"{row}\\" for row in shown[:-1]), *shown[-1:]]


def _button(label: str) -> str:
    return f"`[ {label.replace('`', chr(39))} ]`"


def _quoted(rows: Sequence[str]) -> str:
    return "\n".join(f"> {row}".rstrip() for row in rows)


def _escape(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words)


def _anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
