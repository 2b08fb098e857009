"""The words of Polish that the rules need."""

from __future__ import annotations

from index.text.languages.language_record import CalendarName, Language, PageWords, QuestionWords, SentenceWords

_MONTHS = """
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
"""
_WEEKDAYS = (
    *(CalendarName.of("poniedziałek", stem="poniedz"), CalendarName.of("wtorek", stem="wtor")),
    *(CalendarName.of("środa", stem="środ"), CalendarName.of("czwartek", stem="czwart")),
    *(CalendarName.of("piątek", stem="piąt"), CalendarName.of("sobota", stem="sobot")),
    CalendarName.of("niedziela", stem="niedz"),
)

POLISH = Language(
    code="pl",
    months=tuple(map(CalendarName.of, _MONTHS.split())),
    weekdays=_WEEKDAYS,
    sentences=SentenceWords(
        joins=(
            (r"(?i:ks|bp|abp|gen|płk|mjr|kpt|sierż|prof|mgr|inż|ul|al|św|im|tzw)\.", r"\w"),
            (r"(?i:godz|nr|str|art)\.", r"\d"),
            # A sentence that only begins with its year: W 1945 r. Niemcy skapitulowały.
            (r"(?<!\S)(?:W|Od|Do|Po|Przed)\s(?:\w+\s)?\d{4}\sr\.", r"\w"),
        ),
    ),
    pages=PageWords(
        date_words="dnia",
        date_stems="opubl|zaktuali",
        updated="zaktualiz|aktualiz",
        publication_labels="publikacji",
    ),
    questions=QuestionWords(small_talk={"greeting": "czesc|dzien dobry", "thanks": "dziekuje"}),
)
