"""The liaison's page: the cases handed on. It holds nothing itself; what it shows it asks the API for."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

WEB = Path(__file__).parent.parent / "web"
router = APIRouter(include_in_schema=False)


@router.get("/liaison")
def page() -> FileResponse:
    """The inbox."""
    return FileResponse(WEB / "liaison.html", media_type="text/html; charset=utf-8")
