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
        "navy usps postal fda fema nih osha usda medicare albany sacramento austin springfield lansing "
        "columbus harrisburg worcester providence trenton annapolis tallahassee atlanta denver phoenix "
        "seattle dallas houston miami detroit cleveland pittsburgh baltimore congressman congresswoman "
        "canadian british australia ontario france germany mexico commonwealth oge fara hatch hipaa"
    ),
    "local": (
        "city town county municipal municipality mayor council councilman alderman selectman selectwoman "
        "village borough township school zoning teacher"
    ),
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
    "payroll": (
        "payroll pay paid paycheck paychecks paystub payslip salary raise raises wage wages overtime "
        "timesheet bonus longevity stipend deposit withheld deduction deducted w2 step"
    ),
    "absence": (
        "vacation pto sick fmla bereavement maternity paternity holiday holidays absence telework "
        "telecommute remote furlough snow day days jury"
    ),
    "benefits": (
        "pension 401k 457 insurance dental vision medical health copay deductible benefits enrollment "
        "coverage cobra beneficiary dependents annuity seniority retirement"
    ),
    "personnel": (
        "hr personnel human resources union steward dues grievance grievances contract probation "
        "probationary promotion promoted demoted classification discipline harassment discrimination "
        "bullying accommodation evaluation performance review opening openings vacancy resume interview"
    ),
    "machine": (
        "password login log vpn wifi outlook teams zoom laptop computer screen monitor keyboard software "
        "update install account email inbox server network internet browser website app printer toner "
        "scanner phone voicemail excel pdf file"
    ),
    "broken": (
        "broken broke stuck jammed leaking leak down slow frozen crashed dead expired locked error reset "
        "fix repair missing lost outage won't isn't can't doesn't working works load"
    ),
    "building": (
        "parking garage elevator toilet bathroom restroom heat thermostat hvac carpet desk cubicle floor "
        "lobby door badge key keys conference cafeteria kitchen fridge roof window lights"
    ),
    "purchase": (
        "rfp rfq quotes quote invoice procurement purchasing requisition bid bids po vendor voucher "
        "reimbursement mileage receipt receipts travel budget grant fiscal"
    ),
    "records": "foi foia foil records retention redact minutes quorum agenda archive subpoena",
    "home": (
        "landlord tenant rent lease eviction evicted apartment condo hoa deposit mortgage house roommate "
        "fence yard neighbor neighbors deck shed"
    ),
    "breakup": (
        "divorce divorced custody alimony separation separated visitation paternity prenup ex adopt "
        "adoption guardianship support will probate executor estate inheritance trust"
    ),
    "crime": (
        "police cop arrested arrest dui dwi felony misdemeanor bail jail prison theft stole stolen "
        "burglary assault robbery shoplifting warrant gun speeding probation sentence expunge stalker "
        "scam scammed hacked"
    ),
    "suit": (
        "sue suing sued lawsuit settlement malpractice attorney lawyer court judge trial damages "
        "bankruptcy debt collector trademark patent copyright"
    ),
    "taxes": (
        "tax taxes irs refund deduct deduction deductible deductions 1099 1040 exemption audit w2 "
        "capital gains"
    ),
    "licence": (
        "dmv bmv renew renewal license licence passport registration register plates title permit "
        "certificate boat fishing hunting notary vote id"
    ),
    "aid": (
        "snap medicaid medicare husky unemployment stamps section housing subsidy welfare disability "
        "heating shelter benefits assistance caseworker wic"
    ),
    "body": (
        "doctor headache pain fever rash sick cough flu pills medicine medication ibuprofen symptoms "
        "blood pressure diet calories sleep knee surgery vitamin cold"
    ),
    "cooking": (
        "recipe cook bake boil oven dinner sauce soup salad chicken bread pasta cookies cake ingredients"
    ),
    "fun": (
        "game games movie movies song music joke jokes poem riddle score team weather rain snow book "
        "lyrics trivia horoscope sports chess podcast lottery"
    ),
    "trip": "flight flights hotel airline trip vacation luggage airport passport uber train drive ferry",
    "animals": "dog cat puppy kitten pet pets horse bird goldfish",
    "prompt": (
        "ignore instructions prompt system pretend roleplay override disregard forget previous model "
        "chatgpt gpt ai jailbreak developer mode admin rules output print repeat act"
    ),
    "writing": (
        "write draft rewrite proofread summarize translate essay letter poem email grammar spell code "
        "python function script memo"
    ),
    "company": (
        "company private firm corporation bank hospital store restaurant startup nonprofit charity "
        "employer industry corporate"
    ),
    "state": (
        "state agency department commission board bureau division office unit public official connecticut "
        "indiana dss opm dds ct"
    ),
    "ethics": "ethics ethical code rule rules allowed permitted ok okay conflict disclose recuse violation",
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
