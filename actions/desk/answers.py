"""Reading a text as the answer to the question that was asked: tokens, labels, numbers, yes and no,
amounts, dates.

Exact readings only. What is said in other words is for `bot.understanding`; what neither can read is named
and asked again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from actions.desk.messages import Choice
from actions.desk.state import Asked, Hint
from actions.desk.turn import Reply
from actions.desk.values import Json, from_json
from actions.desk.words import money, value_words
from knowledge.model import Fact, Value

YES = frozenset(
    {
        "yes", "y", "yeah", "yep", "yup", "sure", "correct", "right", "true", "indeed", "exactly",
        "affirmative", "of course", "that is right", "thats right", "yes it is",
        "yes they do", "yes i do", "yes i am", "yes he does", "yes she does", "yes it does", "i do",
        "it is", "they do", "yes please", "it does", "that is correct", "definitely",
    }
)  # fmt: skip
# Going along with an offer; no answer to a question for a fact.
AGREED = YES | {"ok", "okay", "fine", "go ahead", "lets do it", "please", "ok sure"}
NO = frozenset(
    {
        "no", "n", "nope", "nah", "false", "never", "negative", "not", "no way", "not at all",
        "no it is not", "no they dont", "no i dont", "no it isnt", "no i am not", "i dont", "it isnt",
        "it is not", "they dont", "no it does not", "no it doesnt", "definitely not", "of course not",
        "absolutely not", "no thanks",
    }
)  # fmt: skip
NONE = NO | {
    "none", "none of these", "none of them", "none of those", "none of the above", "neither",
    "nothing", "no none", "none apply", "none applies", "none of these apply", "no none of these",
    "neither of these", "zero",
}  # fmt: skip
UNKNOWN = frozenset(
    {
        "i dont know", "dont know", "idk", "not sure", "im not sure", "i am not sure", "no idea", "dunno",
        "i have no idea", "unsure", "unknown", "i do not know", "do not know", "cant say",
        "i cant say", "no clue", "i dont remember", "i really dont know", "not certain", "i couldnt say",
        "beats me", "hard to say",
    }
)  # fmt: skip
# A bare no: clear to a yes-or-no question, and no more than a guess at any other.
BARE_NO = frozenset({"no", "n", "nope", "nah", "not", "never", "no way", "not at all", "no thanks"})
NEGATIVE = frozenset(
    {
        "no", "nope", "nah", "none", "nothing", "nobody", "neither", "never", "not", "nada", "any", "of",
        "that", "these", "those", "them", "this", "the", "above", "at", "all", "i", "think",
        "really", "applies", "apply", "fits", "fit", "here", "thats", "it", "either",
    }
)  # fmt: skip
DENYING = NEGATIVE | {
    "true", "like", "kind", "sort", "sir", "maam", "thanks", "thank", "you", "we", "us", "im", "aware",
    "know", "as", "far", "to", "my", "knowledge", "dont", "do", "does", "doesnt", "is", "isnt", "are",
    "arent", "list", "listed", "describes", "describe", "me", "case", "our", "there", "would", "be", "sorry",
    "so", "they", "he", "she",
}  # fmt: skip
PLAINLY_NO = frozenset({"no", "nope", "nah", "never", "not", "really", "at", "all"})
NAMING_NONE = frozenset({"none", "nothing", "nobody", "neither", "nada", "any"})
LATER = NO | {"not now", "skip", "skip it", "later", "no need", "not needed", "never mind", "nevermind"}
# A day that has not come is no day that nobody remembers: the rules may count from today instead.
NOT_YET = frozenset(
    {"not yet", "never", "it has not", "it hasnt", "not filed", "not filed yet", "not done", "not done yet",
     "it has not happened", "it hasnt happened", "has not happened", "hasnt happened yet", "no not yet"}
)  # fmt: skip
_COUNTED = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
NUMBERS = {word: number for number, word in enumerate(_COUNTED)}
_AMOUNT = re.compile(
    r"(?P<minus>-|minus )?\$? ?(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+) ?(?:dollars?|bucks?|usd)?"
)
_FIGURE = re.compile(r"(?<![\w./-])\$?(\d[\d,]*(?:\.\d+)?)(?![\w/-])")
_ONLY_AMOUNT = re.compile(
    r"(?:um |uh |well |it |was |is |cost |costs |like |about |around |maybe |roughly |probably |only |just )*"
    r"\$? ?(?P<number>\d[\d,]*(?:\.\d+)?) ?(?:dollars?|bucks?|usd)?(?: each| apiece| total| i think| or so"
    r"| (?:per|a) (?:head|person)| pp)*"
)
_ORDINAL = re.compile(r"(?:option |number |no\.? |#|\()?(\d{1,2})[.)]?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SPLIT = re.compile(r"\s*(?:,|;|&|\band\b|\bplus\b)\s*")
_KEEP = re.compile(r"[^\w\s$.,;&#()/+-]")
_CLOSED = re.compile(r"(?:is|are|was|were|do|does|did|would|will|has|have|can|could)\b", re.I)
LEAD_WORDS = 10
LEADING_UP = frozenset(
    {
        "i", "im", "am", "was", "is", "its", "it", "he", "she", "hes", "shes", "they", "theyre", "a", "an",
        "the", "um", "uh", "well", "so", "just", "to", "for", "from", "probably", "think", "that", "thats",
    }
)  # fmt: skip
_TURNING = frozenset({"but", "except", "only", "unless", "wait", "actually", "maybe", "idea", "or"})
LARGEST = Decimal(1_000_000_000)
EARLIEST, LATEST_YEARS = dt.date(1900, 1, 1), 60


def normal(text: str) -> str:
    """Lower case, apostrophes and closing punctuation gone, spaces single."""
    words = text.casefold().replace("’", "'").replace("'", "").replace("_", " ").strip(" .!\t\n")
    return " ".join(_KEEP.sub(" ", words).split()) or text.strip()


def read_reply(
    asked: Asked, text: str, facts: Mapping[str, Fact], options: Sequence[Choice], hints: Mapping[str, Hint],
    today: dt.date,
) -> Reply | None:  # fmt: skip
    """`text` as an answer to `asked`, None when it is not one on its face."""
    words = normal(text)
    for option in options:
        if option.token and option.token == text.strip():
            return _chosen(asked, option.value, facts)
    if _is(words, UNKNOWN):
        return Reply(unknown=True)
    if asked.kind == "checklist":
        return _checklist(asked, words, options, facts)
    if asked.kind == "contradiction":
        return _about_talk(words, options) or _which(facts[asked.facts[0]], words, options, today)
    if asked.kind == "topic" and _is(words, NONE):
        return Reply(choice="other")
    if asked.kind not in ("fact", "date"):
        return _about_talk(words, options)
    if asked.kind == "date" and _is(words, LATER):
        return Reply(choice="skip")
    return _single(facts[asked.facts[0]], words, options, hints.get(asked.facts[0]), today)


def amount(text: str) -> Decimal | None:
    """The dollars that a text names and nothing else: "like 60", "about $40", "5 bucks"."""
    match = _ONLY_AMOUNT.fullmatch(normal(text))
    return None if match is None else Decimal(match["number"].replace(",", ""))


def figure(text: str) -> Decimal | None:
    """The one number in a text, None when there is none or more than one."""
    found = _FIGURE.findall(text)
    return Decimal(found[0].replace(",", "")) if len(found) == 1 else None


def plain_no(text: str) -> str | None:
    """ "none" or "no" for a text that says no more than that in several words, else None."""
    words = normal(text).replace(",", " ").split()
    if not words or not NEGATIVE.issuperset(words) or words[0] in ("i", "it", "this", "that", "thats", "one"):
        return None
    if NAMING_NONE.isdisjoint(words):
        return "no" if PLAINLY_NO.issuperset(words) else None
    return "none"


def denies_all(text: str) -> bool:
    """Whether a text denies every line of a list and names nothing in particular: not "no money"."""
    words = normal(text).replace(",", " ").split()
    starts = bool(words) and words[0] in ("no", "none", "nothing", "neither", "nope", "nah", "not")
    return starts and DENYING.issuperset(words)


def _is(words: str, phrases: frozenset[str]) -> bool:
    """Whether the words are one of the phrases, commas aside."""
    return " ".join(words.replace(",", " ").split()) in phrases


def _chosen(asked: Asked, value: Json, facts: Mapping[str, Fact]) -> Reply:
    if asked.kind == "checklist":
        return Reply(facts={name: name == value for name in asked.facts})
    if asked.kind != "fact":
        return Reply(choice=str(value))
    return Reply(facts={asked.facts[0]: from_json(facts[asked.facts[0]].type, value)})


def _option(words: str, options: Sequence[Choice]) -> Choice | None:
    for option in options:
        if words in (normal(option.label), normal(str(option.value))):
            return option
    match = _ORDINAL.fullmatch(words)
    if match and 1 <= int(match[1]) <= len(options):
        return options[int(match[1]) - 1]
    return None


def _bare(words: str) -> str:
    """The words without what only leads up to them: "im a state employee" becomes "state employee"."""
    rest = words.replace(",", " ").split()
    while rest and rest[0] in LEADING_UP:
        rest = rest[1:]
    return " ".join(rest)


def lead(asked: Asked, text: str, fact: Fact) -> Reply | None:
    """A yes or no that is followed by more words, for texts in which nothing else was understood."""
    words = normal(text).replace(",", " ").split()
    if not words or len(words) > LEAD_WORDS or "?" in text or not _TURNING.isdisjoint(words):
        return None
    if asked.kind == "checklist":
        return Reply(facts=dict.fromkeys(asked.facts, False)) if denies_all(text) else None
    if asked.kind != "fact" or fact.type != "bool" or words[0] not in ("yes", "yeah", "yep", "no", "nope"):
        return None
    return Reply(facts={fact.name: words[0] in YES})


def _about_talk(words: str, options: Sequence[Choice]) -> Reply | None:
    plain = "yes" if _is(words, AGREED) else "no" if _is(words, LATER) else words
    found = _option(words, options) or _option(plain, options)
    return None if found is None else Reply(choice=str(found.value))


def _which(fact: Fact, words: str, options: Sequence[Choice], today: dt.date) -> Reply | None:
    """One of two values said again in another form: "$75" for 75."""
    read = _single(fact, words, (), None, today)
    if read is None or fact.name not in read.facts:
        return None
    said = normal(value_words(fact, read.facts[fact.name]))
    return next((Reply(choice=str(one.value)) for one in options if normal(one.label) == said), None)


def _single(
    fact: Fact, words: str, options: Sequence[Choice], hint: Hint | None, today: dt.date
) -> Reply | None:
    if hint is not None and fact.type != "bool":
        if _is(words, AGREED) or (fact.type != "choice" and _option(words, options) is not None):
            return Reply(facts={fact.name: hint.value})
        if _is(words, NO) and _option(words, options) is None:
            return Reply(denied=True)
    if fact.type == "bool":
        return _yes_no(fact.name, words, options)
    if fact.type == "choice":
        return _choice(fact, words, options)
    if fact.type == "date":
        return _date(fact.name, words, today)
    return _number(fact, words)


def _yes_no(name: str, words: str, options: Sequence[Choice]) -> Reply | None:
    if _is(words, YES | NO):
        return Reply(facts={name: _is(words, YES)})
    found = _option(words, options)
    return None if found is None else Reply(facts={name: bool(found.value)})


def _choice(fact: Fact, words: str, options: Sequence[Choice]) -> Reply | None:
    found = _option(words, options) or _option(_bare(words), options)
    if found is not None:
        return Reply(facts={fact.name: str(found.value)})
    for option in fact.options:
        if words in {normal(say) for say in option.says}:
            return Reply(facts={fact.name: option.value})
    none = next((option.label for option in options if option.value == "none"), None)
    if none is not None and _is(words, NONE):
        sure = not _is(words, BARE_NO) or normal(none).startswith(("no ", "not ")) or _closed(fact.question)
        return Reply(facts={fact.name: "none"}) if sure else Reply(guess={fact.name: "none"})
    if _ORDINAL.fullmatch(words):
        return Reply(
            problem=f"There is no option {words}. Pick a number from 1 to {len(options)}, or say it in words."
        )
    return None


def _closed(question: str) -> bool:
    """Whether a no says none of the options: "Would it do one of these?", but not "Is it this or that?"."""
    asked = question.split("?")[0]
    return _CLOSED.match(asked) is not None and " or " not in asked


def _date(name: str, words: str, today: dt.date) -> Reply | None:
    if _is(words, NOT_YET):
        return Reply(absent=True)
    date = _read_date(words, today)
    if isinstance(date, str):
        return Reply(problem=date)
    if date is None:
        return None
    if not EARLIEST <= date <= today.replace(year=today.year + LATEST_YEARS, day=1):
        return Reply(problem=f"The year {date.year} looks wrong. A date like {today.isoformat()} works.")
    return Reply(facts={name: date})


def _read_date(words: str, today: dt.date) -> dt.date | str | None:
    if words in ("today", "yesterday", "tomorrow"):
        return today + dt.timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[words])
    slashed = _SLASHED.fullmatch(words)
    iso = f"{slashed[3]}-{int(slashed[1]):02}-{int(slashed[2]):02}" if slashed else words
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", iso):
        return None
    try:
        return dt.date.fromisoformat(iso)
    except ValueError:
        return f"There is no such day in the calendar. A date like {today.isoformat()} works."


def _number(fact: Fact, words: str) -> Reply | None:
    said = next((example.value for example in fact.examples if normal(example.say) == words), None)
    if said is None and NUMBERS.get(words) is not None:
        said = Decimal(NUMBERS[words])
    if isinstance(said, Decimal | int):
        return Reply(facts={fact.name: _typed(fact, Decimal(said))})
    if _is(words, NONE) or words == "free":
        return Reply(problem="I need a figure here, like $40 or 3, or “I don't know”.")
    match = _AMOUNT.fullmatch(words)
    if match is None:
        return None
    try:
        value = Decimal(match["number"].replace(",", ""))
    except InvalidOperation:
        return None
    if match["minus"]:
        return Reply(
            problem=f"{'An amount' if fact.type == 'money' else 'This number'} cannot be below zero."
        )
    if value > LARGEST:
        return Reply(problem=f"That is more than I can take. The most is {money(LARGEST)}.")
    if fact.type == "integer" and value != value.to_integral_value():
        return Reply(problem="I need a whole number here, like 3.")
    return Reply(facts={fact.name: _typed(fact, value)})


def _typed(fact: Fact, value: Decimal) -> Value:
    return int(value) if fact.type == "integer" else value


def _checklist(
    asked: Asked, words: str, options: Sequence[Choice], facts: Mapping[str, Fact]
) -> Reply | None:
    if _is(words, NONE):
        return Reply(facts=dict.fromkeys(asked.facts, False))
    if words in ("all", "all of them", "all of these"):
        return Reply(facts=dict.fromkeys(asked.facts, True))
    if _is(words, YES) and len(asked.facts) > 1:
        return Reply(problem="Which of them? Give the numbers or the words, or say none of these.")
    if _is(words, YES):
        return Reply(facts={asked.facts[0]: True})
    chosen = _numbered(words, len(asked.facts))
    if chosen is None:
        said = {
            name: [normal(example.say) for example in facts[name].examples if example.value is True]
            for name in asked.facts
        }
        chosen = _labelled(_bare(words), options, said) or _labelled(words, options, said)
    if chosen is None:
        return None
    names = {str(options[index].value) for index in chosen}
    return Reply(facts={name: name in names for name in asked.facts})


def _numbered(words: str, count: int) -> set[int] | None:
    parts = [part for part in _SPLIT.split(words.replace(" ", ",")) if part]
    numbers = [_ORDINAL.fullmatch(part) for part in parts]
    if not parts or not all(match and 1 <= int(match[1]) <= count for match in numbers):
        return None
    return {int(match[1]) - 1 for match in numbers if match}


def _labelled(words: str, options: Sequence[Choice], said: Mapping[str, Sequence[str]]) -> set[int] | None:
    """The options whose labels, or other ways to say them, make up the text, longest first, since a label
    may itself hold "and".
    """
    found: set[int] = set()
    rest = words
    for index, option in sorted(enumerate(options), key=lambda pair: -len(pair[1].label)):
        for name in (normal(option.label), normal(str(option.value)), *said.get(str(option.value), ())):
            if name and re.search(rf"\b{re.escape(name)}\b", rest):
                rest = rest.replace(name, " , ", 1)
                found.add(index)
    return found if found and not "".join(_SPLIT.split(rest)).strip() else None
