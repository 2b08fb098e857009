import pytest

from retrieval.rules.expected import Kind, expected


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is the head of Roscosmos?", Kind.PERSON),
        ("Whose letters were sent?", Kind.PERSON),
        ("To whom did Rogozin write?", Kind.PERSON),
        ("Which film star has died?", Kind.PERSON),
        ("What president signed the law?", Kind.PERSON),
        ("After Braddock died, who controlled the forces?", Kind.PERSON),
        ("When did the war end?", Kind.DATE),
        ("In what year was the school formed?", Kind.DATE),
        ("Which day was it?", Kind.DATE),
        ("Since when has he been in office?", Kind.DATE),
        ("The house was built when?", Kind.DATE),
        ("How soon could vaccines be available?", Kind.DATE),
        ("Where was it launched?", Kind.PLACE),
        ("A crash occurred in which South Asian country?", Kind.PLACE),
        ("What is the largest city in Poland?", Kind.PLACE),
        ("What’s the capital of Norway?", Kind.PLACE),
        ("What is the name of the city on the Vistula?", Kind.PLACE),
        ("How many people were hurt?", Kind.NUMBER),
        ("How old is she?", Kind.NUMBER),
        ("What percentage of adults agree?", Kind.NUMBER),
        ("How much water was lost?", Kind.NUMBER),
        ("What is the population of Oslo?", Kind.NUMBER),
        ("How much did the telescope cost?", Kind.MONEY),
        ("What was the price of oil in 1974?", Kind.MONEY),
        ("Gas fell below what price?", Kind.MONEY),
        ("Which company built it?", Kind.NAME),
        ("What is the name of the mission?", Kind.NAME),
        ("What's the title of her novel?", Kind.NAME),
        ("He resigned this week. Which team did he lead?", Kind.NAME),
        ("Prigozhin, who led it, was born in which city?", Kind.PLACE),
        ("Which companies were fined?", Kind.NAME),
        ("Кто возглавляет Роскосмос?", Kind.PERSON),
        ("Какой министр ушёл?", Kind.PERSON),
        ("Когда кончилась война?", Kind.DATE),
        ("В каком году он родился?", Kind.DATE),
        ("Где он живёт?", Kind.PLACE),
        ("В какой стране он живёт?", Kind.PLACE),
        ("Какой город стал столицей?", Kind.PLACE),
        ("Сколько человек пострадало?", Kind.NUMBER),
        ("Сколько стоит ракета?", Kind.MONEY),
        ("Какая компания построила ракету?", Kind.NAME),
    ],
)
def test_a_question_says_what_it_asks_for(question: str, kind: Kind) -> None:
    assert expected(question) is kind


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "Rogozin sanctions",
        "Why was it closed?",
        "What did Putin say?",
        "Is it true that he left when it rained?",
        "When the votes were counted, what was the result?",
        "The man who left",
        "What was the building used for?",
        "What is the president's job?",
        "Which animal was it found in over 600 years ago?",
        "How was it built?",
        "Почему он ушёл?",
        "Что он сказал, когда ушёл?",
    ],
)
def test_other_questions_ask_for_no_known_kind(question: str) -> None:
    assert expected(question) is None
