"""Who is let in from Teams: signature, issuer, audience, expiry, service address, tenant, endorsement."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from aiohttp import web

from service.channels.running import configured
from service.channels.teams.tokens import CLOUDS, Keys, KeysAway, allowed
from service.parts import Parts
from service.settings import Settings
from tests.service.channels.office import BOT, KEY, OTHER, TENANT, Person, activity, token

GIFT = "a vendor gave me a gift of $75"


async def test_a_good_token_is_let_in(person: Person) -> None:
    assert (await person.say(GIFT)).status_code == 202


@pytest.mark.parametrize(
    ("bearer", "more"),
    [
        (token(OTHER), {}),
        (token("a-secret-that-is-long-enough-for-hmac", "HS256"), {}),
        (token(iss="https://evil.example"), {}),
        (token(iss=None), {}),
        (token(aud="another"), {}),
        (token(aud=None), {}),
        (token(exp=time.time() - 900), {}),
        (token(exp=None), {}),
        (token(nbf=time.time() + 900), {}),
        (token(serviceurl="https://smba.trafficmanager.net/emea/"), {}),
        (token(serviceurl=None), {}),
        (token(serviceurl="https://evil.example/"), {"serviceUrl": "https://evil.example/"}),
        (token(), {"channelData": {"tenant": {"id": "other"}}}),
        (token(), {"channelData": {}, "conversation": {"id": "c1", "conversationType": "personal"}}),
        (token(), {"channelId": "directline"}),
        ("nonsense", {}),
        (jwt.encode({"aud": BOT}, None, "none", headers={"kid": "k1"}), {}),
    ],
)
async def test_who_is_not_teams_is_refused(person: Person, bearer: str, more: dict[str, Any]) -> None:
    assert (await person.send(activity(GIFT, **more), bearer)).status_code == 401
    assert person.connector.sent == []
    assert person.parts.store.ledger.count().accepted == 0


@pytest.mark.parametrize(
    ("address", "cloud", "fits"),
    [
        ("https://smba.trafficmanager.net/amer/", "public", True),
        ("https://smba.trafficmanager.net:443/amer/", "public", True),
        ("http://smba.trafficmanager.net/amer/", "public", False),
        ("https://smba.trafficmanager.net:8443/", "public", False),
        ("https://smba.trafficmanager.net@evil.example/", "public", False),
        ("https://smba.trafficmanager.net.evil.example/", "public", False),
        ("https://smba.infra.gcc.teams.microsoft.com/teams", "gcc", True),
        ("https://smba.trafficmanager.net/amer/", "gcc", False),
        ("https://[", "public", False),
    ],
)
def test_our_own_token_goes_to_the_clouds_hosts_alone(address: str, cloud: str, fits: bool) -> None:
    assert allowed(address, CLOUDS[cloud]) is fits


async def test_the_keys_are_fetched_once_and_their_absence_is_no_fault(person: Person) -> None:
    served, broken = 0, True

    async def keys(_: web.Request) -> web.Response:
        nonlocal served
        served += 1
        if broken:
            return web.Response(status=503)
        one = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return web.json_response({"keys": [{**one, "kid": "k1", "endorsements": ["msteams"]}]})

    server = web.Application()
    server.router.add_get("/keys", keys)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    person.teams._keys = fetched = Keys(f"http://127.0.0.1:{runner.addresses[0][1]}/keys")
    refused = await person.say(GIFT)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5"), "Teams sends it again"
    with pytest.raises(KeysAway):
        await fetched("k1")
    assert served == 1, "not asked again at once"
    broken, fetched._again = False, 0.0
    assert (await person.say(GIFT)).status_code == 202
    assert await fetched("unknown") is None
    assert served == 2, "an unknown key brings no second fetch within the minute"
    await runner.cleanup()


def test_teams_is_on_when_its_settings_are_there(
    join: Callable[[Settings], Parts], settings: Callable[..., Settings]
) -> None:
    on = {"teams_app_id": BOT, "teams_app_secret": "s" * 24, "teams_tenants": TENANT}
    for given, paths in ((on, ["/teams/messages"]), ({**on, "teams_tenants": ()}, [])):
        parts = join(settings(**given))
        assert [channel.path for channel in configured(parts)] == paths
        parts.store.close()
