"""Guess the encoding of bytes that declare none and are not UTF-8, by the language of the decoded text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The encodings in use for each language before UTF-8, the most common first; other languages used _WESTERN.
_ENCODINGS_BY_LANGUAGES = {
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
_ENCODINGS_OF = {
    language: encodings for languages, encodings in _ENCODINGS_BY_LANGUAGES.items() for language in languages.split()
}
_ALL_ENCODINGS = sorted({*_WESTERN, *(encoding for encodings in _ENCODINGS_OF.values() for encoding in encodings)})

_SAMPLE = 100_000  # bytes that are examined
_LENIENT_MESS = 0.6  # charset-normalizer's threshold of mess, for texts in which its default finds no encoding
_DETECTION_SAMPLE = 5_000  # code points that the language is detected from
_UNLIKELY = re.compile(  # characters in places where they are hardly ever written: symbols next to or within words,
    r"(?<=[^\W\d_])[¡-©¬®-¶¸¹¼-¿×÷](?=[^\W\d_])|(?<!\w)[¦©®¯¸¼½¾¶±¬](?=[^\W\d_])|(?<=[^\W\d_])[¦¬¶¼½¾±](?!\w)"
    r"|(?<=[a-zß-öø-ÿа-яё])[A-ZÀ-ÖØ-ÞА-ЯЁ]"  # capitals within words
    r"|ς(?=[α-ω])|(?<=[Α-Ω])[ΐΰ]"  # a final sigma within a word, small letters after capitals
    r"|[๐-๛](?=[ก-๎])|(?<=[ก-๎])[๐-๛]|[가-힣]{12,}"  # digits within Thai words, endless Korean words
    r"|(?<!\S)[\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"  # combining marks without a letter
)
_ACCENTED = re.compile("[\u00df-\u024f\u0259]")
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]")
# The letters of Cyrillic languages that are not in the Russian alphabet.
_EXTRA_CYRILLIC = {"uk": "ЄєІіЇїҐґ", "be": "ІіЎў", "sr": "ЂђЈјЉљЊњЋћЏџ", "mk": "ЃѓЅѕЈјЉљЊњЌќЏџ", "ru": "", "bg": ""}
# The letters of languages in Latin script that English does not have.
_EXTRA_LATIN = {
    "bs": "čćđšž", "cs": "áčďéěíňóřšťúůýž", "et": "äöõüšž", "hr": "čćđšž", "hu": "áéíóöőúüű", "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž", "pl": "ąćęłńóśźż", "ro": "ăâîșțşţ", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšž", "sq": "çë",
    "tr": "âçğıîöşüûi̇", "az": "çəğıöşüi̇",
}  # fmt: skip
C1_CONTROL = re.compile("[\x80-\x9f]")  # no text has such characters; they are a sign of a wrong encoding


def likely_encodings(data: bytes) -> Iterator[str]:
    """Yield the encodings that the bytes may be in, the likeliest first.

    Among the encodings that charset-normalizer accepts, one that was in use for the language of the decoded text is
    the likeliest: a text that reads as Polish in both windows-1250 and windows-1252 was written in the former.
    """
    # Slow to import and hardly ever needed.
    import charset_normalizer
    from py3langid import classify

    sample = _sample(data)
    # One by one, because it stops at the first encoding that looks good enough.
    tries = [charset_normalizer.from_bytes(sample, cp_isolation=[encoding]).best() for encoding in _ALL_ENCODINGS]
    matches = [match for match in tries if match] or list(  # none is accepted in texts of a few words
        charset_normalizer.from_bytes(sample, cp_isolation=_ALL_ENCODINGS, threshold=_LENIENT_MESS)
    )
    ranked: list[tuple[tuple[float, ...], str]] = []
    for match in matches:
        text = str(match)
        if C1_CONTROL.search(text):
            continue
        language = classify(text[:_DETECTION_SAMPLE])[0]
        expected = _ENCODINGS_OF.get(language, _WESTERN)
        unlikely = len(_UNLIKELY.findall(text)) + _count_foreign_letters(text, language)
        quality = match.coherence - match.chaos
        for encoding in {match.encoding, *match.could_be_from_charset}.intersection(_ALL_ENCODINGS):
            place = expected.index(encoding) if encoding in expected else len(_ALL_ENCODINGS)
            rank = (encoding in expected, _is_mostly_lower_case(text), -unlikely, round(quality, 2), -place)
            ranked.append((rank, encoding))
    yield from (encoding for _, encoding in sorted(ranked, reverse=True))


def _count_foreign_letters(text: str, language: str) -> int:
    """Return the number of letters in the language's script that the language does not have."""
    if language in _EXTRA_LATIN:
        return sum(letter not in _EXTRA_LATIN[language] for letter in _ACCENTED.findall(text.lower()))
    if language not in _EXTRA_CYRILLIC:
        return 0
    return sum(
        letter not in "Ёё" + _EXTRA_CYRILLIC[language] for letter in _CYRILLIC.findall(text) if not "А" <= letter <= "я"
    )


def _sample(data: bytes) -> bytes:
    """Return the lines from the first that is not ASCII on, up to _SAMPLE bytes, or all if that line is longer."""
    first = next((at for at, byte in enumerate(data) if byte > 0x7F), 0)
    start = data.rfind(b"\n", 0, first) + 1
    end = data.rfind(b"\n", start, start + _SAMPLE) if len(data) - start > _SAMPLE else -1
    return data[start:] if end <= first else data[start:end]


def _is_mostly_lower_case(text: str) -> bool:
    """Return whether a text has capitals and more small letters, or its script has no case."""
    lower, upper = (sum(map(test, text)) for test in (str.islower, str.isupper))
    return 0 < upper < lower or lower == upper == 0
