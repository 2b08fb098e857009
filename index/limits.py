"""How much is read, kept and looked at, in one place: no file, and no article, may hold up or crowd out the others."""

from __future__ import annotations

# Of an article, so that a question takes as long over any one article as over another.
SENTENCE_WORDS, SENTENCE_LETTERS = 80, 600  # longer ones are cut; well within what a reader takes, 160 tokens
PIECE_WORDS, PIECE_LETTERS = 40, 300  # what a sentence that is too long is cut into: two of them make a quote
WORD_LETTERS = 10  # in a passage, so many code points count as a word at least

SMALL_FILE = 64 * 2**20  # bytes of a file of our own that is read whole, as a manifest
