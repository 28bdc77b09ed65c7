"""Settings: read from the environment, documented, and refusing what is unsafe."""

from __future__ import annotations

import base64
import re

import pytest

from service.errors import SettingsError
from service.settings import ROOT, Settings, read_settings

KEY = base64.b64encode(bytes(range(32))).decode()
SAFE = {"environment": "production", "encryption_key": KEY, "public_origin": "https://desk.example.gov"}
SIGN_IN = {
    "sign_in": "required", "oidc_issuer": "https://id.example.gov", "oidc_client_id": "desk",
    "oidc_client_secret": "s" * 30, "public_origin": "https://desk.example.gov",
}  # fmt: skip


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
        ({**SIGN_IN, "oidc_issuer": ""}, "oidc_issuer"),
        ({**SIGN_IN, "oidc_client_secret": None}, "oidc_client_secret"),
        ({**SIGN_IN, "public_origin": ""}, "public_origin"),
        ({**SIGN_IN, "oidc_scope": "profile"}, "oidc_scope"),
        ({**SIGN_IN, "oidc_liaisons": "a,b", "oidc_administrators": "b"}, "different groups"),
        ({**SAFE, **SIGN_IN, "oidc_issuer": "http://id.example.gov"}, "oidc_issuer"),
        ({"sign_in": "sometimes"}, "ETHICSDESK_SIGN_IN"),
        ({"session_idle_hours": 0}, "ETHICSDESK_SESSION_IDLE_HOURS"),
    ],
)
def test_what_is_wrong_or_unsafe_is_refused_by_name(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as caught:
        read_settings(**given)
    assert "short" not in caught.value.message, "a secret is not repeated"


def test_production_starts_when_it_is_safe() -> None:
    assert read_settings(**SAFE).environment == "production"


def test_only_ones_own_names_are_answered_once_they_are_known() -> None:
    assert read_settings().hosts is None
    hosts = read_settings(**SAFE, allowed_hosts="desk.internal").hosts
    assert hosts is not None
    assert {"desk.example.gov", "desk.internal", "localhost", "127.0.0.1"} <= hosts
    assert "evil.example" not in hosts


def test_rasas_key_is_not_ours() -> None:
    assert read_settings().tracker_key() is None
    derived = read_settings(**SAFE).tracker_key()
    assert derived is not None
    assert derived != KEY
    assert derived == read_settings(**SAFE).tracker_key(), "the same at each start"


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = read_settings(**SAFE, admin_token="t" * 30, oidc_client_secret="o" * 30)
    assert KEY not in repr(settings)
    assert "o" * 30 not in repr(settings)
    assert "t" * 30 not in repr(settings)
