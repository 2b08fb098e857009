"""The whole conversation: people, the real bot in its own process, the strict server between them; and how it looks."""
