"""A scripted conversation between people and the real bot, through the tests' Telegram server, and its pictures."""
