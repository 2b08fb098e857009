import pytest

from retrieval.templates.forms import Form, Template
from retrieval.templates.templates import templates


def made(*sentences: str, headline: str | None = None, language: str = "en") -> list[str]:
    made = templates(headline, sentences, language)
    return [one.text for one in made if one.form != Form.ABOUT]


@pytest.mark.parametrize(
    ("sentence", "language", "questions"),
    [
        ("They flew to Oslo, not to the White House.", "en",
         ["What is said about Oslo?", "What is said about the White House?"]),
        ("Oslo is where they flew.", "en", []),  # a capital there says nothing
        ("They flew to Oslo Airport's roof, and with French Gen. Lee.", "en", []),
        ("It was the French and Oslo is far.", "en", []),
        ("They saw Lee, and Ann Lee.", "en", ["What is said about Ann Lee?"]),
        ("В МЧС сообщили об Осло.", "ru", ["МЧС: что известно?"]),
    ],
)  # fmt: skip
def test_what_is_asked_about_names_where_there_is_nothing_better(
    sentence: str, language: str, questions: list[str]
) -> None:
    assert [one.text for one in templates(None, [sentence], language)] == questions


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        # who
        ("Tesla CEO Elon Musk bought it.", ["Who is the CEO of Tesla?"]),
        ("NATO Secretary General Jens Stoltenberg came.", ["Who is the secretary general of NATO?"]),
        ("EU President Ann Lee came to the EU.", ["Who is the president of the EU?"]),
        ("EU President Ann Lee came.", []),  # initials need "the", which it does not write
        ("Ukrainian President Volodymyr Zelensky came.", []),
        ("Former President Donald Trump came.", []),
        ("Pennsylvania Senate President Jake Corman came.", []),
        ("Ann Lee, the head of Acme, came.", ["Who is the head of Acme?"]),
        ("Ann Lee, executive director of the Acme Fund, came.", ["Who is the executive director of the Acme Fund?"]),
        ("Ann Lee, head of Acme research, came.", []),
        ("Acme, head of Zeta, came.", []),
        ("Acme was founded by Ann Lee.", ["Who founded Acme?"]),
        ("Acme was arrested by Ann Lee.", []),
        ("Slovak Prime Minister Ann Lee came.", []),
        ("It was the Correspondents' Dinner US President Ann Lee came to.", []),
        ("Ann Lee, vice president of A&R, came.", []),
        # when
        ("Acme was founded in 1998.", ["When was Acme founded?"]),
        ("The Soyuz MS was launched on 5 March.", ["When was the Soyuz MS launched?"]),
        ("Acme was founded in secret.", []),
        ("On Monday Acme was founded in 1998.", []),
        ("Acme Hall opened on 5 March.", ["When did Acme Hall open?"]),
        ("Acme Hall opened in 1998.", ["When did Acme Hall open?"]),
        ("Acme Hall opened on a hill.", []),
        ("Acme Hall will open on 5 March.", ["When will Acme Hall open?"]),
        ("Acme Hall will open on a hill.", []),
        # where
        ("Acme is based in Oslo.", ["Where is Acme based?"]),
        ("Ann Lee was born in Oslo.", ["Where was Ann Lee born?"]),
        ("Acme is based on steam.", []),
        # how much
        ("Acme paid $5 million for it.", ["How much did Acme pay?"]),
        ("Acme has raised more than $5 million.", ["How much did Acme raise?"]),
        ("Acme Two costs $5.", ["How much does Acme Two cost?"]),
        ("Acme paid dearly.", []),
        ("At least 12 people were killed in Nepal.", ["How many people were killed in Nepal?"]),
        ("Twelve people have been arrested in Nepal, it is said.", ["How many people were arrested in Nepal?"]),
        ("At least 12 people were killed in Nepal's north.", []),
        ("Many people were killed in Nepal.", []),
        # under what
        ("It is made in Oslo, which is also under sanctions.", ["Who is under sanctions?"]),
        ("Two of them were under investigation.", ["Who was under investigation?"]),
        ("The dam is still under construction.", ["What is under construction?"]),
        ("It is under the table.", []),
        # what they want
        ("The Acme Fund wants to help.", ["What does the Acme Fund want?"]),
        ("Acme plans to help.", ["What does Acme plan to do?"]),
        ("Canadian wants to help.", []),
        ("Lee wants to help, Ann Lee.", []),
        ("Mrs. Lee wants to help.", []),
        ("In Oslo Acme wants to help.", []),
        # told
        ("The Acme Fund (AF) informed Tesla CEO Elon Musk that it rains.",
         ["Who is the CEO of Tesla?", "What did the Acme Fund tell Elon Musk?"]),
        ("Acme told the Post that it rains.", ["What did Acme tell the Post?"]),
        ("Acme told the Post on Monday.", []),
        # said
        ("House Republicans said it flies.", []),
        ("“It flies to Sens. Lee and Ray,” said Ann Lee.", ["What did Ann Lee say?"]),
        ("“It flies,” said Ann Lee.", ["What did Ann Lee say?"]),
        ("“It flies to Mars,” said Ann Lee.", ["What did Ann Lee say about Mars?", "What did Ann Lee say?"]),
        ("“It is a Mars ship,” said Ann Lee.", ["What did Ann Lee say?"]),
        ("“It is French,” said Ann Lee.", ["What did Ann Lee say?"]),
        ("“Mars is far,” said Ann Lee.", ["What did Ann Lee say?"]),  # the first word is in capitals anyway
        ("“It flies,” Lee said.", []),
        ("“It flies,” The Telegraph said.", []),
        ("Ann Lee said it flies.", ["What did Ann Lee say?"]),
        ("It flies, Acme quoted Ann Lee in a statement.", ["What did Ann Lee say?"]),
        ("National Self Storage said it has sold.", []),
        ("Ann Lee ran.", []),
    ],
)  # fmt: skip
def test_what_a_sentence_answers(sentence: str, questions: list[str]) -> None:
    assert made(sentence) == questions


@pytest.mark.parametrize(
    ("headline", "sentences", "questions"),
    [
        ("SpaceX launches again", ["Falcon flew for SpaceX again."], ["What is new about SpaceX?"]),
        ("ISS flies on", ["The ISS flies on."], ["What is new about the ISS?"]),
        ("ISS flies on", ["In orbit ISS flies on."], []),
        ("Rain falls", ["SpaceX was quiet."], []),
        ("Rain Falls On The City", ["Rain fell on the city."], []),
        ("Indian War ends", ["It was the French and Indian War."], []),
        ("Imperialism", ["Imperialism is a type of advocacy.", "Of all imperialism it is the oldest."],
         ["What is imperialism?"]),
        ("Scottish Parliament", ["The Scottish Parliament is the assembly of Scotland."],
         ["What is the Scottish Parliament?", "What is new about the Scottish Parliament?"]),
        ("Ann Lee", ["Ann Lee is a singer."], ["Who is Ann Lee?", "What is new about Ann Lee?"]),
        ("Ann Lee", ["Ann Lee is a hurricane."], ["What is new about Ann Lee?"]),
    ],
)  # fmt: skip
def test_what_an_article_is_about(headline: str, sentences: list[str], questions: list[str]) -> None:
    assert made(*sentences, headline=headline) == questions


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        ("«Он летит», — сказала Мария Захарова.", ["Что сказала Мария Захарова?"]),
        ("«Он летит», — заявил Дмитрий Песков.", ["Что сказал Дмитрий Песков?"]),
        ("Дмитрий Песков заявил: «Он летит на Марс и обратно».", ["Что сказал Дмитрий Песков?"]),
        ("«Он летит», — заявил Песков.", []),
        ("Приехал генеральный секретарь НАТО Йенс Столтенберг.", ["Кто генеральный секретарь НАТО?"]),
        ("Указ подписал президент Турции Реджеп Тайип Эрдоган.", ["Кто президент Турции?"]),
        ("Указ подписал бывший президент Турции Реджеп Эрдоган.", []),
        ("Об этом сказали президенту Турции Реджепу Эрдогану.", []),
        ("Под санкциями оказались две компании.", ["Кто под санкциями?"]),
        ("Сбербанк заработал в 2023 году 1,5 трлн рублей.", ["Сколько заработал Сбербанк?"]),
        ("Сбербанк заработал много.", []),
        ("«Зенит» состоится 5 марта.", ["Когда состоится «Зенит»?"]),
        ("Большой театр был основан в 1776 году.", []),
        ("Эрмитаж был основан в 1764 году.", ["Когда был основан Эрмитаж?"]),
        ("Эрмитаж откроется 5 марта.", ["Когда откроется Эрмитаж?"]),
        ("Эрмитаж откроется снова.", []),
        ("Турция требует ответа.", ["Чего требует Турция?"]),
        ("Турция призвала союзников помочь.", ["К чему призвала Турция?"]),
        ("В Турции призвали союзников помочь.", []),
        ("По словам Дмитрия Пескова, «он летит на Марс и обратно».", []),  # who knows his nominative
    ],
)
def test_who_said_it_in_russian(sentence: str, questions: list[str]) -> None:
    assert made(sentence, language="ru") == questions


def test_what_is_new_in_russian() -> None:
    assert made("На МКС прибыл экипаж.", headline="Экипаж прибыл на МКС", language="ru") == ["Что нового: МКС?"]


def test_other_languages_have_no_templates() -> None:
    assert made("Tesla CEO Elon Musk kam.", headline="Tesla CEO Elon Musk", language="de") == []


def test_a_template_tells_its_names() -> None:
    first, *_ = templates(None, ["“It flies to Mars,” said Ann Lee."], "en")
    assert first == Template("What did Ann Lee say about Mars?", Form.SAID_OF, "Ann Lee", "Mars")
