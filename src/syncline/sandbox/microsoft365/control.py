"""The control endpoints, with what only this sandbox has.

`POST /_control/limits` takes any of `mailbox_concurrency` (a number, or null for
no limit), `concurrency_latency` (seconds that a call lasts while there is a
limit) and `rotate_strict`. `POST /_control/revoke` takes `address` and forgets
all tokens of that mailbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from syncline.sandbox.base.control import CONTROL_PREFIX, ControlledApp

if TYPE_CHECKING:
    from syncline.sandbox.microsoft365.store import Tenant


class GraphControlledApp(ControlledApp):
    """Adds limits and revocation to the usual control endpoints."""

    tenant: Tenant

    async def _control(self, request: Request) -> Response:
        where = request.url.path.removeprefix(CONTROL_PREFIX).rstrip("/")
        if request.method == "POST" and where == "/limits":
            return self._set_limits(await request.json())
        if request.method == "POST" and where == "/revoke":
            body = await request.json()
            self.tenant.grants.revoke(str(body["address"]))
            return Response(status_code=204)
        return await super()._control(request)

    def _set_limits(self, body: dict[str, object]) -> Response:
        if "mailbox_concurrency" in body:
            limit = body["mailbox_concurrency"]
            self.tenant.mailbox_concurrency = limit if isinstance(limit, int) else None
        if isinstance(latency := body.get("concurrency_latency"), int | float):
            self.tenant.concurrency_latency = float(latency)
        if isinstance(strict := body.get("rotate_strict"), bool):
            self.tenant.grants.rotate_strict = strict
        return JSONResponse(
            {
                "mailbox_concurrency": self.tenant.mailbox_concurrency,
                "concurrency_latency": self.tenant.concurrency_latency,
                "rotate_strict": self.tenant.grants.rotate_strict,
            }
        )
