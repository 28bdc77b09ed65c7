"""The commands: what they print, and one sentence for what is wrong."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner

from knowledge.load import load
from service.cli import app, render
from service.errors import Forbidden
from service.settings import ROOT, read_settings
from service.store import Store, open_store

RUN = CliRunner()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with one conversation and one determination, where the commands look for it."""
    monkeypatch.setenv("ETHICSDESK_VAR_DIR", str(tmp_path))
    opened = open_store(read_settings(), load().fingerprint)
    conversation = opened.ledger.begin(None, "api")
    message = opened.ledger.accept(conversation, "may I keep it?").message_id
    said = (
        {
            "type": "determination",
            "pack": "ct-state",
            "topic": "gift",
            "outcome": "permitted",
            "text": "Yes.",
        },
    )
    state = opened.cases.load(conversation)
    opened.cases.save(replace(state, version=1, applied=message, said=said), 0)
    yield opened
    opened.close()


def test_the_ledger_adds_up(store: Store) -> None:
    result = RUN.invoke(app, ["ledger"])
    assert result.exit_code == 0
    assert result.output.split()[:6] == ["accepted", "1", "answered", "1", "referred", "0"]


def test_the_audit_tells_whole_from_changed(store: Store) -> None:
    assert RUN.invoke(app, ["audit"]).exit_code == 0
    with store.database.write() as db:
        db.execute(text("UPDATE determination SET outcome = 'prohibited'"))
    result = RUN.invoke(app, ["audit"])
    assert result.exit_code == 1
    assert "determination 1: its entry was changed" in result.output


def test_a_switch_is_set_listed_and_lifted(store: Store) -> None:
    assert RUN.invoke(app, ["switch", "topic", "gift", "--note", "Being checked."]).exit_code == 0
    assert "topic gift" in RUN.invoke(app, ["switch"]).output
    assert RUN.invoke(app, ["switch", "topic", "gift", "--off"]).exit_code == 0
    assert RUN.invoke(app, ["switch"]).output == ""
    assert [entry.action for entry in store.audit.trail()] == ["switch off", "switch on"]


def test_an_export_holds_everything_and_is_noted(store: Store) -> None:
    with store.database.read() as db:
        conversation = db.execute(text("SELECT id FROM conversation")).scalar_one()
    [content] = json.loads(RUN.invoke(app, ["export", conversation]).output)["conversations"]
    assert content["turns"][0]["said"] == "may I keep it?"
    assert content["determinations"][0]["determination"]["outcome"] == "permitted"
    assert store.audit.trail()[0].action == "export"


def test_an_export_for_a_records_request_leaves_out_what_was_typed(store: Store) -> None:
    conversation = store.ledger.begin("person:1", "api")
    store.ledger.accept(conversation, "a lamp from my cousin")
    whole = RUN.invoke(app, ["export", "--person", "person:1"]).output
    left = RUN.invoke(app, ["export", "--person", "person:1", "--redact", "--actor", "records office"]).output
    assert "lamp" in whole
    assert "lamp" not in left
    assert conversation in left
    newest = store.audit.trail()[0]
    assert (newest.actor, newest.action, newest.reason) == (
        "records office", "export redacted", "records_request",
    )  # fmt: skip
    assert RUN.invoke(app, ["export"]).exit_code != 0, "everything of everybody is not exported by accident"


def test_a_legal_hold_is_set_and_lifted(store: Store) -> None:
    conversation = store.ledger.begin(None, "api")
    assert RUN.invoke(app, ["hold", conversation]).exit_code == 0
    with pytest.raises(Forbidden):
        store.retention.delete(conversation)
    assert RUN.invoke(app, ["hold", conversation, "--off"]).exit_code == 0
    store.retention.delete(conversation)


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "service.cli", *words], capture_output=True, text=True, cwd=ROOT, timeout=60,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip


def test_a_used_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("serve", "--port", str(port), ETHICSDESK_VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use; stop what runs there or choose another with --port.\n"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"ETHICSDESK_RASA_PYTHON": "/nowhere/python"}, "The Rasa environment is missing"),
        (
            {"ETHICSDESK_RASA_MODEL": "/nowhere", "ETHICSDESK_RASA_PYTHON": sys.executable},
            "The dialogue is not trained",
        ),
        ({"ETHICSDESK_PORT": "many"}, "ETHICSDESK_PORT"),
        ({"ETHICSDESK_ENVIRONMENT": "production"}, "encryption_key"),
    ],
)
def test_what_is_missing_or_wrong_is_one_sentence(
    environment: dict[str, str], words: str, tmp_path: Path
) -> None:
    done = command("serve", **{"ETHICSDESK_VAR_DIR": str(tmp_path), "ETHICSDESK_PORT": "8971", **environment})
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_switch_target_is_refused(tmp_path: Path) -> None:
    done = command("switch", "topic", "gifts", ETHICSDESK_VAR_DIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (1, "There is no topic 'gifts'.\n")


def test_a_determination_shows_everything_it_carries() -> None:
    message = {
        "type": "determination", "outcome": "prohibited", "headline": "No.", "why": "Because of the rule.",
        "todo": [{"text": "Return it", "when": "by 3 March 2026", "form": "Form A"}],
        "changes_text": ["$10 or less"], "why_not": ["I also looked at meals."],
        "chips": [{"label": "No relative"}], "layer_text": "Decided by X.",
        "passages": [{"citation": "§ 1", "heading": "Gifts", "text": "Words.", "kind": "official"}],
        "contact": "Whom to ask: Y.", "disclaimer": "Not advice.", "depends_text": "Depends on Z.",
    }  # fmt: skip
    console = Console(record=True, width=100)
    render.show(console, message)
    shown = console.export_text()
    for words in (
        "No.", "Because", "Return it (by 3 March 2026; Form A)", "$10 or less", "meals", "No relative", "§ 1",
        "official words", "Words.", "Decided by X.", "Whom to ask", "Not advice.", "Depends on Z.",
    ):  # fmt: skip
        assert words in shown
