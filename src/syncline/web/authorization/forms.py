"""What the sign-in page takes from its address."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, given: str | None) -> str:
    """The address if it is one of ours, or nothing."""
    is_ours = url_has_allowed_host_and_scheme(
        given or "",
        allowed_hosts={request.get_host()},
        require_https=request.is_secure(),
    )
    return given if given and is_ours else ""
