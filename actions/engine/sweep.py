"""One sweep over all rules of a scope that gives for each rule a set of facts: those on which its truth
hangs, or those whose change alone could turn it.

A set of facts is an integer with one bit a fact, and `ALL` the set of everything. Each part of a condition is
a line or two of compiled code, so that a sweep costs little more than deciding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from actions.engine.compile import Facts, Writer, build
from actions.engine.terms import Atom, Constant, Every, Flag, Not, Some, Term, facts_of, walk
from knowledge.model import FactType

ALL = -1
#: For each part of the rules' conditions 0 when it is true, `ALL` when it is false, else the unknown facts on
#: which it hangs.
Hanging = Callable[[Facts, Collection[str]], list[int]]
#: For each rule the facts whose change alone could make it true; `ALL` where it is. The second argument gives
#: the bits of the facts that may be changed.
Turning = Callable[[Facts, Mapping[str, int]], list[int]]


def union(sets: Iterable[int]) -> int:
    """All the facts that are in some of the sets; what holds everything says nothing of a fact."""
    joined = 0
    for one in sets:
        if one > 0:
            joined |= one
    return joined


def compile_hanging(terms: Sequence[Term], types: Mapping[str, FactType], bits: Mapping[str, int]) -> Hanging:
    """The sweep for what is not known; `bits` numbers the facts of the terms.

    Each part is kept twice: as a number that is 0 for true and `ALL` for false, so that the union says it of
    all of several parts, and the other way round, for one of several. What is not known is the same in both.
    """
    writer = Writer(types, terms, share=False)
    # A parameter that has no value on the date is no fact, and what hangs on it is not known either.
    other = 1 << len(bits)
    found: dict[int, tuple[str, str]] = {}
    for number, part in enumerate(distinct(terms)):
        every, some = f"e{number}", f"s{number}"
        match part:
            case Constant(value=value):
                found[id(part)] = ("0", "-1") if value else ("-1", "0")
                continue
            case Not(part=inner):
                found[id(part)] = (found[id(inner)][1], found[id(inner)][0])
                continue
            case Flag(fact=name):
                writer.lines.append(
                    f"{every} = 0 if v_{name} is True else {bits[name]} if v_{name} is None else -1"
                )
            case Atom(facts=facts):
                sure, maybe = writer.pair(part)
                unknown = "|".join(
                    [*(f"({bits[name]} if v_{name} is None else 0)" for name in facts), str(other)]
                )
                writer.lines.append(f"{every} = 0 if {sure} else {unknown} if {maybe} else -1")
            case Every(parts=parts):
                writer.lines.append(f"{every} = {'|'.join(found[id(one)][0] for one in parts)}")
            case Some(parts=parts):
                writer.lines.append(f"{some} = {'|'.join(found[id(one)][1] for one in parts)}")
        new, old = (every, some) if isinstance(part, Some) else (some, every)
        writer.lines.append(f"{new} = {old} if {old} > 0 else ~{old}")
        found[id(part)] = every, some
    answer = ", ".join(every for every, _ in found.values())
    hanging: Hanging = build(writer, "hanging", "facts, open_", [f"return [{answer}]"])
    return hanging


def compile_turning(terms: Sequence[Term], types: Mapping[str, FactType]) -> Turning:
    """The sweep for what could be otherwise.

    All of several parts become true through one fact only if it does so for each that is not yet true, and
    one of several if it does so for any; for becoming false it is the other way round. What is as wanted
    already needs no fact and is `ALL`.
    """
    writer = Writer(types, terms, share=False)
    names = sorted({name for term in terms for name in facts_of(term)})
    writer.lines += [f"b_{name} = bits.get({name!r}, 0)" for name in names]
    found: dict[int, tuple[str, str]] = {}
    for number, part in enumerate(distinct(terms)):
        yes, no = f"y{number}", f"n{number}"
        match part:
            case Constant(value=value):
                found[id(part)] = ("-1", "0") if value else ("0", "-1")
                continue
            case Not(part=inner):
                found[id(part)] = (found[id(inner)][1], found[id(inner)][0])
                continue
            case Flag(fact=name):
                lines = [
                    f"{yes} = -1 if v_{name} is True else b_{name}",
                    f"{no} = -1 if v_{name} is False else b_{name}",
                ]
            case Atom(facts=facts):
                sure, maybe = writer.pair(part)
                read = "|".join(f"b_{name}" for name in facts) or "0"
                lines = [f"{yes} = -1 if {sure} else {read}", f"{no} = {read} if {maybe} else -1"]
            case Every(parts=parts) | Some(parts=parts):
                signs = "&|" if isinstance(part, Every) else "|&"
                lines = [
                    f"{name} = {sign.join(found[id(one)][side] for one in parts)}"
                    for side, (name, sign) in enumerate(zip((yes, no), signs, strict=True))
                ]
        writer.lines += lines
        found[id(part)] = yes, no
    answer = ", ".join(found[id(term)][0] for term in terms)
    turning: Turning = build(writer, "turning", "facts, bits, open_=()", [f"return [{answer}]"])
    return turning


def distinct(terms: Sequence[Term]) -> Iterator[Term]:
    """Every part of `terms` once, parts before the whole."""
    return iter({id(part): part for term in terms for part in walk(term)}.values())
