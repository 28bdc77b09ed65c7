"""The bot's own access token, for posting to Teams."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from microsoft_agents.authentication.msal import MsalAuth
from microsoft_agents.hosting.core import AgentAuthConfiguration

from service.channels.courier import Refused
from service.channels.teams.tokens import Cloud
from service.settings import Settings


def bot_token(settings: Settings, cloud: Cloud) -> Callable[[], Awaitable[str]]:
    """A function that gives a token, cached by MSAL until it runs out."""
    secret = settings.teams_app_secret
    tenant = settings.teams_tenants[0]
    login = MsalAuth(
        AgentAuthConfiguration(
            client_id=settings.teams_app_id, tenant_id=tenant, authority=f"{cloud.login}/{tenant}",
            client_secret=secret.get_secret_value() if secret else None,
        )
    )  # fmt: skip
    resource = cloud.issuer

    async def token() -> str:
        try:
            return await login.get_access_token(resource, [f"{resource}/.default"])
        except (ValueError, OSError) as error:  # the login service is away, or refuses the secret
            raise Refused(5.0) from error

    return token
