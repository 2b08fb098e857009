"""Sentences that need the one before, or reverse it."""

import pytest

from index.text.dependent_sentences import needs_previous, reverses_previous


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("He left.", "en"),
        ("She’s gone.", "en"),
        ("It failed.", "en"),
        ("They had known.", None),
        ("This was new.", "en"),
        ("These were new.", "en"),
        ("But it failed.", "en"),
        ("However, rain fell.", "en"),
        ("Such plans fail.", "en"),
        ("There they stayed.", "en"),
        ("The former won.", "en"),
        ("The latter's plan failed.", "en"),
        ("After that, rain fell.", "en"),
        ("As a result, prices rose.", "en"),
        ("Some of them stayed.", "en"),
        ("“But rain fell,” said Ann Lee.", "en"),
        ("and rain fell.", "en"),
        ("and that was it,” Ann Lee said.", "en"),
        ("That was it,” Ann Lee said.", "en"),
        ("Rain fell,” Ann Lee said.", "en"),
        ("Дождь шёл», — сказал он.", "ru"),
        ("Он ушёл.", "ru"),
        ("Она ушла.", None),
        ("Однако дождь шёл.", "ru"),
        ("Но дождь шёл.", "ru"),
        ("Это было ново.", "ru"),
        ("При этом цены росли.", "ru"),
        ("Тем не менее дождь шёл.", "ru"),
    ],
)
def test_sentences_that_need_the_one_before(sentence: str, language: str | None) -> None:
    assert needs_previous(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Rain fell.", "en"),
        ("Hepburn left.", "en"),
        ("Italy won.", "en"),
        ("Theyskens left.", "en"),
        ("Andes snow fell.", "en"),
        ("Orlando won.", "en"),
        ("“Rain fell,” said Ann Lee.", "en"),
        ("iPhone sales rose.", "en"),
        ("The ministry left it.", "en"),
        ("The othering went on.", "en"),
        ("In 2019, it rained.", "en"),
        ("Дождь шёл.", "ru"),
        ("Онищенко ушёл.", "ru"),
        ("Андрей ушёл.", "ru"),
        ("«Дождь шёл», — сказал Песков.", "ru"),
        ("But in an unknown language", "fi"),
    ],
)
def test_sentences_that_can_be_quoted_alone(sentence: str, language: str | None) -> None:
    assert not needs_previous(sentence, language)


@pytest.mark.parametrize(
    "sentence",
    [
        "But rain fell.",
        "However, rain fell.",
        "“But rain fell,” said Ann Lee.",
        "Nevertheless, he stayed.",
        "Instead, he stayed.",
        "Not so.",
        "In fact, he stayed.",
        "That was denied.",
        "That was false.",
        "It turned out to be a hoax.",
        "This is not true.",
        "That's not the case.",
        "The claim was later retracted.",
        "The Kremlin denied the claim.",
        "Smith denies any wrongdoing.",
        "The ban was lifted in May.",
        "The ban was soon lifted.",
        "The verdict was overturned on appeal.",
        "The paper later corrected the story.",
        "The report has been debunked.",
        "The flight was later cancelled.",
        "It never happened.",
        "Но дождь шёл.",
        "Однако он остался.",
        "Это не так.",
        "Песков опроверг это.",
        "Запрет был отменён.",
        "В Кремле это отрицают.",
    ],
)
def test_sentences_that_reverse_the_one_before(sentence: str) -> None:
    assert reverses_previous(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Rain fell.",
        "Butter is dear.",
        "Instead of rain, snow fell.",
        "Thousands of flights were canceled.",
        "He lifted the box.",
        "That was new.",
        "That is the case for many.",
        "The Kremlin agreed.",
        "He corrected his glasses.",
        "Osaka has withdrawn from the match.",
        "They asked for their names to be withdrawn.",
        "He was right, but late.",
        "Новости Кремля.",
        "Ноты изданы.",
    ],
)
def test_sentences_that_do_not_reverse_the_one_before(sentence: str) -> None:
    assert not reverses_previous(sentence)
