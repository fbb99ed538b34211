"""Renders the pages for people."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

from syncline.sandbox.salesforce.entities import Json

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, status: int = 200, **values: Json) -> HTMLResponse:
    """A page made from a template of this folder."""
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(**values), status)
