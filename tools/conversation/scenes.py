"""Scenes with people who use the bot: one function per theme, with what people do and what they must hear."""

from __future__ import annotations

from tests.support.telegram import BOT_ID, NAME
from tools.conversation.stage import Person, Stage, scene

ANN, BEN, OLGA, DMITRI = Person(7, "Ann"), Person(9, "Ben"), Person(1, "Olga"), Person(8, "Dmitri", "ru")
NEWSROOM, ELSEWHERE = -100, -77
NAMES = {each.id: each.name for each in (ANN, BEN, OLGA, DMITRI)} | {NEWSROOM: "Newsroom", ELSEWHERE: "Elsewhere"}


@scene("Hello", "Buttons with the newest headlines show their articles.")
def start(stage: Stage) -> None:
    scope = '{"type":"all_private_chats"}'
    listed = stage.until(lambda: stage.telegram.commands.get((scope, "en")))  # the bot sets it after its start
    stage.telegram.remark(
        "The commands, as Telegram lists them",
        "\n".join(f"/{each['command']} – {each['description']}" for each in listed),
    )
    stage.say(ANN, "/start")
    welcome = stage.hear(ANN.id, "I answer with the news itself")
    headline = welcome.buttons[0]
    stage.told(stage.press(ANN, welcome, headline))
    stage.hear(ANN.id, headline)


@scene("A question, and the buttons under its answer", "The seed article, asked in plain words.")
def question(stage: Stage) -> None:
    number = stage.say(ANN, "Who is under sanctions?")
    answer = stage.hear(ANN.id, "sanctions")
    assert answer.reply_to == number
    stage.press(ANN, answer, "Context")
    stage.hear(ANN.id, "Roscosmos")
    stage.told(stage.press(ANN, answer, "Helpful"), "noted")
    stage.see(answer, "✓ 👍")


@scene("The same by commands", "Quotes are named by their numbers; a reply says of which answer.")
def more(stage: Stage) -> None:
    stage.say(ANN, "What happened in Port Selby?")
    answer = stage.hear(ANN.id, "Port Selby")
    stage.say(ANN, "/context")
    stage.hear(ANN.id)
    stage.say(ANN, "/more")
    stage.hear(ANN.id)
    stage.say(ANN, "/context 40")
    stage.hear(ANN.id)
    stage.say(ANN, "/ask How wide is the mirror of the telescope?")
    stage.hear(ANN.id, "eight metres")
    stage.say(ANN, "/context", reply_to=answer)
    stage.hear(ANN.id)


@scene("Asking on", "A question that leans on the one before is understood with it, and says how.")
def follow_up(stage: Stage) -> None:
    stage.say(ANN, "Who is under sanctions?")
    stage.hear(ANN.id, "sanctions")
    stage.say(ANN, "What about Progress?")
    stage.hear(ANN.id, "understood as")


@scene("An edited question", "Its answer is edited, too.")
def edit(stage: Stage) -> None:
    number = stage.say(ANN, "How long is the bridge?")
    answer = stage.hear(ANN.id, "640 metres")
    stage.telegram.edit(number, "Who is the director of the telescope?")
    stage.see(answer, "Lea Moreau")


@scene("Filters", "They hold for the chat until /reset.")
def filters(stage: Stage) -> None:
    for command, words in [
        ("/since 2022-03-29", "29 March 2022"),
        ("What opened in Port Selby?", "only since"),
        ("/source Nord Wire", "Did you mean North Wire?"),
        ("/source North Wire", "from North Wire"),
        ("Who is under sanctions?", "No article here answers this"),
        ("/since the day before", "I do not understand that date"),
        ("/reset", "all articles again"),
        ("What opened in March 2022?", "1–31 March 2022"),
    ]:
        stage.say(ANN, command)
        stage.hear(ANN.id, words)


@scene("What there is to read", "Outlets with their days, and the newest articles.")
def browse(stage: Stage) -> None:
    stage.say(ANN, "/sources")
    stage.hear(ANN.id, "Harbour Post")
    stage.say(ANN, "/latest")
    stage.hear(ANN.id, "The latest", "Ferry workers")
    stage.say(ANN, "/help")
    stage.hear(ANN.id, "/watch", "In a group")


@scene("What is no question, or has no answer", "Everything gets a line.")
def no_question(stage: Stage) -> None:
    telegram = stage.telegram
    for text, words in [
        ("Hello!", "Hello!"),
        ("Who won the chess championship?", "No article here answers this"),
        ("/ask", "What would you like to know?"),
        ("/weather", "I do not know that command"),
        ("Thanks", "Glad to help"),
    ]:
        stage.say(ANN, text)
        stage.hear(ANN.id, words)
    stage.say(ANN, f"Please tell me everything about the bridge{', and about the ferries' * 60}")
    stage.hear(ANN.id, "1,000 characters or fewer")
    telegram.send_photo(chat=ANN.id, language=ANN.language)
    stage.hear(ANN.id, "only read")
    telegram.send_voice(chat=ANN.id, language=ANN.language)
    stage.hear(ANN.id, "cannot listen")
    telegram.send_sticker(chat=ANN.id, language=ANN.language)
    stage.hear(ANN.id, "only read text")
    telegram.send_document("news.txt", b"Rain fell.", chat=ANN.id, language=ANN.language)
    stage.hear(ANN.id, "only from people who may add articles")


@scene("In a group", "It answers commands, its name and replies to itself, in their topic; else it is silent.")
def group(stage: Stage) -> None:
    telegram = stage.telegram
    telegram.chat(NEWSROOM, "supergroup", NAMES[NEWSROOM]).members[BOT_ID] = "left"
    telegram.remark("Ben adds the bot to Newsroom, a group with topics.")
    telegram.invite(NEWSROOM, "supergroup")
    stage.hear(NEWSROOM, "In a group")
    topic = telegram.topic(NEWSROOM)

    def say(person: Person, text: str, **more: int) -> None:
        telegram.say(text, NEWSROOM, "supergroup", person=person.id, language=person.language, thread=topic, **more)

    say(BEN, "What a morning.")
    say(BEN, f"@{NAME} how long is the bridge?")
    answer = stage.hear(NEWSROOM, "640 metres")
    assert answer.thread == topic
    say(ANN, "and who opened it?", reply_to=answer.number)
    stage.hear(NEWSROOM, "Port Selby")
    stage.told(stage.telegram.press(answer, "¶ Context", ANN.id, language="en"), "the person who asked")


@scene("In any chat", f"Typing @{NAME} and a question offers quotes, which go with their source.")
def inline(stage: Stage) -> None:
    telegram = stage.telegram
    query = telegram.inline("who is under sanctions", ANN.id, language=ANN.language)
    offered = stage.until(lambda: telegram.answers.get(query))["results"]
    telegram.choose(query, offered[0]["id"], ELSEWHERE, ANN.id)
    stage.hear(ELSEWHERE, "sanctions")
    telegram.guest(f"@{NAME} how wide is the mirror of the telescope?", BEN.id, ELSEWHERE, language=BEN.language)
    stage.hear(ELSEWHERE, "eight metres")


@scene("In Russian", "The language is that of a person's Telegram.")
def russian(stage: Stage) -> None:
    for text, words in [
        ("/start", "самими новостями"),
        ("Сколько лет строили ледокол?", "пять лет"),
        ("Сколько продлятся испытания?", "три недели"),
        ("/since 31 марта 2022", "31 марта 2022"),
        ("/reset", "снова ищу во всех статьях"),
    ]:
        stage.say(DMITRI, text)
        stage.hear(DMITRI.id, words)
