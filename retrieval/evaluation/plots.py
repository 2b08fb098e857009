"""Draw plots as SVG elements, coloured by the style sheet of the page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SIDE, _LEFT, _TOP, _BELOW = 260, 46, 12, 44  # pixels: the square's side, and the margins around it
_TICKS = (0, 0.25, 0.5, 0.75, 1)


def reliability_diagram(bins: Sequence[tuple[float, float, int]]) -> str:
    """Draw the share of best sentences that answer over the mean confidence, a dot per bin sized by its questions.

    `bins` are (mean confidence, share, questions), as `reliability` returns them.
    """
    most = max((count for _, _, count in bins), default=1)
    dots = [
        f'<circle class="dot" cx="{_x(sure)}" cy="{_y(share)}" r="{3 + 7 * (count / most) ** 0.5:.1f}">'
        f"<title>{count:,} questions: confidence {sure:.2f}, best sentence answers {share:.2f}</title></circle>"
        for sure, share, count in bins
    ]
    diagonal = f'<path class="guide" d="{_path([(0, 0), (1, 1)])}"/>'
    line = f'<path class="line" d="{_path((sure, share) for sure, share, _ in bins)}"/>' if bins else ""
    return _plot("Reliability", "confidence", "best sentence answers", [diagonal, line, *dots])


def risk_coverage_plot(points: Sequence[tuple[float, float]], at: tuple[float, float] | None) -> str:
    """Draw risk over coverage; `points` are (coverage, risk), and `at` marks the configured threshold."""
    line = f'<path class="line" d="{_path(points)}"/>' if points else ""
    mark = ""
    if at:
        mark = (
            f'<circle class="dot" cx="{_x(at[0])}" cy="{_y(at[1])}" r="5">'
            f"<title>configured threshold: coverage {at[0]:.2f}, risk {at[1]:.2f}</title></circle>"
        )
    return _plot("Risk and coverage", "share answered", "of these, share wrong", [line, mark])


def _plot(title: str, below: str, left: str, inside: Iterable[str]) -> str:
    ticks = "".join(
        f'<path class="grid" d="{_path([(0, tick), (1, tick)])}{_path([(tick, 0), (tick, 1)])}"/>'
        f'<text x="{_x(tick)}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{tick:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_y(tick)}" dy=".35em" text-anchor="end">{tick:g}</text>'
        for tick in _TICKS
    )
    width, height, middle = _LEFT + _SIDE + 16, _TOP + _SIDE + _BELOW, _TOP + _SIDE // 2
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}">{ticks}'
        f'<text x="{_LEFT + _SIDE // 2}" y="{height - 8}" text-anchor="middle">{below}</text>'
        f'<text x="10" y="{middle}" text-anchor="middle" transform="rotate(-90 10 {middle})">{left}</text>'
        f"{''.join(inside)}</svg>"
    )


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_x(x)} {_y(y)}" for x, y in points)


def _x(value: float) -> float:
    return round(_LEFT + _SIDE * value, 1)


def _y(value: float) -> float:
    return round(_TOP + _SIDE * (1 - value), 1)
