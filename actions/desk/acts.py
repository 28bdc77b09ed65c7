"""Which act a text is: by its very words, or as the model heard it where its words bear that out.

A model's guess alone must not drop a case, change a fact, or pass a question over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.desk.answers import AGREED, LATER, NO, normal
from actions.desk.turn import Understanding

COMMANDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("start over", "restart", "begin again", "start again", "reset", "new question"), "restart"
    ),
    **dict.fromkeys(("back", "go back", "undo", "one step back", "previous question"), "back"),
    **dict.fromkeys(
        ("why", "?", "huh", "why do you ask", "why do you ask that", "why do you need to know"), "ask_why"
    ),
    **dict.fromkeys(("summary", "summarise", "summarize", "what do you know so far", "recap"), "summarise"),
    **dict.fromkeys(
        ("talk to a person", "talk to a human", "human", "speak to a person", "person please"),
        "talk_to_human",
    ),
    **dict.fromkeys(("thanks", "thank you", "thanks a lot", "ty", "thx"), "thanks"),
    **dict.fromkeys(("hello", "hi", "hey", "good morning", "good afternoon", "help"), "greeting"),
    **dict.fromkeys(("save", "save for later", "save this", "continue later"), "save"),
}
# Acts that change the case on a single word; a typed "/restart" is text and must not.
COMMANDING = frozenset({"restart", "back", "talk_to_human"})
# Acts that leave the question behind: on a word or two, the model must be sure of them.
LEAVING = frozenset({"talk_to_human", "restart", "back", "save", "distress", "information", "summarise"})
FEW_WORDS, SURE = 2, 0.9
_SUPPOSES = re.compile(r"\b(if|suppos\w*|say|had|instead|were|imagin\w*|assum\w*|hypothetical\w*)\b", re.I)
_MEANING = re.compile(r"\bwhat (?:does |is |are |do you |you )?.*\bmeans?\b", re.I)
_SAID_BEFORE = re.compile(r"\b(?:already|just) (?:said|told|answered|mentioned|gave)\b", re.I)
_IMPATIENT = re.compile(
    r"^(?:so |well |ok )?(?:can|may|could|should) (?:i|we) (?:\w+ ){0,2}(?:it|this|that|them|go|or not)$"
    r"|\bam i (?:ok|okay|good|fine|allowed|safe|screwed|in trouble)\b"
    r"|\bis (?:it|that|this) (?:ok|okay|allowed)$"
    r"|\bjust (?:tell|answer) me\b|\byes or no\b|\bget to the point\b",
    re.I,
)
IMPATIENT_WORDS = 8
_ASKS = re.compile(
    r"\?\s*$|^(?:(?:and|so|but|ok|okay|well|um|oh|wait|also) )*"
    r"(?:what|whats|who|whose|when|where|which|why|how|hows|can|could|may|do|does|did|is|are|am|must|should"
    r"|will|would)\b",
    re.I,
)
HOW_MANY = re.compile(r"\bhow (?:many|much) (?:more|longer|questions)\b|\b(?:almost|nearly) done\b", re.I)
# What a model hears is not enough to drop a case, to change a fact, or to go on without one.
_BORNE_OUT = {
    "restart": re.compile(
        r"\b(start|over|restart|begin|again|anew|new|reset|scratch|fresh|clear|forget)\b", re.I
    ),
    "correct": re.compile(
        r"\b(actual\w*|wait|sorry|mean\w*|chang\w*|wrong|correct\w*|instead|not|no|oops|mistak\w*|rather|fix"
        r"|update|misspoke|scratch|was|were|is|are)\b", re.I
    ),
    "dont_know": re.compile(
        r"\b(know|sure|idea|clue|dunno|idk|unsure|uncertain|certain|remember|recall|tell|say|said|depends"
        r"|maybe|check|find|forg\w+|unclear|guess|skip|pass|whatever|stumped|beats|unknown|told|asked|look)\b"
        r"|\?", re.I
    ),
}  # fmt: skip
# Waving the question away: these say that all is well, which is what the rules are to find out.
_VAGUE = re.compile(
    r"(?:(?:oh|well|um|so|yeah|yes|sure|no|nah|i think|i guess|honestly|lol) )*"
    r"(?:(?:it|that|this|they|he|she|we|everything|all|its|thats|theyre|hes|shes|were|ill be|im) ?"
    r"(?:is|are|s|seems?|looks?|should be|will be)? ?(?:totally|all|just|really|pretty|perfectly|probably)? ?"
    r"(?:ok|okay|fine|good|cool|great|alright|all right|normal|allowed|legal|harmless|legit|nothing)"
    r"|(?:no one|nobody|nothing|not(?:hing)? (?:too|that)|noone) (?:special|important|much|major|big|serious)"
    r"|(?:no|not a|not) (?:big )?(?:deal|problem|issue|worries|biggie|concern)"
    r"|(?:do not|dont) worry(?: about (?:it|that))?|trust me|sounds (?:good|fine|right)|looks (?:good|fine)"
    r"|(?:the )?same(?: as (?:before|always|usual|last time)| thing| again)?"
    r"|(?:as|the|like) (?:usual|always|before)"
    r"|like i said|(?:the )?(?:usual|normal|regular)(?: stuff| thing| way)?|you know|whatever(?: works)?"
    r"|(?:it )?depends|(?:yes|yeah|no|nah) (?:and |or )?(?:yes|yeah|no|nah|maybe|sort of|kind of)"
    r"|not (?:really|exactly|quite|necessarily)|sort of|kind of|kinda|more or less|so so"
    r"|fair enough|go ahead|move on|next)"
    r"(?: (?:by|with) me| i (?:think|guess|suppose)| really| though| right| tho| man| thanks| thx| lol)*",
    re.I,
)
VAGUE_WORDS = 8
# A few words after "he": more likely a fact about the giver than a report.
_WRONG = re.compile(
    r"report|complain|brib|steal|stole|theft|fraud|corrupt|illegal|violat|wrong|ethic|whistle|cheat|misus|abus"
    r"|kickback|nepot|cover|lie|lying|fake|crook|shady|dirty|tell on|turn|suspic|accept|tak|took|break|broke",
    re.I,
)
SHORT_REPORT = 6
_LEADS = re.compile(r"(?:yes|yeah|yep|yup)\b", re.I)
_WHOM = re.compile(
    r"\bwho(?:m)? (?:do|can|should|would|could) (?:i|we) (?:ask|call|contact|talk|speak|see|email)\b", re.I
)
# After the outcome, or before anything was told, these are nothing to take up.
REMARKS = (
    AGREED | NO | LATER | {"ok thanks", "got it", "fine", "cool", "alright", "all right", "great", "whatever"}
)


def impatient(text: str) -> bool:
    """Whether the text asks for the outcome and tells nothing."""
    short = len(text.split()) <= IMPATIENT_WORDS
    return short and bool(_IMPATIENT.search(text.rstrip(" ?!.")) or HOW_MANY.search(text))


def asks(text: str) -> bool:
    """Whether a text has the form of a question, with or without its mark."""
    return _ASKS.search(text) is not None


def vague(text: str) -> bool:
    """Whether a text waves the question away and states no fact."""
    words = normal(text).replace(",", " ").split()
    return len(words) <= VAGUE_WORDS and _VAGUE.fullmatch(" ".join(words)) is not None


def settled(text: str, understanding: Understanding) -> str:
    """The act that the model heard, where the words bear that out; else an answer."""
    act = understanding.act
    if _WHOM.search(text):
        return "talk_to_human"
    if act in _BORNE_OUT and not understanding.facts and not _BORNE_OUT[act].search(text):
        return "answer"
    if act == "report_wrongdoing" and len(text.split()) <= SHORT_REPORT and not _WRONG.search(text):
        return "answer"
    if act == "correct" and not understanding.facts and understanding.pack is None and _LEADS.match(text):
        return "answer"
    if _SAID_BEFORE.search(text) and act in ("answer", "situation", "out_of_scope", "correct"):
        return "summarise"
    if act == "dont_know" and _MEANING.search(text):
        return "ask_definition"
    if act == "what_if" and not understanding.facts and not _SUPPOSES.search(text):
        return "answer"
    if act in LEAVING and any(character.isdigit() for character in text):
        return "answer"
    if act in LEAVING and len(text.split()) <= FEW_WORDS and understanding.confidence < SURE:
        return "answer"
    return act
