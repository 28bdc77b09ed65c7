"""Roles out of the claims of an identity token: everybody is an employee, some are more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.settings import Settings
from service.store.sessions import Role


def roles_of(settings: Settings, claims: Mapping[str, Any]) -> frozenset[Role]:
    """The roles that the claim named by `oidc_role_claim` gives, by the values that the settings list."""
    held = claims.get(settings.oidc_role_claim) or ()
    values = {held} if isinstance(held, str) else {str(value) for value in held}
    found: set[Role] = {"employee"}
    if values & set(settings.oidc_liaisons):
        found.add("liaison")
    if values & set(settings.oidc_administrators):
        found.add("administrator")
    return frozenset(found)
