"""A document of another state, added as data alone: described, recognised, cut, compared, stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.ingest import IngestReport, ingest
from index.ingest.command import run
from index.ingest.documents import Document, DocumentsError, load_documents
from index.ingest.report import lines
from knowledge.model import Duty, Knowledge, Pack, Provision, Rule

DESCRIPTION = r"""
id: ruritania
title: Ruritania Gift Rules
marks:
  enough: 2
  patterns: [Kingdom of Ruritania, Gift Rules, 'Rule\s+12\.']
closing: so ordered by the Crown
revision:
  pattern: 'Edition of (\d{4})'
  expected: 2020
noise: ['Ruritania Gift Rules, page \d+']
sections:
  pattern: 'Rule\s+(?P<number>\d+[a-z]?)\.\s*'
  id: RUR {number}
  ends: '\[Made \d{4}\]'
titles: [Chapter Two]
passages:
  - {id: RUR order, begins: This is}
"""

TEXT = """Kingdom of Ruritania

Gift Rules. Edition of 2020

Contents
Rule 11. Small gifts Rule 12. Registers Rule 12a. Reserved

Rule 11. Small gifts A gift of up to thirty (30) crowns, or $30, may be kept. This does not
cover: (a) cash; (b) gifts named in rule 12 (a) or (b); or (c) what a

Ruritania Gift Rules, page 7

contractor gives. Whatever is kept is entered within ten days. [Made 1999]

Chapter Two

Rule 12. Registers (a)\u2002Each office keeps a register. (1) It is open. (2) It is kept for 5 years.

(b)\u2002A clerk sees to it. (c) A new duty that no one restated. [Made 2001]

Rule 12a. Reserved

This is so ordered by the Crown, who also had much more to say about it all in the end.
"""


def provision(identifier: str, text: str) -> Provision:
    return Provision(
        id=identifier, heading=f"About {identifier}", citation=identifier, document="ruritania", topic="gift",
        status="in force", text=text, pack="ruritania",
    )  # fmt: skip


RESTATED = {
    "RUR 11": "Gifts worth $25 or less may be kept, unless (a) to (c) say otherwise; entered within 10 days.",
    "RUR 11(a)": "Not money.",
    "RUR 11(b)": "Not those of rule 12.",
    "RUR 11(c)": "Not a contractor's.",
    "RUR 12": "Offices keep registers.",
    "RUR 12(a)": "Each office has one, for five years.",
    "RUR 12(a)(1)": "All may look.",
    "RUR 12(a)(2)": "For five years.",
    "RUR 12(b)": "The clerk's duty.",
    "RUR 12a": "Nothing.",
    "RUR order": "By the Crown.",
    "RUR 13": "A rule that this edition does not have.",
}


@pytest.fixture
def state() -> Knowledge:
    rule = Rule(
        id="RUR-GIFT-01", title="Small gifts", topics=("gift",), when="item_value <= 25", outcome="permitted",
        layer="ruritania", cites=("RUR 11",), basis="RUR 11", pack="ruritania", file="rule.yml",
        duties=(Duty("Enter it."),),
    )  # fmt: skip
    pack = Pack("ruritania", "Ruritania", "its staff", "rur", None, {}, {}, "the Crown", ("ruritania",))
    return Knowledge(
        packs={"ruritania": pack}, topics={}, outcomes={}, layers={}, facts={}, derived={},
        rules={rule.id: rule}, cases=(), parameters={}, checklists={}, glossary={},
        provisions={name: provision(name, text) for name, text in RESTATED.items()},
    )  # fmt: skip


@pytest.fixture
def described(tmp_path: Path) -> dict[str, Document]:
    folder = tmp_path / "knowledge" / "packs" / "ruritania" / "documents"
    folder.mkdir(parents=True)
    (folder / "ruritania.yml").write_text(DESCRIPTION)
    return load_documents(tmp_path / "knowledge")


def take_in(
    tmp_path: Path, state: Knowledge, described: dict[str, Document], text: str = TEXT
) -> tuple[IngestReport, dict[str, dict[str, str]]]:
    path = tmp_path / "rules.txt"
    path.write_text(text, "utf-8")
    (report,) = ingest([path], tmp_path / "official", state, described)
    stored = tmp_path / "official" / "ruritania.jsonl"
    rows = [json.loads(line) for line in stored.read_text("utf-8").splitlines()] if stored.exists() else []
    return report, {row["provision"]: row for row in rows}


def test_it_is_cut_at_its_rules(tmp_path: Path, state: Knowledge, described: dict[str, Document]) -> None:
    report, rows = take_in(tmp_path, state, described)
    assert report.refused is None
    assert report.sections == ("RUR 11", "RUR 12", "RUR 12a")
    assert report.missing == ("RUR 13",)
    assert report.unknown == ("RUR 12(c)",)
    assert rows["RUR 11"]["heading"] == "Small gifts"
    assert rows["RUR 11"]["text"].splitlines() == [
        "A gift of up to thirty (30) crowns, or $30, may be kept. This does not cover:",
        "(a) cash;",
        "(b) gifts named in rule 12 (a) or (b); or",
        "(c) what a contractor gives. Whatever is kept is entered within ten days. [Made 1999]",
    ]
    assert rows["RUR 11(c)"]["text"] == "(c) what a contractor gives."
    assert rows["RUR 11"]["own"].endswith("Whatever is kept is entered within ten days. [Made 1999]")
    assert rows["RUR 12(a)(2)"]["text"] == "(2) It is kept for 5 years."
    assert rows["RUR 12a"]["text"] == "Reserved."
    assert "Chapter" not in " ".join(row["text"] for row in rows.values())


def test_a_figure_that_parts_is_reported_with_its_rule(
    tmp_path: Path, state: Knowledge, described: dict[str, Document]
) -> None:
    report, _ = take_in(tmp_path, state, described)
    drifts = {(one.provision, one.figure, one.side, one.rules) for one in report.drifts}
    assert ("RUR 11", "$30", "official", ("RUR-GIFT-01",)) in drifts
    assert ("RUR 11", "$25", "ours", ("RUR-GIFT-01",)) in drifts
    assert not any(figure in ("10 days", "5 years") for _, figure, _, _ in drifts)
    report, _ = take_in(tmp_path, state, described, TEXT.replace("$30", "$25").replace("thirty (30)", "some"))
    assert report.drifts == ()


def test_another_edition_is_noted(tmp_path: Path, state: Knowledge, described: dict[str, Document]) -> None:
    report, _ = take_in(tmp_path, state, described, TEXT.replace("2020", "2024"))
    assert report.notes == ("the text is of 2024; our restatement was made from that of 2020",)
    assert take_in(tmp_path, state, described)[0].notes == ()


def test_half_a_document_or_another_one_is_refused(
    tmp_path: Path, state: Knowledge, described: dict[str, Document]
) -> None:
    report, rows = take_in(tmp_path, state, described, TEXT[: TEXT.index("This is so")])
    assert "cut short" in str(report.refused)
    assert rows == {}
    gutted = "Kingdom of Ruritania Gift Rules\n\nRule 12. Registers\n\nso ordered by the Crown"
    report, _ = take_in(tmp_path, state, described, gutted)
    assert "but 1 of its 12 provisions" in str(report.refused)


def test_two_descriptions_that_fit_alike_are_refused(
    tmp_path: Path, state: Knowledge, described: dict[str, Document]
) -> None:
    twin = described["ruritania"].model_copy(update={"id": "twin", "title": "Twin"})
    report, _ = take_in(tmp_path, state, {**described, "twin": twin})
    assert "it could be" in str(report.refused)


def test_the_report_says_it_in_sentences(
    tmp_path: Path, state: Knowledge, described: dict[str, Document]
) -> None:
    report, _ = take_in(tmp_path, state, described)
    said = "\n".join(lines(report))
    assert "11 provisions matched, stored." in said
    assert "Not found in the text: RUR 13." in said
    assert "Drift: RUR 11: $30 stands in the official text only; rules: RUR-GIFT-01." in said
    again, _ = take_in(tmp_path, state, described)
    assert "already stored, nothing changed." in next(lines(again))


def test_every_problem_of_the_descriptions_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "x" / "documents"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(
        DESCRIPTION.replace("so ordered", "(so ordered").replace("id: RUR {", "ids: RUR {")
    )
    (folder / "b.yml").write_text("id: [")
    (folder / "c.yml").write_text(DESCRIPTION)
    (folder / "d.yml").write_text(DESCRIPTION + "struck: [{words: no brackets}]\n")
    (folder / "e.yml").write_text(DESCRIPTION)
    with pytest.raises(DocumentsError) as caught:
        load_documents(tmp_path)
    said = str(caught.value)
    for piece in (
        "a.yml: closing: ",
        "a.yml: sections.id",
        "b.yml",
        "d.yml: struck.0.words",
        "e.yml: id: ruritania",
    ):
        assert piece in said, piece


def test_the_command_prints_and_returns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").touch()
    assert run([tmp_path / "empty.txt"], tmp_path / "official") == 1
    assert "empty.txt: refused: it is empty." in capsys.readouterr().out
    assert run([], tmp_path / "official") == 0
