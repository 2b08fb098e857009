"""Limits on files, articles and questions, so that none can slow down or displace the others."""

from __future__ import annotations

# Articles: with these, a question takes about the same time for every article.
SENTENCE_WORDS, SENTENCE_LETTERS = 80, 600  # longer sentences are cut; the reader's window is 160 tokens
PIECE_WORDS, PIECE_LETTERS = 40, 300  # the pieces that a longer sentence is cut into; two of them make a quote
WORD_LETTERS = 10  # code points of a passage that count as at least one word

SMALL_FILE = 64 * 2**20  # bytes of one of the program's own files that is read at once, such as a manifest

# Questions.
QUESTION = 10_000  # code points
ROW_OF_QUESTION = 100_000  # code points of a JSON line with a question
QUOTES = 1000  # the most that can be asked for

# Source files. What exceeds a limit is left out, or cut at the limit, with one warning.
FOLDERS = 100  # levels of nesting
PATH = 4095  # bytes; Linux accepts no longer path
FILE = 50_000_000  # bytes of a file that holds one article; parsing takes many times as much memory
ROW = 5_000_000  # bytes of a row
UNPACKED, UNPACKED_TIMES = 1_000_000, 100  # bytes of a decompressed file, or a multiple of its size if that is more
FRONT_MATTER = 65_536  # code points
FIELD, FIELD_ITEMS = 1000, 100  # code points of a field, or of one item of a list; items of a list
WARNINGS = 20  # per file; further ones are counted

# The process that parses source files.
SECONDS = 20  # of CPU time per article
SILENT = 120.0  # seconds without a message from it
MEMORY = 2 * 2**30  # bytes of address space
