"""Draw events as a chat in SVG: bubbles with bold text, quote bars and buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from tools.conversation.events import Buttons, Event, Posted, Said
from tools.conversation.svg_styles import Line, Run, lines
from tools.conversation.widths import width_of

WIDTH = 720
_BUBBLE, _PAD, _GAP, _EDGE = 600, 12, 10, 16  # px: maximum width of a bubble, padding, gap, margin
_SIZE, _LEADING, _BLANK = 15, 20, 8  # px: font size, line height, height of an empty line
_BAR = 12  # px: indentation of a quote, for its bar
_BUTTON = 32  # px: height

_STYLE = """\
text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:15px;fill:#17212b}
.b{font-weight:700}.i{font-style:italic;fill:#5b6b78}.u{text-decoration:underline}.a{fill:#2678b6}
.name{font-weight:700;fill:#fff;font-size:16px}.what{fill:#d5e6f3;font-size:13px}
.button{fill:#fff;text-anchor:middle;font-size:14px}
.bot{fill:#fff}.person{fill:#e2f6cf}.quote{fill:#eaf3fa}.bar{fill:#3b8dc9}.key{fill:#7d97a8}.head{fill:#3a7ca8}"""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a bubble as it is drawn; without runs, the space between two lines."""

    runs: tuple[Run, ...] = ()
    quoted: bool = False

    @property
    def height(self) -> int:
        return _LEADING if self.runs else _BLANK


def picture(events: Sequence[Event]) -> str:
    """Draw the messages among the events in one chat, from top to bottom."""
    parts, y = [_header()], 56 + _GAP
    for event in events:
        if isinstance(event, Said | Posted):
            drawn, height = _message(event, y)
            parts.append(drawn)
            y += height + _GAP
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" '
        f'aria-label="A conversation with Quotewire">\n<style>{_STYLE}</style>\n'
        f'<rect width="{WIDTH}" height="{y}" rx="10" fill="#d3e0e8"/>\n{inside}\n</svg>\n'
    )


def _header() -> str:
    return (
        f'<path class="head" d="M0 56V10Q0 0 10 0H{WIDTH - 10}Q{WIDTH} 0 {WIDTH} 10V56Z"/>'
        '<circle cx="36" cy="28" r="18" fill="#fff"/><text x="36" y="34" text-anchor="middle" class="b a">Q</text>'
        '<text x="66" y="25" class="name">Quotewire</text><text x="66" y="43" class="what">bot</text>'
    )


def _message(event: Said | Posted, top: int) -> tuple[str, int]:
    """Draw a bubble with its buttons, and return their height, too."""
    is_bot = isinstance(event, Posted)
    rows = list(_rows(lines(event.text, event.entities if isinstance(event, Posted) else ())))
    widest = max(_width(row.runs) + _BAR * row.quoted for row in rows)
    buttons = event.buttons if isinstance(event, Posted) else ()
    width = _BUBBLE if buttons else round(min(widest, _BUBBLE - 2 * _PAD)) + 2 * _PAD
    height = sum(row.height for row in rows) + 2 * _PAD - 4
    left = _EDGE if is_bot else WIDTH - _EDGE - width
    kind = "bot" if is_bot else "person"
    bubble = f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="12"/>'
    drawn = [bubble, *_text(rows, left + _PAD, top + _PAD - 2, width - 2 * _PAD)]
    drawn += _keyboard(buttons, left, top + height + 4, width)
    return "\n".join(drawn), height + len(buttons) * (_BUTTON + 4)


def _text(rows: Sequence[_Row], left: int, top: int, width: int) -> Iterator[str]:
    y, begun = top, None
    for number, row in enumerate(rows):
        if row.quoted and begun is None:
            begun = len(list(_quote(rows[number:])))
            height = sum(each.height for each in rows[number : number + begun]) + 3
            yield f'<rect class="quote" x="{left}" y="{y}" width="{width}" height="{height}" rx="4"/>'
            yield f'<rect class="bar" x="{left}" y="{y}" width="3" height="{height}"/>'
        elif not row.quoted:
            begun = None
        x = left + _BAR * row.quoted * 1.0
        for run in row.runs:
            yield _run(run, x, y + _SIZE)
            x += _width([run])
        y += row.height


def _quote(rows: Sequence[_Row]) -> Iterator[_Row]:
    for row in rows:
        if not row.quoted:
            return
        yield row


def _run(run: Run, x: float, y: int) -> str:
    """Draw words in exactly their measured width, whatever font is used; blanks around them are not drawn."""
    words = replace(run, text=run.text.strip())
    x += _width([replace(run, text=run.text[: len(run.text) - len(run.text.lstrip())])])
    classes = " ".join([*sorted(run.styles), *(["a"] if run.link else [])])
    named = f' class="{classes}"' if classes else ""
    fit = f' textLength="{_width([words]):.1f}" lengthAdjust="spacingAndGlyphs"' if len(words.text) > 2 else ""
    return f'<text x="{x:.1f}" y="{y}"{named}{fit}>{escape(words.text, quote=False)}</text>'


def _keyboard(buttons: Buttons, left: int, top: int, width: int) -> Iterator[str]:
    for number, row in enumerate(buttons):
        y, wide = top + number * (_BUTTON + 4), (width - 4 * (len(row) - 1)) / len(row)
        for at, label in enumerate(row):
            x = left + at * (wide + 4)
            yield f'<rect class="key" x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_BUTTON}" rx="8"/>'
            yield f'<text class="button" x="{x + wide / 2:.1f}" y="{y + 21}">{escape(label, quote=False)}</text>'


def _rows(found: Sequence[Line]) -> Iterator[_Row]:
    for line in found:
        room = _BUBBLE - 2 * _PAD - _BAR * 2 * line.quoted
        for runs in _wrapped(line.runs, room):
            yield _Row(runs, line.quoted)


def _wrapped(runs: Sequence[Run], room: float) -> Iterator[tuple[Run, ...]]:
    """Break the runs of a line at blanks, into lines that fit the available width."""
    row: list[Run] = []
    for word in _words(runs):
        if row and _width([*row, *_trimmed(word)]) > room:
            yield tuple(_trimmed(_joined(row)))
            row = []
        row += word
    yield tuple(_trimmed(_joined(row)))


def _words(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the pieces between which a line may be broken: a word and its following blank, in one style or several."""
    word: list[Run] = []
    for run in runs:
        for piece in re.findall(r"\S+\s*|\s+", run.text):
            word.append(replace(run, text=piece))
            if piece[-1].isspace():
                yield word
                word = []
    if word:
        yield word


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and replace(run, text="") == replace(joined[-1], text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return joined


def _trimmed(runs: Sequence[Run]) -> list[Run]:
    """Remove the blank at the end of a line, which takes no space."""
    if not runs:
        return []
    last = replace(runs[-1], text=runs[-1].text.rstrip())
    return [*runs[:-1], last] if last.text else list(runs[:-1])


def _width(runs: Sequence[Run]) -> float:
    return sum(width_of(run.text, _SIZE, "b" in run.styles) for run in runs)
