import pytest

from index.types import Span
from retrieval.rules.attribution import asked_speaker, is_said_by_another


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what did Rogozin say?", "Rogozin"),
        ("What has Ann Lee said about the bridge?", "Ann Lee"),
        ("who built it?\nwhat did Lee say?", "Lee"),  # the last line is what is asked
        ("что сказал Рогозин?", "Рогозин"),
        ("что заявил Дмитрий Рогозин о санкциях?", "Дмитрий Рогозин"),
        ("what did he say?", None),
        ("who said that?", None),
        ("what did the bridge cost?", None),
        ("", None),
    ],
)
def test_whom_a_question_asks_about(question: str, name: str | None) -> None:
    assert asked_speaker(question) == name


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("“It flies,” said Dmitry Rogozin.", "Rogozin", False),
        ("“It flies,” said Dmitry Rogozin.", "Lisa Campbell", True),
        ("«Она летит», — сказал Дмитрий Рогозин.", "Рогозина", False),  # in another case
        ("“It flies,” he said.", "Campbell", False),  # the sentence names nobody
        ("It flies.", "Campbell", False),
    ],
)
def test_who_says_a_sentence(text: str, name: str, expected: bool) -> None:
    assert is_said_by_another(text, Span(0, len(text)), name) is expected
