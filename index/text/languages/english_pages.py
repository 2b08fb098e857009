"""The English words around the story on pages and in copies of articles."""

from __future__ import annotations

from index.text.languages.language_record import PageWords

ENGLISH_PAGES = PageWords(
    lines="""
    all news|latest news|more news|top news|top stories|related news|breaking news|most read|most popular|trending
    trending now|tags|topics|related topics|more on this story|related articles|related stories|related|related content
    related links|recommended|recommended for you|you may also like|you might also like|see also|read also|also read
    read more|read more about|more about|read next|up next|continue reading|keep reading|show more|load more|see more
    view more|more|story continues below|story continues|story continues below advertisement|article continues below
    article continues after advertisement|advertisements|advert|advertising|ad feedback|sponsored
    sponsored content|promoted content|share|share this|share this article|share this story|share article|share story
    share via email|tweet|email|email this|print|print this article|save|copy link|link copied|bookmark|comment|comments
    show comments|view comments|leave a comment|post a comment|add a comment|join the conversation|subscribe
    subscribe now|sign up|sign up now|newsletter|newsletters|sign in|log in|login|register|menu|home|search
    skip to navigation|back to top|follow us|contact us|about us|privacy policy
    terms of use|terms of service|cookie policy|cookie settings|all rights reserved|listen to this article|watch live
    live tv|download our app|get our app|photo gallery|view gallery|reuse this content
    """,
    website_lines="""
    skip advertisement|skip to content|skip to main content|advertisement|supported by|give this article
    share full article
    """,
    line_patterns=r"""
      home \s [>›»] \s [^.!?]{1,80}
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
    """,
    labels=r"""
      read \s more | read \s also | also \s read | see \s also | more \s on \s this(?:\s story)?
    | related(?:\s (?:articles?|stor(?:y|ies)|content|coverage|links?|news|reading|topics?|videos?))?
    | recommended | tags | topics | keywords | filed \s under | share \s this | don['’]t \s miss
    """,
    tag_headings="tags|topics|related topics|keywords",
    releases=r"(?:for )?immediate release|for release.*|embargoed?\b.*|(?:press|news|media) release",
    header_labels={
        "title": "title|headline|hed",
        "source": "publication|publication title|newspaper|source|outlet|publisher",
        "published": "date|published|publication date|date published|pub date|posted|sent|first published",
        "modified": "updated|last updated|last modified|modified",
        "author": "byline|author|authors|by|written by",
        "about": "publication info",  # of ProQuest: the outlet, the place and the date
        "body": "full text|body|text",
        "contact": "contact|contacts|media contact|media contacts|press contact",
        "other": "section|length|dateline|language|graphic|highlight|load-date|publication-type|document-type|type"
        "|copyright|phone|tel|telephone|fax|e-mail|email|website|web|url|link|page|pages|volume|issue|issn|edition"
        "|subjects|keywords|category|abstract|document url",
        "mail": "from|to|cc|bcc|reply-to|message-id",
        "subject": "subject",
    },
    published=r"(?:first )?(?:published|posted)\b",
    date_words="by on at of the date dated first last",
    date_stems="publi[sc]|post|releas|updat|modif|issue",
    updated=(
        r"updat|modifi|edited|amend|republish|reprint|printed\son|revis|correct|clarifi|last\s(?:chang|review)|reviewed"
        r"|accessed|retrieved"
    ),
    other_dates=(
        "born|died|deadline|due|expires?|event|held|filmed|recorded|taken|photographed|joined|founded|established|since"
        "|until|till|from|valid|ends?|begins?|starts?|opens?|closes?|archived?|captured|fact-check(?:ed)?"
    ),
    other_dates_anywhere=(
        r"until|till|archives?,?|taken|today(?:\sis)?,?|(?<!edition\s)(?<!issue\s)of|release\sdate:?"
    ),
    label_links="on by from date",
    date_labels="dates?|time",
    publication_labels=(
        "time|created?|added|uploaded|online|written|filed|print(?:ed)?|edition|version|launch(?:ed)?|source|author|by"
        "|publication"
    ),
    ranges="to until till",
)
