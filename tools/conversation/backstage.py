"""Scenes with the owner: administrators, errors and restarts. They are like those of scenes.py."""

from __future__ import annotations

import signal

from tests.support.telegram import Hang
from tools.conversation.sample_articles import POST, WRITTEN
from tools.conversation.scenes import ANN, BEN, DMITRI, OLGA
from tools.conversation.stage import Stage, scene


@scene("A watched question", "Olga, who administers the bot, adds an article; whoever waits for it hears of it.")
def watch(stage: Stage) -> None:
    stage.say(ANN, "/watch Who has to pay a toll on the bridge?")
    stage.hear(ANN.id, "I will write to you when something new answers this")
    stage.telegram.forward(POST, OLGA.id, language=OLGA.language)
    offer = stage.hear(OLGA.id, "Shall I add this as an article?")
    stage.press(OLGA, offer, "Add as an article")
    stage.see(offer, "Added one article as")
    stage.press(OLGA, offer, "Read the articles now")
    progress = stage.hear(OLGA.id, "Reading the articles")
    stage.see(progress, "Done: generation 2 answers, with 7 articles")
    stage.hear(ANN.id, "New on your question: Who has to pay a toll", "Rain News · 3 April 2022", "20 crowns")
    stage.say(ANN, "/watches")
    watches = stage.hear(ANN.id, "1. Who has to pay a toll")
    stage.told(stage.press(ANN, watches, watches.buttons[0]), "no longer watch")
    stage.see(watches, "I am not watching any question for you")


@scene("Back to the generation before", "What was quoted of a later one is then gone, and it says so.")
def roll_back(stage: Stage) -> None:
    [notice] = [sent for sent in stage.telegram.sent_to(ANN.id) if sent.text.startswith("New on your question")]
    stage.say(OLGA, "/rollback")
    stage.hear(OLGA.id, "Generation 1 is answering now")
    stage.told(stage.press(ANN, notice, "Context"), "I no longer have this article")
    stage.say(OLGA, "/rollback 9")
    stage.hear(OLGA.id, "Nothing was changed")
    stage.say(OLGA, "/rollback 2")
    stage.hear(OLGA.id, "Generation 2 is answering now")


@scene("Articles from texts and files", "Each becomes a file in the articles folder, under a safe name.")
def add(stage: Stage) -> None:
    stage.say(OLGA, f"/add {WRITTEN}")
    stage.hear(OLGA.id, "Added one article as")
    data = b'{"id": "buoy", "title": "A buoy adrift", "source": "Harbour Post", "text": "A buoy is adrift."}\n'
    stage.telegram.send_document("../../export.jsonl", data, "/add", OLGA.id, language=OLGA.language)
    stage.hear(OLGA.id, "Added one article as")
    stage.telegram.send_document("slides.pdf", b"%PDF", "/add", OLGA.id, language=OLGA.language)
    stage.hear(OLGA.id, "I can add files of these types")
    stage.say(OLGA, "/reindex")
    stage.see(stage.hear(OLGA.id, "Reading the articles"), "Done: generation 3 answers, with 9 articles")
    stage.say(ANN, "How many times a day will the ferry cross?")
    stage.hear(ANN.id, "Port Selby keeps one ferry", "Harbour Post · 4 April 2022")
    stage.say(OLGA, "/reindex")
    stage.see(stage.hear(OLGA.id, "Reading the articles"), "Nothing has changed: generation 3 answers")


@scene("How it is doing", "/status for the owner, and two addresses for what watches over it.")
def status(stage: Stage) -> None:
    stage.say(OLGA, "/status")
    stage.hear(OLGA.id, "9 articles", "No update is waiting")
    stage.say(ANN, "/status")
    stage.hear(ANN.id, "I do not know that command")
    stage.rest()
    stage.telegram.remark("GET /healthz", stage.read("/healthz"))
    shown = [
        line
        for line in stage.read("/metrics").splitlines()
        if line.startswith(("quotewire_questions_total", "quotewire_sends_retried", "quotewire_queue", "quotewire_gen"))
        and not line.endswith(" 0.0")
        and "age" not in line
    ]
    stage.telegram.remark("GET /metrics, a few lines of it", "\n".join(shown))


@scene("What people found", "Verdicts come out as rows that `quotewire evaluate` reads.")
def feedback(stage: Stage) -> None:
    stage.telegram.remark("quotewire feedback export", stage.command("feedback", "export"))


@scene("A message to everybody", "It goes out once its words were seen and confirmed.")
def broadcast(stage: Stage) -> None:
    stage.say(OLGA, "/broadcast On Sunday I am moved to another machine. Nothing is lost.")
    stage.hear(OLGA.id, "On Sunday")
    question = stage.hear(OLGA.id, "Send this to 3 people?")
    stage.press(OLGA, question, "Send")
    for person in (OLGA, ANN, DMITRI):
        stage.hear(person.id, "On Sunday I am moved")
    stage.see(question, "Sent to 3, failed for 0.")


@scene("kill -9 in the middle of a question", "Nothing that was sent to it is lost.")
def kill(stage: Stage) -> None:
    stage.telegram.failures["sendMessage"] = [Hang(2)]
    sent = len([method for method, _ in stage.telegram.calls if method == "sendMessage"])
    stage.say(ANN, "What did Tom Harker say?")
    stage.say(ANN, "Until when do the ferries go?")
    stage.until(lambda: len([each for each, _ in stage.telegram.calls if each == "sendMessage"]) > sent)
    stage.end(signal.SIGKILL)
    stage.telegram.remark("The bot is killed while its answer is on the way, and started again.")
    stage.start()
    stage.hear(ANN.id, "said by Tom Harker")
    answer = stage.hear(ANN.id, "end of September")
    stage.press(ANN, answer, "Context")
    stage.hear(ANN.id)


@scene("An error", "Its id leads to the traceback in the log; nothing that was written is told.")
def error(stage: Stage) -> None:
    broken = {"message_id": 999_999, "date": stage.telegram.now(), "text": "?", "entities": "none"}
    stage.telegram.remark("Ann sends something that the bot's library cannot read.")
    stage.telegram.put(
        {
            "message": {
                **broken,
                "chat": {"id": ANN.id, "type": "private"},
                "from": {"id": ANN.id, "is_bot": False, "first_name": "Ann"},
            }
        }
    )
    stage.hear(ANN.id, "Something went wrong (id ")
    stage.hear(OLGA.id, "Error ")


@scene("What is kept of a person", "/forget erases it, once that is confirmed.")
def forget(stage: Stage) -> None:
    stage.say(ANN, "/forget")
    question = stage.hear(ANN.id, "This cannot be undone")
    stage.press(ANN, question, "Forget everything")
    stage.see(question, "Done, I erased")
    stage.say(ANN, "/more")
    stage.hear(ANN.id, "Ask me something first")


@scene("For some people only", "With `allowed = [7]` in the configuration, and 6 questions a minute.")
def strangers(stage: Stage) -> None:
    stage.end()
    stage.configure(admins=[OLGA.id], allowed=[ANN.id], questions_per_minute=6)
    stage.start()
    stage.telegram.date = stage.telegram.now()  # all in one second
    stage.say(BEN, "Who is under sanctions?")
    stage.hear(BEN.id, "I only answer the people I was set up for")
    for words, answer in [
        ("Hello", "Hello!"),
        ("Who are you?", "I answer questions about the news"),
        ("Thanks", "Glad to help"),
        ("Who is under sanctions?", "I will continue answering in 10 seconds"),
    ]:
        stage.say(ANN, words)
        stage.hear(ANN.id, answer)
    stage.hear(ANN.id, "sanctions")
