"""What of a page is the story, and what is the furniture around it: navigation, sharing, tags, advertisement."""

from __future__ import annotations

import re

from index.text.datelines import is_credit
from index.text.header import find_footer, find_header
from index.types import Article, Span

HEAD = 6  # lines, not counting blank ones, within which a headline and credits stand
LONGEST = 160  # a longer line is prose, whatever it starts with
LONGEST_TAG = 40
SENTENCE_ENDS = '.!?…”"'

# Whole lines, in lower case and without the marks around them ("» Read More…" is "read more").
LINES = frozenset(
    """
    all news|latest news|more news|top news|top stories|related news|breaking news|most read|most popular|trending
    trending now|tags|topics|related topics|more on this story|related articles|related stories|related|related content
    related links|recommended|recommended for you|you may also like|you might also like|see also|read also|also read
    read more|read more about|more about|read next|up next|continue reading|keep reading|show more|load more|see more
    view more|more|story continues below|story continues|story continues below advertisement|article continues below
    article continues after advertisement|advertisement|advertisements|advert|advertising|ad feedback|sponsored
    sponsored content|promoted content|share|share this|share this article|share this story|share article|share story
    share via email|tweet|email|email this|print|print this article|save|copy link|link copied|bookmark|comment|comments
    show comments|view comments|leave a comment|post a comment|add a comment|join the conversation|subscribe
    subscribe now|sign up|sign up now|newsletter|newsletters|sign in|log in|login|register|menu|home|search
    skip to content|skip to main content|skip to navigation|back to top|follow us|contact us|about us|privacy policy
    terms of use|terms of service|cookie policy|cookie settings|all rights reserved|listen to this article|watch live
    skip advertisement|supported by|give this article|share full article
    live tv|download our app|get our app|photo gallery|view gallery|reuse this content

    все новости|теги|читайте также|читать далее|читать полностью|подробнее|поделиться|реклама|подписаться|комментарии
    комментировать|главные новости|по теме|материалы по теме|усі новини|читайте також|поділитися|коментарі
    alle nachrichten|anzeige|werbung|teilen|mehr zum thema|lesen sie auch|auch interessant|kommentare|schlagworte
    schlagwörter|weiterlesen|drucken|toute l'actualité|publicité|lire aussi|à lire aussi|lire la suite|partager
    commentaires|mots-clés|imprimer|s'abonner|todas las noticias|publicidad|lee también|lea también|leer más|compartir
    comentarios|etiquetas|imprimir|suscríbete|leggi anche|pubblicità|condividi|commenti|leggi tutto|publicidade
    leia também|leia mais|compartilhar
    """.replace("\n", "|")
    .replace(" " * 4, "")
    .split("|")
)  # blank lines above make it hold "" too: a line of dashes or stars is none of the story

# Lines that go on; none of them says anything that a story would say in these words.
PATTERNS = re.compile(
    r"""
      (?: read \s more | read \s also | also \s read | see \s also | more \s on \s this(?:\s story)?
        | related(?:\s (?:articles?|stor(?:y|ies)|content|coverage|links?|news|reading|topics?|videos?))?
        | recommended | tags | topics | keywords | filed \s under | share \s this | don['’]t \s miss
        | читайте \s также | читать \s также | теги | читайте \s також | lesen \s sie \s auch | mehr \s zum \s thema
        | (?:à \s )? lire \s aussi | le[ea] \s también | leggi \s anche | leia \s também ) \s* : .*
    | [^.!?>›»]{1,40} (?: \s [>›»] \s [^.!?>›»]{1,40} ){2,} | home \s [>›»] \s [^.!?]{1,80}  # a breadcrumb trail
    | more \s (?:from|stories \s from|news \s from|coverage \s from) \s [^.!?]+
    | (?: sign \s up | subscribe ) \b .* \b (?: newsletters? | e-?mails? | alerts | briefings? | podcast
        | channel | updates | inbox ) \b [^.!?]* [.!]?
    | (?: follow \s [^.!?]{1,60} | (?:like|join|find) \s us ) \s on \s (?:twitter|x|facebook|instagram|telegram|
        youtube|linkedin|whatsapp|tiktok|threads|bluesky|google \s news|vk|vkontakte) \b [^.!?]{0,80} [.!]?
    | share \s (?:this \s \w+ \s)? (?:on|via|with) \s (?:twitter|x|facebook|e-?mail|whatsapp|telegram|linkedin
        |reddit)
    | (?: click | tap ) \s here \s (?:to|for) \s [^.!?]+ [.!]?
    | download \s (?:our|the \s .{1,40}) \s app \b [^.!?]* [.!]?
    | (?: comments \s* \(? \d+ \)? | \d+ \s comments? | \d+ \s shares? )
    | (?: © | copyright \s* (?:©|\(c\))? \s* \d{4} ) .*
    """,
    re.IGNORECASE | re.VERBOSE,
)

TAG_HEADINGS = frozenset(
    ["tags", "topics", "related topics", "keywords", "теги", "schlagworte", "schlagwörter", "mots-clés", "etiquetas"]
)


def is_boilerplate(line: str) -> bool:
    """Whether a line of a page is navigation and not the story; a blank line is neither.

    >>> is_boilerplate("All news"), is_boilerplate("All news is local, the editor said.")
    (True, False)
    """
    line = line.strip()
    if not line or len(line) > LONGEST or (line[0].islower() and line[-1] == "."):  # the last: a wrapped sentence
        return False
    return _bare(line) in LINES or PATTERNS.fullmatch(line) is not None


def story_spans(article: Article, has_start: bool = True) -> list[Span]:
    """The runs of an article's text that are its story, in order.

    Left out are furniture, the header of a copy, the headline and a kicker ("Ukraine") above it, credits on lines of
    their own near the top ("By Jane Doe", "London CNN —"), and tags at the end. A run goes on over blank lines and
    neither starts nor ends in white space. Offsets are code points of `article.text`. A text that does not have the
    start of its article has no header either.
    """
    title = article.title.split() if article.title else None
    runs: list[Span] = []
    broken = True  # whether the next line starts a run
    lines = _without_tags(article.text, text_lines(article.text))
    header = find_header(article.text, lines) if has_start else None
    if header:
        lines = [line for line in lines if line.end > header.end]
        below = lines[1:] if lines and lines[0].start < header.end else lines  # what is after "Text:" is no label
        lines = lines[: len(lines) - find_footer(article.text, below)]
        lines = [Span(max(line.start, header.end), line.end) for line in lines]
    for number, (start, end) in enumerate(lines):
        line = article.text[start:end]
        if number < HEAD and line.split() == title:
            runs = [run for run in runs if article.text[run.end - 1] in SENTENCE_ENDS]
            broken = True
        elif is_boilerplate(line) or (number < HEAD and is_credit(line)):
            broken = True
        else:
            runs.append(Span(start, end) if broken else Span(runs.pop().start, end))
            broken = False
    return runs


def text_lines(text: str) -> list[Span]:
    """The lines of a text that are not blank, each without the white space around it."""
    spans = []
    position = 0
    for line in text.splitlines(keepends=True):
        if stripped := line.strip():
            start = position + line.index(stripped)
            spans.append(Span(start, start + len(stripped)))
        position += len(line)
    return spans


def _bare(line: str) -> str:
    """The line in lower case, without the marks and symbols around its words."""
    start, end = 0, len(line)
    while start < end and not line[start].isalnum():
        start += 1
    while end > start and not line[end - 1].isalnum():
        end -= 1
    return line[start:end].lower().replace("’", "'")


def _without_tags(text: str, lines: list[Span]) -> list[Span]:
    """The lines but for a closing list of tags: a heading such as "Tags", and after it nothing but tags."""
    for number in range(len(lines) - 1, -1, -1):
        start, end = lines[number]
        line = text[start:end]
        if _bare(line) in TAG_HEADINGS:
            return lines[:number]
        if len(line) > LONGEST_TAG or line[-1] in SENTENCE_ENDS:
            break
    return lines
