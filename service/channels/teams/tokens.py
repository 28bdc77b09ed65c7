"""Checks of Bot Framework tokens that the SDK leaves open: issuer, expiry, service address, tenant."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt

LEEWAY = 300
REFRESH, RETRY = 60.0, 5.0


@dataclass(frozen=True, slots=True)
class Signer:
    """A published key and the channels it is endorsed for; none named means every channel."""

    key: Any
    endorsed: frozenset[str] = frozenset()


class KeysAway(Exception):
    """The published keys cannot be read just now, so nobody can be let in."""


class BadToken(Exception):
    """The request does not come from Teams, or not for us."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A Microsoft cloud: who signs, with which keys, where bots post, where they log in."""

    issuer: str
    keys: str
    hosts: tuple[str, ...]
    login: str


PUBLIC = "https://api.botframework.com"
GOV = "https://api.botframework.us"
PUBLIC_KEYS = "https://login.botframework.com/v1/.well-known/keys"
GOV_KEYS = "https://login.botframework.azure.us/v1/.well-known/keys"
CLOUDS = {
    "public": Cloud(PUBLIC, PUBLIC_KEYS, ("smba.trafficmanager.net",), "https://login.microsoftonline.com"),
    "gcc": Cloud(PUBLIC, PUBLIC_KEYS, ("smba.infra.gcc.teams.microsoft.com",),
                 "https://login.microsoftonline.com"),
    "gcc-high": Cloud(GOV, GOV_KEYS, ("smba.infra.gov.teams.microsoft.us",),
                      "https://login.microsoftonline.us"),
    "dod": Cloud(GOV, GOV_KEYS, ("smba.infra.dod.teams.microsoft.us",), "https://login.microsoftonline.us"),
}  # fmt: skip


class Keys:
    """The published keys, fetched when an unknown one is named, at most once a minute."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._known: dict[str, Signer] = {}
        self._again = float("-inf")

    async def __call__(self, name: str) -> Signer | None:
        """The key with this id, or None when it is not published. Raises `KeysAway`."""
        if name not in self._known and time.monotonic() > self._again:
            self._again = time.monotonic() + RETRY
            try:
                self._known = await self._fetch()
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, jwt.PyJWTError) as error:
                raise KeysAway from error
            self._again = time.monotonic() + REFRESH
        if not self._known:
            raise KeysAway
        return self._known.get(name)

    async def _fetch(self) -> dict[str, Signer]:
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._url) as reply:
            reply.raise_for_status()
            content = await reply.json(content_type=None)
        endorsed = {str(one.get("kid")): frozenset(one.get("endorsements") or ()) for one in content["keys"]}
        found = jwt.PyJWKSet.from_dict(content)
        return {str(one.key_id): Signer(one.key, endorsed[str(one.key_id)]) for one in found.keys}


async def check(
    header: str,
    activity: Mapping[str, Any],
    *,
    app_id: str,
    cloud: Cloud,
    tenants: tuple[str, ...],
    keys: Callable[[str], Awaitable[Signer | None]],
) -> None:
    """Raise `BadToken` unless the token is signed for this bot, in time, for this activity's service address,
    by a key endorsed for its channel, and the activity is of an allowed tenant. Raise `KeysAway` when the
    keys cannot be read."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadToken
    try:
        signer = await keys(str(jwt.get_unverified_header(token).get("kid", "")))
        if signer is None or (signer.endorsed and activity.get("channelId") not in signer.endorsed):
            raise BadToken
        claims = jwt.decode(
            token, signer.key, algorithms=["RS256"], audience=app_id, issuer=cloud.issuer, leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud"]},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError) as error:
        raise BadToken from error
    address = activity.get("serviceUrl")
    if not isinstance(address, str) or claims.get("serviceurl") != address or not allowed(address, cloud):
        raise BadToken
    if tenant_of(activity) not in tenants:
        raise BadToken


def allowed(address: str, cloud: Cloud) -> bool:
    """Whether our own token may be sent to this address."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and parts.hostname in cloud.hosts and parts.port in (None, 443)
    except ValueError:
        return False


def tenant_of(activity: Mapping[str, Any]) -> str:
    """The tenant that an activity says it is of; empty when it says none or contradicts itself."""
    data, conversation = activity.get("channelData"), activity.get("conversation")
    inner = data.get("tenant") if isinstance(data, dict) else None
    one = inner.get("id") if isinstance(inner, dict) else None
    other = conversation.get("tenantId") if isinstance(conversation, dict) else None
    if one and other and one != other:
        return ""
    return str(one or other or "")
