"""The pages' templates, and how they are filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    request: Request, name: str, values: dict[str, Any], status: int = 200
) -> Response:
    """A page from a template."""
    html = _ENVIRONMENT.get_template(name).render(request=request, **values)
    return HTMLResponse(html, status)
