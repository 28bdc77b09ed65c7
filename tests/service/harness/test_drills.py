"""Short forms of the drills, on a desk with its real parts: `make faults` runs the long ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from service.harness import clocks, drills, platforms, stores
from service.harness.postgres import lacking
from service.settings import ROOT

pytestmark = pytest.mark.rasa
with_postgres = pytest.mark.skipif(lacking() is not None, reason="PostgreSQL cannot be started here")


def test_a_locked_database_stalls_nobody_and_loses_nothing(tmp_path: Path) -> None:
    figure = asyncio.run(stores.locked_store(tmp_path, 3))
    assert figure.measured.endswith("0 left unanswered")
    assert "0 messages refused" not in figure.measured


def test_a_full_disk_is_said_and_recovered_from(tmp_path: Path) -> None:
    figure = asyncio.run(stores.full_disk(tmp_path))
    assert figure.kept, figure.measured


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    figure = asyncio.run(stores.damaged_store(tmp_path))
    assert figure.kept, figure.measured


@with_postgres
def test_a_server_that_turns_read_only_refuses_politely_and_recovers(tmp_path: Path) -> None:
    figure = asyncio.run(stores.read_only_server(tmp_path))
    assert "0 taken, 0 badly refused" in figure.measured
    assert figure.measured.endswith("answers again, 0 left unanswered")


@with_postgres
def test_a_server_restarted_under_talk_loses_nothing(tmp_path: Path) -> None:
    figure = asyncio.run(stores.restarted_server(tmp_path, 1))
    assert "0 left unanswered, 0 of" in figure.measured


def test_a_running_desk_keeps_its_law_when_that_is_edited_badly(tmp_path: Path) -> None:
    for figure in asyncio.run(drills.bad_edits(tmp_path, ROOT / "var")):
        assert figure.kept, figure.measured


def test_what_slack_does_not_take_for_a_while_arrives_once_and_in_order(tmp_path: Path) -> None:
    for figure in asyncio.run(platforms.bad_platform(tmp_path, 1.0, 1)):
        assert "1 of 1 got all" in figure.measured, figure


def test_deliveries_that_come_thrice_and_shuffled_are_a_turn_each_in_order(tmp_path: Path) -> None:
    figure = asyncio.run(platforms.shuffled(tmp_path, 40, 4))
    assert figure.kept, figure.measured


def test_a_clock_that_jumps_ends_no_session_and_moves_no_deadline(tmp_path: Path) -> None:
    for figure in asyncio.run(clocks.moved_clock(tmp_path)):
        assert figure.kept, figure
