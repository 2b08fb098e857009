"""Render an evaluation as one self-contained HTML page: figures, plots, and the worst failures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from string import Template

from index.console import counted
from index.harmless import harmless
from retrieval.evaluation.compare import Difference
from retrieval.evaluation.evaluate import EvaluatedCase, Evaluation, Excerpt
from retrieval.evaluation.figures import best_answers, can_be_calibrated, reliability, risk_coverage, to_table
from retrieval.evaluation.judge import JudgedAnswer
from retrieval.evaluation.plots import reliability_diagram, risk_coverage_plot
from retrieval.evaluation.tabulate import DIFFERENCES, Row, difference_rows, figure_table, group_tables
from retrieval.presentation.answer_lines import dated, headline
from retrieval.presentation.answer_parts import Style
from retrieval.presentation.texts import texts_for

WORST = 10  # failures of each kind that are shown
_TAGS = {Style.PLAIN: "{}", Style.BOLD: "<b>{}</b>", Style.MARKED: "<b><u>{}</u></b>"}

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #687078; --line: #d9dde1; --paper: #fff; --mark: #1a66c2 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6e9; --soft: #98a0a8; --line: #3a3f45; --paper: #16181b; --mark: #6aaef5 }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 56rem;
  margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin: 1.5rem 0 0 }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .15rem .8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
th, p.note, cite { color: var(--soft); font-weight: normal; font-style: normal } p.note { margin: 0 }
.plots { display: flex; flex-wrap: wrap; gap: 2rem } figure { margin: 0 } svg { width: 22rem; max-width: 100% }
svg text { font-size: 11px; fill: var(--soft) } svg path { fill: none }
.grid { stroke: var(--line) } .guide { stroke: var(--soft); stroke-dasharray: 4 4 }
.line { stroke: var(--mark); stroke-width: 2 } .dot { fill: var(--mark); fill-opacity: .7 }
blockquote { margin: .5rem 0; padding-left: .8rem; border-left: 3px solid var(--line); white-space: pre-line }
a { color: var(--mark) }
</style>
</head>
<body>
<h1>$title</h1>
$body
</body>
</html>
""")


def render(
    evaluation: Evaluation, baseline: str = "", pairs: int = 0, differences: Mapping[str, Difference] | None = None
) -> str:
    """Return the page; with `differences` from the evaluation named `baseline`, over `pairs` questions in both."""
    head = f"{counted(len(evaluation.cases), 'question')}, generation {evaluation.generation}, {evaluation.model}"
    parts = [f'<p class="note">{_text(head)}</p>', *_figures(evaluation.judged)]
    if differences is not None:
        parts += [f"<h2>Against {_text(baseline)}</h2>", f'<p class="note">{counted(pairs, "question")} in both.</p>']
        parts.append(_table(DIFFERENCES, difference_rows(differences)))
    parts += [*_plots(evaluation.judged), *_failures(evaluation.cases)]
    return _PAGE.substitute(title=_text(f"Evaluation of {evaluation.questions}"), body="\n".join(parts))


def failures(cases: Iterable[EvaluatedCase]) -> dict[str, list[EvaluatedCase]]:
    """Return all failures by their kind, the worst of each kind first."""
    by_confidence = sorted(cases, key=_confidence, reverse=True)
    wrong = [case for case in by_confidence if case.judged.answerable and case.judged.answered and _misses(case.judged)]
    return {
        "Quotes that differ from their stored article": [
            case for case in by_confidence if case.judged.whole < case.judged.quotes
        ],
        "Answered, although no article answers": [
            case for case in by_confidence if case.judged.answerable is False and case.judged.answered
        ],
        # Those without the answer in any quote come first.
        "Answered, but not in the first quote": sorted(wrong, key=lambda case: _rank(case.judged) or 0),
        "Answered in the first quote, but another sentence is bold": [
            case
            for case in by_confidence
            if case.judged.answered and case.judged.answer_rank == 1 and case.judged.sentence is False
        ],
        "Refused, although an article answers": [
            case for case in reversed(by_confidence) if case.judged.answerable and not case.judged.answered
        ],
    }


def _confidence(case: EvaluatedCase) -> float:
    """Return the confidence; −1, below any other, where nothing was read."""
    return -1.0 if case.judged.confidence is None else case.judged.confidence


def _rank(judged: JudgedAnswer) -> int | None:
    """Return the rank of the answer, else that of the article; None if neither is known."""
    return judged.article_rank if judged.answer_rank is None else judged.answer_rank


def _misses(judged: JudgedAnswer) -> bool:
    return _rank(judged) not in (None, 1)


def _figures(judged: Sequence[JudgedAnswer]) -> list[str]:
    parts = ["<h2>Figures</h2>", _table(*figure_table(judged))]
    if tables := group_tables(judged):
        parts += ["<h2>By language and type</h2>", *(_table(head, rows) for head, rows in tables)]
    return parts


def _plots(judged: Sequence[JudgedAnswer]) -> list[str]:
    rows = to_table(judged)
    known = rows[can_be_calibrated(rows)]
    curve = risk_coverage(rows)
    diagram = reliability_diagram(reliability(known["confidence"], best_answers(known)))
    plot = risk_coverage_plot(curve, _configured(judged, curve))
    captions = (
        (
            diagram,
            "The share of best sentences that answer, by confidence, in bins of equally many questions. On the dashed "
            "line the two are equal: the confidence is calibrated.",
        ),
        (
            plot,
            "For every threshold of the confidence, the share of questions answered (coverage), and of these the share "
            "answered wrongly (risk): no article answers, or the first quote does not hold the answer. The dot is the "
            "configured threshold.",
        ),
    )
    shown = "".join(
        f'<figure>{svg}<figcaption class="note">{caption}</figcaption></figure>' for svg, caption in captions
    )
    return ["<h2>Confidence</h2>", f'<div class="plots">{shown}</div>']


def _configured(judged: Sequence[JudgedAnswer], curve: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the point of the curve at the configured threshold: the one with the coverage of the given answers."""
    counted = [
        one for one in judged if (one.answerable is False or one.answer_rank is not None) and one.confidence is not None
    ]
    share = sum(one.answered for one in counted) / len(counted) if counted else 0.0
    return min(curve, key=lambda point: abs(point[0] - share)) if share else None


def _failures(cases: Iterable[EvaluatedCase]) -> list[str]:
    parts = []
    for kind, found in failures(cases).items():
        if found:
            shown = f"The worst {WORST} of {len(found):,}." if len(found) > WORST else f"{len(found):,} in all."
            parts += [f"<h2>{kind}</h2>", f'<p class="note">{shown}</p>', *map(_case, found[:WORST])]
    return parts


def _case(case: EvaluatedCase) -> str:
    labelled, judged = case.labelled, case.judged
    facts = [f"confidence {'–' if judged.confidence is None else f'{judged.confidence:.2f}'}", labelled.id]
    if labelled.answers:
        facts.insert(0, f"expected: {' | '.join(labelled.answers)}")
    quotes = "".join(map(_quote, case.excerpts)) or "<p>Nothing was found.</p>"
    if case.labels:
        title = "The labelled answer:" if judged.answerable else "What only sounds like an answer:"
        quotes += f'<p class="note">{title}</p>{"".join(map(_quote, case.labels))}'
    return f'<h3>{_text(labelled.question.text)}</h3><p class="note">{_text(" · ".join(facts))}</p>{quotes}'


def _quote(excerpt: Excerpt) -> str:
    above, texts = excerpt.caption, texts_for("en")
    words = "".join(_TAGS[style].format(_text(piece)) for piece, style in excerpt.runs)
    title = _text(headline(above, texts))
    link = f'<a href="{_text(above.url)}">{title}</a>' if above.url else title
    place = " · ".join(_text(part) for part in (above.outlet, dated(above, texts)) if part)
    return f"<blockquote><cite>{link} · {place}</cite>\n{words}</blockquote>"


def _table(head: Row, rows: Iterable[Row]) -> str:
    top = "".join(f"<th>{_text(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _text(text: str) -> str:
    """Return a text escaped for the page, without control characters."""
    return escape(harmless(text))
