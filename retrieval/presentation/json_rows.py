"""The JSON format: rows to questions, answers to rows. A row is one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from index.limits import QUESTION, ROW_OF_QUESTION
from index.text.normalize import HALF
from index.types import Article, Span
from retrieval.query.periods import Period
from retrieval.quote_ids import QuoteId
from retrieval.quote_lookup import LocatedQuote
from retrieval.types import Answer, Question, Quote

_FIRST_YEAR, _LAST_YEAR = 1000, 9000  # so that adding or subtracting days never leaves the range of dates
_LONGEST_SHOWN = 100  # code points of a wrong value that are repeated in an error


def read_questions(lines: Iterable[str], given: Mapping[str, Any]) -> Iterator[Question | ValueError]:
    """Yield the question of each line, which is plain text or a row; `given` has values for fields that it leaves out.

    For a line that is not a question, yield the ValueError that says where and why, so that the rest can be answered.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield to_question({**given, **_row(line)})
        except ValueError as error:
            yield ValueError(f"stdin:{number}: {error}")


def to_question(row: Mapping[str, Any]) -> Question:
    """Return the question of a row {question, asked, since, until, source, earlier}.

    Raises ValueError that names the wrong field.
    """
    text, source, earlier = row.get("question"), row.get("source"), row.get("earlier")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("question: must be a non-empty text")
    if not _is_unicode(text):
        raise ValueError("question: is not valid UTF-8")
    if len(text) > QUESTION:
        raise ValueError(f"question: is longer than {QUESTION:,} characters")
    if source is not None and not (isinstance(source, str) and source.strip() and _is_unicode(source)):
        raise ValueError("source: must be the name of an outlet")
    if earlier is not None and not (isinstance(earlier, str) and _is_unicode(earlier) and len(earlier) <= QUESTION):
        raise ValueError("earlier: must be the subject of the previous answer")
    since, until = _moment(row, "since"), _moment(row, "until")
    if since and until and since > until:
        raise ValueError(f"since: {row['since']} is after until, {row['until']}")
    return Question(
        text.strip(),
        _moment(row, "asked") or datetime.now(UTC),
        since and since.date(),
        until and until.date(),
        source and source.strip(),
        earlier,
    )


def to_row(answer: Answer, explain: bool = False) -> dict[str, Any]:
    """Return an answer as a row; with `explain`, each quote has the parts of its score."""
    return {
        "question": answer.question.text,
        "status": answer.status,
        "understood": f"understood as: {answer.understood}" if answer.understood else None,
        "subject": answer.subject,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
        "took_ms": round(answer.took_ms, 1),
        "generation": answer.generation,
        "period": _period_to_row(answer.period) if answer.period else None,
        "quotes": [_quote_to_row(quote, explain) for quote in answer.quotes],
        "more": answer.more,
        "closest": [_quote_to_row(quote, explain) for quote in answer.closest],
    }


def _is_unicode(text: str) -> bool:
    return HALF.search(text) is None


def located_quote_to_row(located: LocatedQuote) -> dict[str, Any]:
    """Return a quote that was looked up as a row.

    `quote` is None if the article no longer contains it; `now` is then the text in its place, if there is any.
    """
    article, place = located.article, None
    if located.span:
        place = {"id": str(QuoteId.of(article, *located.span)), **_span_to_row(article, located.span)}
    is_there = located.status != "changed"
    return {
        "id": str(located.id),
        "status": located.status,
        "quote": place if is_there else None,
        "now": None if is_there else place,
        "before": located.before,
        "after": located.after,
        "article": _article_to_row(article),
    }


def _row(line: str) -> dict[str, Any]:
    """Return the row of a line; plain text becomes a row with only a question."""
    if not line.lstrip().startswith("{"):
        return {"question": line}
    if len(line) > ROW_OF_QUESTION:
        raise ValueError(f"the line is longer than {ROW_OF_QUESTION:,} characters")
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise ValueError("not valid JSON: too deeply nested") from None
    return {key: value for key, value in row.items() if value is not None}


def _moment(row: Mapping[str, Any], field: str) -> datetime | None:
    """Return an ISO 8601 date or time, in UTC if it has no zone; None if the row has none."""
    value = row.get(field)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{field}: {_shown(value)} is not a date; write it as YYYY-MM-DD") from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"{field}: {value} is outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


def _period_to_row(period: Period) -> dict[str, Any]:
    days = {"since": period.since, "until": period.until}
    return {**{name: day and day.isoformat() for name, day in days.items()}, "text": period.text}


def _span_to_row(article: Article, span: Span) -> dict[str, Any]:
    return {"text": article.text[slice(*span)], "start": span.start, "end": span.end}


def _quote_to_row(quote: Quote, explain: bool) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": quote.id,
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "highlights": [list(span) for span in quote.highlights],
        "marks": [list(span) for span in quote.marks],
        "speaker": _span_to_row(quote.article, quote.speaker) if quote.speaker else None,
        "score": round(quote.score, 4),
        "article": _article_to_row(quote.article),
        "copies": [_article_to_row(copy) for copy in quote.copies],
    }
    if explain:
        hit = quote.hit
        values["explain"] = {
            "cosine": round(hit.cosine, 4),
            "words": round(hit.words, 4),
            "recency": round(hit.recency, 4),
            "article": round(hit.article, 4),
            "search": round(hit.score, 4),
            "matched": list(hit.matched),
        }
    return values


def _article_to_row(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.dated,
        **({"modified": article.updated.isoformat()} if article.updated else {}),
    }
