"""How much of files, articles and questions is read: none may hold up the others, or crowd them out."""

from __future__ import annotations

# Of an article, so that a question takes as long over any one article as over another.
SENTENCE_WORDS, SENTENCE_LETTERS = 80, 600  # longer ones are cut; well within what a reader takes, 160 tokens
PIECE_WORDS, PIECE_LETTERS = 40, 300  # what a sentence that is too long is cut into: two of them make a quote
WORD_LETTERS = 10  # in a passage, so many code points count as a word at least

SMALL_FILE = 64 * 2**20  # bytes of a file of our own that is read whole, as a manifest

# Of what is asked.
QUESTION = 10_000  # code points
ROW_OF_QUESTION = 100_000  # code points of a line of JSON that holds one
QUOTES = 1000  # that can be wanted at a time

# Of files of the sources. What reaches one is left out, or left out from there on, with one warning.
FOLDERS = 100  # nested in one another
PATH = 4095  # bytes; systems take no longer one
FILE = 50_000_000  # bytes of a file that is one article; its parser needs many times as much memory
ROW = 5_000_000  # bytes of a row
UNPACKED, UNPACKED_TIMES = 1_000_000, 100  # bytes of a packed file, or so many times its own size if that is more
FRONT_MATTER = 65_536  # code points
FIELD, FIELD_ITEMS = 1000, 100  # code points of a field, or of each of so many items of a list
WARNINGS = 20  # of a file; further ones are counted

# Of the process that reads them.
SECONDS = 20  # of the processor's time, for one article
SILENT = 120.0  # seconds without any sign of it
MEMORY = 2 * 2**30  # bytes of addresses
