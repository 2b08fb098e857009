# What the terminal and the bot both say about answers, in English. Every catalogue in this folder has the same messages
# with the same variables. The catalogue for another language is a file beside this one, named by the language's code.
# DAY formats a day with one of Babel's patterns.

## Days

day = { DAY($day, pattern: "d MMMM y") }
days-in-one-month = { DAY($since, pattern: "d") }–{ DAY($until, pattern: "d MMMM y") }
days-in-one-year = { DAY($since, pattern: "d MMMM") } – { DAY($until, pattern: "d MMMM y") }
days-of-several-years = { DAY($since, pattern: "d MMMM y") } – { DAY($until, pattern: "d MMMM y") }
days-since = since { DAY($since, pattern: "d MMMM y") }
days-until = until { DAY($until, pattern: "d MMMM y") }

## What one can ask, and how

about =
    Ask me about the news and I answer with the news itself: word-for-word quotes from the articles I have, each with its headline, outlet, date and link. I write nothing of my own, and I say so when no article answers.
newest-headlines = The newest headlines:
examples-heading = For example:
# One question a line, where the configuration has none.
examples =
    Who is under sanctions?
    What did Canada tell Roscosmos?
    Who wants the sanctions lifted?
follow-up = You can ask follow-up questions, too: And when? What did he say about it? What about Norway?
no-question = What would you like to know? Put the question after /ask, for example: /ask { $example }
unknown-command = I do not know that command; /help lists what I can do.

## Replies to small talk

talk-greeting = Hello! Ask me about the news, and I answer with quotes from the articles.
talk-thanks = Glad to help. Ask again whenever you like.
talk-goodbye = Goodbye! Come back when there is news.
talk-who = I answer questions about the news with word-for-word quotes from articles, and write nothing of my own.
talk-how = I am well, thank you. What would you like to know about the news?
talk-emoji = 🙂 Ask me about the news, in words.
talk-nothing = What would you like to know about the news? Ask me in a few words.

## Answers

refusal = No article here answers this.
refusal-of-day = No article of this day answers this.
refusal-of-days = No article of these days answers this.
perhaps = Perhaps this answers it:
closest = Closest passages:
more-left = { $count ->
        [one] and one more quote
       *[other] and { $count } more quotes
    }
nothing-more = That is all I have on this.
nothing-asked = Ask me something first; then I can show you more.
understood = understood as: { $question }
period = looking at { $days }
period-open = looking at articles { $days }
unread = found by search only, not checked against the question
latest-none = There are no articles to show.

## Above and below a quote

untitled = Untitled
undated = undated
updated = updated { $day }
said-by = said by { $name }
also-in = also in { $outlets }
also-in-first = also in { $outlets }; first on { $day }
also-in-outlets = { $count } outlets: { $names }
also-in-articles = { $count ->
        [one] one other article
       *[other] { $count } other articles
    }

## A quote that is looked up again

article-changed = The article has changed and no longer contains this quote.
article-changed-now = The text in its place is now:
article-ends-before = The article now ends before the place of the quote.
context-moved = The article has changed since, but it still contains this quote.

## In the terminal

terminal-prompt = you
terminal-welcome = Ask about the news. /help explains more, /quit ends.
terminal-commands = /more shows further quotes, /latest the newest articles; /quit or Ctrl-D ends.
terminal-loading = loading the model …
# Follows more-left, after a colon.
terminal-more-option = -k { $limit } shows { $count ->
        [one] it
       *[other] them
    }
terminal-undated = note: { $count ->
        [one] one article without a complete date was left out
       *[other] { $count } articles without a complete date were left out
    }
terminal-unknown-outlet = warning: no article is from { $source }
terminal-try-outlets = try { $names }
terminal-try-without = try without --source

## What `quotewire ask --explain` says of a quote

explain-matched = matched: { $words }
explain-no-match = matched: none
explain-similarity = similarity { $value }
explain-words = words { $value }
explain-newness = newness { $value }
explain-article = article { $value }
explain-search = search { $value }
explain-score = score { $value }
