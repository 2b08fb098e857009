from datetime import UTC, datetime

import pytest

from retrieval.query.periods import find_period
from retrieval.query.subjects import Subject, asked_subject, names_subject, resembles

ASKED = datetime(2022, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("What happened in Norland on Saturday?", "Norland", True),
        ("What happened in Maur in March 2022?", "Maur", True),
        ("What happened to the ferry yesterday?", "ferry", False),
        ("Norland", "Norland", True),
        ("Norland?", "Norland", True),
        ("Norland yesterday", "Norland", True),
        ("What happened to Lindqvist?", "Lindqvist", True),
        ("what happened to lindqvist", "lindqvist", False),
        ("News about Halden", "Halden", True),
        ("latest on Eva Lindqvist", "Eva Lindqvist", True),
        ("What's the latest on the Tolva bridge?", "Tolva bridge", True),
        ("What’s new with NASA?", "NASA", True),
        ("What is going on in New Fenn?", "New Fenn", True),
        ("what is happening in Maur", "Maur", True),
        ("Any news on Halden, please?", "Halden", True),
        ("Anything new about Halden?", "Halden", True),
        ("Hi! Any news from Portvale?", "Portvale", True),
        ("Has anything happened in Norland lately?", "Norland", True),
        ("Norland news", "Norland", True),
        ("What happened to the Duke of York?", "Duke of York", True),
        ("What happened to Governor Vale last week?", "Governor Vale", True),
        ("Что случилось с Линдквистом?", "Линдквистом", True),
        ("Что произошло в Норландии в субботу?", "Норландии", True),
        ("Что нового о Рогозине?", "Рогозине", True),
        ("Последние новости о Халдене", "Халдене", True),
        ("новости Халдена", "Халдена", True),
        ("Норландия", "Норландия", True),
        ("Что с паромом?", "паромом", False),
    ],
)
def test_questions_for_the_newest(text: str, name: str, is_named: bool) -> None:
    assert asked_subject(text, find_period(text, ASKED)) == Subject(name, is_named)


@pytest.mark.parametrize(
    "text",
    [
        "What happened?",
        "What happened to Lindqvist after the vote?",
        "What happened to Lindqvist and Vale?",
        "What happened when Lindqvist resigned?",
        "What happened to Lindqvist in prison?",
        "What happened to the men who were on the ferry?",
        "What happened to the price of grain in Portvale?",
        "Why did Lindqvist resign?",
        "Who is Lindqvist?",
        "What did Lindqvist say?",
        "Where is Norland?",
        "Did Norland reject it?",
        "and Norland?",
        "ferry",
        "who",
        "Why?",
        "Why Norland?",
        "The turnout in Norland",
        "Норландия и Мавр",
        "Почему Норландия отвергла?",
        "Кто такой Линдквист?",
        "Что сказал Линдквист?",
        "Что случилось с Линдквистом после выборов?",
        "Почему?",
        "news",
        "",
    ],
)
def test_questions_that_ask_for_more_than_the_newest(text: str) -> None:
    assert asked_subject(text, find_period(text, ASKED)) is None


@pytest.mark.parametrize(
    ("words", "held", "is_named"),
    [
        (["lindqvist"], ["eva", "lindqvist", "resigned"], True),
        (["eva", "lindqvist"], ["lindqvist", "resigned"], False),
        (["eva", "lindqvist"], ["e", "lindqvist", "resigned"], True),
        (["e", "lindqvist"], ["eva", "lindqvist", "resigned"], True),
        (["eva", "lindqvist"], ["karl", "lindqvist"], False),
        (["eva", "lindqvist"], ["lindqvist", "eva"], True),
        ([], ["rain"], False),
        (["rain"], [], False),
    ],
)
def test_texts_that_name_a_subject(words: list[str], held: list[str], is_named: bool) -> None:
    assert names_subject(words, held) is is_named


@pytest.mark.parametrize(
    ("name", "text", "is_alike"),
    [
        ("Zelensky", "President Zelenskyy spoke.", True),
        ("Kiev", "The mayor of Kyiv", True),
        ("Jürgen Müller", "Juergen Mueller resigned", True),
        ("Рогозин", "Dmitry Rogozin said", True),
        ("Foobar", "A storm hit Halden.", False),
        ("J. Doe", "Karl Lindqvist was found dead.", False),
        ("", "Rain", False),
    ],
)
def test_names_with_similar_spellings(name: str, text: str, is_alike: bool) -> None:
    assert resembles(name, text) is is_alike
