import pytest

from index.types import Span
from retrieval.query.attribution import asked_speaker, says


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what did Rogozin say?", "Rogozin"),
        ("What has Ann Lee said about the bridge?", "Ann Lee"),
        ("who built it?\nwhat did Lee say?", "Lee"),  # the last line is the question
        ("что сказал Рогозин?", "Рогозин"),
        ("что заявил Дмитрий Рогозин о санкциях?", "Дмитрий Рогозин"),
        ("what did the mayor of Bergen say?", "the mayor of Bergen"),
        ("what did rogozin say?", "rogozin"),
        ("What does Tesla tell owners to do?", "Tesla"),
        ("what's Rogozin said", "Rogozin"),
        ("what has Lee denied?", "Lee"),
        ("что Рогозин сказал о санкциях?", "Рогозин"),
        ("что говорит Дмитрий Рогозин о санкциях", "Дмитрий Рогозин"),
        ("о чём рассказал Песков?", "Песков"),
        ("what has been said about it?", None),
        ("what do i have to say?", None),
        ("что он сказал?", None),
        ("что было сказано?", None),
        ("what did he say?", None),
        ("who said that?", None),
        ("what did the bridge cost?", None),
        ("", None),
    ],
)
def test_asked_speakers(question: str, name: str | None) -> None:
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
        ("Sergei Lavrov said that it flies.", "the Russian foreign minister", False),
        ("The Foreign Ministry said that it flies.", "the Russian foreign minister", False),
        ("The Foreign Ministry said that it flies.", "the foreign ministry", True),
        ("Former President Donald Trump said that it flies.", "the president of Russia", False),
        ("Former President Donald Trump said that it flies.", "president biden", False),
        ("Biden said that it flies.", "president biden", True),
        ("Alexandra Smith said that it flies.", "Alex Jones", False),
        ("Boris Johnson said that it flies.", "John", False),
        ("Xi said that it flies.", "Xi Jinping", True),
        ("Vladimir Zelensky said that it flies.", "Зеленского", True),
        ("The agency told Rogozin that it flies, Ann Lee said.", "Рогозин", False),  # in other letters
        ("Dmitry Rogozin said that it flies.", "Рогозина", True),
        ("The Space Agency (CSA) informed its partner Dmitry Rogozin that it flies.", "Rogozin", False),
        ("The Space Agency (CSA) informed its partner Dmitry Rogozin that it flies.", "space agency", True),
        ("Роскосмос уведомил Рогозина, что она летит.", "Рогозин", False),
    ],
)
def test_speakers_of_a_sentence(text: str, name: str, expected: bool | None) -> None:
    assert says(text, Span(0, len(text)), name) is expected
