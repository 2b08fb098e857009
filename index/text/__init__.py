"""Text analysis: sentences, passages, boilerplate, datelines, languages and duplicates."""
