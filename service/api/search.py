"""GET /api/v1/search: passages of the law that fit a question."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from actions.desk.library import passage_json
from service.api.dependencies import CallerDep, PartsDep, known_pack
from service.api.problems import RESPONSES
from service.api.shapes import SearchHit

router = APIRouter(prefix="/api/v1", tags=["finding"], responses=RESPONSES)


@router.get("/search", response_model=list[SearchHit], summary="Search the provisions")
def search(
    _: CallerDep,
    parts: PartsDep,
    q: Annotated[str, Query(min_length=1, max_length=1000, examples=["gift limit per year"])],
    pack: Annotated[str | None, Query(max_length=100)] = None,
    k: Annotated[int, Query(ge=1, le=50)] = 5,
) -> list[dict[str, Any]]:
    """The provisions nearest to `q`, best first; with `pack` only those that bind its people."""
    if pack:
        known_pack(parts, pack)
    hits = parts.index.search(q, pack=pack or None, k=k)
    return [{**passage_json(hit.passage), "score": round(float(hit.score), 6)} for hit in hits]
