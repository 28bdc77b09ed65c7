"""An identity provider on a loopback port, with keys of its own, that can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "desk", "a client secret of the tests"


@dataclass
class Asked:
    """What the desk asked for with one code."""

    nonce: str
    challenge: str
    redirect_uri: str
    claims: dict[str, Any]


@dataclass
class FakeProvider:
    """OpenID Connect's code flow with PKCE. `lies` replace claims (None removes one); `signs_with` and
    `algorithm` sign with something else."""

    url: str = ""
    issuer: str = ""
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    algorithms: tuple[str, ...] = ("RS256",)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    signs_with: Any = None
    idless: bool = False
    codes: dict[str, Asked] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/jwks", self._jwks)
        app.router.add_post("/token", self._token)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = self.issuer = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def authorize(self, address: str, **claims: Any) -> dict[str, str]:
        """What a person's consent at `address` sends back through their browser."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(asked["nonce"], asked["code_challenge"], asked["redirect_uri"], claims)
        return {"code": code, "state": asked["state"]}

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "id_token_signing_alg_values_supported": list(self.algorithms),
            }
        )

    async def _jwks(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self.codes.pop(str(form.get("code")), None)
        shown = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        verifier = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        if (
            asked is None
            or request.headers.get("authorization") != f"Basic {shown}"
            or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != asked.challenge
            or form.get("redirect_uri") != asked.redirect_uri
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        if not self.idless:
            token["id_token"] = self._id_token(asked)
        return web.json_response(token)

    def _id_token(self, asked: Asked) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "someone", "iat": now, "exp": now + 300,
            "nonce": asked.nonce, **asked.claims, **self.lies,
        }  # fmt: skip
        said = {name: value for name, value in claims.items() if value is not None}
        key = self.signs_with or self.key
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, said, key, algorithms=[self.algorithm])


def symmetric(secret: str) -> OctKey:
    """A key that whoever knows the client secret has too."""
    return OctKey.import_key(secret)
