import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.rules.conversation import Understood, leans, understand

SANCTIONS = "who is under sanctions?"

FOLLOW_UPS = [
    "and what did he say about it?",
    "what did she say?",
    "Why?",
    "when?",
    "how many?",
    "but why?",
    "And Canada?",
    "and in Norway?",
    "in March?",
    "by whom?",
    "what about Canada?",
    "How about the ISS?",
    "Which countries did he visit?",
    "Which letter did she send?",
    "what did Canada say about it?",
    "Why did Canada do this?",
    "who said that?",
    "is that true?",
    "Why is that important?",
    "in that country?",
    "what happened there?",
    "What happened then?",
    "tell me more",
    "more details, please",
    "what was the reason?",
    "what's their plan?",
    "Didn't he resign?",
    "Why won't they stop?",
    "and when did Canada join?",
    "and what did Canada say?",
    "Does it affect Canada?",
    "How long did it last?",
    "What did Merkel tell her?",
    "Who said he lied?",
    "thanks, and why?",
    "Interesting. Why?",
    "WHY?",
    "Почему?",
    "Сколько?",
    "и когда?",
    "а что он сказал об этом?",
    "Что он сказал?",
    "а Канада?",
    "а в Канаде?",
    "что насчёт Канады?",
    "А что с Норвегией?",
    "а что сказала Канада?",
    "когда это было?",
    "Сколько их?",
    "что сказал Путин о его визите?",
    "Какие страны он посетил?",
    "кто это сказал?",
    "что там произошло?",
    "расскажи подробнее",
    "почему они так решили?",
    "Почему Россия вышла из неё?",
    "Спасибо! А почему?",
    "Pourquoi ?",
    "warum?",
    "为什么？",
]

NEW_SUBJECTS = [
    "who won the World Cup?",
    "and who won the World Cup?",
    "and who is the president of France?",
    "And who is Rogozin?",
    "Who is Lisa Campbell?",
    "what did Canada say?",
    "Canada?",
    "sanctions",
    "war in Ukraine",
    "is it raining in Oslo?",
    "is it going to rain in Oslo?",
    "how long does it take to fly to Mars?",
    "how much does it cost to launch a rocket?",
    "Is it safe to travel to Israel?",
    "Is it true that Canada left the ISS?",
    "what time is it in Tokyo?",
    "Is there water on Mars?",
    "Isn't there water on Mars?",
    "What did Canada promise this past Sunday?",
    "What did the then-minister promise Canada?",
    "Which of these celebrities was not invited to be an Oscar-voting member of the Academy of Arts?",
    "How many people are there in Oslo?",
    "What happened this year in Canada?",
    "What did Rogozin say about his letter?",
    "What did Canada say its goal is?",
    "When did Rogozin say he would wait until?",
    "When Putin came to power, what did he promise?",
    "Who is Rogozin and what did he say?",
    "What happens to the ISS if it is abandoned?",
    "Who said that sanctions work?",
    "Which laws did the court say it would overturn?",
    "did the president say why he left?",
    "who bought the house before it burned?",
    "do voters trust their leaders?",
    "What happened in the IT sector?",
    "what did the WHO say?",
    "what did May say about Brexit?",
    'Who wrote "It"?',
    "hi, who won the World Cup?",
    "кто победил на выборах?",
    "Кто такой Навальный?",
    "А кто такой Навальный?",
    "санкции",
    "Канада",
    "где находится Канада?",
    "Что сказала Канада?",
    "Что сказал Рогозин, когда он приехал?",
    "Когда Путин приехал, что он пообещал?",
    "что произошло в этом году в Канаде?",
    "Крым это остров?",
    "Was sagte Scholz?",
    "Qui est le président de la France?",
    "谁是加拿大总理？",
    "Який президент України?",
    "?",
    "…",
]


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_follow_ups_carry_the_question_before(question: str) -> None:
    understood = understand(question, SANCTIONS)
    assert understood.text.startswith(f"{SANCTIONS}\n")
    assert (understood.note or "").startswith(f"{SANCTIONS} … ")


@pytest.mark.parametrize("question", NEW_SUBJECTS)
def test_a_new_subject_carries_nothing(question: str) -> None:
    assert understand(question, SANCTIONS) == Understood(question.removeprefix("hi, "))


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_without_a_question_before_nothing_is_carried(question: str) -> None:
    assert understand(question, None).note is None
    assert understand(question, " \n").note is None
    assert understand(question, "?\n…").note is None


CHAINS = [
    ([SANCTIONS, "and what did he say about it?"], [SANCTIONS, "and what did he say about it?"]),
    # "Why?" is of no use to the question after it.
    ([SANCTIONS, "what did he say?", "why?", "when?"], [SANCTIONS, "what did he say?", "when?"]),
    ([SANCTIONS, "who won the World Cup?", "when?"], ["who won the World Cup?", "when?"]),
    (["What did Canada say?", "what about Norway?"], ["What did Norway say?"]),
    (["What did Canada say?", "what about Norway?", "and Sweden?"], ["What did Sweden say?"]),
    (["What did Canada say?", "and in March?", "and in April?"], ["What did Canada say?", "and in April?"]),
    (["What did Canada say?", "and in March?", "why?"], ["What did Canada say?", "and in March?", "why?"]),
    # One name in the place of two would be a guess; so it is added, and gives way to the next.
    (["Did Canada write to NASA?", "what about ESA?", "and CSA?"], ["Did Canada write to NASA?", "and CSA?"]),
    (["What did Canada say?", "what about sanctions?"], ["What did Canada say?", "what about sanctions?"]),
    (["When was Iran hit?", "and Iraq?", "And Iran?"], ["When was Iran hit?"]),
    (["Что сказала Канада о санкциях?", "а Норвегия?"], ["Что сказала о санкциях?", "а Норвегия?"]),
    (["Что сказала Канада?", "а Норвегия?", "что насчёт США?"], ["Что сказала?", "что насчёт США?"]),
    ([SANCTIONS, "what did he sign?", "why did they leave?", "did it help?", "was it sold?"],
     [SANCTIONS, "why did they leave?", "did it help?", "was it sold?"]),
    (["why?", "why?"], ["why?"]),
]  # fmt: skip


@pytest.mark.parametrize(("questions", "turns"), CHAINS)
def test_chains(questions: list[str], turns: list[str]) -> None:
    earlier = None
    for question in questions:
        earlier = understand(question, earlier).text
    assert (earlier or "").split("\n") == turns


def test_the_note_says_what_is_searched_for_and_stays_short() -> None:
    assert understand("what about Norway?", "What did Canada say?").note == "What did Norway say?"
    note = understand("why?", "sanctions " * 20).note
    assert note == f"{'sanctions ' * 6}sanctions… … why?"


def test_what_is_carried_is_cut_and_what_is_asked_is_not() -> None:
    first, *_, last = understand("and what of that " + "x " * 900, "word " * 900).text.split("\n")
    assert first == "word " * 38 + "word…"
    assert last == "and what of that " + "x " * 899 + "x"


def test_line_ends_in_a_question_are_no_turns() -> None:
    assert understand("who\nis it?", "rain\u2028fell").text == "rain\nfell\nwho is it?"


@given(st.text(max_size=60) | st.sampled_from([*FOLLOW_UPS, *NEW_SUBJECTS]), st.lists(st.text(max_size=300)))
def test_any_text_is_understood_and_nothing_grows_without_end(question: str, before: list[str]) -> None:
    earlier: str | None = None
    for text in (*before, question):
        understood = understand(text, earlier)
        assert len(understood.text) <= 3 * 201 + len(text)
        assert len(understood.text.splitlines()) <= 4
        assert len(understood.note or "") <= 385
        earlier = understood.text


@given(st.text(max_size=60))
def test_a_question_that_leans_on_nothing_is_searched_for_as_it_is(question: str) -> None:
    if not leans(question):
        assert understand(question, SANCTIONS) == understand(question, None)
