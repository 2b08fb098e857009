"""The words by which a question shows that it leans on the one before it, in English and Russian. Pure data.

All in small letters, with е for ё. An idle pronoun stands for nothing: "is it raining", "is there", "this year".
"""

from __future__ import annotations

import re

from index.stopwords import ENGLISH


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Pronouns that stand for what a question before it named.
# A name earlier in the same clause can be meant; with the others, only one in another clause.
SUBJECTS = _set("he she they his their its her")
OBJECTS = _set(
    "it him her them theirs hers this these those that there then они она он оно его ее их ему ей им него нее них нему "
    "ней ним ними нем это этого этому этим этом этот эта эту эти этой этих этими там туда оттуда тогда"
)
PRONOUNS = SUBJECTS | OBJECTS
AUXILIARIES = _set(
    "do does did is are was were has have had will would can could should may might must shall wo ca sha"
)
PREPOSITIONS = _set(
    "in on at by from to with without for of about against since until before after during under over into like "
    "в во на о об обо с со к ко у из от для про против без до после при под над за по через"
)
BREAKS = _set(
    ", ; : . ! ? … ( — – and but or if because when while before after since until although though as that which who "
    "whom what why how where whether и а но или если когда пока хотя чтобы что кто который которая которые где как "
    "почему зачем поскольку"
)

ASKING = _set(
    "who whom whose what when where why which how кто кого кому кем ком что чего чему чем когда где куда откуда почему "
    "зачем отчего сколько чей чья чье чьи какой какая какое какие"
)

# Words that name no subject: besides stop words, those that questions about any subject are made of.
_LIGHT_ENGLISH = """
say says said saying tell tells told talk happen happens happened happening think thinks thought know knows knew want
wants wanted mean means meant go goes went going gone on come comes came get gets got give gave make makes made take
takes took look see feel react reacts reacted respond responded reply replied answer answered comment commented explain
explained still even also yet already ago else next now exactly really actually please just much many long often far
old big well thing things way one ones happen may might shall must yes ok okay so true sure details detail reason
reasons result results outcome consequence consequences reaction reactions kind time year day date month place number
amount country countries city person source continue elaborate us
"""
_LIGHT_OTHERS = """
pourquoi quand où qui quoi comment combien warum wieso wann wo wer was wie wieviel por qué cuándo dónde quién cómo
cuánto perché quando dove chi come quanto porque onde quem чому коли де хто скільки
为什么 为何 什么时候 谁 哪里 なぜ いつ 誰 왜
"""
_LIGHT_RUSSIAN = """
и а но или да нет не ни же ли бы то так вот ну ведь уже еще очень тоже также только лишь именно разве неужели если
чтобы потому поэтому потом дальше далее больше снова сейчас теперь можно надо нужно я ты мы вы мне тебе нам вам меня
тебя нас вас кроме насчет поводу около между вместо перед сам сама сами все всех весь вся всего есть был была было были
быть будет будут стало стал стала стали может могут мог могла хочет хотел хотят думает думают думал знает знают знал
год году лет день дня дни дата время место страна страны стране человек город причина причины причин причине результат
результате последствия последствиях реакция подробности подробнее точно правда давай продолжай
"""
# "Won" is among the stop words as a piece of "won't".
_LIGHT = {*ENGLISH, *_LIGHT_ENGLISH.split(), *_LIGHT_OTHERS.split(), *_LIGHT_RUSSIAN.split()} - {"won"}
_FUNCTION = PRONOUNS | PREPOSITIONS | ASKING | AUXILIARIES
_LIGHT_FORMS = re.compile(
    r"(?:сказа|скаж|говор|рассказ|расскаж|заяв|отвеч|ответи|отреагир|прокомментир|сдела|делае|произо|происход|"
    r"случи|означа|котор)\w*|(?:как|так|эт|наш|ваш|мо|тво|сво|дел)(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими|а|и|я|е|й|ю|ал|али)"
)

IDLE = re.compile(
    r"""
    \bwhat\ (?:time|day|year)\ (?:is|was)\ it\b
    | \bit\b (?=\ (?:(?:is|was|be|been|will\ be|going\ to)\ )?
        (?:rain|snow|hail|freez|storm|thunder|hot|cold|warm|dark|sunny|wind|fogg|cloud|humid|late|early)\w*)
    | \bit\b (?=(?:\ (?:is|was|s|be|been|will|would|still|now|really|even|ever|so|too|very))*
        \ (?:possible|impossible|true|legal|illegal|safe|dangerous|likely|unlikely|necessary|important|hard|difficult|
        easy|better|best|good|bad|allowed|forbidden|worth|normal|right|wrong|clear|known|fair|common|hot|nice|ok|okay)
        \ (?:to|that|if|in|on|at|when|for\ \w+\ to)\b)
    | \bit\b (?=\ (?:takes?|took|taken|costs?|hurts?|helps?|matters?|seems?|appears?|looks?)\b
        .* \b(?:to|that|if|like)\b)
    | \b(?:is|are|was|were|be|been|will|has|have|had|wo)\ there\b
    | \bthere (?=\ (?:is|are|was|were|s|will|has|have|had|be)\b)
    | \bth(?:is|ese)\ (?:past\ |coming\ |last\ )?
        (?:year|week|month|morning|evening|afternoon|night|summer|winter|spring|autumn|fall|season|time|quarter|decade|century|weekend|day|
        monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b
    | \bthose (?=\ (?:who|that|which)\b)
    | \bэт\w{1,3}\ (?:год|недел|месяц|лет|зим|весн|осен|утр|вечер|ноч|раз|сезон|квартал)\w*
    | \bпри\ этом\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_light(word: str) -> bool:
    """Whether a word, in small letters and with е for ё, names no subject."""
    return word in _LIGHT or word in _FUNCTION or _LIGHT_FORMS.fullmatch(word) is not None


# "And in Canada?"; with "what about", nothing of the question but its subject is new.
OPENING = re.compile(r"(?:and|but|or|also|а|и|но|или|ну)\b")
ABOUT = re.compile(
    r"(?:(?:and|but|so|ok|а|и|но|ну)\s+)*(?:what\s+about|how\s+about|what\s+of|что\s+насчет|что\s+по\s+поводу|"
    r"как\s+насчет|а\s+что\s+(?:с|со|про|о|об)|а\s+как\s+(?:же|там|насчет))\b"
)
# "And who is the president of France?" needs nothing from before.
COMPLETE = re.compile(
    r"(?:(?:and|but|or|also|а|и|но|или|ну)\s+)*"
    r"(?:(?:who|what)\s*'?\s*(?:is|was|are|were|s)|(?:кто|что)\s+так\w+)\b"
)
