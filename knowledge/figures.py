"""Figures: every number in a rule must stand in the text of a provision that the rule cites."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from knowledge.expression import ExpressionError, parse
from knowledge.model import Knowledge, Provision, Rule
from knowledge.numerals import TENS, UNITS
from knowledge.problems import Problem

_NUMBER = re.compile(r"(?<![\w.-])\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w-])")
_DOLLARS = re.compile(r"\$(\d{1,3}(?:,\d{3})+|\d+)(\.\d\d)?")
_WORDS = {word: Decimal(value) for word, value in (UNITS | TENS).items()}
_TRIVIAL = frozenset({Decimal(0), Decimal(1)})


def in_text(text: str) -> frozenset[Decimal]:
    """All numbers in a text, in digits ("$1,000.00", "30 days") or in words up to ninety."""
    digits = (Decimal(whole.replace(",", "") + part) for whole, part in _NUMBER.findall(text))
    words = (_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS)
    return frozenset((*digits, *words))


def in_expression(source: str) -> frozenset[Decimal]:
    """The numbers that a condition compares with, 0 and 1 apart."""
    constants = (node.value for node in ast.walk(parse(source).tree) if isinstance(node, ast.Constant))
    numbers = (
        Decimal(str(value))
        for value in constants
        if isinstance(value, int | float) and not isinstance(value, bool)
    )
    return frozenset(numbers) - _TRIVIAL


def of_rule(knowledge: Knowledge, rule: Rule) -> frozenset[Decimal]:
    """The figures a rule rests on: those in its condition, its parameters, and the dollars in its title."""
    names = parse(rule.when).names & set(knowledge.parameters)
    history = frozenset(value for name in names for _, value, _ in knowledge.parameters[name].values)
    dollars = (Decimal(whole.replace(",", "") + part) for whole, part in _DOLLARS.findall(rule.title))
    return (in_expression(rule.when) | history | frozenset(dollars)) - _TRIVIAL


def provision_figures(provision: Provision) -> frozenset[Decimal]:
    """The figures that a provision states, its superseded ones and note among them."""
    return in_text(" ".join((provision.heading, provision.text, provision.superseded, provision.note)))


def _cited(knowledge: Knowledge, rules: Iterable[Rule]) -> frozenset[Decimal]:
    cites = {cite for rule in rules for cite in rule.cites if cite in knowledge.provisions}
    return frozenset().union(*(provision_figures(knowledge.provisions[cite]) for cite in cites))


def missing_figures(knowledge: Knowledge, rule: Rule) -> Iterator[Problem]:
    """Yield a problem for each figure of `rule` that none of its provisions states."""
    try:
        lacking = of_rule(knowledge, rule) - _cited(knowledge, [rule])
    except ExpressionError:
        return  # reported by the expression check
    for figure in sorted(lacking):
        yield Problem(
            rule.file, f"{rule.id}.when", str(figure), f"a figure that {', '.join(rule.cites)} states"
        )


def missing_derived_figures(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield a problem for each figure of a derived fact that no rule reading it can cite."""
    readers: dict[str, list[Rule]] = {name: [] for name in knowledge.derived}
    try:
        for rule in knowledge.rules.values():
            for name in _reads(knowledge, rule.when):
                readers[name].append(rule)
        for derived in knowledge.derived.values():
            parameters = parse(derived.expression).names & set(knowledge.parameters)
            history = {value for name in parameters for _, value, _ in knowledge.parameters[name].values}
            for figure in sorted(
                (in_expression(derived.expression) | history) - _cited(knowledge, readers[derived.name])
            ):
                expected = "a figure stated by a provision that a rule reading it cites"
                yield Problem(f"derived {derived.name}", "expression", str(figure), expected)
    except ExpressionError:
        return


def missing_parameter_figures(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield a problem for each value of a parameter whose reference is no provision or does not state it."""
    for parameter in knowledge.parameters.values():
        for since, value, reference in parameter.values:
            provisions = [knowledge.provisions.get(one) for one in reference.split(", ")]
            found = (provision_figures(provision) for provision in provisions if provision is not None)
            if not all(provisions) or value not in frozenset().union(*found):
                where = f"parameter {parameter.name}"
                yield Problem(
                    where, f"values.{since}", f"{value} ({reference})", "a value that its reference states"
                )


def _reads(knowledge: Knowledge, source: str) -> set[str]:
    pending, seen = [source], set[str]()
    while pending:
        for name in parse(pending.pop()).names & set(knowledge.derived) - seen:
            seen.add(name)
            pending.append(knowledge.derived[name].expression)
    return seen
