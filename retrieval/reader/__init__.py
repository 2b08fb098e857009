"""Readers: models that read a question with a passage, and score how likely each sentence answers the question."""
