"""The tuning constants of ranking and quoting, in one record that evaluation can vary.

Each field says what it means, its unit, where it comes from, and which part of benchmarks/RESULTS.md chose its value
(by the title of the section). "Not measured" means that no comparison is recorded there.

Log odds are ln(p / (1 - p)) of a probability p: 0 is p = .5, and 1 more multiplies p / (1 - p) by 2.7. A reader gives a
sentence's log odds of answering; its calibration (retrieval/reader/calibration.py) turns them into a probability, the
confidence.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingParams:
    """How passages are ranked, which of them are read, and which of their sentences become quotes.

    To vary one: `dataclasses.replace(RankingParams(), recency_weight=0.0)`, given to `Answerer.open`.
    """

    # Candidates. A question retrieves this many passages from the vectors and as many from the lexical index.
    candidates: int = 100  # passages; not measured
    # BM25 scores are computed for more passages, so that most candidates from the vectors have both scores.
    lexical_candidates: int = 1000  # passages; not measured
    # Hits that an answer keeps at least. Those that are not read only order articles in evaluations.
    k: int = 30  # passages; not measured
    hits_per_quote: int = 3  # hits that are kept for each wanted quote, if that is more than k; not measured

    # Fusion: score = cosine_weight * cosine + lexical_weight * lexical score + recency boost. This is the convex
    # combination of Bruch, Gai and Ingber (2023) up to a factor. Reciprocal rank fusion was worse ("What is found").
    # The cosine is weighted heavily because all cosines of multilingual-e5-small are close to one another. The lexical
    # score is BM25 divided by about that of a passage with all words of the question, from 0 to 1.
    cosine_weight: float = 1.5  # "Two encoders", the table of weights
    lexical_weight: float = 0.2  # "Two encoders", the table of weights
    # The same for the vectors of a draft, an index that the model has not encoded yet. They are less precise.
    draft_cosine_weight: float = 0.5  # "Two encoders", the table of draft vectors, and "Drafts"
    draft_lexical_weight: float = 0.5  # "Two encoders", the table of draft vectors, and "Drafts"
    # Passages of a draft that the model encodes while answering: these then rank by the model's vectors.
    draft_depth: int = 20  # passages; "Drafts", the model over 10, 20 and 30

    # Recency boost: recency_weight for an article of the day of asking, halved every recency_half_life_days.
    recency_weight: float = 0.2  # in units of the fused score; "Old articles"
    recency_half_life_days: float = 14.0  # "One choice changed at a time", half-lives of 7 and 30 days
    # Evidence: all hits of an article gain a share of what its next best hits score above the lowest hit of all.
    evidence_weight: float = 0.2  # "Reading", the paragraph on news (EVIDENCE)
    evidence_passages: int = 2  # passages; "What is found", 0.7 + 0.3 and the article's next two; others not measured
    # Lead: an article that was found near its start gets a boost, since news begins with what matters most (the
    # inverted pyramid). It halves every lead_half_life code points, and undated articles get none.
    lead_weight: float = 0.1  # in units of the fused score; "Reading", the paragraph on news (LEAD)
    lead_half_life: float = 1500.0  # code points; not measured

    # Reading. This many of the best hits are read, or as many as quotes are wanted, up to max_read_passages.
    read_passages: int = 7  # passages; "Reading", best sentence right by passages read
    max_read_passages: int = 30  # passages; not measured
    # The share of these that is taken by rank. The others are the best of the days that the question names, so that
    # later reports do not crowd them out.
    read_by_rank: float = 0.5  # share; not measured
    # Passages whose search score gives their sentences lower log odds than this are not read.
    min_search_log_odds: float = -3.5  # "Reading", passages left unread
    # What a hit's search score counts for a reader without a calibration: log odds per unit of the fused score.
    search_weight: float = 8.0  # not measured; a calibration fits its own
    # A follow-up is read joined with the question before it, and alone. The joined reading counts this many times as
    # much as the other one.
    joined_reading_weight: float = 2.0  # "Reading", what a question that follows another is read with
    # What sentences of the article that the conversation is about gain.
    topic_article_bonus: float = 1.0  # log odds of confidence; "Reading", which reading is taken ("surer by 1.0")
    # Without a reader, a sentence scores this weight times its cosine to the question, and 1 minus the weight times the
    # share of the question's words in it, weighted by their inverse document frequency.
    unread_cosine_weight: float = 0.5  # not measured
    # A cross-encoder scores a whole passage: its sentences without any of the question's words get this much less than
    # one with all of them.
    cross_encoder_lexical_weight: float = 4.0  # log odds; not measured

    # Quoting. A quote is extended by neighbouring sentences up to so many words.
    quote_words: int = 80  # words; "One choice changed at a time", a quote of 50 to 90 words
    # How much lower than the best sentence a further quote may score, for a reader without a calibration.
    further_quote_margin: float = 2.5  # log odds; "Reading", the margin between the quotes of an answer
    # How much less confident a sentence next to a quoted one may be, to become part of the quote.
    adjoining_margin: float = 1.0  # log odds of confidence; "Reading", sentences next to a quoted one
    # The gap from a sentence's score to the next lower one is a feature of whether it is quoted too. A wider gap than
    # this counts as this much. A calibration is valid only for the value that it was fitted with.
    max_score_gap: float = 3.0  # log odds; not measured
    # Words are underlined as the answer if the reader gives them this probability.
    answer_span_confidence: float = 0.5  # probability; not measured
    # The sentence that completes a quote beyond its passage is looked for at most this far away.
    completion_window: int = 600  # code points; not measured

    # Selection. Two sentences say the same if their vectors have this cosine, their figures and negations are equal,
    # and this share of their words is in the same order (difflib's ratio: vectors hardly see who did it to whom).
    duplicate_cosine: float = 0.95  # not measured
    duplicate_word_order: float = 0.6  # share; not measured
    # A quote from a copy of an article is a repetition if it has this share of the words of the shorter quote.
    copied_words: float = 0.8  # share; not measured
    closest_quotes: int = 2  # quotes that are shown as the closest if nothing answers; not measured

    # News about a name. Among so many of the newest passages with the name, articles about it are looked for: those
    # with the name in the headline or in their first sentences.
    subject_candidates: int = 300  # passages; not measured
    subject_sentences: int = 2  # sentences; not measured
    # A story begins with its first sentence of this many words: shorter ones are headings and bylines.
    lead_sentence_words: int = 6  # words; not measured

    # Follow-ups. The joined reading is taken if its best sentence is more confident than that of the question alone, by
    # word_margin for each content word of the question, up to max_words, less joined_tolerance. Long questions are
    # seldom incomplete.
    follow_up_joined_tolerance: float = 3.5  # log odds of confidence; "Reading", which of the two readings is taken
    follow_up_word_margin: float = 0.6  # log odds of confidence per word; the same paragraph compares other margins
    follow_up_max_words: int = 8  # words; not measured
    # A question that alone is this confident must become surer by topic_article_bonus at least to be joined.
    standalone_confidence: float = 0.4  # probability; "Reading", which reading is taken (.3, .4 and .6)
    # Passages that a follow-up retrieves from the article that the conversation is about.
    follow_up_passages: int = 6  # passages; not measured
    # Without a reader, a question with fewer content words is joined with the one before it.
    unread_standalone_words: int = 3  # words; not measured

    # Watches: the bot sends a quote of a watched question unasked from this confidence on.
    watch_confidence: float = 0.45  # probability; "Reading", the paragraph on watches

    def hits_for(self, quotes: int) -> int:
        """Return how many hits are retrieved for an answer of this many quotes."""
        return max(self.k, self.hits_per_quote * quotes)

    def draft_depth_for(self, quotes: int) -> int:
        """Return how many passages of a draft are encoded for an answer of this many quotes."""
        return max(self.draft_depth, quotes)

    def passages_read_for(self, quotes: int) -> int:
        """Return how many passages are read for an answer of this many quotes."""
        return max(self.read_passages, min(quotes, self.max_read_passages))
