import pytest

from index.types import Span
from retrieval.rules.attribution import asked_speaker, says


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what did Rogozin say?", "Rogozin"),
        ("What has Ann Lee said about the bridge?", "Ann Lee"),
        ("who built it?\nwhat did Lee say?", "Lee"),  # the last line is what is asked
        ("что сказал Рогозин?", "Рогозин"),
        ("что заявил Дмитрий Рогозин о санкциях?", "Дмитрий Рогозин"),
        ("what did the mayor of Bergen say?", "the mayor of Bergen"),
        ("what did rogozin say?", "rogozin"),
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
        ("“It flies,” said Dmitry Rogozin.", "the Rogozin", True),
        ("“It flies,” said Dmitry Rogozin.", "lisa campbell", False),
        ("«Она летит», — сказал Дмитрий Рогозин.", "Рогозина", True),  # in another case
        ("Ann Lee said that the ship flies.", "Lee", True),  # not in quotation marks
        ("The ship flies, Roscosmos quoted CSA President Lisa Campbell.", "Rogozin", False),
        ("The ship flies, Roscosmos quoted CSA President Lisa Campbell.", "Campbell", True),
        ("“It flies,” he said.", "Campbell", None),  # the sentence names nobody
        ("It flies.", "Campbell", None),
        ("The agency told Rogozin that it flies, Ann Lee said.", "Рогозин", False),  # in other letters
        ("Dmitry Rogozin said that it flies.", "Рогозина", True),
        ("The Space Agency (CSA) informed its partner Dmitry Rogozin that it flies.", "Rogozin", False),
        ("The Space Agency (CSA) informed its partner Dmitry Rogozin that it flies.", "space agency", True),
        ("Роскосмос уведомил Рогозина, что она летит.", "Рогозин", False),
    ],
)
def test_who_says_a_sentence(text: str, name: str, expected: bool | None) -> None:
    assert says(text, Span(0, len(text)), name) is expected
