"""What a message refers to: the answer that it replies to, the question that it follows up, the chat's filters."""

from __future__ import annotations

from telegram import Message

from bot.handlers.addressing import followed_words, quoted_words
from bot.handlers.message_parts import person_of
from bot.memory.chats import ChatFilters, Chats
from bot.memory.sent_answers import SentAnswer, SentAnswers
from retrieval.presentation.clipping import cut

_LONGEST_SUBJECT = 300  # UTF-16 units of a message that is followed up


class Conversations:
    """Finds what was said before a message, in the answers that were sent and the settings of chats."""

    def __init__(self, sent_answers: SentAnswers, chats: Chats) -> None:
        self._sent_answers = sent_answers
        self._chats = chats

    def answer_to(self, message: Message) -> SentAnswer | None:
        """Return the answer that was sent to a message."""
        return self._sent_answers.of_message(message.chat.id, message.message_id)

    def answer_with_key(self, key: str) -> SentAnswer | None:
        """Return the answer that a button belongs to."""
        return self._sent_answers.get(key)

    def replied_answer(self, message: Message) -> SentAnswer | None:
        """Return the answer that a message replies to."""
        replied = message.reply_to_message
        return self._sent_answers.of_reply(message.chat.id, replied.message_id) if replied else None

    def last_answer(self, message: Message, but: str | None = None) -> SentAnswer | None:
        """Return the answer that a message replies to, else the last one that its sender got in the chat.

        The latter is not the one whose key is `but`.
        """
        return self.replied_answer(message) or self._sent_answers.last(person_of(message), message.chat.id, but=but)

    def last_subject(self, message: Message) -> str | None:
        """Return what the sender of a message asked last in the chat, as it was understood, if that is recent."""
        return self._sent_answers.subject(person_of(message), message.chat.id)

    def earlier(self, message: Message) -> str | None:
        """Return what a question in a message may follow up, to be its `earlier`.

        That is the quoted part of another message, else the subject of the answer that the message replies to, else
        the text of the message that it replies to, else what its sender asked last.
        """
        if quoted := _subject(quoted_words(message)):
            return quoted
        replied = message.reply_to_message
        answer = self.replied_answer(message) or (self.answer_to(replied) if replied else None)
        if answer and answer.subject:
            return answer.subject
        return _subject(followed_words(message, message.get_bot())) or self.last_subject(message)

    def filters(self, message: Message) -> ChatFilters:
        """Return the filters of a message's chat."""
        return self._chats.filters(message.chat.id)

    def no_more(self, answer: SentAnswer) -> None:
        """Note that the quotes that follow an answer were sent."""
        self._sent_answers.mark_exhausted(answer)


def _subject(words: str) -> str | None:
    """Return words as the subject of a follow-up question: one line, cut if it is long; None without a letter."""
    line = " ".join(words.split())
    return line[: cut(line, _LONGEST_SUBJECT)].rstrip() if any(map(str.isalnum, line)) else None
