"""Every setting of the service, read once from `ETHICSDESK_*` environment variables (docs/settings.md lists
them)."""

from __future__ import annotations

import base64
import binascii
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32
SECRET_CHARACTERS = 24
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")


class Settings(BaseSettings):
    """Typed settings. Durations are seconds unless the name says days or years; sizes are bytes or
    characters."""

    model_config = SettingsConfigDict(env_prefix="ETHICSDESK_", frozen=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        "development", description="`production` refuses every unsafe default."
    )
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the service listens on.")
    public_origin: str = Field(
        "",
        description="Scheme and host under which browsers reach the page; `https://` makes cookies Secure.",
    )
    frame_ancestors: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated origins whose pages may show the desk in a frame (docs/embed.md)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe level logged."
    )
    banner: str = Field("", max_length=500, description="Notice shown above every conversation.")

    var_dir: Path = Field(ROOT / "var", description="Folder of everything built or stored at run time.")
    embedding_model: Path | None = Field(
        None,
        description="Folder of another sentence-transformers model for search and understanding "
        "(docs/finding.md).",
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of the store; empty means `ethicsdesk.db` (SQLite) in the var folder."
    )
    encryption_key: SecretStr | None = Field(
        None,
        description="Base64 of 32 bytes; stored text, facts and replies are encrypted with it.",
    )
    seam_secret: SecretStr | None = Field(
        None,
        description="Secret that Rasa shows at the seams; made anew at each start when empty.",
    )
    admin_token: SecretStr | None = Field(
        None, description="Bearer token of /metrics and /api/v1/admin, for programs that hold no session."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Comma-separated further host names to answer to, once public_origin names the first.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated addresses of proxies whose X-Forwarded-For is believed."
    )

    sign_in: Literal["anonymous", "optional", "required"] = Field(
        "anonymous", description="Whether people sign in: nobody can, everybody may, everybody must."
    )
    oidc_issuer: str = Field("", description="Issuer of the identity provider (OpenID Connect).")
    oidc_client_id: str = Field("", description="Client id at the identity provider.")
    oidc_client_secret: SecretStr | None = Field(None, description="Client secret at the identity provider.")
    oidc_scope: str = Field("openid profile email", description="Scopes asked of the identity provider.")
    oidc_role_claim: str = Field(
        "groups", description="Claim of the identity token that holds a person's groups or roles."
    )
    oidc_liaisons: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated values of that claim that make an ethics liaison."
    )
    oidc_administrators: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated values of that claim that make an administrator."
    )

    rasa_processes: int = Field(
        1, ge=0, le=32, description="Rasa processes to run; 0 asks by the engine alone."
    )
    rasa_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated URLs of Rasa processes run elsewhere; none is started when set."
    )
    rasa_port: int = Field(
        5005, ge=1, le=65535, description="Loopback port of the first Rasa process started."
    )
    rasa_python: Path = Field(
        ROOT / ".venv-rasa" / "bin" / "python", description="Python interpreter of the Rasa environment."
    )
    rasa_model: Path = Field(
        ROOT / "models" / "dialogue.tar.gz",
        description="Trained dialogue model, or the folder that holds it.",
    )
    rasa_database_url: str = Field(
        "", description="Rasa's tracker store; empty means `rasa.db` (SQLite) in the var folder."
    )
    rasa_start_limit: float = Field(
        90, gt=0, description="Longest wait for a started Rasa process to be healthy."
    )

    slack_signing_secret: SecretStr | None = Field(
        None, description="Signing secret of the Slack app; with slack_bot_token it turns Slack on."
    )
    slack_bot_token: SecretStr | None = Field(None, description="Bot token (xoxb-…) of the Slack app.")
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Slack's Web API; `https://slack-gov.com/api/` for GovSlack."
    )
    teams_app_id: str = Field(
        "", description="Client id of the Teams bot; with its secret it turns Teams on."
    )
    teams_app_secret: SecretStr | None = Field(None, description="Client secret of the Teams bot.")
    teams_tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated ids of the tenants whose people may ask; the first owns the bot."
    )
    teams_cloud: Literal["public", "gcc", "gcc-high", "dod"] = Field(
        "public", description="The Microsoft cloud that Teams runs in."
    )
    turn_budget: float = Field(4, gt=0, le=30, description="Longest wait before a holding reply is sent.")
    relay_budget: float = Field(3, gt=0, le=30, description="Longest wait for Rasa within one turn.")
    breaker_failures: int = Field(
        3, ge=1, description="Faults in a row after which Rasa is left alone for a while."
    )
    breaker_rest: float = Field(5, gt=0, description="How long Rasa is left alone before it is tried again.")
    max_waiting: int = Field(
        64, ge=1, description="Turns in hand at once; one more is told to come back (429)."
    )
    max_message: int = Field(4000, ge=1, le=20000, description="Longest message, in characters.")
    max_body: int = Field(65536, ge=1024, description="Largest request body, in bytes.")
    rate_messages: str = Field("60/minute", description="Messages allowed per conversation.")
    rate_address: str = Field("6000/minute", description="API requests allowed per network address.")

    session_idle_hours: int = Field(
        12, ge=1, le=720, description="Hours after which an unused browser session ends."
    )
    session_days: int = Field(
        7, ge=1, le=90, description="Days after which a visitor's session ends, however much it is used."
    )
    sign_in_hours: int = Field(12, ge=1, le=720, description="Hours after which a person must sign in again.")
    transcript_days: int = Field(30, ge=1, description="Days after which messages and replies are deleted.")
    record_years: int = Field(
        6, ge=1, description="Years for which facts and determinations are kept after closing."
    )
    correspondence_years: int = Field(
        6, ge=1, description="Years for which cases handed on to a liaison are kept after closing."
    )
    sweep_seconds: float = Field(
        3600, gt=0, description="Pause between two sweeps of what retention has ended."
    )

    @field_validator(
        "rasa_urls", "frame_ancestors", "teams_tenants", "allowed_hosts", "trusted_proxies", "oidc_liaisons",
        "oidc_administrators", mode="before",
    )  # fmt: skip
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("frame_ancestors")
    @classmethod
    def _origins_are_plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # The value stands in a header beside other directives: nothing but an origin may get in.
        if not all(ORIGIN.fullmatch(origin) for origin in value):
            raise ValueError("expected origins like https://intranet.example.gov, without a path")
        return value

    @field_validator("encryption_key")
    @classmethod
    def _key_is_whole(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(_decode_key(value)) != KEY_BYTES:
            raise ValueError(f"expected base64 of {KEY_BYTES} bytes (openssl rand -base64 {KEY_BYTES})")
        return value

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if self.rasa_urls and self.seam_secret is None:
            raise ValueError(
                "rasa_urls needs seam_secret: a Rasa process run elsewhere must be able to show it"
            )
        if self.relay_budget >= self.turn_budget:
            raise ValueError("relay_budget must be below turn_budget, so that a holding reply still fits")
        if self.sign_in != "anonymous":
            self._refuse_half_a_sign_in()
        if self.environment == "production":
            self._refuse_in_production()
        return self

    def _refuse_half_a_sign_in(self) -> None:
        for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "public_origin"):
            if not getattr(self, name):
                raise ValueError(f"sign_in needs {name}")
        if "openid" not in self.oidc_scope.split():
            raise ValueError("oidc_scope must hold openid")
        if set(self.oidc_liaisons) & set(self.oidc_administrators):
            raise ValueError("oidc_liaisons and oidc_administrators must name different groups")

    def _refuse_in_production(self) -> None:
        if self.encryption_key is None:
            raise ValueError("encryption_key must be set in production")
        if self.sign_in != "anonymous" and not self.oidc_issuer.startswith("https://"):
            raise ValueError("oidc_issuer must be an https:// address in production")
        if not self.public_origin.startswith("https://"):
            raise ValueError("public_origin must be an https:// origin in production")
        for name in ("seam_secret", "admin_token"):
            secret: SecretStr | None = getattr(self, name)
            if secret is not None and len(secret.get_secret_value()) < SECRET_CHARACTERS:
                raise ValueError(f"{name} must have at least {SECRET_CHARACTERS} characters in production")

    @cached_property
    def store_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.var_dir / 'ethicsdesk.db'}"

    @property
    def hosts(self) -> frozenset[str] | None:
        """The host names that are answered; None for any, as long as no public origin is known."""
        if not self.public_origin and not self.allowed_hosts:
            return None
        public = self.public_origin.partition("://")[2].partition(":")[0]
        return frozenset({*LOOPBACK, public, self.host, *self.allowed_hosts} - {""})

    @property
    def tracker_url(self) -> str:
        """The URL of Rasa's tracker store in force."""
        return self.rasa_database_url or f"sqlite:///{self.var_dir / 'rasa.db'}"

    @property
    def index_dir(self) -> Path:
        """Folder of the built index."""
        return self.var_dir / "index"

    @property
    def official_dir(self) -> Path:
        """Folder of what ingest has stored."""
        return self.var_dir / "official"

    @property
    def understanding_dir(self) -> Path:
        """Folder of the trained understanding."""
        return self.var_dir / "understanding"

    @property
    def service_url(self) -> str:
        """Where a Rasa process on this machine reaches the service."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "localhost") else self.host
        return f"http://{host}:{self.port}"

    def key(self) -> bytes | None:
        """The encryption key as bytes, or None when nothing is to be encrypted."""
        return None if self.encryption_key is None else _decode_key(self.encryption_key)

    def tracker_key(self) -> str | None:
        """The key of Rasa's own database in base64: made from ours, so that Rasa never holds that one."""
        key = self.key()
        if key is None:
            return None
        made = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"ethicsdesk rasa events").derive(key)
        return base64.b64encode(made).decode()


def _decode_key(value: SecretStr) -> bytes:
    try:
        return base64.b64decode(value.get_secret_value(), validate=True)
    except binascii.Error as error:
        raise ValueError("expected base64") from error


def read_settings(**overrides: object) -> Settings:
    """Read the environment, with `overrides` on top. Raises `SettingsError` naming each setting that is
    wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in problem["loc"]).upper()
        lines.append(f"ETHICSDESK_{name}: {problem['msg']}" if name else str(problem["msg"]))
    return "; ".join(lines)
