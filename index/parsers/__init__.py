"""Parsers that turn text, Markdown, web page and JSON Lines files into articles."""
