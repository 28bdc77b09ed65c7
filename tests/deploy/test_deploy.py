"""What a deployer copies: units that systemd takes, files that parse, and no setting that does not exist."""

from __future__ import annotations

import base64
import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from service.cli.main import COMMANDS
from service.guard import SEAMS
from service.settings import ROOT, Settings, read_settings

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TEXTS = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]
KEY = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "path", [*TEXTS, ROOT / "docs/scaling.md", ROOT / "docs/security.md"], ids=lambda path: path.name
)
def test_every_setting_named_exists(path: Path) -> None:
    named = set(re.findall(r"ETHICSDESK_([A-Z_]+[A-Z])", path.read_text()))
    assert named <= {name.upper() for name in Settings.model_fields} | {"RASA_KEY"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    # The program and the user need not be here; everything else is checked as it stands.
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    copy = tmp_path / unit.name.replace("@", "@1")
    copy.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if unit.stem.split("@")[0] in line]
    assert complaints == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_of_ours_and_gives_up_what_it_does_not_need(unit: Path) -> None:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(unit)
    service = parsed["Service"]
    program, command, *options = service["ExecStart"].split()
    assert program.endswith(".venv/bin/ethicsdesk")
    assert command in COMMANDS
    assert set(options[::2]) <= {"--port", "--rasa-port"}
    hardened = {
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "CapabilityBoundingSet": "", "LimitCORE": "0", "UMask": "0077",
    }  # fmt: skip
    assert {name: service[name] for name in hardened} == hardened


def test_the_example_starts_in_production_once_its_secrets_are_filled_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = (DEPLOY / "ethicsdesk.env.example").read_text().splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value or (KEY if name.endswith("KEY") else "x" * 32))
    assert read_settings().environment == "production"


def test_the_compose_file_parses_and_keeps_the_desks_on_loopback() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    desks = [service for name, service in services.items() if name.startswith("desk")]
    assert len(desks) == 2
    for desk in desks:
        assert all(port.startswith("127.0.0.1:") for port in desk["ports"])
        assert (desk["read_only"], desk["cap_drop"]) == (True, ["ALL"])
        assert (ROOT / desk["build"]["dockerfile"]).exists()
    assert "ports" not in services["database"]


def test_the_proxy_keeps_the_seams_from_outside_and_logs_no_address() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for seam in SEAMS:
        assert re.search(rf"location = {seam}\s+{{ return 404; }}", text)
    assert "access_log off;" in text
