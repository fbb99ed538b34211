"""Pages for people: what somebody in Salesforce would see."""

from __future__ import annotations

from starlette.routing import Route

ROUTES: list[Route] = []
