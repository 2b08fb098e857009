"""Questions of what a sentence says that its first name does: when, where, for how much, and what it wants. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.names import names
from retrieval.templates.forms import NO_TOPIC, STANDS_ALONE, Form, Template, without_office
from retrieval.templates.things import ThingKind, things

# What somebody or something can be under; who is asked of what happens to people.
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen)\b")
_UNDER = re.compile(
    r"\b(?P<be>is|are|was|were|remains?) (?:also |still |now |currently |both )?"
    r"under (?P<what>(?P<who>sanctions|investigation|house arrest)|construction|siege|curfew|lockdown)\b"
)
# Acme (A) told the Post that …
_TOLD = re.compile(r"(?: \([A-Z]+\))? (?:told|informed|assured) (?P<the>the )?(?=[A-Z])")
_WANTS = re.compile(r" (?P<verb>wants (?:to )?|plans to |intends to )(?=[a-z])")
_TO_DO = {"wants": "want", "plans": "plan to do", "intends": "intend to do"}
_DID = {
    "died": "die", "opened": "open", "closed": "close", "began": "begin", "resigned": "resign", "retired": "retire",
    "arrived": "arrive", "collapsed": "collapse", "crashed": "crash", "premiered": "premiere", "returned": "return",
}  # fmt: skip
_DID_WHEN = re.compile(rf" (?P<verb>{'|'.join(_DID)}) (?:on |in )?(?=\w)")
_WILL = re.compile(r" will (?P<verb>open|close|begin|start|meet|return|resume|premiere|end|launch) (?:on |in )?(?=\w)")
_BASED = re.compile(r" (?P<be>is|was) (?P<verb>based|headquartered|born|buried) (?:in|at) (?=[A-Z])")
_PAID = {
    "paid": "pay", "raised": "raise", "spent": "spend", "lost": "lose", "earned": "earn", "donated": "donate",
    "owed": "owe", "borrowed": "borrow",
}  # fmt: skip
_SUM = re.compile(rf" (?:has |have )?(?P<verb>{'|'.join(_PAID)}|costs?) (?:about |over |nearly |more than |up to )?")
_HURT = re.compile(
    r" people (?:were|have been) (?P<verb>killed|injured|wounded|arrested|evacuated|rescued|detained) in (?=[A-Z])"
)


def events(sentence: str, story: str) -> Iterator[Template]:
    """The questions that an English sentence answers by what it says is done."""
    yield from _under(sentence)
    yield from _hurt(sentence)
    first = next(iter(names(sentence)), None)
    if first is None or first.is_title or sentence[: first.start] not in ("", "The "):
        return
    name, end = sentence[first.start : first.end], first.end
    subject = f"the {name}" if first.start else name
    if NO_TOPIC.fullmatch(name) or _TITLE.match(name) or is_surname(name, story):
        return
    yield from _told(sentence, subject, name, end)
    if wants := _WANTS.match(sentence, end):
        yield Template(f"What does {subject} {_TO_DO[wants['verb'].split()[0]]}?", Form.WANTS, name, name)
    if (did := _DID_WHEN.match(sentence, end)) and _begins(sentence, ThingKind.DATE, did.end()):
        yield Template(f"When did {subject} {_DID[did['verb']]}?", Form.WHEN, name, name)
    if (will := _WILL.match(sentence, end)) and _begins(sentence, ThingKind.DATE, will.end()):
        yield Template(f"When will {subject} {will['verb']}?", Form.WHEN, name, name)
    if (based := _BASED.match(sentence, end)) and _begins(sentence, ThingKind.PLACE, based.end()):
        yield Template(f"Where {based['be']} {subject} {based['verb']}?", Form.WHERE, name, name)
    if (paid := _SUM.match(sentence, end)) and _begins(sentence, ThingKind.MONEY, paid.end()):
        if verb := _PAID.get(paid["verb"]):
            yield Template(f"How much did {subject} {verb}?", Form.HOW_MUCH, name, name)
        elif paid["verb"] == "costs":
            yield Template(f"How much does {subject} cost?", Form.HOW_MUCH, name, name)


def _under(sentence: str) -> Iterator[Template]:
    for under in _UNDER.finditer(sentence):
        be = "was" if under["be"] in ("was", "were") else "is"
        yield Template(f"{'Who' if under['who'] else 'What'} {be} under {under['what']}?", Form.UNDER, under["what"])


def _told(sentence: str, subject: str, name: str, end: int) -> Iterator[Template]:
    told = _TOLD.match(sentence, end)
    whom = next((one for one in names(sentence) if told and one.start == told.end()), None)
    if told and whom and sentence.startswith(" that ", whom.end):
        run = sentence[whom.start : whom.end]
        other = f"{told['the'] or ''}{without_office(run) or run}"
        yield Template(f"What did {subject} tell {other}?", Form.SAID_OF, name)


def _hurt(sentence: str) -> Iterator[Template]:
    for hurt in _HURT.finditer(sentence):
        counted = any(number.end == hurt.start() + len(" people") for number in things(sentence, ThingKind.NUMBER))
        place = next((name for name in names(sentence) if name.start == hurt.end()), None)
        if counted and place and STANDS_ALONE.match(sentence, place.end):
            where = sentence[place.start : place.end]
            yield Template(f"How many people were {hurt['verb']} in {where}?", Form.HOW_MUCH, where)


def is_surname(name: str, story: str) -> bool:
    """Whether the story also has a longer name that ends so, without which nobody knows who is meant."""
    return " " not in name and re.search(rf"[A-Z][\w.-]+ {re.escape(name)}\b", story) is not None


def _begins(sentence: str, kind: ThingKind, at: int) -> bool:
    return any(thing.start == at or sentence[at : thing.start] == "the " for thing in things(sentence, kind))
