"""/health says that the process lives; /ready that it can do its work; /metrics is for administrators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import text
from starlette.responses import JSONResponse

from service.api.dependencies import AdministratorDep, PartsDep
from service.errors import StoreUnavailable

router = APIRouter(tags=["operation"])


@router.get("/health", summary="Is the process alive?")
async def health() -> dict[str, str]:
    """Always the same, as long as the process answers."""
    return {"status": "ok"}


@router.get("/ready", summary="Can the desk do its work?")
def ready(parts: PartsDep) -> Response:
    """200 when messages are accepted and answered; `dialogue` tells whether Rasa is there or the engine asks
    alone."""
    store = "ok"
    try:
        with parts.store.database.read() as db:
            db.execute(text("SELECT 1"))
    except StoreUnavailable:
        store = "unreachable"
    content: dict[str, Any] = {"status": "ready" if store == "ok" else "not ready", "store": store,
                               "dialogue": _dialogue(parts)}  # fmt: skip
    return JSONResponse(content, 200 if store == "ok" else 503)


def _dialogue(parts: PartsDep) -> str:
    if parts.settings.rasa_urls:
        return "elsewhere"
    up = sum(process.healthy.is_set() for process in parts.rasa)
    return "engine alone" if not up else "ok" if up == len(parts.rasa) else "partly"


@router.get("/metrics", summary="Metrics for Prometheus", include_in_schema=False)
def metrics(parts: PartsDep, _: AdministratorDep) -> Response:
    """Counts and times, behind the administrator's token."""
    return Response(parts.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
