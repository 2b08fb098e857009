"""Presentation: answers for the terminal, for JSON and for HTML."""
