"""Query understanding: the period, speaker, subject and small talk in a question, and follow-ups. Pure."""
