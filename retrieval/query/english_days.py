"""How English says days: its words, dates and phrases. Pure."""

from __future__ import annotations

from index.text.languages import ENGLISH, any_of
from retrieval.query.day_grammar import DayGrammar
from retrieval.query.day_meanings import FORTNIGHT, HALF_YEAR, HOUR, OF_DAYS, OF_MONTHS, OF_QUARTERS, OF_WEEKS, OF_YEARS

_MONTHS = "|".join(name for month in ENGLISH.months for name in month.names)
_SHORT_MONTHS = "|".join(short for month in ENGLISH.months for short in month.short)
_WEEKDAYS = "|".join(name for day in ENGLISH.weekdays for name in day.names)
_WEEKDAY_STARTS = [day.names[0][:3].lower() for day in ENGLISH.weekdays]
_COUNT_WORD = rf"(?:{any_of(ENGLISH.counts)})"
_DAY_WORD = rf"(?:(?:twenty|thirty)[\s-])?(?:{any_of(ENGLISH.ordinals)})"

# Not before a word that makes the date a name or a thing: "2022 season", "March Madness", "Monday's match"
_NO_NAME = (
    r"(?![\w/-]|['’]s|,?\s+(?:of\s+)?\d{4}\b|,\s+(?:" + _MONTHS + r")\b|\s+(?:(?-i:[A-Z])|for\s+our\b|the\s+\d"
    r"|(?:morning|afternoon|evening|night)s\b|attack|holiday|weekend|season|election|olympic|games|world\s+cup|final"
    r"|championship|budget|fiscal|deadline|award|crisis|revolution|uprising|massacre|bombing|crash|pandemic|style\b))"
)
_WHOLE = r"(?![\w-]|['’]s|\s+(?:of|tonight)\b)"
# Not after a word that makes it a name, a deadline or a comparison: "the March 5 vote", "by March 5"
_BARE = "".join(
    rf"(?<!\b{word}\s)"
    for word in (
        "the",
        "of",
        "by",
        "for",
        "through",
        "to",
        "than",
        "every",
        "each",
        "next",
        "about",
        "ending",
        "ended",
        "due",
    )
)
# "Since May" means the month at the end or before a comma; in "after May resigned" it is a name.
_MONTH_NOT_NAME = r"(?!(?:may|march)\b(?!\s*(?:[?!.,;:]|$|\d|of\b|this\b|last\b)))"

_WORDS = {
    "month": rf"(?P<month>{_MONTHS}|(?:{_SHORT_MONTHS})\b\.?(?=,?\s+\d)"
    rf"|(?:(?<=\d\s)|(?<=(?:st|nd|rd|th)\s)|(?<=\sof\s))(?:{_SHORT_MONTHS})\b\.?)",
    "weekday": rf"(?P<weekday>{_WEEKDAYS})",
    "on_weekday": rf"(?:(?P<weekday>(?:{'|'.join(_WEEKDAY_STARTS)})[a-z]*)\.?,?\s+(?:the\s+)?)?",
    "number": r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th)?",
    "day_word": rf"(?P<day>{_DAY_WORD})",
    "year": r"(?P<year>199\d|20\d\d)\b(?!-\d)",
    "which_year": r"(?:{year}|(?P<which>last|this|the\s+previous)\s+year\b)",
    "of_year": r"(?:,?\s+(?:of\s+|in\s+)?{which_year})?",
    "part": r"(?P<part>early|mid|late|beginning|start|middle|end)(?:[\s-]+(?:of|in))?[\s-]+",
    "half": r"(?P<half>first|second|1st|2nd)\s+half\s+(?:of\s+)?",
    "count": rf"(?P<count>\d{{1,3}}|{_COUNT_WORD}\b(?:[\s-]+(?:and\s+|of\s+)?{_COUNT_WORD}\b)*)(?:\s+of)?",
    "unit": r"(?P<unit>(?-i:hours?|days?|weeks?|fortnights?|months?|years?))\b",
    # In lower case or at the start of a sentence, else it is a title: "Who sang Yesterday?"
    "yesterday_word": r"(?-i:\byesterday|(?<![\w,]\s)\bYesterday)\b",
    "yesterday_date": r"(?:(?P<before>\bthe\s+day\s+before\s+))?{yesterday_word}",
    "last": r"(?-i:\blast|\bprevious|\bpast|(?<![\w,]\s)\bLast)\b",
    "this": r"(?-i:\bthis|(?<![\w,]\s)\bThis)\b",
    "day_of_month": r"{on_weekday}(?:the\s+)?{number}\s+(?:of\s+)?{month}{of_year}",
    "full_date": r"(?:{on_weekday}(?:the\s+)?{number}\s+(?:of\s+)?{month}|{month}\s+(?:the\s+)?{number})"
    r",?\s+{year}",
    "month_and_day": r"{on_weekday}{month}\s+(?:the\s+)?{number}{of_year}",
    "day_of_week": r"(?P<week>{last}|{this})\s+week\s+on\s+{weekday}\b",
    # Not a day that is the name of an event
    "no_event": r"(?!(?:(?:sept?(?:ember)?\.?\s+11|jan(?:uary)?\.?\s+6|july\s+4)(?:th)?"
    r"|(?:11\s+sept|6\s+jan|4th\s+of\s+july|5th\s+of\s+nov)[a-z]*)\b(?!,?\s+\d{4}))",
    "bare": _BARE,
    "no_name": _NO_NAME,
    "whole": _WHOLE,
    "not_name": _MONTH_NOT_NAME,
    "end": r"(?=\s*(?:[?!.,;:]|$))",
}

_DATES = (
    ("day", "{day_of_month}"),
    ("day", "{month_and_day}"),
    ("day", r"(?:the\s+)?{day_word}\s+of\s+{month}{of_year}"),
    ("day", r"the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b{end}"),
    ("part of month", r"(?:the\s+)?{part}{month}{of_year}"),
    ("half of month", r"(?:the\s+)?{half}{month}{of_year}"),
    ("quarter", r"(?-i:Q)(?P<quarter>[1-4])\b{of_year}"),
    ("quarter", r"{year}(?:\s+|-)(?-i:Q)(?P<quarter>[1-4])\b"),
    ("quarter", r"(?:the\s+)?(?P<quarter>first|second|third|fourth|last|final|1st|2nd|3rd|4th)\s+quarter\s+(?:of\s+)?"
     r"{which_year}"),
    ("half", r"(?-i:H)(?P<half>[12])\b{of_year}"),
    ("half", r"(?:the\s+)?{half}{which_year}"),
    ("season", r"(?:the\s+)?(?P<season>spring|summer|autumn|fall)\s+(?:of\s+)?{which_year}"),
    ("month", r"(?:the\s+month\s+of\s+)?{month}{of_year}"),
    ("part of year", r"(?:the\s+)?{part}{which_year}"),
    ("year", "{year}"),
    ("weekday", r"(?:{this}\s+)?{weekday}\b"),
    ("weekend", r"(?:the|this)\s+weekend\b"),
)  # fmt: skip
_ALONE = (
    ("weekday", r"(?:{this}\s+)?(?P<last>{last})\s+{weekday}"),
    ("weekday", r"{weekday}(?:,?\s+(?:of\s+)?)(?P<week>last|this|the\s+previous)\s+week\b"),
    ("weekday", "{day_of_week}"),
    ("yesterday", "{yesterday_date}"),
    ("month", r"(?P<latest>{last})\s+{month}(?!\s+(?-i:[A-Z]))"),
    ("part of year", r"(?P<part>early|mid|late)\s+(?:in\s+)?(?P<which>last|this)\s+year\b"),
    ("back", r"\bthe\s+(?P<unit>week|month|year)\s+(?P<back>before\s+last)\b"),
    ("back", r"(?P<back>{last})\s+(?P<unit>week|month|quarter|year)\b(?!\s+before\b|\s+of\b)"),
    ("season", r"(?P<latest>{this}|{last})\s+(?P<season>spring|summer|autumn|fall|winter)\b"),
    ("weekend", r"(?:{this}\s+)?(?P<back>{last})\s+weekend\b"),
    ("weekend", r"{this}\s+weekend\b"),
    ("this", r"(?<!\blater\s){this}\s+(?P<unit>week|month|quarter|year)\b"),
    ("ago", r"(?<![\w.,'’-])(?<!\bor\s)(?<!\bto\s)(?<!\bhundred\s)(?<!\bthousand\s)(?<!\bover\s)(?<!\bthan\s)"
     r"(?<!\bfrom\s)(?<!\bwith\s)(?<!\bleast\s)(?<!\bhalf\s){count}\s+{unit}\s+(?-i:ago)\b"),
    ("ago", r"(?<![\w.,'’-])(?P<unit>half)\s+a\s+year\s+(?-i:ago)\b"),
)  # fmt: skip
_TO = r"(?:to|till|until|through|and)"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_PHRASES = (
    ("between", rf"\b(?:from|since|between)\s+({{date}}|{_NUMBER})\s+{_TO}\s+({{date}}){{no_name}}"),
    ("between", r"(?:\b(?:from|on|in)\s+)?\b(\d{1,2})\s?[-–—]\s?({day_of_month}){no_name}"),
    ("days of month", r"(?:\b(?:from|on|in)\s+)?\b({month})\s+(\d{1,2})\s?[-–—]\s?(\d{1,2})(?!\d)({of_year}){no_name}"),
    ("within", r"({day_of_week}){no_name}"),
    ("since", r"\bsince\s+{not_name}({date}){no_name}"),
    ("after", r"\bafter\s+{not_name}({date}){no_name}"),
    ("until", r"\b(?:until|till|up\s+to)\s+{not_name}({date}){no_name}"),
    ("before", r"(?<!\bday\s)(?<!\bweek\s)\bbefore\s+{not_name}({date}){no_name}"),
    ("listed", rf"\b(?:in|on)\s+({{date}}|{_NUMBER})(?:,\s+{{date}})*(?:,?\s+(?:and|or|to)\s+|\s?[-–—/&]\s?)"
     r"(?:(?:in|on)\s+)?{not_name}({date}){no_name}"),
    ("within", r"\b(?:in(?!\s+march\s+on\b)|during|throughout|at|on(?!\s+(?:may|march)\b(?!\s+(?:the\s+)?\d)))\s+"
     r"({date})(?:\s+(?:morning|afternoon|evening|night)\b)?{no_name}"),
    ("within", r"\b(?:over|at|on|during)\s+({alone}|(?:the|this)\s+weekend\b){whole}"),
    ("within", r"\b(?:what|how)\s+about\s+(?!may\b(?!\s+\d))({date})(?=\W*$)"),
    ("within", r"{bare}\b({ymd}|{dotted}|{slashed}|{full_date}){no_name}"),
    ("told", r"{bare}\b{no_event}({month_and_day}){no_name}{end}"),
    ("told", r"{bare}\b{no_event}({day_of_month}){no_name}{end}"),
    ("past", r"\b(?:last|past)\s+({count})\s+(?P<unit>{unit}){whole}"),
    ("past", r"\bpast()\s+(?P<unit>hour|day|week|month|year)\b{whole}"),
    ("last night", r"(?-i:\blast|(?<![\w,]\s)\bLast)\s+night(?:['’]s)?\b{whole}"),
    ("today", r"(?<!\busa\s)(?-i:\btoday|(?<![\w,]\s)\bToday)(?:['’]s\s+(?:news|headlines))?{whole}"),
    ("this day", r"\bthis\s+(?:morning|afternoon|evening){whole}"),
    ("within", r"({yesterday_date})(?:['’]s)?{whole}"),
    ("within", r"(?<!\bthan\s)(?<!\bwith\s)({alone}){whole}"),
    ("season", r"\bin\s+the\s+(spring|summer|autumn|fall|winter)\b{no_name}{end}"),
)  # fmt: skip

ENGLISH_DAYS = DayGrammar(
    letters="[a-z]",
    words=_WORDS,
    numbers={
        "month": {
            name.lower(): number
            for number, month in enumerate(ENGLISH.months, 1)
            for name in (*month.names, *month.short)
        },
        "weekday": {start: number for number, start in enumerate(_WEEKDAY_STARTS, 1)},
        "season": {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12},
        "part": {"mid": 1, "late": 2, "end": 2},
        "half": {"first": 1, "second": 2},
        "quarter": {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4},
        "day": {**ENGLISH.ordinals, "twenty": 20, "thirty": 30},
        "which": {"last": 1, "previous": 1},
        "week": {"last": 1, "previous": 1},
        "back": {"last": 1, "previous": 1, "past": 1, "before": 1},
        "latest": {"last": 1, "previous": 1, "past": 1},
        "unit": {
            "hour": HOUR, "day": OF_DAYS, "week": OF_WEEKS, "fortnight": FORTNIGHT, "month": OF_MONTHS,
            "quarter": OF_QUARTERS, "half": HALF_YEAR, "year": OF_YEARS,
        },
        "count": ENGLISH.counts,
    },
    dates=_DATES,
    alone=_ALONE,
    phrases=_PHRASES,
    # With these words, a date without a year or a deadline is not a day of publication.
    ahead=r"\b(?:will|won['’]t|would|shall|should|must|(?:needs?|has|have)\s+to|(?:is|are)\s+(?!happening|going\s+on)\w+ing|going\s+to|set\s+to|set\s+for|scheduled|expected|plans?|planned|upcoming|next"
    r"|deadlines?|expires?|extend\w*|postpon\w+|wait\w*|every|each|usually|typically|annual\w*|always|often|birthday"
    r"|anniversary|celebrat\w+|1\d{3})\b|['’]ll\b",
    told=r"\b(?:did|was|were|happen\w*|news|headlines|said|what['’]s\s+new"
    r"|(?:has|have)\s+(?:\w+\s+){0,3}(?:said|been|\w+ed)|(?:what|who)\s+\w+ed|announced|won|lost|met|fell|rose|sank|shot|died|left|took|came|went|sold|bought|told|began|broke|hit"
    r"|led|ran|saw|struck|spoke|wrote)\b",
)  # fmt: skip
