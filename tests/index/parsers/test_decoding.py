"""Decoding of bytes in any encoding, declared or not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parsers.declared_encoding import declared_label
from index.parsers.decoding import decode, replace_c1_controls
from index.parsers.problems import Problem
from index.parsers.source_files import read_file
from index.types import Article


def decoded(data: bytes, label: str | None = None) -> tuple[str | None, list[str]]:
    problems: list[Problem] = []
    return decode(data, Path("a.txt"), problems.append, label), [problem.message for problem in problems]


def read(path: Path, data: bytes) -> tuple[Article, list[Problem]]:
    path.write_bytes(data)
    problems: list[Problem] = []
    (article,) = read_file(path, path.name, problems.append)
    return article, problems


# Invented sentences; each has letters that similar encodings have at other positions.
TEXTS = {
    "pl": "Rada miasta zagłosowała we wtorek za zamknięciem starego rynku rybnego, powiedział burmistrz Łukasz Żółć.",
    "cs": "Městská rada v úterý hlasovala pro uzavření starého rybího trhu po čtyřiceti letech, řekl Jiří Dvořák.",
    "sk": "Mestské zastupiteľstvo v utorok hlasovalo za zatvorenie starého trhu, povedal primátor Ľuboš Šťastný.",
    "hu": "A városi tanács kedden megszavazta a régi halpiac bezárását negyven év után, mondta Győző Őry polgármester.",
    "hr": "Gradsko vijeće glasalo je u utorak za zatvaranje stare ribarnice, rekao je gradonačelnik Željko Šarić.",
    "ro": "Consiliul a votat marţi pentru închiderea pieţei după patruzeci de ani, a spus primarul Ştefan Ţone.",
    "tr": "Şehir meclisi salı günü eski balık pazarını kapatmaya karar verdi, dedi belediye başkanı İlker Şahin.",
    "lt": "Miesto taryba antradienį balsavo už senojo žuvų turgaus uždarymą, sakė meras Žygimantas Šukys.",
    "lv": "Pilsētas dome otrdien nobalsoja par vecā zivju tirgus slēgšanu, sacīja Jānis Bērziņš.",
    "et": "Linnavolikogu hääletas teisipäeval vana kalaturu sulgemise poolt, ütles linnapea Jüri Õun. See oli šokk.",
    "uk": "Міська рада у вівторок проголосувала за закриття старого рибного ринку, повідомив мер Іван Ґудзь.",
    "ru": "Городской совет во вторник проголосовал за закрытие старого рынка, сообщил мэр Иван Петров.",
    "bg": "Градският съвет гласува във вторник за затварянето на стария пазар след години, каза кметът.",
    "sr": "Градско веће је у уторак гласало за затварање старе пијаце, рекао је градоначелник Љубиша Ђурић.",
    "el": "Το δημοτικό συμβούλιο ψήφισε την Τρίτη το κλείσιμο της παλιάς ψαραγοράς, είπε ο δήμαρχος Γιώργος.",
    "he": "מועצת העיר הצביעה ביום שלישי על סגירת השוק הישן, אמר ראש העיר.",
    "ar": "صوت مجلس المدينة يوم الثلاثاء على إغلاق السوق القديم، قال رئيس البلدية.",
    "fr": "Le conseil a voté mardi la fermeture du marché, a déclaré le maire, cœur brisé : « C’était l’été. »",
    "de": "Der Stadtrat hat am Dienstag beschlossen, den Markt zu schließen, sagte Bürgermeister Jörg Müller.",
    "es": "El ayuntamiento votó el martes a favor del cierre del mercado, dijo el alcalde José Muñoz. ¿Qué más?",
    "en": "The café owner – Zoë Núñez – said “we’ll pay €12m” for the façade on Tuesday.",
    "ja": "市議会は火曜日、老朽化した魚市場を閉鎖することを決めたと市長が述べた。",
    "zh": "市议会星期二投票决定关闭老鱼市场，市长说。",
    "ko": "시의회는 화요일 오래된 수산시장을 닫기로 결정했다고 시장이 말했다.",
}
ENCODINGS = (
    "pl cp1250, cs cp1250, sk cp1250, hu cp1250, hr cp1250, ro cp1250, tr cp1254, lt cp1257, lv cp1257, et cp1257, "
    "uk cp1251, ru cp1251, bg cp1251, sr cp1251, el cp1253, he cp1255, ar cp1256, fr cp1252, de cp1252, es cp1252, "
    "en cp1252, ja shift_jis, ja euc_jp, zh gb18030, ko euc_kr, ru koi8_r, uk koi8_u, ru cp866, ru iso8859_5, "
    "pl iso8859_2, cs iso8859_2, hu iso8859_2, tr iso8859_9, lt iso8859_13"
)


@pytest.mark.parametrize("case", ENCODINGS.split(", "))
def test_encoding_is_guessed_by_the_language(case: str) -> None:
    language, encoding = case.split()
    found, messages = decoded(TEXTS[language].encode(encoding))
    assert found == TEXTS[language]
    assert [message for message in messages if "a guess; save it as UTF-8 to be sure" in message] == messages
    assert len(messages) == 1


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (text, encoding)
            for encoding in ("cp1250", "iso8859_2")
            for text in (
                "Rada miasta zdecydowała we wtorek o zamknięciu targu rybnego. Kupcy zapowiadają odwołanie.",
                "W Gdańsku otwarto nowe muzeum. Dyrektor mówi, że zwiedzający będą mogli zobaczyć tysiąc obrazów.",
                "Burmistrz Krakowa ogłosił, że tramwaje będą bezpłatne.",
                "Ředitel muzea řekl, že návštěvníci uvidí přes tisíc obrazů z celé Evropy.",
                "Vláda schválila nový zákon o daních. Předseda opozice řekl, že s ním nesouhlasí.",
            )
        ),
        ("Źle się dzieje, powiedział Łukasz.", "cp1250"),
        ("İstanbul’da yağmur yağdı, dedi başkan Şahin.", "cp1254"),
        ("Šiandien Vilniuje lijo, sakė meras Žygis.", "cp1257"),
        ("Київ. Президент підписав указ.", "cp1251"),
        ("Москва. Президент подписал указ.", "cp1251"),
        ("He said “no” – twice.", "cp1252"),
        ("Été pluvieux à Orléans.", "cp1252"),
        ("Президент подписал закон о языке.", "mac_cyrillic"),
        ("Курс доллара вырос до 75 рублей", "mac_cyrillic"),
        ("Під час обстрілу загинуло двоє людей, ще п’ятеро поранені — мер Харкова.", "mac_cyrillic"),
        ("Ёлку на площади зажгут 25 декабря, сообщили в мэрии.", "koi8_r"),
        ("ПОГОДА: в Москве дождь.", "cp1251"),
        ("Влада је донела нови закон о земљишту, рекао је Ђорђе Љубић.", "cp1251"),
        ("Прэзідэнт падпісаў закон аб мове, паведаміла агенцтва. Ў Мінску дождж.", "cp1251"),
        ("Učitelji traže veće plaće, kaže ministar Šime Žuvela.", "iso8859_2"),
        ("Az őszi szünet után újra nyitnak az iskolák, közölte a minisztérium.", "iso8859_2"),
        ("Sąd skazał byłego ministra na trzy lata więzienia.", "cp1250"),
        ("Başbakan dün Ankara’da konuştu.", "cp1254"),
        ("Saeima pieņēma likumu par zemi.", "cp1257"),
        ("東京で地震がありました。けが人はいません。", "shift_jis"),
        ("北京昨天下雨，航班延误。", "gb18030"),
    ],
)
def test_encoding_of_short_texts(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding))[0] == text


def test_case_40_undeclared_polish(tmp_path: Path) -> None:
    title = "Rynek rybny zostanie zamknięty"
    text = (
        f"{title}\n\nRada miasta zagłosowała we wtorek za zamknięciem starego rynku rybnego po czterdziestu latach, "
        "powiedział burmistrz Łukasz Żółć.\n"
    )
    article, problems = read(tmp_path / "p.txt", text.encode("cp1250"))
    assert (article.title, article.text) == (title, text)
    assert ["is read as cp1250, a guess" in problem.message for problem in problems] == [True]


def test_case_41_byte_order_mark_is_dropped_and_line_ends_are_kept(tmp_path: Path) -> None:
    text = (
        "Bread joke 🥖\r\n\r\nOVERTON, March 8, 2022 (AP) — 😀 A baker posted a joke about bread 🎉.\r\n"
        "The family 👩\u200d👩\u200d👧 bakery sold 900 loaves, its owner Mia Stone said.\r\n"
    )
    article, problems = read(tmp_path / "a.txt", text.encode("utf-8-sig"))
    assert (article.text, article.title, problems) == (text, "Bread joke 🥖", [])
    assert (article.source, article.place, article.day) == ("AP", "OVERTON", date(2022, 3, 8))


def test_encoding_is_guessed_from_the_first_non_ascii_lines() -> None:
    text = "Only ASCII in this line.\n" * 10_000 + TEXTS["pl"] + "\n" + "And here.\n" * 20_000
    assert decoded(text.encode("cp1250"))[0] == text


PAGE = """<html lang="en"><head>{meta}<title>Café owner’s plan</title></head><body><article><h1>Café owner’s plan</h1>
<p>The café’s owner – Zoë Núñez – said “we’ll pay €12m” for the façade on Tuesday, the Süddeutsche reported.</p>
<p>The council said that it had heard nothing of the plan and would answer next week.</p></article></body></html>"""
SAID = "The café’s owner – Zoë Núñez – said “we’ll pay €12m” for the façade on Tuesday, the Süddeutsche reported."


@pytest.mark.parametrize(
    ("meta", "encoding", "warned"),
    [
        ('<meta charset="iso-8859-1">', "cp1252", False),  # which browsers read as windows-1252
        ("<meta charset=latin1>", "cp1252", False),
        ('<meta charset="us-ascii">', "cp1252", False),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "cp1252", False),
        ('<meta charset="iso-8859-1">', "utf-8", False),  # UTF-8 that is declared wrongly
        ('<meta charset="windows-1251">', "utf-8", False),
        ('<meta charset="iso-8859-1">', "utf-8-sig", False),
        ('<meta charset="utf-8">', "cp1252", True),
        ('<meta charset="utf-16">', "cp1252", True),
        ('<meta charset="no such thing">', "cp1252", True),
        ("", "cp1252", True),
        ('<!-- <meta charset="windows-1251"> -->', "cp1252", True),
        ('<!-- <meta charset="windows-1251"> --><meta charset="macintosh">', "mac_roman", False),
    ],
)
def test_pages(tmp_path: Path, meta: str, encoding: str, warned: bool) -> None:
    article, problems = read(tmp_path / "a.html", PAGE.format(meta=meta).encode(encoding))
    assert SAID in article.text
    assert [problem.skipped for problem in problems] == [False] * warned
    assert all("cp1252, a guess" in problem.message for problem in problems)


RUSSIAN = """{top}<html lang="ru"><head>{meta}<title>Рынок закроют</title></head><body><article><h1>Рынок закроют</h1>
<p>Городской совет во вторник решил закрыть рынок, сообщил Иван Петров. Торговцы говорят, что обжалуют решение.</p>
</article></body></html>"""


@pytest.mark.parametrize(
    ("top", "meta", "encoding"),
    [
        ("", '<meta charset="windows-1251">', "cp1251"),
        ("", '<meta charset="utf-8">', "cp1251"),
        ("", "", "cp1251"),
        ("", "<title><meta charset=windows-1251></title>", "cp1251"),
        ("", '<meta charset="koi8-r">', "koi8_r"),
        ('<?xml version="1.0" encoding="windows-1251"?>\n', "", "cp1251"),
        ("", '<meta charset="x-cp1251">', "cp1251"),
    ],
)
def test_russian_pages(tmp_path: Path, top: str, meta: str, encoding: str) -> None:
    article, _ = read(tmp_path / "a.html", RUSSIAN.format(top=top, meta=meta).encode(encoding))
    assert "сообщил Иван Петров. Торговцы" in article.text


def test_ascii_bytes_are_decoded_by_the_declared_label() -> None:
    assert decoded(TEXTS["ja"].encode("iso2022_jp"), "iso-2022-jp") == (TEXTS["ja"], [])
    assert decoded(b"It rained.", "windows-1251") == ("It rained.", [])


def test_a_few_invalid_bytes_do_not_change_the_encoding() -> None:
    text = TEXTS["ru"].encode() + b" \xff"
    assert decoded(text, "windows-1252")[0] == TEXTS["ru"] + " \ufffd"
    found, (message,) = decoded(TEXTS["fr"].encode("cp1252") * 9 + b"\x9d", "iso-8859-1")
    assert found == TEXTS["fr"] * 9 + "\ufffd"
    assert message == "is cp1252 with invalid bytes, shown as \ufffd (1 in the file); fix them"


def test_c1_controls_are_read_as_windows_1252(tmp_path: Path) -> None:
    article, problems = read(tmp_path / "a.txt", "Title\n\nHe said \x93no\x94\x85 and left.\x81".encode())
    assert (article.text, problems) == ("Title\n\nHe said “no”… and left.\ufffd", [])
    article, _ = read(
        tmp_path / "a.jsonl", rb'{"title": "\u0091Fish\u0092", "text": "It\u0092s 12 \u0080.", "source": "A\u0096B"}'
    )
    assert (article.title, article.text, article.source) == ("‘Fish’", "It’s 12 €.", "A–B")
    page = PAGE.format(meta="").replace("“", "&#147;").replace("”", "&#148;")
    assert SAID in read(tmp_path / "a.html", page.encode())[0].text


@given(st.binary(), st.sampled_from([None, "iso-8859-1", "iso-8859-5", "windows-1253", "gbk", "utf-8", "x"]))
def test_no_c1_control_is_ever_left(data: bytes, label: str | None) -> None:
    text, messages = decoded(data, label)
    assert text is None or not any("\x80" <= character <= "\x9f" for character in text)
    assert text is not None or len(messages) == 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_utf_8_is_kept(text: str) -> None:
    assert decoded(text.encode(), "windows-1252") == (replace_c1_controls(text.removeprefix("\ufeff")), [])


@pytest.mark.parametrize(
    ("page", "label"),
    [
        (b"<meta charset=utf-8>", "utf-8"),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=koi8-r'>", "koi8-r"),
        (b"<!-- <meta charset=utf-8>", None),
        (b"<p>charset=utf-8</p>", None),
        (b" " * 5000 + b"<meta charset=utf-8>", None),
    ],
)
def test_declared_label(page: bytes, label: str | None) -> None:
    assert declared_label(page) == label
