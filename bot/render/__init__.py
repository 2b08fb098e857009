"""Render answers and texts as HTML messages within Telegram's limits. Only this package writes markup."""

from bot.render.answer_pages import render_answer, render_latest, render_more, render_watch_notice
from bot.render.inline_results import InlineResult, inline_result
from bot.render.markup import MAX_UNITS, Page
from bot.render.markup import plain as text
from bot.render.quote_context import render_context
from bot.render.source_list import render_sources

__all__ = [
    "MAX_UNITS",
    "InlineResult",
    "Page",
    "inline_result",
    "render_answer",
    "render_context",
    "render_latest",
    "render_more",
    "render_sources",
    "render_watch_notice",
    "text",
]
