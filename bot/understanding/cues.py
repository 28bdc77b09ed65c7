"""Classes of words that tell topics apart, alone and in pairs: a relative beside a file is a conflict, beside
a job a hire. The class stands for words that no example has used yet.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

_CLASSES: Mapping[str, str] = {
    "family": (
        "wife husband spouse brother sister cousin uncle aunt nephew niece son daughter mom mother mum "
        "dad father fiance fiancee boyfriend girlfriend partner stepson stepdaughter stepfather "
        "stepmother grandson grandmother grandma grandpa grandfather kid kids child in-law inlaws family "
        "relative relatives sibling siblings ex"
    ),
    "friend": "friend friends buddy pal neighbor neighbour neighbors roommate",
    "superior": (
        "boss supervisor manager director chief commissioner deputy head lead undersecretary warden"
    ),
    "peer": "coworker coworkers colleague colleagues peer peers cubicle teammate",
    "below": "assistant intern secretary subordinate underling reports staffer employee employees team",
    "seller": (
        "vendor vendors contractor contractors consultant supplier suppliers salesman bidder bidders firm "
        "company"
    ),
    "lobby": "lobbyist lobbyists lobby lobbying lobbied lobbies communicator registrant",
    "lawmaker": (
        "legislator legislators senator rep representative lawmaker lawmakers governor legislature "
        "capitol senate"
    ),
    "food": (
        "lunch dinner breakfast meal coffee drinks drink pizza snack food steak bagels cookies donuts "
        "cake buffet ate"
    ),
    "thing": (
        "gift gifts present presents tickets ticket basket bottle wine card flowers mug plaque jacket hat "
        "gave gives giving offered accept keep"
    ),
    "elsewhere": (
        "massachusetts ohio texas florida california illinois kentucky michigan vermont maine georgia "
        "tennessee virginia wisconsin arizona alabama alaska arkansas colorado hawaii idaho iowa kansas "
        "louisiana maryland minnesota mississippi missouri montana nebraska oklahoma utah wyoming boston "
        "nevada oregon pennsylvania delaware federal congress nyc "
        "chicago philadelphia washington canada uk eu un pentagon irs fbi epa va gsa fdic military army "
        "navy"
    ),
    "local": "city town county municipal mayor council selectman",
    "leave": (
        "retire retired retiring retirement quit quitting left leaving leave resign resigning former after"
    ),
    "job": (
        "job jobs gig gigs side weekend weekends part-time moonlight hire hired hiring employer employed "
        "business consulting consult freelance shift shifts"
    ),
    "case": (
        "file case application permit license grant applicant bid bids contract vote decide review "
        "inspect inspection audit assigned approve score panel recuse"
    ),
    "politics": (
        "campaign candidate election elect elected vote party fundraiser ballot politics political "
        "primary petition poll rally"
    ),
    "fine": (
        "fine fined fines penalty penalties punish punished punishment jail sanction crime felony "
        "misdemeanor fired lose trouble consequences cost late overdue missed"
    ),
    "secret": (
        "confidential leak leaked tell release public data information records names secret client's "
        "address database system"
    ),
    "property": (
        "car van truck laptop printer copier phone email letterhead title badge computer office equipment "
        "camera time"
    ),
    "pleading": "represent hearing appear speak behalf client clients file sign petition claim appeal",
    "speaking": (
        "speech speak speaker talk panel panelist keynote honorarium conference article publish lecture "
        "moderator hotel airfare flight travel registration"
    ),
    "donating": (
        "donate donated donates donating donation sponsor lend loan volunteer volunteers foundation"
    ),
    "training": "training course class refresher certificate acknowledgment acknowledgement sign module",
    "procedure": (
        "complaint opinion hearing board appeal ruling investigation subpoena confidential probable "
        "notice lawyer attorney"
    ),
    "wrongdoing": (
        "stealing steals bribe bribes bribed kickback kickbacks fraud forged fake faked pocketing "
        "cheating lied lies corrupt crooked steering rigged proof evidence witnessed saw caught report "
        "anonymous anonymously whistle"
    ),
}
_OF: Mapping[str, tuple[str, ...]] = {
    word: tuple(name for name, words in _CLASSES.items() if word in words.split())
    for word in {word for words in _CLASSES.values() for word in words.split()}
}
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
_I = re.compile(r"\b(?:i|i'm|im|i'd|i've)\b")
_OWN = re.compile(r"\b(?:me|my|mine|we|our|us)\b")
_ELSEWHERE = re.compile(
    r"\b(?:new (?:york|jersey|hampshire|mexico)|rhode island|(?:north|south) (?:carolina|dakota)"
    r"|west virginia|white house|united states|u\.?s\.? (?:senate|senator|house|army))\b"
)
_LENGTHS = (3, 7, 14)  # words: a phrase, a remark, a sentence, a story


def cues(text: str) -> list[str]:
    """Features (prefix `k:`) of a text: its classes and their pairs, who speaks of whom, how long it is."""
    plain = text.lower().replace("’", "'")
    words = _WORD.findall(plain)
    named = {name for word in words for name in _OF.get(word, _OF.get(word.removesuffix("'s"), ()))}
    found = sorted(named | {"elsewhere"} if _ELSEWHERE.search(plain) else named)
    cues = [f"k:{name}" for name in found]
    cues += [f"k:{one}+{other}" for one, other in itertools.combinations(found, 2)]
    if _I.search(plain):
        cues.append("k:I")
    elif not _OWN.search(plain):
        cues.append("k:nobody")
    cues.append(f"k:length{sum(len(words) > length for length in _LENGTHS)}")
    if plain.rstrip().endswith("?"):
        cues.append("k:?")
    return cues
