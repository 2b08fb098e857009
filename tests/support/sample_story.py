"""The story that tests of pages are about: its headline and its three paragraphs."""

FISH = "Fish market to close"
FIRST = (
    "The town council of Marrow Bay voted on Tuesday to close the old fish market after forty years, saying that the "
    "building was no longer safe for traders or visitors."
)
SECOND = (
    "Traders said they would appeal. “We have nowhere else to go,” said Ana Petrov, who has sold herring there since "
    "1994 and employs six people in the market hall."
)
LAST = (
    "The council said the market would move to a tent beside the railway station until a new hall opens in three years "
    "at a cost of 12 million euros."
)
