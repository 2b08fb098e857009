"""Pages that hold a notice in the place of an article: made by scripts, or closed by a consent or a subscription."""

from __future__ import annotations

import re

LONGEST = 120  # words of a text that may be nothing but notices
TITLE = 15  # words that may be left of it
NOTICE = re.compile(
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
    """Whether a text is nothing but notices, and a headline at most.

    >>> is_stub("Fish market to close\\nSubscribe to read this article."), is_stub("The market uses cookies now.")
    (True, False)
    """
    if len(text.split(maxsplit=LONGEST)) > LONGEST:
        return False
    lines = text.splitlines()
    kept = [line for line in lines if not NOTICE.search(line)]
    return len(kept) < len(lines) and sum(len(line.split()) for line in kept) <= TITLE
