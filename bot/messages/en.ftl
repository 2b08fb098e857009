# What the bot says, in English. Every catalogue has the same messages with the same variables; one for another
# language is a file beside this one, named by the language's code. Days are written by DAY, with Babel's patterns.

## What the bot is, and how one asks it

# /help lists each command with its help-NAME below; Telegram shows command-NAME in its menu.
commands-heading = Just write your question, or use a command:
help-ask = ask a question
help-more = more quotes for the last question
help-context = the text around a quote: /context 2
help-sources = the outlets I have, and of which days
help-latest = the newest articles
help-since = only articles of a day and later: /since 2022-03-01
help-source = only articles of one outlet: /source TASS
help-reset = all articles again
help-watch = tell me when something new answers: /watch who is under sanctions?
help-watches = the questions I watch for you
help-forget = erase what I keep about you
help-help = this message
admin-commands-heading = For administrators, in this chat only:
help-status = how I am doing
help-reindex = read the articles again
help-rollback = go back to the index before
help-add = add an article: its text, a file or a forwarded post
help-broadcast = write to everyone
in-groups = In a group, ask with /ask and your question, mention me, or reply to one of my messages.

## What is no question

# What asks for help without a command, in small letters, one a line.
help-words =
    help
    commands
edited-to-command = This was a question and is a command now. To have that done, please send it as a new message.
too-long = That is a long question! Please put it in { $limit ->
        [one] one character
       *[other] { $limit } characters
    } or fewer.
not-text-photo = I cannot see pictures, only read. Please write your question.
not-text-voice = I cannot listen, only read. Please write your question.
not-text-sticker = A nice one! But I can only read text. Please write your question.
not-text-other = I can only read text. Please write your question.
file-not-allowed = Thank you, but I take files only from those who may add articles. Please write your question.

## When it does not go as it should

error = Something went wrong (id { $id }). Please try again later.
busy = So many questions at once! Please try again in a minute.
one-moment = One moment, please: I go on answering in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }. You need not ask again.
too-many-questions = One moment, please: you can ask again in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }.
stranger = I am sorry, I answer only the people I was set up for.
too-late = I was away when you asked this, and it has been a while. If you would still like to know, please ask again.

## Answers

open-article = open article
shortened = shortened; the whole stands in the article

context-which = { $count ->
        [one] There is only one quote; /context shows the text around it.
       *[other] Which quote? I showed { $count }, so for the second write: /context 2
    }

## Buttons, and what they say

button-more = More quotes
button-context = Context
button-helpful = Helpful
button-not-helpful = Not helpful
button-open = Open article
feedback-thanks = Thank you, noted.
feedback-retracted = Taken back.
not-your-button = These buttons are for whoever asked. Ask me yourself, and you get your own.
answer-gone = I no longer have this answer. Please ask again.
article-gone = I am sorry, this article is no longer among mine.

## Filters of a chat

filters-line = only { $filters } (/reset for all)
filter-since-set = From now on I look only at articles of { $day } and later. /reset brings all back.
filter-since-future = { $day } is still to come, so there is nothing newer than that. I left everything as it was.
filter-source-set = From now on I look only at articles from { $source }. /reset brings all back.
filter-unknown-source = I have no article from { $source }.
filter-suggestions = Did you mean { $sources }?
bad-date = I do not understand that date. Please write it as in: /since 2022-03-01
bad-source = Which outlet? Put its name after the command, as in: /source { $example }; /sources lists them.
filters-cleared = Done: I look at all articles again.
no-filters = There are no filters; I look at all articles.

## What there is

sources-heading = { $articles ->
        [one] one article
       *[other] { $articles } articles
    }{ $outlets ->
        [0] { "" }
        [one] { " " }from one outlet
       *[other] { " " }from { $outlets } outlets
    }
sources-undated = { $count ->
        [one] one article has no date
       *[other] { $count } articles have no date
    }
sources-outlet = { $outlet }: { $count }
sources-rest = and { $count } more
sources-unnamed = without an outlet: { $count }
sources-none = I have no articles yet.
latest-heading = The latest:

## Watched questions

watch-set = I will write to you when something new answers: { $question }
watch-limit = { $limit ->
        [0] I do not watch questions here.
        [one] I can watch only one question for you. /watches lists it, and ends it.
       *[other] I can watch { $limit } questions for you, and I do. /watches lists them, and ends those you do not need.
    }
watch-list = I watch for you:
watch-none = I watch no question for you. To have one watched, write: /watch { $example }
watch-ended = Done, I no longer watch: { $question }
watch-notice = New on your question: { $question }
watch-no-question = What shall I watch? Put the question after the command, as in: /watch { $example }

## A person's data

forget-question = I erase all that I keep about you, in every chat: your questions with their answers, your verdicts, the questions I watch for you, filters and language. It cannot be undone.
forget-as-yourself = I can only forget people. Please write this in your own name.
forget-cancelled = Nothing was erased.
forget-waiting = I am erasing it: I tell you here once it is gone from the disk, too, which is when nothing of yours is being handled and nobody else is reading my file.
forget-nothing = I keep nothing about you.
forget-done = Done, I erased all that I kept about you: { $erased }.
forgot-answers = { $count ->
        [one] one answer
       *[other] { $count } answers
    }
forgot-feedback = { $count ->
        [one] one verdict
       *[other] { $count } verdicts
    }
forgot-watches = { $count ->
        [one] one watched question
       *[other] { $count } watched questions
    }
forgot-chats = your language and filters
forgot-updates = { $count ->
        [one] one message that failed
       *[other] { $count } messages that failed
    }
forgot-broadcasts = { $count ->
        [one] one message to everyone that was not sent
       *[other] { $count } messages to everyone that were not sent
    }
button-forget = Forget everything
button-cancel = Cancel

## Inline mode

inline-button = Ask me in a chat of our own
inline-empty = No article answers this

## Commands, as Telegram lists them

command-ask = Ask a question about the news
command-more = More quotes for the last question
command-context = The text around a quote
command-sources = Outlets and days of the articles
command-latest = The newest articles
command-since = Only articles of a day and later
command-source = Only articles of one outlet
command-reset = All articles again
command-watch = Tell me when something new answers
command-watches = The questions that are watched
command-forget = Erase what is kept about me
command-help = What I do, with examples
command-status = How the bot is doing
command-reindex = Read the articles again
command-rollback = Go back to the index before
command-add = Add an article
command-broadcast = Write to everyone

## Administrators

reader-missing = Answers are found by search only and not checked against the question, because the reader cannot be used: { $reason }
index-refused = The index that is published cannot answer; what answered before answers still: { $reason }
error-report = Error { $id }: { $kind } at { $place }
error-report-others = { $count ->
        [one] and one more before it
       *[other] and { $count } more before it
    }

duration-moment = less than a minute
duration-minutes = { $count ->
        [one] one minute
       *[other] { $count } minutes
    }
duration-hours = { $count ->
        [one] one hour
       *[other] { $count } hours
    }
duration-days = { $count ->
        [one] one day
       *[other] { $count } days
    }

status-generation = Generation { $generation }, made { $age } ago
status-answering = Generation { $generation } still answers, until the next question
status-draft = A draft: { $count ->
        [one] one passage has
       *[other] { $count } passages have
    } no fine vector yet
status-articles = { $articles ->
        [one] one article
       *[other] { $articles } articles
    } in { $passages ->
        [one] one passage
       *[other] { $passages } passages
    }
status-model = Model: { $model }
status-outlets = Outlets: { $outlets }{ $more ->
        [0] {""}
       *[other] {" "}and { $more } more
    }
status-waiting = { $count ->
        [0] Nothing waits
        [one] One update waits, for { $age }
       *[other] { $count } updates wait, the oldest for { $age }
    }
status-aside = Set aside: { $count }
status-chats = People: { $people }, groups: { $groups }
status-errors = Last errors: { $errors }
status-error = { $id } ({ $age } ago)
status-no-errors = No errors
status-running = Running for { $age }, version { $version }

button-reindex = Read the articles now
admin-only-in-private = That I do only in a private chat with me.
reindex-started = Reading the articles …
reindex-running = That is under way already; its message says how far it is.
reindex-done = Done: generation { $generation } answers, with { $articles ->
        [one] one article
       *[other] { $articles } articles
    } in { $passages ->
        [one] one passage
       *[other] { $passages } passages
    }.
reindex-unchanged = Nothing has changed: generation { $generation } answers, with { $articles ->
        [one] one article
       *[other] { $articles } articles
    } in { $passages ->
        [one] one passage
       *[other] { $passages } passages
    }.
reindex-draft = { $count ->
        [one] One passage gets its fine vector
       *[other] { $count } passages get their fine vectors
    } later; /status says how far that is.
reindex-warnings = Warnings:
reindex-more-warnings = and { $count } more
reindex-failed = That failed, and what answered before answers still: { $reason }
reindex-stopped = I was stopped before this was done. What was there before answers still; /reindex goes on.
reindex-cut-short = I was cut off before I could say how this ended. /status says which articles answer; /reindex reads them again.

rollback-done = Generation { $generation } answers now.
rollback-usage = Please name a generation by its number, as in: /rollback 3. Without one I go back to the one before.
rollback-failed = Nothing was changed: { $reason }

button-add = Add as an article
add-usage = Put the article after the command, /add as the caption of a file ({ $endings }), or answer a message with /add.
add-offer = Is this an article to be added?
add-format = I can add files of these kinds: { $endings }.
add-too-large = That file is too large: I can take { $megabytes } MB. Please copy it into the articles folder.
add-done = Added { $articles ->
        [one] one article
       *[other] { $articles } articles
    } as { $name }
add-problems = { $count ->
        [one] One thing to know: { $first }
       *[other] { $count } things to know; the first: { $first }
    }
add-then = The next /reindex publishes it.
add-already-there = That is there already: { $name }
add-failed = Nothing was added: { $reason }

broadcast-usage = What shall I write? Put it after the command, as in: /broadcast The bot rests on Sunday.
broadcast-too-long = That is too long: I can send { $limit } characters.
broadcast-question = { $count ->
        [one] Send this to one person?
       *[other] Send this to { $count } people?
    }
broadcast-cancelled = Nothing was sent.
broadcast-progress = Sent to { $sent }, not received by { $failed }, { $left } to go …
broadcast-done = Sent to { $sent }, not received by { $failed }.
button-send = Send

## Watched questions, in more words

watch-set-before = I already watch this for you: { $question }
watch-filters = only { $filters }
watch-known = { $count ->
        [0] No article answers it yet.
        [one] One quote answers it already, which you can ask me for; I will send only what is new.
       *[other] { $count } quotes answer it already, which you can ask me for; I will send only what is new.
    }
watch-end = ✕ { $number }. { $question }
watch-rest = and { $count } more
watch-ended-before = I no longer watch this.
