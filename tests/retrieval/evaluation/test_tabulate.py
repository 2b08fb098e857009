from dataclasses import replace

from retrieval.evaluation.compare import Difference
from retrieval.evaluation.figures import MEASURES, Figure
from retrieval.evaluation.judge import JudgedAnswer
from retrieval.evaluation.tabulate import (
    DIFFERENCES,
    WATCHES,
    aligned_lines,
    difference_rows,
    figure_table,
    group_tables,
    watch_rows,
)

RIGHT = JudgedAnswer("1", True, True, 0.9, 28.96, 1, 1, True, True, 3, 3, 20, 60, True, 1)
WRONG = replace(RIGHT, article_rank=0, answer_rank=2, sentence=False, took_ms=None)


def test_figures_are_rounded_and_missing_ones_are_dashes() -> None:
    head, rows = figure_table([RIGHT, RIGHT, WRONG])
    assert len(rows) == len(MEASURES)
    labels = ("article MRR", "time p50, ms", "AUROC of the confidence")
    assert aligned_lines(head, [row for row in rows if row[0] in labels]) == [
        "                         figure  questions",
        "article MRR               0.667          3",
        "AUROC of the confidence       –          3",
        "time p50, ms               29.0          2",
    ]


def test_several_languages_have_columns_of_their_own() -> None:
    judged = [replace(RIGHT, language="en"), replace(WRONG, language="ru"), RIGHT]
    head, rows = figure_table(judged)
    assert aligned_lines(head, [row for row in rows if row[0] == "article MRR"]) == [
        "             figure  questions     en  questions     ru  questions",
        "article MRR   0.667          3  1.000          1  0.000          1",
    ]
    assert figure_table([replace(RIGHT, language="en"), RIGHT])[0] == ("", "figure", "questions")


def test_a_row_for_each_language_and_type() -> None:
    judged = [
        replace(RIGHT, language="en", type="who"),
        replace(WRONG, language="en", type="list", listed=0.5, answering=2),
        JudgedAnswer("3", False, False, 0.1, 1.0, None, None, None, None, 1, 1, 0, 0, language="en", type="a\x1b\nb"),
    ]
    quotes, confidence = (aligned_lines(*table) for table in group_tables(judged))
    assert quotes == [
        "         questions  article  first  in three   bold  on point   list  words  p50, ms  p95, ms",
        "all              3    1.000  0.500     1.000  0.500     0.500  0.500   60.0     15.0     27.6",
        "en               3    1.000  0.500     1.000  0.500     0.500  0.500   60.0     15.0     27.6",
        "en who           1    1.000  1.000     1.000  1.000     0.333      –   60.0     29.0     29.0",
        "en list          1    1.000  0.000     1.000  0.000     0.667  0.500   60.0        –        –",
        "en a b           1        –      –         –      –         –      –      –      1.0      1.0",
    ]
    assert confidence == [
        "         questions  wrongly refused  rightly refused  at 5 %  AUROC  calibration error",
        "all              3            0.000            1.000   1.000  1.000              0.300",
        "en               3            0.000            1.000   1.000  1.000              0.300",
        "en who           1            0.000                –   1.000  1.000              0.100",
        "en list          1            0.000                –   1.000  1.000              0.900",
        "en a b           1                –            1.000       –      –              0.100",
    ]
    assert group_tables([RIGHT]) == []
    assert group_tables([replace(RIGHT, language="en")]) == []


def test_watches() -> None:
    assert aligned_lines(WATCHES, watch_rows({"fired": Figure(0.75, 60), "right": Figure(None, 0)})) == [
        "       figure  of",
        "fired   0.750  60",
        "right       –   0",
    ]


def test_differences_have_signs() -> None:
    rows = difference_rows(
        {
            "article_hit@1": Difference(0.5, 0.625, 0.125, -0.0625, 0.25, 8),
            "brier": Difference(None, None, None, None, None, 0),
        }
    )
    assert aligned_lines(DIFFERENCES, rows) == [
        "               before    now  difference     95 % interval  pairs",
        "article hit@1   0.500  0.625      +0.125  -0.062 to +0.250      8",
        "Brier score         –      –           –                 –      0",
    ]
