"""Every error becomes the one problem shape; what is ours to fix shows a reference number and nothing
else."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from service.api.shapes import Problem
from service.errors import InvalidInput, ServiceError, status_of
from service.guard import problem
from service.logs import logger

SERVER_FAULT = 500
NO_JSON = InvalidInput("The body is no JSON.", field="body", expected="a JSON object")
RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": HTTPStatus(code).phrase}
    for code in (401, 403, 404, 413, 422, 429, 500, 503)
}
# For a route whose answers are no JSON: a model would be described with the route's own content type.
PROBLEM_CONTENT: dict[int | str, dict[str, Any]] = {
    code: {
        "description": HTTPStatus(code).phrase,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for code in RESPONSES
    if isinstance(code, int)
}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _bug)


async def _service_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)
    if status_of(error) >= SERVER_FAULT:
        logger().warning("problem", code=error.code, error_type=type(error).__name__)
    return problem(error)


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem(NO_JSON)
    return problem(InvalidInput(_sentence(first), field=_place(first["loc"]), expected=_expected(first)))


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if (
        error.status_code == HTTPStatus.BAD_REQUEST
    ):  # what the JSON parser could not even fail on in its own way
        return problem(NO_JSON)
    phrase = HTTPStatus(error.status_code).phrase
    body = {
        "code": phrase.lower().replace(" ", "_"),
        "field": None,
        "message": f"{phrase}.",
        "expected": None,
    }
    return JSONResponse({"error": body}, error.status_code, error.headers)


async def _bug(_: Request, error: Exception) -> JSONResponse:
    reference = secrets.token_hex(4)
    logger().error("bug", reference=reference, error_type=type(error).__name__)
    body = {"code": "fault", "field": None, "message": "Something went wrong on our side.", "expected": None,
            "reference": reference}  # fmt: skip
    return JSONResponse({"error": body}, SERVER_FAULT)


def _place(location: Sequence[object]) -> str:
    """The field's name as a caller writes it; pydantic's names of union members are left out."""
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    known = [
        part for part in parts if part.isidentifier() and not part.startswith(("bool", "int", "float", "str"))
    ]
    return ".".join(known) or "body"


def _sentence(error: dict[str, Any]) -> str:
    if error["type"] == "missing":
        return "This field is missing."
    if error["type"] == "extra_forbidden":
        return "There is no such field."
    return "This value does not fit."


def _expected(error: dict[str, Any]) -> str | None:
    if error["type"] in ("missing", "extra_forbidden"):
        return None
    return str(error["msg"]).removeprefix("Value error, ")
