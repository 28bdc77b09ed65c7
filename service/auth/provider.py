"""The identity provider: authorization code flow with PKCE; its token is checked before it is believed.

OpenID Connect Core 1.0, section 3.1; RFC 9700 for what to insist on.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError

from service.auth.roles import roles_of
from service.errors import Forbidden, NotReady
from service.settings import Settings
from service.store.sessions import Role

CALLBACK = "/auth/callback"
# A symmetric signature would prove nothing: whoever knows our client secret could make one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SECONDS = 5.0
LEEWAY = 60
LONGEST = 200
REFUSED = "Signing in did not work; please try again."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in, as the provider's token says it."""

    subject: str
    name: str
    email: str
    roles: frozenset[Role]


class Provider:
    """Begins and finishes a sign-in."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._issuer = settings.oidc_issuer
        secret = settings.oidc_client_secret
        self._app: Any = OAuth().register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=f"{self._issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": settings.oidc_scope, "code_challenge_method": "S256",
                           "timeout": SECONDS},
        )  # fmt: skip

    async def begin(self) -> tuple[str, dict[str, str]]:
        """Where to send the browser, and what its return must match. Raises `NotReady` without provider."""
        await self._metadata()
        redirect = f"{self._settings.public_origin}{CALLBACK}"
        made = await self._app.create_authorization_url(redirect)
        kept = {name: str(made[name]) for name in ("state", "nonce", "code_verifier")}
        return str(made["url"]), {**kept, "redirect_uri": redirect}

    async def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> Identity:
        """The identity behind the provider's answer. Raises `Forbidden` unless every check holds."""
        if not hmac.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
            raise Forbidden(REFUSED, field="state")
        if answer.get("iss", self._issuer) != self._issuer:  # RFC 9207
            raise Forbidden(REFUSED, field="iss")
        if "code" not in answer:
            raise Forbidden(REFUSED, field="code")
        await self._metadata()
        try:
            token = await self._app.fetch_access_token(
                code=answer["code"], code_verifier=kept["code_verifier"], redirect_uri=kept["redirect_uri"]
            )
            claims = await self._app.parse_id_token(
                token, nonce=kept["nonce"], claims_options=self._expected(), leeway=LEEWAY
            )
        except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            raise Forbidden(REFUSED, field="token") from error
        except httpx2.HTTPError as error:
            raise _unreachable() from error
        if claims is None:
            raise Forbidden(REFUSED, field="token")
        return self._identity(claims)

    def _expected(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
            "sub": {"essential": True},
        }

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject = str(claims["sub"])
        name = str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or "")
        return Identity(
            subject, name[:LONGEST], str(claims.get("email") or "")[:LONGEST],
            roles_of(self._settings, claims),
        )  # fmt: skip

    async def _metadata(self) -> None:
        """Load what the provider says of itself, and insist that it is the provider meant."""
        try:
            told = await self._app.load_server_metadata()
        except (httpx2.HTTPError, ValueError) as error:
            raise _unreachable() from error
        if told.get("issuer") != self._issuer:
            raise NotReady("The identity provider names another issuer than ETHICSDESK_OIDC_ISSUER.")
        offered = told.get("id_token_signing_alg_values_supported") or ALGORITHMS[:1]
        told["id_token_signing_alg_values_supported"] = [one for one in offered if one in ALGORITHMS]


def _unreachable() -> NotReady:
    return NotReady("The identity provider cannot be reached just now; please try again in a moment.")
