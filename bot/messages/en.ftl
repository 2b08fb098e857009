# What only the bot says, in English; retrieval/presentation/texts has what the terminal says, too. Every catalogue in
# this folder has the same messages with the same variables. The catalogue for another language is a file beside this
# one, named by the language's code. A message may contain those of retrieval/presentation/texts.

## Help

# /help lists each command with its help-NAME below; Telegram shows command-NAME in its menu.
commands-heading = Just write your question, or use a command:
help-ask = ask a question
help-more = more quotes for the last question
help-context = the text around a quote: /context 2
help-sources = the outlets I have, and the days of their articles
help-latest = the newest articles
help-since = only articles from a certain day on: /since 2022-03-01
help-source = only articles from one outlet: /source TASS
help-reset = all articles again
help-watch = tell me when something new answers: /watch who is under sanctions?
help-watches = the questions I watch for you
help-forget = erase what I keep about you
help-help = this message
admin-commands-heading = For administrators, in this chat only:
help-status = how I am doing
help-reindex = read the articles again
help-rollback = go back to the previous index
help-add = add an article: its text, a file or a forwarded post
help-broadcast = write to everyone
in-groups = In a group, put your question after /ask, mention me, or reply to one of my messages.

## Messages that are not questions

# Words that ask for help without a command, in lower case, one per line.
help-words =
    help
    commands
edited-to-command = This was a question and is now a command. To run it, please send it as a new message.
too-long = That is a long question! Please put it in { $limit ->
        [one] one character
       *[other] { $limit } characters
    } or fewer.
not-text-photo = I cannot see pictures, only read. Please write your question.
not-text-voice = I cannot listen, only read. Please write your question.
not-text-sticker = A nice one! But I can only read text. Please write your question.
not-text-other = I can only read text. Please write your question.
file-not-allowed = Thank you, but I accept files only from people who may add articles. Please write your question.

## Errors and limits

error = Something went wrong (id { $id }). Please try again later.
busy = So many questions at once! Please try again in a minute.
one-moment = One moment, please: I will continue answering in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }. You do not need to ask again.
too-many-questions = One moment, please: you can ask again in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }.
stranger = I am sorry, I only answer the people I was set up for.
too-late = I was offline when you asked this, and that was a while ago. If you would still like to know, please ask again.

## Answers

open-article = open article
shortened = shortened; the article has the full text

context-which = { $count ->
        [one] There is only one quote; /context shows the text around it.
       *[other] Which quote? I showed { $count }; for the second, write: /context 2
    }

## Buttons and the replies to them

button-more = More quotes
button-context = Context
button-helpful = Helpful
button-not-helpful = Not helpful
button-open = Open article
feedback-thanks = Thank you, noted.
feedback-retracted = I removed your verdict.
not-your-button = These buttons are for the person who asked. Ask me yourself, and you will get your own.
answer-gone = I no longer have this answer. Please ask again.
article-gone = I am sorry, I no longer have this article.

## Filters of a chat

filters-line = only { $filters } (/reset for all)
filter-since-set = I now search only articles published since { $day }. /reset brings all of them back.
filter-since-future = { $day } is in the future, so there are no articles from that day yet. I did not change anything.
filter-source-set = I now search only articles from { $source }. /reset brings all of them back.
filter-unknown-source = I have no articles from { $source }.
filter-suggestions = Did you mean { $sources }?
bad-date = I do not understand that date. Please write it like this: /since 2022-03-01
bad-source = Which outlet? Put its name after the command, for example: /source { $example }; /sources lists them.
filters-cleared = Done: I search all articles again.
no-filters = There are no filters; I search all articles.

## Outlets and newest articles

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

watch-set = I will write to you when something new answers this: { $question }
watch-limit = { $limit ->
        [0] I do not watch questions here.
        [one] I can watch only one question for you, and I already do. With /watches you can end it.
       *[other] I can watch { $limit } questions for you, and I already do. With /watches you can end some.
    }
watch-list = I am watching these questions for you:
watch-none = I am not watching any question for you. To have one watched, write: /watch { $example }
watch-ended = Done, I no longer watch this question: { $question }
watch-notice = New on your question: { $question }
watch-no-question = Which question shall I watch? Put it after the command, for example: /watch { $example }

## /forget

forget-question = I will erase everything I keep about you, in every chat: your questions and their answers, your verdicts, the questions I watch for you, your filters and your language. This cannot be undone.
forget-as-yourself = I can only forget people. Please send this in your own name, not as a group or channel.
forget-cancelled = Nothing was erased.
forget-waiting = I am erasing everything. I will tell you here when it is gone from the disk, too: that is once all your messages are handled and no other program is reading my database.
forget-nothing = I keep nothing about you.
forget-done = Done, I erased everything that I kept about you: { $erased }.
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

inline-button = Ask me in a private chat
inline-empty = No article answers this

## The menu of commands in Telegram

command-ask = Ask a question about the news
command-more = More quotes for the last question
command-context = The text around a quote
command-sources = Outlets, and the days of their articles
command-latest = The newest articles
command-since = Only articles from a certain day on
command-source = Only articles from one outlet
command-reset = All articles again
command-watch = Tell me when something new answers
command-watches = The questions I watch for you
command-forget = Erase what I keep about you
command-help = What I can do, with examples
command-status = How the bot is doing
command-reindex = Read the articles again
command-rollback = Go back to the previous index
command-add = Add an article
command-broadcast = Write to everyone

## Administrators

reader-missing = Answers are found by search only and not checked against the question, because the reader cannot be used: { $reason }
index-refused = The newly published index cannot be used; the previous index keeps answering: { $reason }
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

status-generation = Generation { $generation }, built { $age } ago
status-answering = Generation { $generation } keeps answering until the next question
status-draft = A draft: { $count ->
        [one] one passage has
       *[other] { $count } passages have
    } no full-model embedding yet
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
        [0] No update is waiting
        [one] One update is waiting, for { $age }
       *[other] { $count } updates are waiting, the oldest for { $age }
    }
status-aside = Failed for good: { $count }
status-chats = People: { $people }, groups: { $groups }
status-errors = Last errors: { $errors }
status-error = { $id } ({ $age } ago)
status-no-errors = No errors
status-running = Running for { $age }, version { $version }

button-reindex = Read the articles now
admin-only-in-private = I do that only in a private chat.
reindex-started = Reading the articles …
reindex-running = That is already under way; its message shows the progress.
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
        [one] One passage gets its full-model embedding
       *[other] { $count } passages get their full-model embeddings
    } later; /status shows the progress.
reindex-warnings = Warnings:
reindex-more-warnings = and { $count } more
reindex-failed = That failed, and the previous index keeps answering: { $reason }
reindex-stopped = I was stopped before this was done. The previous index keeps answering; /reindex continues.
reindex-cut-short = I was interrupted and do not know how this ended. /status shows which articles answer; /reindex reads them again.

rollback-done = Generation { $generation } is answering now.
rollback-usage = Please give the number of a generation, for example: /rollback 3. Without a number I go back to the previous one.
rollback-failed = Nothing was changed: { $reason }

button-add = Add as an article
add-usage = Put the article after the command, use /add as the caption of a file ({ $endings }), or reply to a message with /add.
add-offer = Shall I add this as an article?
add-format = I can add files of these types: { $endings }.
add-too-large = That file is too large: I can accept { $megabytes } MB. Please copy it into the articles folder.
add-done = Added { $articles ->
        [one] one article
       *[other] { $articles } articles
    } as { $name }
add-problems = { $count ->
        [one] One thing to know: { $first }
       *[other] { $count } things to know; the first: { $first }
    }
add-then = The next /reindex publishes it.
add-already-there = That article is already there: { $name }
add-failed = Nothing was added: { $reason }

broadcast-usage = What shall I write? Put it after the command, for example: /broadcast The bot is offline on Sunday.
broadcast-too-long = That is too long: I can send { $limit } characters.
broadcast-question = { $count ->
        [one] Send this to one person?
       *[other] Send this to { $count } people?
    }
broadcast-cancelled = Nothing was sent.
broadcast-progress = Sent to { $sent }, failed for { $failed }, { $left } to go …
broadcast-done = Sent to { $sent }, failed for { $failed }.
button-send = Send

## Watched questions, continued

watch-set-before = I am already watching this question for you: { $question }
watch-filters = only { $filters }
watch-known = { $count ->
        [0] No article answers it yet.
        [one] One quote already answers it; ask me to see it. I will only send new ones.
       *[other] { $count } quotes already answer it; ask me to see them. I will only send new ones.
    }
watch-end = ✕ { $number }. { $question }
watch-rest = and { $count } more
watch-ended-before = I no longer watch this question.
