"""Readers: models that score each sentence of a passage against a question."""
