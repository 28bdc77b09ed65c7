"""Break the law's files mechanically: every structural mistake must be caught at load time, and nearly every
flipped operator or altered number by the worked cases.

A mutant changes one thing in one rule. Equivalent mutants exist (a limit that another rule repeats), so the
bar for the semantic ones is a share; those that escape are printed when it is missed.
"""

from __future__ import annotations

import ast
import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from actions.engine import Engine
from knowledge import schema
from knowledge.check import check
from knowledge.load import HERE, load
from knowledge.model import Case, Knowledge, Rule
from tests.laws.worked import day_of, facts_of

SEED = 20261124
STRUCTURAL = 320
SEMANTIC = 220


def _rule_files() -> list[Path]:
    return sorted(HERE.rglob("rules/*/*.yml"))


def _structural(entry: dict[str, object], chance: random.Random) -> tuple[str, dict[str, object]]:
    """One mechanical defect of shape or reference."""
    kind = chance.choice(("drop", "type", "cite", "outcome", "layer", "topic", "name", "misspell"))
    broken = dict(entry)
    match kind:
        case "drop":
            required = [name for name, field in schema.RuleShape.model_fields.items() if field.is_required()]
            key = chance.choice(required)
            broken.pop(key)
            return f"without {key}", broken
        case "type":
            key = chance.choice(["title", "when", "outcome", "cites", "topics", "duties"])
            broken[key] = 7
            return f"{key} of another type", broken
        case "cite":
            broken["cites"] = [*broken["cites"], "CGS 99-999(z)"]  # type: ignore[misc]
        case "outcome" | "layer":
            broken[kind] = f"{broken[kind]}x"
        case "topic":
            broken["topics"] = ["gifts_and_more"]
        case "name":
            names = [
                node
                for node in ast.walk(ast.parse(str(broken["when"]).strip()))
                if isinstance(node, ast.Name)
            ]
            name = chance.choice(names).id
            broken["when"] = str(broken["when"]).replace(name, f"{name}x")
        case "misspell":
            broken["outcomes"] = broken.pop("outcome")
    return kind, broken


def _caught_at_load(knowledge: Knowledge, original: Rule, broken: dict[str, object]) -> bool:
    from knowledge import build

    try:
        shape = schema.RuleShape.model_validate(broken)
    except ValidationError:
        return True
    rule, _ = build.rule(shape, original.pack, original.file)
    rules = {**knowledge.rules, rule.id: rule} if rule.id == original.id else {rule.id: rule}
    return bool(check(dataclasses.replace(knowledge, rules=rules)))


def test_every_structural_mutant_is_caught() -> None:
    knowledge = load()
    chance = random.Random(SEED)
    files = _rule_files()
    escaped = []
    for _ in range(STRUCTURAL):
        path = chance.choice(files)
        entry = yaml.safe_load(path.read_text())
        what, broken = _structural(entry, chance)
        if not _caught_at_load(knowledge, knowledge.rules[entry["id"]], broken):
            escaped.append(f"{path.name}: {what}")
    print(f"structural: {STRUCTURAL - len(escaped)} of {STRUCTURAL} caught when loaded")
    assert not escaped, f"{len(escaped)} of {STRUCTURAL} escaped: {escaped}"


_FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


class _Mutator(ast.NodeTransformer):
    """Alters the `at`-th operator or number of an expression."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = -1
        self.what = ""

    def _now(self, what: str) -> bool:
        self.seen += 1
        if self.seen == self.at:
            self.what = what
        return self.seen == self.at

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if self._now(f"{ast.unparse(node)} flipped"):
            node.ops = [_FLIPS[type(node.ops[0])](), *node.ops[1:]]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._now(f"{ast.unparse(node)[:60]} and/or swapped"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        # Zero and one stand for "any at all" and "the first": they are no figures of the law.
        if isinstance(value, int | float) and value > 1 and self._now(f"{value} + 1"):
            return ast.Constant(value + 1)
        return node


def _mutants(rule: Rule) -> Iterator[tuple[str, str]]:
    at = 0
    while True:
        mutator = _Mutator(at)
        tree = mutator.visit(ast.parse(rule.when.strip(), mode="eval"))
        if not mutator.what:
            return
        yield mutator.what, ast.unparse(tree)
        at += 1


def _noticed(knowledge: Knowledge, rule: Rule, cases: dict[str, list[Case]]) -> bool:
    changed = dataclasses.replace(knowledge, rules={**knowledge.rules, rule.id: rule})
    from knowledge.figures import missing_figures

    if any(missing_figures(changed, rule)):
        return True
    engine = Engine(changed)
    for case in (case for topic in rule.topics for case in cases[topic]):
        determination = engine.determine(case.pack, case.topic, facts_of(knowledge, case), day_of(case))
        fired = {one.rule for one in determination.rules}
        if determination.outcome != case.outcome or fired != set(case.rules):
            return True
    return False


def test_flipped_operators_and_numbers_are_caught_by_the_cases() -> None:
    knowledge = load()
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in knowledge.cases:
        cases[case.topic].append(case)
    every = [(rule, what, when) for rule in knowledge.rules.values() for what, when in _mutants(rule)]
    chosen = random.Random(SEED).sample(every, SEMANTIC)
    escaped = [
        f"{rule.id}: {what}"
        for rule, what, when in chosen
        if not _noticed(knowledge, dataclasses.replace(rule, when=when), cases)
    ]
    share = 1 - len(escaped) / SEMANTIC
    print(f"operators and numbers: {share:.1%} of {SEMANTIC} (of {len(every)}) caught by the cases; escaped:")
    print("\n".join(escaped))
    assert share >= 0.95, f"{share:.3f} of {SEMANTIC} of {len(every)} caught; escaped:\n" + "\n".join(escaped)
