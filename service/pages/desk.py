"""Pages that hold nothing and ask the API for what they show: the chat, at its own address and framed in
the intranet pages that a setting names; the liaison's inbox; the API's reference.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response
from starlette.responses import FileResponse

from service.api.dependencies import PartsDep
from service.guard import CSP
from service.pages.templates import render

WEB = Path(__file__).parent.parent / "web"
# A script of another origin may be loaded only if this says so; the frame needs it where its host isolates
# itself. Everything else keeps the stricter header of the guard.
ELSEWHERE = {"cross-origin-resource-policy": "cross-origin"}
router = APIRouter(include_in_schema=False)


@router.get("/")
def page() -> Response:
    """The desk."""
    return render("desk.html")


@router.get("/liaison")
def inbox() -> Response:
    """The cases handed on."""
    return render("liaison.html")


@router.get("/developers")
def developers() -> Response:
    """The contracts of the API with examples."""
    return render("developers.html")


@router.get("/embed")
def frame(parts: PartsDep) -> Response:
    """The desk without its header, for a frame in the origins of `frame_ancestors` and nowhere else."""
    origins = " ".join(("'self'", *parts.settings.frame_ancestors))
    policy = CSP.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    framed = render("desk.html")
    framed.headers.update({**ELSEWHERE, "content-security-policy": policy})
    return framed


@router.get("/embed.js")
def snippet() -> Response:
    """The script that an intranet page names in one tag."""
    return FileResponse(WEB / "embed.js", media_type="text/javascript; charset=utf-8", headers=ELSEWHERE)
