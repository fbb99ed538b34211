"""Whether this installation is well, for whoever watches it."""

from __future__ import annotations

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from syncline.store.queries import is_database_up

_UNAVAILABLE = 503


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be answered, else 503; tells nothing about anybody."""
    del request
    try:
        is_up = is_database_up()
    except Error:
        is_up = False
    body = {"status": "ok" if is_up else "unavailable", "database": is_up}
    return JsonResponse(body, status=200 if is_up else _UNAVAILABLE)
