"""Numbers and sums of money as a text writes them, in figures and in words, in English and Russian. Pure."""

from __future__ import annotations

import re

from retrieval.query.pattern_scan import Pattern

_TO_NINE = "two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = (
    rf"(?:(?:{_TENS})(?:-(?:one|{_TO_NINE}))?|{_TEENS}|{_TO_NINE}|дв[ае]|двух|тр(?:и|ёх|ех)|четыр(?:е|ёх|ех)|"
    r"пят[ьи]|шест[ьи]|сем[ьи]|вос(?:емь|ьми)|девят[ьи]|десят[ьи]|[а-я]+надцат[ьи]|двадцат[ьи]|тридцат[ьи]|сорока?|"
    r"(?:пять|шесть|семь|восемь)десят|девяносто|сто|двести|триста|четыреста|пятьсот|полтор[аы])"
)
_MAGNITUDE = (
    r"(?:hundred|thousand|million|billion|trillion|тыс\.|млн|млрд|трлн|(?:тысяч|миллион|миллиард)[а-я]{0,2})(?!\w)"
)
_ROUND = r"(?:[Tt]ens|[Dd]ozens|[Hh]undreds|[Tt]housands|[Mm]illions|[Bb]illions|десятки|сотни|тысячи|миллионы)"
_FIGURE = r"(?:\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?"
_FIGURES = rf"{_FIGURE}(?:(?:[-–]| to ){_FIGURE})?"
_UNIT = (
    r"(?:%|(?:°[CF]|percent(?:age points?)?|per cent|pct|(?:square |cubic )?(?:km|kilomet(?:er|re)s?|met(?:er|re)s?|m|"
    r"miles?|feet|foot|ft|inch(?:es)?|cm|mm|kg|tons?|tonnes?|pounds|acres?|hectares?|ha|lit(?:er|re)s?|gallons?|degrees|"
    r"mph|km/h|MW|kW|hours?|minutes?|seconds?|days?|weeks?|months?|years?|votes|people)\b)|"
    r"(?:процент|километр|метр|тонн|градус|час|минут|секунд|дн|лет|год|недел|месяц|человек)[а-я]{0,3}\b)"
)
_CURRENCY = (
    r"(?:(?:US |U\.S\. |Canadian |Australian )?(?:dollars?|cents?)|euros?|pounds sterling|rou?bles?|rubles?|yen|yuan|"
    r"rupees?|francs?|pesos?|pounds?|USD|EUR|GBP|руб\.|(?:рубл|доллар|фунт|юан)[а-я]{1,3}|евро|гривен)(?!\w)"
)
_CODE = r"(?<![\w-])(?:AUD|BRL|CAD|CHF|CNY|EUR|GBP|INR|JPY|KZT|NOK|PLN|RUB|SEK|TRY|UAH|USD)"
_MONEY = re.compile(
    rf"(?:(?:US|[CA])?[$€£¥₽₴₹] ?|{_CODE}[ \u00a0]){_FIGURES}(?:[- ]?(?:{_MAGNITUDE}|(?:[mkMKB]|bn|tn)\b))?|"
    rf"(?<![\w.,]){_FIGURES} ?(?:m|k|bn|tn)[- ]{_CURRENCY}|"
    rf"(?<![\w.,])(?:{_FIGURES}|{_SMALL}|an?|one|several)(?:[- ]{_MAGNITUDE})*(?: ?[$€₽]|[- ]{_CURRENCY})"
)
_SIGN = re.compile(
    r"[A-Z]{3}[ \u00a0]\d|[$€£¥₽₴₹]|"
    r"[dceprfyUEGRрдефюг](?:ollar|ent|uro|ound|ub|oub|en\b|uan|upee|ranc|eso|SD|UR|BP|UB|уб|олл|вро|унт|ан|рив)"
)
_REST = rf"(?:[- ]{_MAGNITUDE})*(?: ?[%°]|[- ]{_UNIT})?(?![\w/:$€]|[-.]\d)"
_NO_ORDINAL = r"(?!-(?:first|second|third|\w+th)\b)"
_NUMBER = Pattern(
    behind=r"(?<![\w$€£¥₽₴₹/–-])(?<!\d[.,])",
    figures=[rf"{_FIGURES}{_REST}"],
    words=[
        r"(?i:one|two|three)-(?:half|thirds?|quarters?|fifths?)\b|(?i:an?) (?:third|quarter|dozen)\b|half(?= of )",
        r"twice\b|дважды\b",
        rf"(?:(?i:{_SMALL})|(?:[Oo]ne|[Aa]n?)(?=[- ]{_MAGNITUDE})|[Oo]ne(?=[- ]{_UNIT})){_REST}{_NO_ORDINAL}",
        rf"{_ROUND}(?= of )(?: of {_ROUND}(?= of ))*",
    ],
    starts="""
        one two thr fou fif fiv six sev eig nin ten ele twe thi for a an hal doz twi hun tho mil bil два две дву
        три трё тре чет пят шес сем вос дев дес оди сор сто пол сот тыс мил
    """,
)


def sums(text: str) -> list[tuple[int, int]]:
    """Where the sums of money stand, in order."""
    if not _SIGN.search(text):
        return []
    return [found.span() for found in _MONEY.finditer(text)]


def numbers(text: str) -> list[tuple[int, int]]:
    """Where the numbers stand with their units, in order; "one" is a number only with a unit or a magnitude.

    A small bare figure behind a word in capitals is part of a name: Apollo 11.
    """
    return [found.span() for found in _NUMBER.find(text) if not _is_of_a_name(text, found)]


def _is_of_a_name(text: str, found: re.Match[str]) -> bool:
    if not found[0].isdigit() or text[found.start() - 1 : found.start()] != " ":
        return False
    _, space, word = text[: found.start() - 1].rpartition(" ")
    # The first word of a sentence is in capitals anyway, and what is somebody's is none of his name.
    return bool(space) and word[:1].isupper() and word[-1:].isalpha() and word[-2:] not in ("'s", "’s")
