"""Albums, which Telegram sends as one message for each picture, and which get one answer together."""

from __future__ import annotations

from collections import deque

from telegram import Message

_REMEMBERED = 100


class AnsweredAlbums:
    """Remembers the last albums of which a message was answered."""

    def __init__(self) -> None:
        self._ids: deque[str] = deque(maxlen=_REMEMBERED)

    def __contains__(self, message: Message) -> bool:
        """Return whether another message of the same album was answered."""
        return message.media_group_id in self._ids

    def add(self, message: Message) -> None:
        """Note that a message was answered, if it belongs to an album."""
        if message.media_group_id:
            self._ids.append(message.media_group_id)
