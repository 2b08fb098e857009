from retrieval.evaluation.compare import Difference
from retrieval.evaluation.figures import Figure
from retrieval.evaluation.tabulate import DIFFERENCES, FIGURES, difference_rows, figure_rows, lines


def test_figures_have_their_digits_and_a_dash_where_there_is_none() -> None:
    rows = figure_rows({"article_mrr": Figure(2 / 3, 1327), "p50_ms": Figure(28.96, 1), "auroc": Figure(None, 0)})
    assert lines(FIGURES, rows) == [
        "                         figure  questions",
        "article MRR               0.667      1,327",
        "time p50, ms               29.0          1",
        "AUROC of the confidence       –          0",
    ]


def test_differences_have_signs() -> None:
    rows = difference_rows(
        {
            "article_hit@1": Difference(0.5, 0.625, 0.125, -0.0625, 0.25, 8),
            "brier": Difference(None, None, None, None, None, 0),
        }
    )
    assert lines(DIFFERENCES, rows) == [
        "               before    now  difference     95 % interval  pairs",
        "article hit@1   0.500  0.625      +0.125  -0.062 to +0.250      8",
        "Brier score         –      –           –                 –      0",
    ]
