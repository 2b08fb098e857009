"""The words of English that the rules need."""

from __future__ import annotations

from index.text.languages.english_pages import ENGLISH_PAGES
from index.text.languages.language_record import (
    CalendarName,
    Language,
    NameWords,
    QuestionWords,
    SentenceWords,
    SpeechWords,
)

_MONTHS = (
    *(CalendarName.of("January", "Jan"), CalendarName.of("February", "Feb"), CalendarName.of("March", "Mar")),
    *(CalendarName.of("April", "Apr"), CalendarName.of("May"), CalendarName.of("June", "Jun")),
    *(CalendarName.of("July", "Jul"), CalendarName.of("August", "Aug"), CalendarName.of("September", "Sept Sep")),
    *(CalendarName.of("October", "Oct"), CalendarName.of("November", "Nov"), CalendarName.of("December", "Dec")),
)
_WEEKDAYS = (
    CalendarName.of("Monday", "mon", "Monday Mondays"),
    CalendarName.of("Tuesday", "tue tues", "Tuesday Tuesdays"),
    CalendarName.of("Wednesday", "wed", "Wednesday Wednesdays"),
    CalendarName.of("Thursday", "thu thur thurs", "Thursday Thursdays"),
    CalendarName.of("Friday", "fri", "Friday Fridays"),
    CalendarName.of("Saturday", "sat", "Saturday Saturdays"),
    CalendarName.of("Sunday", "sun", "Sunday Sundays"),
)
_WEEKDAY = "|".join(day.names[0] for day in _WEEKDAYS)

_SMALL_NUMBERS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_COUNTS = {
    "a": 1, "an": 1, "couple": 2, "few": 0, "several": 0, "hundred": 100,
    **{word: number for number, word in enumerate(_SMALL_NUMBERS.split(), 1)},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), 2)},
}  # fmt: skip
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""

# https://snowballstem.org/algorithms/english/stop.txt, since tantivy's own list lacks the words that questions are made
# of. Forms with an apostrophe are left out: the tokenizer splits them into the pieces in the last line.
_STOP_WORDS = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its
itself they them their theirs themselves what which who whom this that these those am is are was were be been being
have has had having do does did doing would should could ought a an the and but if or because as until while of at by
for with about against between into through during before after above below to from up down in out on off over under
again further then once here there when where why how all any both each few more most other some such no nor not only
own same so than too very will can
s t d ll m re ve don won isn aren wasn weren hasn haven hadn doesn didn wouldn shouldn couldn whose
"""

# Verbs of speech. The first ones also occur in questions ("what did he say?"): the base form, the past tense, the
# third person and, if it differs from the past tense, the participle. "!" marks the forms that continue a sentence
# after a question or an exclamation: “Why?” Ann Lee asked. "+" marks those that are followed by the person who is told.
_ASKED_VERBS = """
say said! says!|tell told+ tells+|announce announced announces|claim claimed claims|warn warned warns|promise promised
write wrote! writes written|state stated states|reply replied! replies|add added! adds|explain explained explains
argue argued argues|suggest suggested suggests|note noted notes|admit admitted admits|tweet tweeted! tweets
insist insisted insists
"""
_OTHER_VERBS = """
asked! asks! declared declares acknowledged recalled recalls continued concluded confirmed commented remarked responded
joked quipped shouted testified vowed pledged urged predicted emphasized emphasised stressed reiterated observed
observes complained lamented called+ described+ informed+ informs+ notified+ notifies+ assured+ assures+ reminded+
reminds+
"""
_ROWS = [row.split() for row in _ASKED_VERBS.strip().replace("\n", "|").split("|")]
_MARKED_VERBS = [*(form for row in _ROWS for form in row[1:3]), *_OTHER_VERBS.split()]
_QUOTING_VERBS = [form.rstrip("!+") for form in _MARKED_VERBS]
_ASKING_VERBS = ["deny", "denied", *(form.rstrip("!+") for row in _ROWS for form in (row[0], (row[3:] or row[1:])[0]))]

_SENTENCES = SentenceWords(
    joins_anywhere=(
        # A title or a first name cut short belongs to the name that follows: Ms. Ng, Ft. Worth, J.D. Vance.
        (r"\W*(?:Ms|Mx|Ste|Ft|Amb|Atty|Spc|Govs|Fmr|Wm|Alex|Chas|Geo|J\.D)\.", r"[^\W\d_]"),
        # So does the side of a street: 12 N. Second Ave.
        (r"\W*[NSEW]\.", r"(?:First|Second|Third)\b"),
        # An hour continues with its day, its zone or the hour elsewhere: 5 p.m. Monday, 6 p.m. (noon ET).
        (r".*[AaPp]\.[Mm]\.", rf"{_WEEKDAY}|[A-Z]{{2,4}}\b|[A-Z]\w+ [Tt]ime\b|\("),
        # Abbreviations before a number: Vol. 3, est. 1821.
        (r"\W*(?:Vol|Ch|approx|est|pt)\.", r"\d"),
        # The speaker after a question or an exclamation: “Why?” Mary Smith asked.
        (
            r".*[?!][”’\"'»]+",
            r"(?:[A-Z][\w.’'-]+\s){1,3}(?:"
            + "|".join(form[:-1] for form in _MARKED_VERBS if form.endswith("!"))
            + r")\b",
        ),
    ),
    missed_ends=r"[Nn]o\.(?<=\b[Nn]o\.)|War II?\.",
    continuing_numbers=" ".join(map(str.capitalize, _SMALL_NUMBERS.split()[:6])),
    dependent=(
        r"(?:He|She|It|They|We|His|Her|Hers|Its|Their|Theirs|Our|Him|Them|This|That|These|Those|Such|Both|Neither|"
        r"Either|There|Here|Then|Thus|Hence|Therefore|Nevertheless|Nonetheless|However|Instead|Moreover|Furthermore|"
        r"Meanwhile|Besides|Otherwise|Likewise|Similarly|Consequently|Accordingly|Afterwards?|Also|Too|But|And|Or|So|"
        r"Nor|Yet|Still|Which|Others?|Another|"
        r"(?:Some|One|Two|Three|Most|Many|All|None|Few|Half) of (?:them|these|those)|"
        r"The (?:former|latter|two|others?|same|pair|duo)|As a result|"
        r"For (?:example|instance|this reason|that reason)|"
        r"In (?:addition|contrast|response|turn|fact|other words|that case|this case)|"
        r"(?:At|By|In|On|Since|From|After|Before|During|Because of|Despite|Under|With|Until) "
        r"(?:that|this|then|it|him|her|them|these|those)|"
        r"On the (?:other hand|contrary)|Even so|That said|At the same time|Not so|Not only that)\b"
        r"|(?:He|She|It|They|We|That|There|This)[’']\w+"
    ),
    reversing_words=(
        r"But|However|Yet|Nevertheless|Nonetheless|Still,|Even so|Instead(?! of)|On the contrary|Not so|"
        r"In (?:fact|reality|truth)|Actually|That said|Although (?:that|this)|Though (?:that|this)|"
        r"Despite (?:this|that),"
    ),
    reversing_phrases=(
        r"(?:This|That|It|These|Those|They)(?:[’']s| is| was| are| were| turned out(?: to be)?| proved(?: to be)?) "
        r"(?:\w+ly |later |since |now |soon |since been )*"
        r"(?:false|untrue|wrong|incorrect|inaccurate|mistaken|misleading|a hoax|a lie|fake|fabricated|denied|disputed|"
        r"retracted|corrected|overturned|reversed|withdrawn|rejected|refuted|debunked|not (?:true|the case|so))\b"
        r"|(?:The|It|This|That|These|Those|His|Her|Their) (?:\w+ ){0,3}(?:was|were|has been|have been) (?:\w+ ){0,2}"
        r"(?:lifted|cancel+ed|dismissed|suspended|rejected|struck down|called off|thrown out|dropped|removed)\b"
    ),
    reversals=(
        r"(?:(?:was|were|is|are|been) (?:\w+ly |later |since |also |then |soon )*"
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
        r"(?:it|this|that) (?:did not|didn[’']t|never) happen(?:ed)?)\b"
    ),
)

_NAMES = NameWords(
    titles="Mr Ms Dr St Jr Sr Mrs Gov Sen Rep Gen Col Rev",
    links="of for the &",
    openers="""
    a about above according across actually additionally after afterwards again against all almost along already
    also alternatively although always amid among an and another any anyone anything apart are around as aside ask
    asked at back based be because before behind being below besides between beyond both but by can certainly
    clearly come consequently conversely could currently days despite did do does don't during each earlier early
    either else elsewhere especially even eventually ever every everybody everyone everything everywhere except few
    fewer finally first five following for formerly fortunately four from further furthermore generally get given go
    good great had half has have having he hence her here hers herself hi him his historically hours how however i
    i'd i'll i'm i've if immediately importantly in indeed initially inside instead interestingly into is isn't it
    it's its itself just last late later least less let let's like likewise look made make many may maybe me
    meanwhile might mine months more moreover most mostly much must my near nearly neither never nevertheless new
    next nine no nobody none nonetheless nor not nothing notably now nowhere obviously of off often oh ok okay old
    on once one only onto or originally other others otherwise our ours out outside over overall part people per
    perhaps please possibly previously probably quite rather really recent recently regardless right same second see
    seven several she should similarly since six slowly so some somebody someone something sometimes somewhere soon
    still subsequently such suddenly sure take ten thank thanks that that's the their theirs them then there there's
    thereafter therefore these they they're third this those though three through throughout thus to today together
    tomorrow tonight too toward towards traditionally twice two typically ultimately under unfortunately unless
    unlike until up upon us use usually very via was we we'll we're we've well were what what's whatever when
    whenever where whereas whether which while who whoever whom whose why will with within without would yeah years
    yes yesterday yet you you're your yours additional authorities children city companies construction critics
    customers data doctors employees europeans evidence experts families fans government health investigators
    journalists lawmakers leaders legislation local members men modern multiple national news officers officials
    parents passengers police president prices prosecutors protesters public research researchers residents schools
    scientists senior services staff state states students studies supporters teachers thousands traffic troops
    victims voters water women work workers world
    """,
    naming_openers="New Great",
    never="bc bce ce ad am pm i i'm i've i'd i'll",
    calendar_has_capitals=True,
)

_SPEECH = SpeechWords(
    verbs="|".join(_QUOTING_VERBS),
    verbs_with_object=" ".join(form[:-1] for form in _MARKED_VERBS if form.endswith("+")),
    title_openings=(
        r"so-called|called|titled|entitled|named|dubbed|nicknamed|labell?ed|known as|termed|word|phrase|term|song|"
        r"single|album|film|movie|book|novel|show|series|hit|episode|musical|play"
    ),
    according="[Aa]ccording to",
    citing=r"quot(?:ed|es|ing)|cit(?:ed|es|ing)",
    no_role="""
    of to on in at that it he she they we i you about after when while as if for from by with and but during before
    because what how why who whom which
    """,
    adverbs=(
        r"also|later|then|had|has|have|just|once|previously|recently|reportedly|would|himself|herself|[a-z]+ly|"
        rf"(?:on |last )?(?:{_WEEKDAY})|this week|last week|(?:earlier|later) (?:on )?\w+"
    ),
    relative="who",
    prepositions="""
    of for from by with in at to on about against near and or than via under after before between into over like
    """,
    determiners="the a his her",
)

_QUESTIONS = QuestionWords(
    small_talk={
        "greeting": """
        hi|hello|hey|hiya|howdy|yo|greetings|good morning|good afternoon|good evening|good day|nice to meet you
        """,
        "thanks": """
        thanks|thank you|thank you very much|thank you so much|thanks a lot|many thanks|thx|ty|much appreciated|cheers
        no thanks|no thank you|ok|okay|great|cool|got it|interesting|i see|perfect|awesome|well done|good job|good bot
        """,
        "goodbye": """
        bye|bye bye|goodbye|good bye|see you|see you later|see ya|cya|good night|farewell|have a nice day|take care
        """,
        "who": """
        who are you|what are you|who r u|what can you do|what do you do|how do you work|are you a bot
        are you human|are you a robot|are you an ai|are you there|what is your name|whats your name|who made you|help
        help me|can you help me
        """,
        "how": """
        how are you|how are you doing|how are you today|how r u|how is it going|hows it going|how do you do|whats up
        what is up|sup|how have you been|you ok
        """,
    },
    bare_replies="yes no yeah yep nope stop cancel start menu test testing",
    addressees="there|bot|quotewire|all|every(?:one|body)|guys|friend|dear|again|and",
    openings="""
    who whom whose what when where why which how is are was were do does did has have will can could tell
    """,
    about_anything="""
    what whats s is was were did do there anything something things happen happened happening happens new news latest
    headlines headline stories story events event reported report going on the any all about from of in for me tell give
    show list please and a an so far important major main top recent
    """,
    ago="ago",
    newest=(
        r"(?:so\s+)?what(?:['’]s|\s+is|\s+are|\s+has|\s+have|\s+was)?\s+(?:been\s+)?"
        r"(?:happened|happening|going\s+on|new|up)\s+(?:to|in|with|at|on|about|around|near|for|over)\s+(?P<name>.+)",
        r"what\s+(?:else\s+)?happen(?:s|ed)\s+(?:to|in|with|at|on|around|near)\s+(?P<name>.+)",
        r"(?:did|has|have|is)\s+(?:anything|something)\s+(?:new\s+)?(?:happen(?:ed|ing)?|going\s+on)\s+"
        r"(?:to|in|with|at|around|near)\s+(?P<name>.+)",
        r"(?:(?:what(?:['’]s|\s+is|\s+are)|is\s+there|are\s+there|tell\s+me|give\s+me|show\s+me|find\s+me|have\s+you)\s+)?"
        r"(?:(?:any|the|all|some|more|me)\s+)*(?:(?:latest|newest|recent|new|breaking|top|main)\s+)*"
        r"(?:news|headlines?|updates?|developments?|latest|newest|stories|articles|situation|anything(?:\s+new)?)\s+"
        r"(?:on|about|from|in|of|with|regarding|concerning|around)\s+(?P<name>.+)",
        r"(?:the\s+)?(?:latest|newest|recent)\s+(?P<name>.+?)\s+(?:news|headlines|updates?)",
        r"(?P<name>.+?)\s+(?:news|latest|headlines|updates?)",
    ),
    besides="""
    who whom whose what which when where why how that because since if while after before during until and or but nor
    than with by at in to from for is are was were be been do does did has have had will would can could should may
    might must not no into over under between against without about on as it this these those he she they we you i me us
    them his her their our my your there here mean means meant called ever still yet again now and/or
    """,
    polite_openings="please",
    polite_endings="please recently lately",
    articles="the a an",
    asked_speaker=(
        r"\bwhat(?:['’]s|\s+(?:did|does|do|has|have|had))\s+(?P<name>.{2,60}?)\s+"
        rf"(?:{'|'.join(_ASKING_VERBS)})\b",
    ),
    light="""
    a an the his her their its he it she they we you i that of in on at for and this been anyone anybody someone people
    """,
    pronouns="i we you he she it they been",
    described=r"(?:the|a|an|his|her|their|its|our|my)\s",
)

ENGLISH = Language(
    code="en",
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    counts=_COUNTS,
    ordinals={**{word: number for number, word in enumerate(_ORDINALS.split(), 1)}, "thirtieth": 30},
    stop_words=_STOP_WORDS,
    sentences=_SENTENCES,
    names=_NAMES,
    speech=_SPEECH,
    pages=ENGLISH_PAGES,
    questions=_QUESTIONS,
)
