"""What the routes share: the parts, and who calls with which role."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated

from fastapi import Depends, Request

from service.auth.caller import Caller, caller_of, check_may_speak
from service.errors import InvalidInput, NotFound
from service.parts import Parts


async def parts(request: Request) -> Parts:
    """The assembled service. What is no coroutine here would cost a thread for every request."""
    assembled: Parts = request.app.state.parts
    return assembled


PartsDep = Annotated[Parts, Depends(parts)]


async def caller(request: Request, parts: PartsDep) -> Caller:
    """The caller, by session cookie; changes made with a cookie must show the session's CSRF token too."""
    if not request.cookies:
        return Caller(None, None)
    return await asyncio.to_thread(caller_of, request, parts.settings, parts.store.sessions)


CallerDep = Annotated[Caller, Depends(caller)]


async def speaker(caller: CallerDep, parts: PartsDep) -> Caller:
    """A caller who may hold conversations: anybody, or whoever has signed in where that is required."""
    check_may_speak(caller, parts.settings)
    return caller


SpeakerDep = Annotated[Caller, Depends(speaker)]


async def liaison(caller: CallerDep) -> str:
    """Let an ethics liaison pass; everybody else finds nothing here. Gives who it is."""
    person = caller.person_with("liaison")
    if person is None:
        raise NotFound("There is nothing here.")
    return person


LiaisonDep = Annotated[str, Depends(liaison)]


async def administrator(request: Request, caller: CallerDep, parts: PartsDep) -> str:
    """Let an administrator pass, or the administrator's token; everybody else finds nothing here."""
    person = caller.person_with("administrator")
    if person is not None:
        return person
    token = parts.settings.admin_token
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(shown.encode(), token.get_secret_value().encode()):
        raise NotFound("There is nothing here.")
    return "administrator"


AdministratorDep = Annotated[str, Depends(administrator)]


def known_pack(parts: Parts, pack: str, field: str = "pack") -> str:
    """The pack's id. Raises `InvalidInput` naming the packs there are."""
    if pack not in parts.knowledge.packs:
        raise InvalidInput("There is no such pack.", field=field, expected=", ".join(parts.knowledge.packs))
    return pack
