"""Settings: read from the environment, documented, and refusing what is unsafe."""

from __future__ import annotations

import base64
import re

import pytest

from service.errors import SettingsError
from service.settings import ROOT, Settings, read_settings

KEY = base64.b64encode(bytes(range(32))).decode()
SAFE = {"environment": "production", "encryption_key": KEY, "public_origin": "https://desk.example.gov"}


def test_every_setting_is_documented_as_it_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    rows = dict(re.findall(r"^\| `ETHICSDESK_([A-Z_]+)` \|.*\| (.+) \|$", page, re.MULTILINE))
    described = {name.upper(): field.description for name, field in Settings.model_fields.items()}
    assert rows == described


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETHICSDESK_PORT", "8111")
    monkeypatch.setenv("ETHICSDESK_RASA_URLS", "http://a:1/, http://b:2")
    monkeypatch.setenv("ETHICSDESK_SEAM_SECRET", "s" * 30)
    settings = read_settings()
    assert settings.port == 8111
    assert settings.rasa_urls == ("http://a:1", "http://b:2")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": 0}, "ETHICSDESK_PORT"),
        ({"log_level": "loud"}, "ETHICSDESK_LOG_LEVEL"),
        ({"encryption_key": "short"}, "ETHICSDESK_ENCRYPTION_KEY"),
        ({"relay_budget": 4, "turn_budget": 4}, "relay_budget"),
        ({"rasa_urls": "http://a:1"}, "seam_secret"),
        ({**SAFE, "encryption_key": None}, "encryption_key"),
        ({**SAFE, "public_origin": "http://desk"}, "public_origin"),
        ({**SAFE, "seam_secret": "short"}, "seam_secret"),
        ({**SAFE, "admin_token": "short"}, "admin_token"),
    ],
)
def test_what_is_wrong_or_unsafe_is_refused_by_name(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as caught:
        read_settings(**given)
    assert "short" not in caught.value.message, "a secret is not repeated"


def test_production_starts_when_it_is_safe() -> None:
    assert read_settings(**SAFE).environment == "production"


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = read_settings(**SAFE, admin_token="t" * 30)
    assert KEY not in repr(settings)
    assert "t" * 30 not in repr(settings)
