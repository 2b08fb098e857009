import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser

import pytest

from retrieval.evaluation.compare import Difference, compare
from retrieval.evaluation.evaluate import EvaluatedCase, Evaluation, Excerpt
from retrieval.evaluation.html_report import WORST, failures, render
from retrieval.evaluation.judge import JudgedAnswer
from retrieval.evaluation.labelled import LabelledQuestion
from retrieval.presentation.answer_parts import Caption, Style
from retrieval.types import Question

ASKED = datetime(2022, 6, 1, tzinfo=UTC)
RIGHT = JudgedAnswer("1", True, True, 0.9, 10.0, 1, 1, True, True, 1, 1, 4, 4)
WRONG, SECOND = replace(RIGHT, answer_rank=0), replace(RIGHT, answer_rank=2)
REFUSED = replace(RIGHT, answered=False)
GUESSED = JudgedAnswer("0", False, True, 0.6, 10.0, None, None, None, None, 1, 1, 4, 4)
QUOTE = Excerpt(
    Caption("Weather", "TASS", date(2022, 4, 2), None, "https://a.example/x"),
    (("Rain. ", Style.PLAIN), ("Oslo.", Style.BOLD)),
)


def case(
    judged: JudgedAnswer, id: str = "1", text: str = "Where?", answers: tuple[str, ...] = ("Oslo",)
) -> EvaluatedCase:
    labelled = LabelledQuestion(id, Question(text, ASKED), judged.answerable, answers)
    return EvaluatedCase(labelled, replace(judged, id=id), (QUOTE,))


def page(*cases: EvaluatedCase) -> str:
    return render(Evaluation("q.jsonl", 3, "fake", cases))


class Structure(HTMLParser):
    """Checks that every element is closed, and keeps all attributes that could name something outside."""

    VOID = ("meta", "link", "img", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [f"{name}={value}" for name, value in attributes if name in ("href", "src", "style", "srcset")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_self_contained() -> None:
    text = page(case(WRONG), case(GUESSED, "2"), case(REFUSED, "3"))
    structure = Structure(text)
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & structure.seen
    assert structure.links == ["href=https://a.example/x"] * 3
    assert "url(" not in text
    assert "@import" not in text


def test_figures_and_quotes_are_shown() -> None:
    text = page(case(WRONG), case(RIGHT, "2"))
    assert "2 questions, generation 3, fake" in text
    assert "<tr><td>answer in first quote</td><td>0.500</td><td>2</td></tr>" in text
    assert "<tr><td>unanswerable, refused</td><td>–</td><td>0</td></tr>" in text
    assert '<h3>Where?</h3><p class="note">expected: Oslo · confidence 0.90 · 1</p>' in text
    assert (
        '<blockquote><cite><a href="https://a.example/x">Weather</a> · TASS · 2 April 2022</cite>\n'
        "Rain. <b>Oslo.</b></blockquote>"
    ) in text
    assert text.count("<blockquote>") == 1


@cache
def compared() -> tuple[int, dict[str, Difference]]:
    return compare([WRONG], [WRONG])


NASTY = "<script>alert('1')</script>&\"\u202e\x1b"
ESCAPED = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;&quot;"


@pytest.mark.parametrize("place", ["question", "id", "answer", "headline", "outlet", "date", "url", "quote", "bold",
                                   "mark", "file", "model", "baseline"])  # fmt: skip
def test_every_text_from_outside_is_escaped(place: str) -> None:
    def of(name: str, otherwise: str = "x") -> str:
        return NASTY if name == place else otherwise

    labelled = LabelledQuestion(of("id"), Question(of("question"), ASKED), True, (of("answer"),))
    above = Caption(of("headline"), of("outlet"), None, of("date"), of("url"))
    excerpt = Excerpt(above, ((of("quote"), Style.PLAIN), (of("bold"), Style.BOLD), (of("mark"), Style.MARKED)))
    evaluation = Evaluation(of("file"), 1, of("model"), (EvaluatedCase(labelled, WRONG, (excerpt,)),))
    text = render(evaluation, of("baseline"), *compared())
    Structure(text)
    assert ESCAPED in text
    assert not re.search("<script|\u202e|\x1b", text)


def test_a_template_mark_in_a_question_is_only_text() -> None:
    assert "<h3>What cost $body or ${title}?</h3>" in page(case(WRONG, text="What cost $body or ${title}?"))


def test_failures_are_listed_by_kind_the_worst_first() -> None:
    found = failures(
        [
            case(replace(SECOND, confidence=0.99), "second"),
            case(replace(WRONG, confidence=0.5), "wrong"),
            case(replace(WRONG, confidence=0.8), "surely wrong"),
            case(replace(GUESSED, confidence=0.4), "guess"),
            case(replace(GUESSED, confidence=0.7), "sure guess"),
            case(replace(GUESSED, answered=False), "refused rightly"),
            case(replace(REFUSED, confidence=0.2), "refused"),
            case(replace(REFUSED, confidence=0.1), "surely refused"),
            case(replace(RIGHT, confidence=0.3, sentence=False), "another sentence"),
            case(replace(RIGHT, confidence=None, sentence=False), "another, not read"),
            case(replace(REFUSED, confidence=None, sentence=False), "refused, not read"),
            case(replace(RIGHT, whole=0), "invented"),
            case(replace(RIGHT, answer_rank=None, article_rank=3), "another article"),
            case(replace(RIGHT, answer_rank=None, article_rank=None), "nothing known"),
            case(replace(GUESSED, answerable=None), "not known"),
            case(RIGHT, "right"),
        ]
    )
    assert {kind: [one.judged.id for one in cases] for kind, cases in found.items()} == {
        "Quotes that differ from their stored article": ["invented"],
        "Answered, although no article answers": ["sure guess", "guess"],
        "Answered, but not in the first quote": ["surely wrong", "wrong", "second", "another article"],
        "Answered in the first quote, but another sentence is bold": ["another sentence", "another, not read"],
        "Refused, although an article answers": ["refused, not read", "surely refused", "refused"],
    }


def test_labelled_evidence_is_shown_below_the_answer() -> None:
    label = Excerpt(Caption("Rain", None, None, None, None), (("It fell on Oslo.", Style.BOLD),))
    missed, guessed = replace(case(WRONG), labels=(label,)), replace(case(GUESSED, "2"), labels=(label,))
    right = "<blockquote><cite>Rain · undated</cite>\n<b>It fell on Oslo.</b></blockquote>"
    assert f'<p class="note">The labelled answer:</p>{right}' in page(missed)
    assert f'<p class="note">What only sounds like an answer:</p>{right}' in page(guessed)


def test_languages_and_types_have_a_table() -> None:
    text = page(case(replace(RIGHT, language="en", type="<who>")), case(replace(WRONG, language="ru"), "2"))
    Structure(text)
    assert "<h2>By language and type</h2>" in text
    assert "<tr><td>en &lt;who&gt;</td><td>1</td>" in text
    assert "<th>ru</th>" in text
    assert "By language" not in page(case(RIGHT))


def test_an_unread_answer_has_no_confidence_and_is_in_no_plot() -> None:
    text = page(case(replace(WRONG, confidence=None)), case(replace(REFUSED, confidence=None), "2"))
    Structure(text)
    assert "confidence – · 1<" in text
    assert "<circle" not in text


def test_the_reliability_plot_has_ten_dots() -> None:
    judged = [replace(RIGHT, confidence=at / 25, answerable=at % 2 == 0) for at in range(25)]
    text = page(*(case(one, str(at)) for at, one in enumerate(judged)))
    [plot] = [figure for figure in text.split("<figure>") if 'aria-label="Reliability"' in figure]
    assert plot.count("<circle") == 10
    assert plot.count("<title>3 questions: ") == 5
    assert plot.count("<title>2 questions: ") == 5


def test_only_the_worst_are_shown() -> None:
    text = page(*(case(replace(WRONG, confidence=at / 100), str(at)) for at in range(WORST + 2)))
    assert f"The worst {WORST} of 12." in text
    assert text.count("<h3>") == WORST
    assert "confidence 0.11 · 11<" in text
    assert "confidence 0.01 · 1<" not in text


def test_a_comparison_is_shown() -> None:
    cases = (case(RIGHT),)
    text = render(Evaluation("q.jsonl", 1, "fake", cases), "before.json", *compare([WRONG], [RIGHT]))
    assert '<h2>Against before.json</h2>\n<p class="note">1 question in both.</p>' in text
    cells = ("answer in first quote", "0.000", "1.000", "+1.000", "+1.000 to +1.000", "1")
    assert "".join(f"<td>{cell}</td>" for cell in cells) in text
    assert "Against" not in page(*cases)


def test_a_page_of_questions_without_labels() -> None:
    Structure(page(case(replace(GUESSED, answerable=None))))
