"""Text analysis: sentences, passages, boilerplate, datelines, names, speakers, languages and duplicates."""
