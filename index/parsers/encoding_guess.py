"""In which encoding bytes are that say nothing of it and are no UTF-8, told by the language that comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What each language was written in before UTF-8, the commonest first; all others are WESTERN.
_ENCODINGS = {
    "bs cs hr hu pl ro sk sl sq": ("cp1250", "iso8859_2"),
    "be bg kk ky mk mn ru sr uk": ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic"),
    "el": ("cp1253", "iso8859_7"),
    "az tr": ("cp1254", "iso8859_9"),
    "he": ("cp1255",),
    "ar fa ps ur": ("cp1256", "iso8859_6"),
    "et lt lv": ("cp1257", "iso8859_13"),
    "vi": ("cp1258",),
    "th": ("cp874",),
    "ja": ("cp932", "euc_jp"),
    "zh": ("gb18030", "big5"),
    "ko": ("cp949",),
}
_WESTERN = ("cp1252", "iso8859_15", "mac_roman")
_OF = {language: encodings for languages, encodings in _ENCODINGS.items() for language in languages.split()}
_KNOWN = sorted({*_WESTERN, *(encoding for encodings in _OF.values() for encoding in encodings)})

_SAMPLE = 100_000  # bytes that are looked at
_DISORDER = 0.6  # of charset-normalizer's measure, where nothing has less than it allows by itself
_LOOKED_AT = 5_000  # characters from which the language is told
_STRANGE = re.compile(  # of what is hardly ever written: symbols at words,
    r"(?<=[^\W\d_])[¡-©¬®-¶¸¹¼-¿×÷](?=[^\W\d_])|(?<!\w)[¦©®¯¸¼½¾¶±¬](?=[^\W\d_])|(?<=[^\W\d_])[¦¬¶¼½¾±](?!\w)"
    r"|(?<=[a-zß-öø-ÿа-яё])[A-ZÀ-ÖØ-ÞА-ЯЁ]"  # capitals within words
    r"|ς(?=[α-ω])|(?<=[Α-Ω])[ΐΰ]"  # Greek small letters where there are none
    r"|[๐-๛](?=[ก-๎])|(?<=[ก-๎])[๐-๛]|[가-힣]{12,}"  # figures within Thai words, Korean words without end
    r"|(?<!\S)[\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"  # marks that are on no letter
)
_ACCENTED = re.compile("[\u00df-\u024f\u0259]")
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]")
# The letters of languages besides those of the Russian alphabet, and the languages that have no others.
_LETTERS = {"uk": "ЄєІіЇїҐґ", "be": "ІіЎў", "sr": "ЂђЈјЉљЊњЋћЏџ", "mk": "ЃѓЅѕЈјЉљЊњЌќЏџ", "ru": "", "bg": ""}
# The letters that languages of the Latin script have besides those of English.
_LATIN = {
    "bs": "čćđšž", "cs": "áčďéěíňóřšťúůýž", "et": "äöõüšž", "hr": "čćđšž", "hu": "áéíóöőúüű", "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž", "pl": "ąćęłńóśźż", "ro": "ăâîșțşţ", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšž", "sq": "çë",
    "tr": "âçğıîöşüûi̇", "az": "çəğıöşüi̇",
}  # fmt: skip
C1 = re.compile("[\x80-\x9f]")  # control characters; what looks like one is a sign of another encoding


def encodings_of(data: bytes) -> Iterator[str]:
    """Yield the encodings that the bytes may be in, the likeliest first.

    Of the readings in which charset-normalizer finds no disorder, that in a language which used to be written in the
    encoding is the likeliest: what is Polish in windows-1250 and windows-1252 alike was not written in the latter.
    """
    # Slow to import, and hardly ever needed.
    import charset_normalizer
    from py3langid import classify

    sample = _sample(data)
    # One by one, since it stops at the first that looks well enough.
    tries = [charset_normalizer.from_bytes(sample, cp_isolation=[encoding]).best() for encoding in _KNOWN]
    matches = [match for match in tries if match] or list(
        charset_normalizer.from_bytes(sample, cp_isolation=_KNOWN, threshold=_DISORDER)  # as of few words
    )
    ranked: list[tuple[tuple[float, ...], str]] = []
    for match in matches:
        text = str(match)
        if C1.search(text):
            continue
        language = classify(text[:_LOOKED_AT])[0]
        own = _OF.get(language, _WESTERN)
        strange = len(_STRANGE.findall(text)) + _foreign(text, language)
        order = match.coherence - match.chaos
        for encoding in {match.encoding, *match.could_be_from_charset}.intersection(_KNOWN):
            place = own.index(encoding) if encoding in own else len(_KNOWN)
            rank = (encoding in own, _is_in_two_cases(text), -strange, round(order, 2), -place)
            ranked.append((rank, encoding))
    yield from (encoding for _, encoding in sorted(ranked, reverse=True))


def _foreign(text: str, language: str) -> int:
    """How many letters of its script are not of the language."""
    if language in _LATIN:
        return sum(letter not in _LATIN[language] for letter in _ACCENTED.findall(text.lower()))
    if language not in _LETTERS:
        return 0
    return sum(
        letter not in "Ёё" + _LETTERS[language] for letter in _CYRILLIC.findall(text) if not "А" <= letter <= "я"
    )


def _sample(data: bytes) -> bytes:
    """The lines from the first that is not ASCII on, unless lines are too long to cut at their ends."""
    first = next((at for at, byte in enumerate(data) if byte > 0x7F), 0)
    start = data.rfind(b"\n", 0, first) + 1
    end = data.rfind(b"\n", start, start + _SAMPLE) if len(data) - start > _SAMPLE else -1
    return data[start:] if end <= first else data[start:end]


def _is_in_two_cases(text: str) -> bool:
    """Whether small letters are many and capitals are some, where the script has both."""
    small, large = (sum(map(test, text)) for test in (str.islower, str.isupper))
    return 0 < large < small or small == large == 0
