"""Which sentences mislead when they stand alone, for what stands before or behind them. Pure."""

from __future__ import annotations

import re

_OPENS = r"[\s\"“«„‘'(\[—–-]*"
_LEANS_EN = re.compile(
    _OPENS + r"(?:"
    r"(?:He|She|It|They|We|His|Her|Hers|Its|Their|Theirs|Our|Him|Them|This|That|These|Those|Such|Both|Neither|Either|"
    r"There|Here|Then|Thus|Hence|Therefore|Nevertheless|Nonetheless|However|Instead|Moreover|Furthermore|Meanwhile|"
    r"Besides|Otherwise|Likewise|Similarly|Consequently|Accordingly|Afterwards?|Also|Too|But|And|Or|So|Nor|Yet|Still|"
    r"Which|Others?|Another|(?:Some|One|Two|Three|Most|Many|All|None|Few|Half) of (?:them|these|those)|"
    r"The (?:former|latter|two|others?|same|pair|duo)|As a result|For (?:example|instance|this reason|that reason)|"
    r"In (?:addition|contrast|response|turn|fact|other words|that case|this case)|"
    r"(?:At|By|In|On|Since|From|After|Before|During|Because of|Despite|Under|With|Until) "
    r"(?:that|this|then|it|him|her|them|these|those)|"
    r"On the (?:other hand|contrary)|Even so|That said|At the same time|Not so|Not only that)\b"
    r"|(?:He|She|It|They|We|That|There|This)[’']\w+)"
)
_LEANS_RU = re.compile(
    _OPENS
    + r"(?:Он|Она|Оно|Они|Его|Её|Ее|Их|Ему|Ей|Им|Это|Этот|Эта|Эти|Этого|Этому|Этим|Тот|Та|Те|Того|Тому|Такой|Такая|"
    r"Такое|Такие|Таким|Так|Там|Тогда|Тут|Здесь|Затем|Потом|Поэтому|Однако|Но|А|И|Или|Тем не менее|Впрочем|Кроме того|"
    r"Кроме этого|При этом|При том|В то же время|В свою очередь|В связи с этим|В результате|В частности|Например|Также|"
    r"Тоже|Вместо этого|Напротив|Наоборот|После этого|После чего|До этого|Оба|Обе|Зато|Именно поэтому)\b"
)
# "There" and "That" may stand alone, and "It" of the weather too; to bring one sentence too many costs little.
_GOES_ON = re.compile(r"[”»]|[^“”«»„]*[”»]")  # a closing mark that nothing opened
_CONTINUES = re.compile(r"\s*(?:[,;)…]|\.\.\.|[a-zа-яё](?![A-Z]))")

_TURNS = re.compile(
    _OPENS + r"(?:"
    r"(?:But|However|Yet|Nevertheless|Nonetheless|Still,|Even so|Instead(?! of)|On the contrary|Not so|"
    r"In (?:fact|reality|truth)|Actually|"
    r"That said|Although (?:that|this)|Though (?:that|this)|Despite (?:this|that),|"
    r"Но|Однако|Впрочем|Тем не менее|Зато|Напротив|Наоборот|На самом деле|В действительности|Это не так|Вместо этого|"
    r"Несмотря на это|Вопреки этому)(?!\w)"
    r"|(?:This|That|It|These|Those|They)(?:[’']s| is| was| are| were| turned out(?: to be)?| proved(?: to be)?) "
    r"(?:\w+ly |later |since |now |soon |since been )*"
    r"(?:false|untrue|wrong|incorrect|inaccurate|mistaken|misleading|a hoax|a lie|fake|fabricated|denied|disputed|"
    r"retracted|corrected|overturned|reversed|withdrawn|rejected|refuted|debunked|not (?:true|the case|so))\b"
    r"|(?:The|It|This|That|These|Those|His|Her|Their) (?:\w+ ){0,3}(?:was|were|has been|have been) (?:\w+ ){0,2}"
    r"(?:lifted|cancel+ed|dismissed|suspended|rejected|struck down|called off|thrown out|dropped|removed)\b"
    r")"
)
_UNDONE = re.compile(
    r"\b(?:(?:was|were|is|are|been) (?:\w+ly |later |since |also |then |soon )*"
    r"(?:denied|overturned|retracted|corrected|reversed|withdrawn|refuted|debunked|rescinded|revoked|repealed|"
    r"annulled|quashed|disproved|disproven)|"
    r"(?:was|were|is|are|been) (?:\w+ly )?(?:later|since|subsequently|then|soon) "
    r"(?:lifted|cancel+ed|dismissed|suspended|rejected|struck down|called off|thrown out|dropped|removed)|"
    r"(?:later|subsequently|since|has|have|had|then|quickly|immediately) (?:\w+ly |since )?"
    r"(?:denied|retracted|corrected|reversed|apologi[sz]ed|backtracked|recanted|rescinded|revoked|"
    r"walked back|clarified)|"
    r"(?:denied|denies|rejected|rejects|disputed|disputes|refuted|dismissed) "
    r"(?:it|this|that|those|these|the (?:claims?|allegations?|accusations?|reports?|charges?|"
    r"statement|story|suggestion)|"
    r"(?:any|all|having|doing|wrongdoing|involvement)\b)|"
    r"(?:it|this|that) (?:did not|didn[’']t|never) happen(?:ed)?)\b|"
    r"\b(?:опроверг\w*|отрица(?:ет|ют|л\w?|ли)|опровергнут\w*|отмен[её]н\w*|отменил\w*|отозван\w*|отозвал\w*|"
    r"не подтвердил\w*|оказал\w{1,3} (?:ложн\w+|неправд\w+|фейк\w+)|извинил\w{2,3}|сняты?\b)",
    re.IGNORECASE,
)


def leans(sentence: str, language: str | None = None) -> bool:
    """Whether a sentence cannot stand without the one before it: it begins with "She", "But", "After that"…

    So does one that begins in the middle: in small letters, or in a quotation that was opened before. Language is ISO
    639-1; in others than English and Russian only the latter is known.

    >>> leans("However, it failed.", "en"), leans("Rain fell.", "en")
    (True, False)
    """
    if _CONTINUES.match(sentence) or _GOES_ON.match(sentence):
        return True
    russian = language == "ru" or (language is None and re.match(r"\W*[А-ЯЁ]", sentence))
    if russian:
        return _LEANS_RU.match(sentence) is not None
    return language in (None, "en") and _LEANS_EN.match(sentence) is not None


def turns(sentence: str) -> bool:
    """Whether a sentence turns what the one before it says: "But…", "That was later denied", "The ban was lifted".

    >>> turns("The Kremlin denied the claim."), turns("The Kremlin agreed.")
    (True, False)
    """
    return _TURNS.match(sentence) is not None or _UNDONE.search(sentence) is not None
