"""The five official documents as a deployer has them: every provision where it stands, and nothing else."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.ingest import IngestReport, ingest
from knowledge.model import Knowledge

pytestmark = pytest.mark.sources

HERE = Path(__file__).parent
# Where our cut begins elsewhere than the reference, in characters: after a title instead of before it, at the
# sentence instead of in its middle, or at the first word of the rule as amended instead of at a struck one.
MOVED = {
    "OPM-mission": 22,
    "OPM-policy-1": 30,
    "OPM-conflict-1": -161,
    "OPM-leaving": 18,
    "IGPR009-policy": 16,
    "IGPR009-purpose": 7,
    "IGPR009-applicability": 13,
    "IGPR009-committee-1": 14,
    "IGPR009-hiring-4": -142,
    "IGPR009-related-party-12": -82,
    "IGPR009-references": 10,
    "IGPR009-attachments": 11,
    "28 IR 3452 digest": 33,
    "40 IAC 2-1-6(a)": 8,
    "40 IAC 2-1-6(a)(4)": 4,
    "40 IAC 2-1-6(a)(5)": 152,
    "40 IAC 2-1-6(d)": 7,
    "40 IAC 2-1-7(a)": 8,
    "40 IAC 2-1-7(e)": 4,
    "40 IAC 2-1-6 (deleted text)": -6,
    "40 IAC 2-1-6 (deleted $25 rule)": -4,
    "40 IAC 2-1-7 (deleted approval rule)": -92,
}


def reference() -> dict[str, tuple[str, int]]:
    with (HERE / "offsets.csv").open(newline="") as file:
        return {row["provision"]: (row["source"], int(row["offset"])) for row in csv.DictReader(file)}


def passages(store: Path, document: str) -> dict[str, dict[str, str]]:
    lines = (store / f"{document}.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == len({row["provision"] for row in rows})
    return {row["provision"]: row for row in rows}


def test_every_provision_of_the_reference_begins_where_it_stands(reports: dict[str, IngestReport]) -> None:
    found = {name: offset for report in reports.values() for name, offset in report.offsets.items()}
    expected = reference()
    assert len(expected) == 624
    assert sorted(set(expected) - set(found)) == []
    moved = {name: found[name] - offset for name, (_, offset) in expected.items() if found[name] != offset}
    assert moved == MOVED


@pytest.mark.parametrize(
    ("document", "count"),
    [("dss-memo", 17), ("opm-policy", 33), ("igpr009", 90), ("rcsa-2015", 430), ("28-ir-3452", 54)],
)
def test_each_document_gives_its_provisions(
    reports: dict[str, IngestReport], document: str, count: int
) -> None:
    report = reports[document]
    assert len(report.matched) >= count
    assert len(set(report.matched)) == len(report.matched)
    assert report.missing == ()
    assert report.unknown == ()


def test_the_94_sections_of_the_regulation_are_found_once_each(
    reports: dict[str, IngestReport], store: Path
) -> None:
    sections = reports["rcsa-2015"].sections
    assert len(sections) == len(set(sections)) == 94
    assert (sections[0], sections[-1]) == ("RCSA 1-92-1", "RCSA 1-92-61")
    stored = passages(store, "rcsa-2015")
    assert set(sections) <= set(stored)
    contents_end = 6800
    assert all(reports["rcsa-2015"].offsets[name] > contents_end for name in sections)


def test_no_page_furniture_is_left_inside_a_passage(reports: dict[str, IngestReport], store: Path) -> None:
    furniture = re.compile(
        r"Revised: 2015|R\.C\.S\.A\. §§|TITLE 1\. Provisions|Office of State Ethics §|§1-92-\w+ Office"
        r"|PAGE (?:TWO|THREE)|Google Online Preview|Official State Website|\*\*|\\\$|^\s*\d{1,2}\.\s*$",
        re.M,
    )
    for document in reports:
        for name, row in passages(store, document).items():
            assert not furniture.search(row["text"]), name
            assert row["text"] == row["text"].strip()
            assert not re.search(r"[\u2000-\u200a\u00a0]|  |\n\n", row["text"]), name


def test_no_part_title_or_neighbour_is_left_inside_a_section(
    reports: dict[str, IngestReport], store: Path
) -> None:
    for name, row in passages(store, "rcsa-2015").items():
        assert not re.search(r"Sec\. 1-92-\d|\bPart \d [-–]|\bARTICLE|RULES OF PRACTICE", row["text"]), name


def test_headings_come_from_the_table_of_contents_and_not_into_the_text(store: Path, reports: object) -> None:
    stored = passages(store, "rcsa-2015")
    assert stored["RCSA 1-92-53"]["heading"] == "Definition of major life event"
    assert stored["RCSA 1-92-53"]["text"].startswith("The term")
    assert stored["RCSA 1-92-54"]["heading"].endswith("gift valuation")
    assert stored["RCSA 1-92-8"]["text"] == "Repealed January 2, 2008."
    assert stored["RCSA 1-92-10"]["text"] == "Reserved."


def test_a_provision_holds_its_parts_and_a_part_ends_where_its_sibling_begins(
    store: Path, reports: object
) -> None:
    stored = passages(store, "rcsa-2015")
    section = stored["RCSA 1-92-50"]["text"]
    for letter in "abcdef":
        assert stored[f"RCSA 1-92-50({letter})"]["text"] in section
        assert section.count(f"\n({letter})") + section.startswith(f"({letter})") == 1
    assert "(1)" not in stored["RCSA 1-92-57"]["own"]
    assert "(8)" in stored["RCSA 1-92-57"]["text"]


def test_the_last_clause_of_a_list_does_not_swallow_the_rule_that_follows(
    store: Path, reports: object
) -> None:
    stored = passages(store, "rcsa-2015")
    for name in ("RCSA 1-92-48(b)(2)", "RCSA 1-92-44(4)", "RCSA 1-92-41(2)"):
        assert len(stored[name]["text"]) < 330, name
    assert "detailed statement" in stored["RCSA 1-92-48(b)"]["own"]
    assert "threshold" in stored["RCSA 1-92-41"]["own"]
    assert stored["RCSA 1-92-42a(e)(3)"]["text"].endswith("industry).")


def test_sentences_broken_by_a_page_are_whole_again(store: Path, reports: object) -> None:
    stored = passages(store, "rcsa-2015")
    assert "in accordance with the Uniform Administrative" in stored["RCSA 1-92-6a"]["text"]
    assert "twenty-five dollars per occasion" in stored["RCSA 1-92-53"]["text"]
    assert "above-stated" in stored["RCSA 1-92-4"]["text"]


def test_item_numbers_torn_from_their_items_do_not_matter(store: Path, reports: object) -> None:
    stored = passages(store, "opm-policy")
    assert "Office of State Ethics within thirty (30) days" in stored["OPM-7"]["text"]
    assert stored["OPM-9"]["text"].startswith("knowingly interfering")
    assert "public_officials_and_state_employees_guide" in stored["OPM-policy-2"]["text"]


def test_the_amendment_gives_the_rule_as_amended(store: Path, reports: dict[str, IngestReport]) -> None:
    stored = passages(store, "28-ir-3452")
    assert reports["28-ir-3452"].amendment
    assert all("amendment text" in row["status"] for row in stored.values())
    current = " ".join(row["text"] for name, row in stored.items() if "(deleted" not in name)
    for struck in (
        "twenty-five dollars",
        "$250",
        "reasonably be inferred",
        "charitable",
        "courtesies",
        "or more",
    ):
        assert struck not in current, struck
    for added in (
        "knowingly",
        "special state appointee",
        "at least twenty-five (25) individuals",
        "workplace",
    ):
        assert added in current, added
    assert stored["40 IAC 2-1-6(a)(3)"]["text"] == "(3) Mementos or souvenirs of nominal value."
    assert "$25" in stored["40 IAC 2-1-6 (deleted $25 rule)"]["text"]
    assert "no case can a state employee accept" in stored["40 IAC 2-1-6(d)"]["text"]
    assert "for attending events concerning state business" in stored["40 IAC 2-1-7(a)"]["text"]


def test_every_strike_that_the_description_names_is_in_the_text(reports: dict[str, IngestReport]) -> None:
    assert reports["28-ir-3452"].doubts == ()
    assert 600 < reports["28-ir-3452"].struck_words < 700


def test_what_could_not_be_placed_is_little_and_said(reports: dict[str, IngestReport]) -> None:
    assert [one.opening for one in reports["dss-memo"].unplaced][-1].startswith("In order that we may")
    for report in reports.values():
        assert sum(one.characters for one in report.unplaced if one.offset > 300) < 400, report.document


def test_run_twice_changes_nothing(
    sources: dict[str, Path], store: Path, knowledge: Knowledge, reports: dict[str, IngestReport]
) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in store.iterdir()}
    again = ingest(list(sources.values()), store, knowledge)
    assert [report.changed for report in again] == [False] * 5
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in store.iterdir()} == before


def test_our_figures_are_those_of_the_documents(reports: dict[str, IngestReport]) -> None:
    assert [drift for report in reports.values() for drift in report.drifts] == []


def test_a_figure_that_changed_is_reported_with_its_rules(
    sources: dict[str, Path], knowledge: Knowledge, tmp_path: Path
) -> None:
    text = sources["003"].read_text("utf-8")
    (tmp_path / "newer.txt").write_text(text.replace("is $250.00. The fee", "is $300.00. The fee"), "utf-8")
    (report,) = ingest([tmp_path / "newer.txt"], tmp_path / "official", knowledge)
    citing = tuple(rule.id for rule in knowledge.rules.values() if "RCSA 1-92-47" in rule.cites)
    assert {(drift.provision, drift.figure, drift.side) for drift in report.drifts} == {
        ("RCSA 1-92-47", "$300.00", "official"),
        ("RCSA 1-92-47", "$250", "ours"),
    }
    assert all(drift.rules and set(drift.rules) <= set(citing) for drift in report.drifts)


def test_a_repeated_figure_is_admitted_only_while_the_repeated_provision_has_it(
    sources: dict[str, Path], knowledge: Knowledge, tmp_path: Path
) -> None:
    source, repeated = "RCSA 1-92-50(b)(3)", "RCSA 1-92-48(b)"
    assert knowledge.provisions[source].repeats == (repeated,)
    newer = replace(knowledge.provisions[repeated], text="Benefits are itemised.")
    changed = replace(knowledge, provisions={**knowledge.provisions, repeated: newer})
    (report,) = ingest([sources["003"]], tmp_path / "official", changed)
    assert (source, "$10", "ours") in {(one.provision, one.figure, one.side) for one in report.drifts}
