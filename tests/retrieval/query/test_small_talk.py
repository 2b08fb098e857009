import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.query.small_talk import Kind, small_talk, without_small_talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi", "greeting"),
        ("Hiiii!!", "greeting"),
        ("hi there", "greeting"),
        ("Hello, Quotewire!", "greeting"),
        ("good morning", "greeting"),
        ("hello 👋", "greeting"),
        ("Привет!", "greeting"),
        ("Добрый день, бот", "greeting"),
        ("¡Hola!", "greeting"),
        ("Grüß Gott", "greeting"),
        ("Buenos días", "greeting"),
        ("Cześć", "greeting"),
        ("привіт", "greeting"),
        ("नमस्ते", "greeting"),
        ("你好！", "greeting"),
        ("こんにちは", "greeting"),
        ("السلام عليكم", "greeting"),
        ("Thank you very much!", "thanks"),
        ("ok, thanks", "thanks"),
        ("Спасибо большое", "thanks"),
        ("teşekkürler", "thanks"),
        ("Thanks, bye!", "thanks"),
        ("bye-bye", "goodbye"),
        ("Good night.", "goodbye"),
        ("до свидания", "goodbye"),
        ("Tschüss", "goodbye"),
        ("who are you?", "who"),
        ("Hi! What can you do?", "who"),
        ("Кто ты?", "who"),
        ("привет, что ты умеешь?", "who"),
        ("how are you?", "how"),
        ("What's up?", "how"),
        ("what’s up", "how"),
        ("Привет! Как дела?", "how"),
        ("ça va ?", "how"),
        ("👍", "emoji"),
        ("❤️", "emoji"),
        ("👩‍👩‍👧 🇩🇪", "emoji"),
        (":-)", "emoji"),
        (")))", "emoji"),
        ("?", "nothing"),
        ("...", "nothing"),
        ("!!!", "nothing"),
        (" — ", "nothing"),
        ("$", "nothing"),
        ("\u0301", "nothing"),
        ("\u200b", "nothing"),
        ("Stop!", "nothing"),
        ("стоп", "nothing"),
        ("cancel", "nothing"),
        ("ДА", "nothing"),
        ("нет.", "nothing"),
        ("yes", "nothing"),
        ("no?", "nothing"),
        ("test", "nothing"),
        ("ok", "thanks"),
        ("ок", "thanks"),
        ("No, thanks!", "thanks"),
    ],
)
def test_small_talk(text: str, kind: Kind) -> None:
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "hi, who is under sanctions?",
        "thanks to whom",
        "Hello, Dolly",
        "hello kitty",
        "Great Britain",
        "what is new?",
        "who are you voting for?",
        "How are you affected by sanctions?",
        "who is Rogozin?",
        "and",
        "why?",
        "5",
        "👍 sanctions",
        "привет из Канады",
        "как дела у Канады?",
        "no fly zone",
        "stop the war",
        "test match",
        "нет войне",
        "yes, why?",
        "?!5",
        "",
        " ",
    ],
)
def test_messages_that_are_not_small_talk(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("hi, who is under sanctions?", "who is under sanctions?"),
        ("Hi! How are you? Who is under sanctions?", "Who is under sanctions?"),
        ("hello who is under sanctions", "who is under sanctions"),
        ("good morning, is Canada in?", "is Canada in?"),
        ("привет кто под санкциями", "кто под санкциями"),
        ("Здравствуйте! Кто под санкциями?", "Кто под санкциями?"),
        ("thanks, why?", "why?"),
        ("hi, why", "why"),
        ("Hello, Dolly", "Hello, Dolly"),
        ("good morning America ratings", "good morning America ratings"),
        ("Great Britain, why?", "Great Britain, why?"),
        ("No, Prime Minister", "No, Prime Minister"),
        ("?, who is it?", "?, who is it?"),
        ("hi", "hi"),
        ("hi!", "hi!"),
    ],
)
def test_small_talk_before_a_question_is_removed(text: str, question: str) -> None:
    assert without_small_talk(text) == question


@given(st.text(max_size=60))
def test_what_is_left_is_the_end_of_the_text(text: str) -> None:
    left = without_small_talk(text)
    assert text.split()[len(text.split()) - len(left.split()) :] == left.split() or text.endswith(left)
    assert bool(left.split()) == bool(text.split())


@given(st.text(alphabet="bcdfgjklmqvwz", min_size=1, max_size=4), st.sampled_from(["rain", "санкции"]))
def test_a_message_with_an_unknown_word_is_a_question(prefix: str, word: str) -> None:
    assert small_talk(f"{prefix}{word}, thanks") is None
