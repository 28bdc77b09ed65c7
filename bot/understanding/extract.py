"""Reading facts out of a message: declared phrases, counts, amounts of money and dates."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.dates import When, dates
from bot.understanding.matching import Finder, Hit
from bot.understanding.model import Mention
from bot.understanding.money import Amount, amounts
from bot.understanding.numbers import numbers
from bot.understanding.phrases import Line, Phrases, Quantity
from bot.understanding.text import Text
from knowledge.model import Knowledge, Value

SURE, HEDGED, DOUBTFUL = 0.95, 0.75, 0.4
LARGEST_COUNT = 100_000
FAR = 1000
BESIDE = 3  # words
BREAKS = frozenset({",", ";", ":", "(", ")", "but"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read: `said` may be used, `unsure` must be confirmed (what was hedged stands in both)."""

    said: tuple[Mention, ...]
    unsure: tuple[Mention, ...]


class Extractor:
    """Reads facts with the phrases of `knowledge/phrases`."""

    def __init__(self, knowledge: Knowledge, phrases: Phrases) -> None:
        self._knowledge = knowledge
        said = Finder(phrases.lines)
        # A message is looked through for its features and again for its facts: the same hits serve both.
        self._found = lru_cache(4)(lambda text: tuple(said.find(text)))
        self._quantities = phrases.quantities
        self._near = Finder([line for quantity in phrases.quantities for line in quantity.near])

    def extract(
        self, text: Text, relevant: Collection[str], topics: Collection[str], today: dt.date, *,
        pack: str | None = None, strict: bool = False, always: Collection[str] = (),
    ) -> Facts:  # fmt: skip
        """Facts among `relevant` that `text` states on `topics`; `strict` leaves bare nouns out.

        The facts in `always` were asked for: their phrases count on any topic, bare nouns as well.
        """
        hits = defaultdict(list)
        counts = []
        for hit in self._found(text):
            line = hit.line
            if line.fact not in always and not (
                line.fact in relevant and _counts_here(line, pack, topics, strict)
            ):
                continue
            if line.value is None:
                counts.append(hit)
            else:
                hits[line.fact].append(hit)
        said: list[Mention] = []
        unsure: list[Mention] = []
        for name in hits:
            self._settle(text, name, hits[name], said, unsure)
        said += self._counts(text, counts)
        taken = {mention.name for mention in said}
        true = {mention.name for mention in said if mention.value is True}
        for mention, exact in self._amounts_and_dates(text, relevant, topics, today, true):
            if mention.name not in taken:
                taken.add(mention.name)
                (said if exact else unsure).append(mention)
        return Facts(tuple(said), tuple(unsure))

    def features(self, text: Text) -> list[str]:
        """What the phrases found, on whatever topic, as features of the trained head."""
        return sorted({f"f:{hit.line.fact}={hit.line.value}" for hit in self._found(text)})

    def _settle(
        self, text: Text, name: str, hits: list[Hit], said: list[Mention], unsure: list[Mention]
    ) -> None:
        """One value for a fact, or none: phrases that contradict each other settle nothing."""
        readings = [reading for hit in hits if (reading := _reading(hit)) is not None]
        stated = [(hit, value) for hit, value in readings if not (hit.doubtful or hit.line.unsure)]
        doubted = [(hit, value) for hit, value in readings if hit.doubtful or hit.line.unsure]
        kept = _outermost(stated)
        if len({value for _, value in kept}) == 1:
            hit, value = min(kept, key=lambda pair: (pair[0].hedged, pair[0].start))
            mention = _mention(text, name, value, hit.start, hit.end, HEDGED if hit.hedged else SURE)
            said.append(mention)
            if hit.hedged:
                unsure.append(mention)
        elif kept or doubted:
            hit, value = (kept or doubted)[0]
            unsure.append(_mention(text, name, value, hit.start, hit.end, DOUBTFUL))

    def _counts(self, text: Text, hits: list[Hit]) -> Iterator[Mention]:
        found = numbers(text.words)
        seen: set[str] = set()
        for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
            number = next((one for one in found if one.start < hit.end and hit.start < one.end), None)
            if number is None or hit.line.fact in seen or hit.negated or hit.doubtful:
                continue
            value = number.value * hit.line.times
            if value == int(value) and 0 < value < LARGEST_COUNT:
                seen.add(hit.line.fact)
                yield _mention(text, hit.line.fact, int(value), hit.start, hit.end, SURE)

    def _amounts_and_dates(
        self,
        text: Text,
        relevant: Collection[str],
        topics: Collection[str],
        today: dt.date,
        true: Collection[str],
    ) -> Iterator[tuple[Mention, bool]]:
        money, days = amounts(text), dates(text.original, today)
        if not money and not days:
            return
        near: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for hit in self._near.find(text):
            near[id(hit.line)].append((hit.start, hit.end))
        wanted = [
            quantity
            for quantity in self._quantities
            if quantity.fact in relevant
            and (not quantity.topics or not quantity.topics.isdisjoint(topics))
            and (quantity.given is None or quantity.given in true)
            and (quantity.absent is None or quantity.absent not in true)
        ]
        for amount in sorted(money, key=lambda one: not one.each):
            places = _places(text, amount.start, amount.end, amount, self._of(wanted, "money"), near)
            if places:
                fact, sure = min(places)[-1], SURE if amount.exact else DOUBTFUL
                yield _mention(text, fact, amount.high, amount.start, amount.end, sure), amount.exact
        for when, fact in self._placed(text, days, self._of(wanted, "date"), today, near):
            quoted, sure = text.original[when.start : when.end], SURE if when.exact else DOUBTFUL
            yield Mention(fact, when.date, quoted, when.start, when.end, sure), when.exact

    def _placed(
        self, text: Text, days: Sequence[When], wanted: Sequence[Quantity], today: dt.date,
        near: Mapping[int, list[tuple[int, int]]],
    ) -> Iterator[tuple[When, str]]:  # fmt: skip
        """Each date with the fact that it is: of two dates that could be one, the one whose words are nearer,
        and the other looks further."""
        found = []
        for at, when in enumerate(days):
            fit = [one for one in wanted if not (one.past and when.date > today)]
            found += [(*place, at) for place in _places(text, *_span(text, when), None, fit, near)]
        placed: dict[int, str] = {}
        for _, _, _, _, fact, at in sorted(found):
            if at not in placed and fact not in placed.values():
                placed[at] = fact
        for at, fact in sorted(placed.items()):
            yield days[at], fact

    def _of(self, quantities: Iterable[Quantity], kind: str) -> list[Quantity]:
        return [quantity for quantity in quantities if self._knowledge.facts[quantity.fact].type == kind]


def _counts_here(line: Line, pack: str | None, topics: Collection[str], strict: bool) -> bool:
    """Whether a phrase for a fact that nobody asked for counts in this message."""
    return (
        not line.asked
        and not (strict and line.weak)
        and (not line.topics or not line.topics.isdisjoint(topics))
        and (not line.packs or pack is None or pack in line.packs)
    )


def _reading(hit: Hit) -> tuple[Hit, Value] | None:
    value = hit.line.value
    if not hit.negated:
        return None if value is None else (hit, value)
    return (hit, not value) if isinstance(value, bool) else None


def _outermost(readings: list[tuple[Hit, Value]]) -> list[tuple[Hit, Value]]:
    """Readings not inside a longer one; bare nouns give way to phrases."""
    strong = [pair for pair in readings if not pair[0].line.weak] or readings
    return [
        (hit, value)
        for hit, value in strong
        if not any(
            other.start <= hit.start
            and hit.end <= other.end
            and (other.end - other.start) > (hit.end - hit.start)
            for other, _ in strong
        )
    ]


def _places(
    text: Text, start: int, end: int, amount: Amount | None, wanted: Sequence[Quantity],
    near: Mapping[int, list[tuple[int, int]]],
) -> list[tuple[bool, bool, int, int, str]]:  # fmt: skip
    """The facts that an amount or date may be, the least first: words of its own sentence go before others,
    those that no comma parts from it and the nearest before those further off, and last comes a fact that
    takes what is left."""
    low, high = text.sentence(start)
    places = []
    for order, quantity in enumerate(wanted):
        beside = text.words[max(low, start - BESIDE) : min(high, end + BESIDE)]
        if (
            not quantity.unless.isdisjoint(text.words[low:high])
            or not quantity.apart.isdisjoint(beside)
            or not _fits(quantity, amount)
        ):
            continue
        spans = [span for line in quantity.near for span in near.get(id(line), ())]
        nearest = min(((not low <= at < high, _apart(text, start, end, at, to), _distance(start, end, at, to))
                       for at, to in spans if _distance(start, end, at, to) <= quantity.within),
                      default=None)  # fmt: skip
        if nearest is not None:
            places.append((*nearest, order, quantity.fact))
        elif quantity.otherwise:
            places.append((True, True, FAR, order, quantity.fact))
    return places


def _apart(text: Text, start: int, end: int, low: int, high: int) -> bool:
    """Whether something parts the words from the amount or date."""
    between = text.words[high:start] if high <= start else text.words[end:low]
    return not BREAKS.isdisjoint(between)


def _fits(quantity: Quantity, amount: Amount | None) -> bool:
    if amount is None:
        return True
    return (quantity.each is None or quantity.each == amount.each) and (
        quantity.total is None or quantity.total == amount.total
    )


def _distance(start: int, end: int, low: int, high: int) -> int:
    return max(low - end, start - high, 0)


def _span(text: Text, when: When) -> tuple[int, int]:
    start = next((at for at, ends in enumerate(text.ends) if ends > when.start), 0)
    end = next((at for at, starts in enumerate(text.starts) if starts >= when.end), len(text.starts))
    return start, end


def _mention(text: Text, name: str, value: Value, start: int, end: int, confidence: float) -> Mention:
    return Mention(name, value, text.quote(start, end), text.starts[start], text.ends[end - 1], confidence)
