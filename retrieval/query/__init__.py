"""Query understanding: periods, follow-ups, names and small talk in a question. Pure."""
