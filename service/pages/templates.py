"""Templates that escape everything; whatever the law or a visitor says is text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from actions.desk.words import day, plain

FOLDER = Path(__file__).parent.parent / "web" / "templates"


def provision_url(provision: str) -> str:
    """The address of a provision; it stays the same while the provision keeps its id."""
    return f"/law/provision/{quote(provision, safe='')}"


def rule_url(rule: str) -> str:
    """The address of a rule."""
    return f"/law/rule/{quote(rule, safe='')}"


def render(name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of template `name`."""
    return HTMLResponse(_TEMPLATES.get_template(name).render(**values), status)


def _dated(value: dt.date | None) -> str:
    return day(value) if value else ""


_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
_TEMPLATES.filters |= {"plain": plain, "provision_url": provision_url, "rule_url": rule_url, "dated": _dated}
