"""From file shapes to the frozen values of `knowledge.model`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

from knowledge import model, schema


def topic(shape: schema.TopicShape, _pack: str, _file: str) -> model.Topic:
    return model.Topic(
        id=shape.id,
        title=shape.title,
        description=shape.description,
        packs=tuple(shape.packs),
        assumes=_raw(shape.assumes),
        denied_by=_raw(shape.denied_by),
        referrals=tuple(model.Referral(one.when, one.why) for one in shape.referrals),
        part_of=shape.part_of,
    )


def outcome(shape: schema.OutcomeShape, _pack: str, _file: str) -> model.Outcome:
    return model.Outcome(shape.id, shape.rank, shape.label, shape.sentence)


def layer(shape: schema.LayerShape, _pack: str, _file: str) -> model.Layer:
    return model.Layer(shape.id, shape.title, shape.jurisdiction, shape.specificity, shape.binds)


def checklist(shape: schema.ChecklistShape, _pack: str, _file: str) -> model.Checklist:
    return model.Checklist(shape.id, shape.question, tuple(shape.facts))


def term(shape: schema.TermShape, _pack: str, _file: str) -> model.Term:
    return model.Term(shape.term, shape.meaning, tuple(shape.cites), tuple(shape.synonyms))


def pack(shape: schema.PackShape, _pack: str, _file: str) -> model.Pack:
    return model.Pack(
        shape.id, shape.title, shape.binds, shape.jurisdiction, shape.extends, _raw(shape.fixes),
        _raw(shape.assumes), shape.contact, tuple(shape.documents), tuple(shape.says),
    )  # fmt: skip


def fact(shape: schema.FactShape, pack: str, _file: str) -> model.Fact:
    return model.Fact(
        name=shape.name,
        type=shape.type,
        question=shape.question,
        why=shape.why,
        pack=pack,
        statement=shape.statement,
        options=tuple(
            model.Option(one.value, one.label, tuple(one.says), one.jurisdiction) for one in shape.options
        ),
        examples=tuple(model.Example(one.say, _value(one.value)) for one in shape.examples),
        presume=_value(shape.presume) if shape.presume is not None else None,
        rare=shape.rare,
        changeable=shape.changeable,
        sensitivity=shape.sensitivity,
        case_default=_value(shape.case_default) if shape.case_default is not None else None,
    )


def derived(shape: schema.DerivedShape, pack: str, _file: str) -> model.Derived:
    return model.Derived(shape.name, shape.expression, shape.meaning, pack)


def parameter(shape: schema.ParameterShape, _pack: str, _file: str) -> model.Parameter:
    values = tuple((one.since, Decimal(str(one.value)), one.reference) for one in shape.values)
    return model.Parameter(shape.name, shape.meaning, shape.unit, values, shape.last_checked)


def provision(shape: schema.ProvisionShape, pack: str, _file: str) -> model.Provision:
    return model.Provision(
        id=shape.id,
        heading=shape.heading,
        citation=citation(shape.id),
        document=shape.document,
        status=shape.status,
        topic=shape.topic,
        text=shape.text,
        pack=pack,
        effective=shape.effective,
        note=shape.note,
        answers=tuple(shape.answers),
        parent=shape.parent,
        superseded=shape.superseded,
        governs=tuple(shape.governs),
        repeats=tuple(shape.repeats),
        kind=shape.kind,
    )


_CITED_AS = {
    "CGS ": "C.G.S. § ",
    "RCSA ": "RCSA § ",
    "AO ": "Advisory Opinion ",
    "IGPR009-": "DDS procedure I.G.PR.009, ",
    "DSS-": "DSS Code of Ethics memo, ",
    "OPM-": "OPM ethics policy, ",
    "IC ": "Ind. Code § ",
}


def citation(provision_id: str) -> str:
    """The provision id as a lawyer writes it: `RCSA 1-92-53` becomes `RCSA § 1-92-53`."""
    for prefix, written in _CITED_AS.items():
        if provision_id.startswith(prefix):
            rest = provision_id.removeprefix(prefix)
            return written + (rest.replace("-", " ") if prefix.endswith("-") else rest)
    return provision_id


def rule(shape: schema.RuleShape, pack: str, file: str) -> tuple[model.Rule, tuple[model.Case, ...]]:
    made = model.Rule(
        id=shape.id,
        title=shape.title,
        topics=tuple(shape.topics),
        when=shape.when,
        outcome=shape.outcome,
        layer=shape.layer,
        cites=tuple(shape.cites),
        basis=shape.basis,
        pack=pack,
        file=file,
        duties=tuple(_duty(duty) for duty in shape.duties),
        unverified=shape.unverified,
        effective_from=shape.effective_from,
        effective_to=shape.effective_to,
    )
    cases = tuple(
        model.Case(one.name, one.pack, one.topic, _raw(one.facts), one.outcome, tuple(one.rules))
        for one in shape.cases
    )
    return made, cases


def _duty(shape: schema.DutyShape) -> model.Duty:
    due = model.Due(shape.due.after, shape.due.days, shape.due.business_days) if shape.due else None
    return model.Duty(shape.do, due, shape.form, shape.who)


def _value(raw: schema.Scalar) -> model.Value:
    return Decimal(str(raw)) if isinstance(raw, float) else raw


def _raw(facts: Mapping[str, schema.Scalar]) -> dict[str, model.Value]:
    return {name: _value(value) for name, value in facts.items()}


class Typing:
    """Gives YAML scalars the type that the fact declares (money becomes `Decimal`)."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types

    def value(self, name: str, value: model.Value) -> model.Value:
        if self._types.get(name) == "money" and isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        return value

    def values(self, facts: Mapping[str, model.Value]) -> dict[str, model.Value]:
        return {name: self.value(name, value) for name, value in facts.items()}

    def case(self, case: model.Case) -> model.Case:
        return dataclasses.replace(case, facts=self.values(case.facts))

    def pack(self, pack: model.Pack) -> model.Pack:
        return dataclasses.replace(pack, fixes=self.values(pack.fixes), assumes=self.values(pack.assumes))

    def topic(self, topic: model.Topic) -> model.Topic:
        return dataclasses.replace(
            topic, assumes=self.values(topic.assumes), denied_by=self.values(topic.denied_by)
        )

    def fact(self, fact: model.Fact, checklist: str | None) -> model.Fact:
        default = fact.case_default
        presume = fact.presume
        return dataclasses.replace(
            fact,
            checklist=checklist,
            case_default=self.value(fact.name, default) if default is not None else None,
            presume=self.value(fact.name, presume) if presume is not None else None,
        )
