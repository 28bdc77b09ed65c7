"""The same rules in the languages of two other rule engines, for a comparison of speed."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from typing import Any

from actions.engine.scope import Scope
from knowledge import expression
from knowledge.model import Knowledge

#: Facts in, the positions of the rules that fire out.
Decide = Callable[[Mapping[str, Any]], list[int]]


class Translation:
    """A scope's conditions as text in C-like expressions; `refer` says how a derived fact is named.

    Dates are given as day numbers and `is_set` as a flag beside each fact: a favour to the others.
    """

    def __init__(self, scope: Scope, refer: Callable[[str], str]) -> None:
        self.knowledge: Knowledge = scope.knowledge
        self.refer = refer
        self.derived: dict[str, str] = {}
        self.rules = [self._rule(entry.rule.when, entry.rule.layer) for entry in scope.entries]

    def prepare(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The input: facts as JSON values, and a flag beside each that says whether it was answered."""
        given: dict[str, Any] = {}
        for name, fact in self.knowledge.facts.items():
            value = facts.get(name)
            given[f"has_{name}"] = value is not None
            if fact.type == "money":
                given[name] = float(value or 0)
            elif fact.type == "date":
                given[name] = value.toordinal() if value else 0
            else:
                given[name] = value
        return given

    def _rule(self, when: str, layer: str) -> str:
        binds = self.knowledge.layers[layer].binds
        text = self._text(expression.parse(when).tree)
        return f"({text} and {self._text(expression.parse(binds).tree)})" if binds else text

    def _name(self, name: str) -> str:
        if name not in self.knowledge.derived:
            return name
        if name not in self.derived:
            text = self._text(expression.parse(self.knowledge.derived[name].expression).tree)
            self.derived[name] = text
        return self.refer(name)

    def _text(self, tree: ast.expr) -> str:
        match tree:
            case ast.BoolOp(op=op, values=values):
                word = " and " if isinstance(op, ast.And) else " or "
                return "(" + word.join(self._text(value) for value in values) + ")"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(not {self._text(operand)})"
            case ast.IfExp(test=test, body=body, orelse=other):
                return f"({self._text(test)} ? {self._text(body)} : {self._text(other)})"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return f"({self._text(left)} {_SIGNS[type(op)]} {self._text(right)})"
            case ast.BinOp(left=left, op=op, right=right):
                return f"({self._text(left)} {_SIGNS[type(op)]} {self._text(right)})"
            case ast.Call(func=ast.Name(id="is_set"), args=[ast.Name(id=name)]):
                return f"has_{name}"
            case ast.Call(func=ast.Name(id="days"), args=[ast.Name(id=start), ast.Name(id=end)]):
                return f"({end} - {start})"
            case ast.Tuple(elts=items):
                return "[" + ", ".join(self._text(item) for item in items) + "]"
            case ast.Name(id=name):
                return self._name(name) if name not in self.knowledge.parameters else self._parameter(name)
            case ast.Constant(value=str(text)):
                return f"'{text}'"
            case ast.Constant(value=value):
                return str(value).lower()
        raise TypeError(f"not translated: {ast.unparse(tree)}")

    def _parameter(self, name: str) -> str:
        return str(self.knowledge.parameters[name].values[-1][1])


_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip


def zen_engine(scope: Scope) -> tuple[Translation, Decide]:
    """GoRules' zen-engine (Rust): one expression node with the derived facts and the rules."""
    import zen

    translation = Translation(scope, lambda name: f"$.{name}")
    entries = [*translation.derived.items(), *((f"r{n}", text) for n, text in enumerate(translation.rules))]
    node = [{"id": key, "key": key, "value": text} for key, text in entries]
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {"id": "all", "name": "all", "type": "expressionNode", "position": {"x": 1, "y": 0},
             "content": {"expressions": node}},
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "all", "type": "edge"},
            {"id": "2", "sourceId": "all", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    keys = [f"r{number}" for number in range(len(translation.rules))]

    def decide(facts: Mapping[str, Any]) -> list[int]:
        result = decision.evaluate(dict(facts))["result"]
        return [number for number, key in enumerate(keys) if result[key]]

    return translation, decide


def rule_engine(scope: Scope) -> tuple[Translation, Decide]:
    """The Python package rule-engine: one compiled expression for each derived fact and each rule."""
    import rule_engine as package

    translation = Translation(scope, lambda name: name)
    context = package.Context(default_value=None)
    derived = [(name, package.Rule(text, context=context)) for name, text in translation.derived.items()]
    rules = [package.Rule(text, context=context) for text in translation.rules]

    def decide(facts: Mapping[str, Any]) -> list[int]:
        known = dict(facts)
        for name, rule in derived:
            known[name] = rule.evaluate(known)
        return [number for number, rule in enumerate(rules) if rule.evaluate(known)]

    return translation, decide
