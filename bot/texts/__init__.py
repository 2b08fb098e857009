"""What is said beside answers, in Telegram and in the terminal; plain text."""

ABOUT = (
    "Ask me about the news and I answer with the news itself: word-for-word quotes from the articles I have, "
    "each with its headline, outlet, date and link. I write nothing of my own, and I say so when no article answers."
)
EXAMPLES = ("Who is under sanctions?", "What did Canada tell Roscosmos?", "Who wants the sanctions lifted?")
FOLLOW_UP = "Then ask on, as in: And when? What did he say about it? What about Norway?"
HELP = f"{ABOUT}\n\nFor example:\n" + "\n".join(f"• {example}" for example in EXAMPLES) + f"\n\n{FOLLOW_UP}"
IN_GROUPS = "In a group, ask with /ask and your question."

NO_QUESTION = f"What would you like to know? Put the question after /ask, as in: /ask {EXAMPLES[0]}"
UNKNOWN = "I do not know that command; /help says what I can do."
NOT_TEXT = "I can only read text. Please write your question."
WRONG = "Something went wrong (id {id}). Please try again later."
BUSY = "I am busy. Please try again in a minute."
TOO_LATE = "I was away when you wrote this, and that is long ago. If you still want to know, please ask again."
