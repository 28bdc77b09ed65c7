"""Load-time checks of substance: names resolve, citations resolve, windows fit, rules have cases."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from knowledge.expression import ExpressionError, parse
from knowledge.figures import missing_derived_figures, missing_figures, missing_parameter_figures
from knowledge.model import Case, Fact, Knowledge, Rule, Value
from knowledge.problems import Problem
from knowledge.typecheck import type_problems


def check(knowledge: Knowledge) -> list[Problem]:
    """Return every problem found; an empty list means that the knowledge may be used."""
    checks: tuple[Callable[[Knowledge], Iterable[Problem]], ...] = (
        _packs, _facts, _expressions, _rules, _cases, _provisions, _checklists, _parameters, _terms,
    )  # fmt: skip
    return list(itertools.chain.from_iterable(each(knowledge) for each in checks))


def _sources(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    yield from ((one.name, one.expression) for one in knowledge.derived.values())
    yield from ((rule.id, rule.when) for rule in knowledge.rules.values())
    yield from ((layer.id, layer.binds) for layer in knowledge.layers.values() if layer.binds)
    for topic in knowledge.topics.values():
        yield from ((f"topics.yml {topic.id}.referrals", one.when) for one in topic.referrals)


def _one_of(names: Iterable[str]) -> str:
    listed = sorted(names)
    return "one of " + ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")


def _packs(knowledge: Knowledge) -> Iterator[Problem]:
    for pack in knowledge.packs.values():
        file = f"packs/{pack.id}/pack.yml"
        if pack.extends is not None and pack.extends not in knowledge.packs:
            yield Problem(file, "extends", pack.extends, _one_of(knowledge.packs))
        for name, value in (*pack.fixes.items(), *pack.assumes.items()):
            yield from _value(knowledge.facts, file, name, value)
    for topic in knowledge.topics.values():
        for name in set(topic.packs) - set(knowledge.packs):
            yield Problem("topics.yml", topic.id, name, _one_of(knowledge.packs))
        if topic.part_of is not None and topic.part_of not in knowledge.topics:
            yield Problem("topics.yml", f"{topic.id}.part_of", topic.part_of, _one_of(knowledge.topics))
        for name, value in (*topic.assumes.items(), *topic.denied_by.items()):
            yield from _value(knowledge.facts, "topics.yml", name, value)


def _facts(knowledge: Knowledge) -> Iterator[Problem]:
    for fact in knowledge.facts.values():
        file = f"facts/{fact.name}.yml"
        if fact.type == "choice" and len({option.value for option in fact.options}) < 2:
            yield Problem(
                file, f"{fact.name}.options", f"{len(fact.options)} options", "two or more different options"
            )
        if (fact.type == "date") != fact.name.endswith("_date"):
            # The engine looks for dates to try by their names.
            yield Problem(file, f"{fact.name}.name", fact.type, "a name in _date for dates, and for no other")
        if fact.type != "choice" and fact.options:
            yield Problem(file, f"{fact.name}.options", "options", f"none, since its type is {fact.type}")
        if (
            not fact.question.endswith("?")
            and not fact.question.rstrip(").").endswith("?")
            and "?" not in fact.question
        ):
            yield Problem(
                file, f"{fact.name}.question", fact.question[:60], "a question that ends with a question mark"
            )
        for key, value in (("presume", fact.presume), ("case_default", fact.case_default)):
            if value is not None:
                yield from _value(knowledge.facts, file, fact.name, value, key)
        for example in fact.examples:
            yield from _value(knowledge.facts, file, fact.name, example.value, "examples")


def _value(facts: Mapping[str, Fact], file: str, name: str, value: Value, key: str = "") -> Iterator[Problem]:
    fact = facts.get(name)
    where = f"{name}.{key}" if key else name
    if fact is None:
        yield Problem(file, where, name, "the name of a fact")
    elif not fits(fact, value):
        yield Problem(file, where, repr(value), wanted(fact))


def fits(fact: Fact, value: Value) -> bool:
    """Whether `value` is of the fact's type and, for a choice, among its options."""
    match fact.type:
        case "bool":
            return isinstance(value, bool)
        case "choice":
            return value in {option.value for option in fact.options}
        case "date":
            return isinstance(value, dt.date)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "money":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)


def wanted(fact: Fact) -> str:
    """What a right value of the fact looks like, in words for an error message."""
    if fact.type == "choice":
        return "one of " + ", ".join(option.value for option in fact.options)
    kinds = {
        "bool": "true or false",
        "money": "an amount in dollars",
        "date": "a date YYYY-MM-DD",
        "integer": "a whole number",
    }
    return kinds[fact.type]


def _expressions(knowledge: Knowledge) -> Iterator[Problem]:
    known = set(knowledge.facts) | set(knowledge.derived) | set(knowledge.parameters)
    graph: dict[str, frozenset[str]] = {}
    for where, source in _sources(knowledge):
        try:
            expression = parse(source)
        except ExpressionError as error:
            yield Problem(where, "expression", str(error), "an expression of the condition language")
            continue
        for name in sorted(expression.names - known):
            yield Problem(where, "expression", name, "the name of a fact, derived fact or parameter")
        yield from type_problems(knowledge, where, expression)
        if where in knowledge.derived:
            graph[where] = expression.names & set(knowledge.derived)
    for name in set(knowledge.facts) & set(knowledge.derived):
        yield Problem(name, "name", "a fact and a derived fact", "one or the other")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield Problem(
            "derived",
            "expression",
            " → ".join(error.args[1]),
            "derived facts that do not depend on themselves",
        )


def _rules(knowledge: Knowledge) -> Iterator[Problem]:
    worked = {rule for case in knowledge.cases for rule in case.rules}
    for rule in knowledge.rules.values():
        for topic in rule.topics:
            if topic not in knowledge.topics:
                yield Problem(rule.file, f"{rule.id}.topics", topic, _one_of(knowledge.topics))
        if rule.outcome not in knowledge.outcomes:
            yield Problem(rule.file, f"{rule.id}.outcome", rule.outcome, _one_of(knowledge.outcomes))
        if rule.layer not in knowledge.layers:
            yield Problem(rule.file, f"{rule.id}.layer", rule.layer, _one_of(knowledge.layers))
        for cite in rule.cites:
            if cite not in knowledge.provisions:
                yield Problem(rule.file, f"{rule.id}.cites", cite, "the id of a provision")
        if rule.id not in worked:
            yield Problem(rule.file, f"{rule.id}.cases", "no worked case", "a case that names this rule")
        if rule.effective_from and rule.effective_to and rule.effective_from > rule.effective_to:
            yield Problem(
                rule.file,
                f"{rule.id}.effective_to",
                str(rule.effective_to),
                f"a date after {rule.effective_from}",
            )
        yield from _duties(knowledge, rule)
        yield from missing_figures(knowledge, rule)


def _duties(knowledge: Knowledge, rule: Rule) -> Iterator[Problem]:
    for duty in rule.duties:
        if duty.due is not None and (
            duty.due.after not in knowledge.facts or knowledge.facts[duty.due.after].type != "date"
        ):
            yield Problem(rule.file, f"{rule.id}.duties.due.after", duty.due.after, "the name of a date fact")


def _cases(knowledge: Knowledge) -> Iterator[Problem]:
    seen: set[str] = set()
    for case in knowledge.cases:
        where = f"case {case.name!r}"
        if case.name in seen:
            yield Problem(where, "name", case.name, "a name used once")
        seen.add(case.name)
        yield from _case(knowledge, case, where)


def _case(knowledge: Knowledge, case: Case, where: str) -> Iterator[Problem]:
    for key, value, known in (
        ("pack", case.pack, set(knowledge.packs)),
        ("topic", case.topic, set(knowledge.topics)),
        ("outcome", case.outcome, set(knowledge.outcomes)),
    ):
        if value not in known:
            yield Problem(where, key, value, _one_of(known))
    for name in set(case.rules) - set(knowledge.rules):
        yield Problem(where, "rules", name, "the id of a rule")
    for name, fact_value in case.facts.items():
        yield from _value(knowledge.facts, where, name, fact_value)


def _provisions(knowledge: Knowledge) -> Iterator[Problem]:
    for provision in knowledge.provisions.values():
        for key, ids in (
            ("parent", (provision.parent,) if provision.parent else ()),
            ("governs", provision.governs),
            ("repeats", provision.repeats),
        ):
            for name in ids:
                if name not in knowledge.provisions or name == provision.id:
                    yield Problem(f"provision {provision.id}", key, name, "the id of another provision")


def _checklists(knowledge: Knowledge) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in knowledge.checklists.values():
        for name in item.facts:
            fact = knowledge.facts.get(name)
            if fact is None or fact.type != "bool":
                yield Problem("checklists.yml", item.id, name, "the name of a yes/no fact")
            elif not fact.statement:
                yield Problem(
                    f"facts/{name}.yml",
                    f"{name}.statement",
                    "nothing",
                    "a statement, since a checklist shows it",
                )
            if name in seen:
                yield Problem("checklists.yml", item.id, name, "a fact that stands in one checklist only")
            seen.add(name)


def _parameters(knowledge: Knowledge) -> Iterator[Problem]:
    for parameter in knowledge.parameters.values():
        dates = [since for since, _, _ in parameter.values]
        if dates != sorted(set(dates)):
            yield Problem(
                f"parameter {parameter.name}", "values", ", ".join(map(str, dates)), "rising dates, each once"
            )
        if parameter.name in knowledge.facts or parameter.name in knowledge.derived:
            yield Problem(f"parameter {parameter.name}", "name", parameter.name, "a name no fact has")
    yield from missing_parameter_figures(knowledge)
    yield from missing_derived_figures(knowledge)


def _terms(knowledge: Knowledge) -> Iterator[Problem]:
    for term in knowledge.glossary.values():
        for cite in term.cites:
            if cite not in knowledge.provisions:
                yield Problem("glossary.yml", term.term, cite, "the id of a provision")
