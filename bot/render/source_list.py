"""Render the list of outlets and the days of their articles as one message."""

from __future__ import annotations

from bot.render.markup import bold, text
from index.storage.articles import Summary
from retrieval.presentation.answer_parts import one_line
from retrieval.presentation.clipping import clip, units
from retrieval.presentation.texts import Texts

_LINES, _UNITS = 40, 3000  # at most, for the list of outlets


def render_sources(summary: Summary, texts: Texts) -> str:
    """Return the number and days of the articles, and the outlets with most articles; a long list counts the others."""
    if not summary.articles:
        return text(texts("sources-none")).html
    heading = texts("sources-heading", articles=summary.articles, outlets=len(summary.outlets))
    days = texts.days(summary.first_day, summary.last_day) if summary.first_day or summary.last_day else None
    undated = texts("sources-undated", count=summary.undated) if summary.undated else None
    below = "\n".join(part for part in (days, undated) if part)
    parts = [bold(heading) + text(f"\n{below}" if below else ""), text("\n".join(_outlets(summary, texts)))]
    return "\n\n".join(part.html for part in parts if part)


def _outlets(summary: Summary, texts: Texts) -> list[str]:
    named = [(name, count) for outlet, count in summary.outlets if (name := one_line(outlet))]
    lines: list[str] = []
    for name, count in named[:_LINES]:
        shown = texts("sources-outlet", outlet=clip(name, 100), count=count)
        if sum(map(units, [*lines, shown])) > _UNITS:
            break
        lines.append(shown)
    if left := len(named) - len(lines):
        lines.append(texts("sources-rest", count=left))
    if unnamed := summary.articles - sum(count for _, count in named):
        lines.append(texts("sources-unnamed", count=unnamed))
    return lines
