"""The harness's own tools: the table it writes, and the stand-in that breaks Rasa's turns."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from service.harness.figures import DOCUMENT, Figure, write
from service.harness.saboteur import Saboteur

KEPT = Figure("F1", "parts killed", "0 of 40 messages lost", "0", True)
MISSED = Figure("L2", "a turn", "2.1", "1", False)


def test_a_table_replaces_the_one_before_it(tmp_path: Path) -> None:
    document = tmp_path / "doc.md"
    document.write_text("# Head\n<!-- x: begin, written by the harness -->\nold\n<!-- x: end -->\ntail\n")
    for _ in range(2):
        write("x", [KEPT, MISSED], document)
    text = document.read_text()
    assert "old" not in text
    assert text.count("| F1 | parts killed | 0 of 40 messages lost | 0 | kept |") == 1
    assert "| L2 | a turn | 2.1 | 1 | missed |" in text
    assert text.startswith("# Head\n")
    assert text.endswith("<!-- x: end -->\ntail\n")


def test_a_document_without_a_place_for_it_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "doc.md"
    document.write_text("nothing here")
    with pytest.raises(ValueError, match="no place"):
        write("x", [KEPT], document)
    assert document.read_text() == "nothing here"


@pytest.mark.parametrize("name", ["faults", "bench"])
def test_the_documentation_has_a_place_for_each_table(name: str) -> None:
    assert DOCUMENT.read_text(encoding="utf-8").count(f"<!-- {name}: ") == 2


async def test_the_stand_in_does_what_it_is_told() -> None:
    async with Saboteur() as saboteur, httpx.AsyncClient(base_url=saboteur.url) as client:
        path = "/webhooks/rest/webhook"
        saboteur.fault = "error"
        assert (await client.post(path, json={})).status_code == 500
        saboteur.fault = "empty"
        assert (await client.post(path, json={})).json() == []
        saboteur.fault = "cut"
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(path, json={})
        assert saboteur.calls == 3
