"""Presentation: answers as text for the terminal and the bot, and as JSON."""
