"""Small talk: messages that are only polite and ask nothing of the articles. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Kind = Literal["greeting", "thanks", "goodbye", "who", "how", "emoji", "nothing"]

# As `_plain` leaves them: small letters, no punctuation, е for ё.
_PHRASES: dict[Kind, str] = {
    "greeting": """
        hi|hello|hey|hiya|howdy|yo|greetings|good morning|good afternoon|good evening|good day|nice to meet you
        привет|приветик|приветствую|здравствуй|здравствуйте|здрасте|добрый день|добрый вечер|доброе утро|доброго дня
        доброго времени суток|хай|салют|привіт|добрий день|вітаю|здраво|hola|buenos dias|buenas tardes|buenas noches
        bonjour|bonsoir|salut|coucou|hallo|guten tag|guten morgen|guten abend|moin|servus|gruss gott|ciao|buongiorno
        buonasera|ola|bom dia|boa tarde|boa noite|hej|hei|moi|ahoj|czesc|dzien dobry|merhaba|selam|salam|salaam|shalom
        namaste|namaskar|नमस्ते
        你好|您好|嗨|こんにちは|おはよう|こんばんは|안녕|안녕하세요|مرحبا|السلام عليكم|سلام|שלום|γεια""",
    "thanks": """
        thanks|thank you|thank you very much|thank you so much|thanks a lot|many thanks|thx|ty|much appreciated|cheers
        no thanks|no thank you|ok|okay|great|cool|got it|interesting|i see|perfect|awesome|well done|good job|good bot
        спасибо|спасибо большое|большое спасибо|спасибки|спс|благодарю|ок|окей|хорошо|отлично|понятно|интересно|ясно
        супер|круто|нет спасибо
        дякую|gracias|muchas gracias|merci|merci beaucoup|danke|danke schon|vielen dank|grazie|grazie mille|obrigado
        obrigada|tack|takk|kiitos|dziekuje|tesekkurler|谢谢|ありがとう|ありがとうございます|감사합니다|شكرا|תודה""",
    "goodbye": """
        bye|bye bye|goodbye|good bye|see you|see you later|see ya|cya|good night|farewell|have a nice day|take care
        пока|пока пока|до свидания|до встречи|прощай|прощайте|всего доброго|всего хорошего|спокойной ночи|удачи
        до побачення|adios|hasta luego|au revoir|a bientot|tschuss|auf wiedersehen|arrivederci|tchau|再见|さようなら""",
    "who": """
        who are you|what are you|who r u|what can you do|what do you do|how do you work|are you a bot
        are you human|are you a robot|are you an ai|are you there|what is your name|whats your name|who made you|help
        help me|can you help me|кто ты|ты кто|кто вы|вы кто|что ты такое|кто ты такой|что ты умеешь|что умеешь
        что ты можешь|что вы умеете|как тебя зовут|как ты работаешь|ты бот|ты робот|ты человек|кто тебя создал|помощь
        помоги|помогите|quien eres|qui es tu|wer bist du|chi sei""",
    "how": """
        how are you|how are you doing|how are you today|how r u|how is it going|hows it going|how do you do|whats up
        what is up|sup|how have you been|you ok|как дела|как ты|как вы|как поживаешь|как поживаете|как жизнь
        как настроение|как сам|как делишки|як справи|que tal|como estas|ca va|comment ca va|wie gehts|wie geht es dir
        come stai|tudo bem""",
}
_KINDS: dict[str, Kind] = {
    phrase.strip(): kind for kind, lines in _PHRASES.items() for phrase in re.split(r"[|\n]", lines) if phrase.strip()
}
_LONGEST = max(phrase.count(" ") + 1 for phrase in _KINDS)
# By themselves they ask nothing; beside any other word they are part of what is asked.
_BARE_TEXT = """
yes no yeah yep nope stop cancel start menu test testing да нет ага неа стоп отмена отмени старт меню тест проверка
"""
_BARE = frozenset(_BARE_TEXT.split())
_ADDRESSED = re.compile("there|bot|quotewire|all|every(?:one|body)|guys|friend|dear|again|and|бот|друг|всем|еще|и")
_SMILEY = re.compile(r"[:;=]['’]?-?[)(DPp]+|\)+|\(+|<3")
# A first clause, up to its mark; and a greeting that a question follows without one.
_CLAUSE = re.compile(r"([^,.!?;…\n—–]+)[,.!?;…\n—–]+\s*(?=\S)")
_ASKS = re.compile(
    r"(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|has|have|will|can|could|tell)\b|"
    r"(?:кто|кого|кому|что|чем|когда|где|куда|почему|зачем|сколько|как|какой|какая|какие|какое|расскажи)\b",
    re.IGNORECASE,
)


def small_talk(text: str) -> Kind | None:
    """Which small talk a message is, if the whole of it is nothing else; None for any question.

    >>> small_talk("Hi there! How are you?"), small_talk("hi, who is under sanctions?")
    ('how', None)
    """
    if not text.strip():
        return None
    plain = _plain(text)
    words = plain.split()
    if plain.strip() in _BARE:
        return "nothing"
    if not _has_word(plain):
        pictures = any(unicodedata.category(character) == "So" for character in text)
        return "emoji" if pictures or _SMILEY.fullmatch(text.strip()) else "nothing"
    kinds: list[Kind] = []
    while words:
        taken = next((n for n in range(min(_LONGEST, len(words)), 0, -1) if " ".join(words[:n]) in _KINDS), 0)
        if taken:
            kinds.append(_KINDS[" ".join(words[:taken])])
        elif not kinds or not _ADDRESSED.fullmatch(words[0]):
            return None
        words = words[taken or 1 :]
    return next((kind for kind in kinds if kind in ("who", "how")), kinds[0])


def without_small_talk(text: str) -> str:
    """The text without the small talk that it begins with, if a question is left.

    >>> without_small_talk("Hi! How are you? Who is under sanctions?")
    'Who is under sanctions?'
    """
    while (clause := _CLAUSE.match(text)) and _is_polite(clause[1]) and _is_question(text[clause.end() :]):
        text = text[clause.end() :]
    words = text.split()
    for n in range(min(_LONGEST, len(words) - 1), 0, -1):
        if small_talk(" ".join(words[:n])) == "greeting" and _ASKS.match(words[n]):
            return " ".join(words[n:])
    return text


def _is_polite(clause: str) -> bool:
    return small_talk(clause) not in (None, "nothing")


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_question(text: str) -> bool:
    """Whether a rest can stand alone: "Hello, Dolly" is not a greeting and a question."""
    return len(text.split()) > 1 or text.rstrip().endswith("?")


def _plain(text: str) -> str:
    """Small letters, marks and pictures as spaces, accents of Latin letters away, "hiiii" as "hi"."""
    text = re.sub(r"['’`]", "", text.casefold()).replace("ß", "ss").replace("ё", "е")
    kept = "".join(" " if unicodedata.category(c)[0] in "PSZC" or c in "\ufe0f\u20e3" else c for c in text)
    letters = "".join(_bare(character) for character in kept)
    return re.sub(r"([^\W\d_])\1{2,}", r"\1", letters)


def _bare(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else {"ı": "i", "ł": "l", "ø": "o"}.get(letter, letter)
