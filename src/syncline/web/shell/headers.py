"""Headers that every answer goes with: what its page may load, and who may keep it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_POLICY = (
    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_FORM_TARGETS = "_form_targets"


def allow_form_target(response: HttpResponse, *targets: str) -> HttpResponse:
    """Let the forms of one page lead to other hosts, too."""
    setattr(response, _FORM_TARGETS, targets)
    return response


class HeadersMiddleware:
    """Adds the headers that Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the views."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self._get_response(request)
        targets = " ".join(("'self'", *getattr(response, _FORM_TARGETS, ())))
        policy = f"{_POLICY}; form-action {targets}"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
