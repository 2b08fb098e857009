"""Recognize pages that show a notice in place of an article: script-rendered, consent and subscription pages."""

from __future__ import annotations

import re

_MAX_STUB_WORDS = 120  # a longer text is an article
_MAX_OTHER_WORDS = 15  # of the lines that are not notices; enough for a headline
_NOTICE = re.compile(
    "|".join(
        [
            r"\b(?:enable|activate|requires?|turn on|support)\b.{0,40}\b(?:JavaScript|JS|cookies)\b",
            r"\b(?:JavaScript|cookies)\b.{0,40}\b(?:disabled|enabled|required|aktivieren|désactivé|отключ|включ|увімк|вимк)",
            r"(?:Включите|Увімкніть|Aktivieren Sie|Activez|Activa).{0,40}\bJavaScript\b",
            r"\bad ?blocker\b|\b(?:checking|verifying)\b.{0,40}\b(?:browser|you are human|connection)\b",
            r"\b(?:access denied|page not found|are you a robot|not a robot)\b",
            r"\b(?:we|our|and) (?:and our )?(?:[\d,]+ )?(?:partners )?.{0,40}\b(?:cookies|privacy|personal data)\b",
            r"\b(?:value|respect) your privacy\b|\baccept all\b|\bmanage (?:cookies|preferences|options)\b",
            r"\b(?:wir|nous|мы) .{0,60}\bcookies\b|файлы cookie|файли cookie",
            r"\b(?:subscribe|sign in|log in|register|create an account)\b.{0,40}\b(?:read|continue|access)\b",
            r"\b(?:subscribers? only|already a subscriber|reserved for subscribers|free articles?)\b",
            r"\b(?:только для подписчиков|оформите подписку|réservé aux abonnés|nur für Abonnenten)\b",
        ]
    ),
    re.IGNORECASE,
)


def is_stub(text: str) -> bool:
    """Return whether a text is nothing but notices and perhaps a headline.

    >>> is_stub("Fish market to close\\nSubscribe to read this article."), is_stub("The market uses cookies now.")
    (True, False)
    """
    if len(text.split(maxsplit=_MAX_STUB_WORDS)) > _MAX_STUB_WORDS:
        return False
    lines = text.splitlines()
    others = [line for line in lines if not _NOTICE.search(line)]
    return len(others) < len(lines) and sum(len(line.split()) for line in others) <= _MAX_OTHER_WORDS
