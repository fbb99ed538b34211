"""The control endpoints, with what only this sandbox has.

All take and answer JSON; 400 says what is wrong, 404 that there is no such
mailbox or item. `README.md` tells what each one does.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from syncline.sandbox.base.control import ControlledApp
from syncline.sandbox.microsoft365.delivery import deliver_mime
from syncline.sandbox.microsoft365.entities import Item, Mailbox
from syncline.sandbox.microsoft365.upheavals import (
    change_id,
    duplicate,
    find,
    migrate,
)

if TYPE_CHECKING:
    from syncline.sandbox.microsoft365.store import Tenant

Body = dict[str, Any]


class _MissingError(Exception):
    """There is no such mailbox or item."""


class GraphControlledApp(ControlledApp):
    """Adds limits, revocation, quirks and upheavals to the usual controls."""

    tenant: Tenant

    async def control_more(self, request: Request, where: str) -> Response:
        """Controls that only this sandbox has."""
        if (request.method, where) == ("GET", "/quirks"):
            return JSONResponse(self.tenant.quirks.as_json())
        action = self._actions().get(where)
        if request.method != "POST" or action is None:
            return await super().control_more(request, where)
        try:
            body = json.loads(await request.body() or b"{}")
            if not isinstance(body, dict):
                raise TypeError("a JSON object was expected")
            answer = action(body)
        except _MissingError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        if answer is None:
            return Response(status_code=204)
        return JSONResponse(answer)

    def _actions(self) -> dict[str, Callable[[Body], Body | None]]:
        return {
            "/limits": self._set_limits,
            "/revoke": self._revoke,
            "/quirks": self._set_quirks,
            "/migrate": self._migrate,
            "/new-id": self._change_id,
            "/copy": self._copy,
            "/mail": self._mail,
        }

    def _mailbox(self, body: Body) -> Mailbox:
        box = self.tenant.find_mailbox(str(body.get("address") or ""))
        if box is None:
            raise _MissingError("no such mailbox")
        return box

    def _item(self, body: Body) -> tuple[Mailbox, Item]:
        box = self._mailbox(body)
        item = find(box, str(body.get("id") or ""))
        if item is None:
            raise _MissingError("no such item")
        return box, item

    def _set_limits(self, body: Body) -> Body:
        if "mailbox_concurrency" in body:
            limit = body["mailbox_concurrency"]
            self.tenant.mailbox_concurrency = limit if isinstance(limit, int) else None
        if isinstance(latency := body.get("concurrency_latency"), int | float):
            self.tenant.concurrency_latency = float(latency)
        if isinstance(strict := body.get("rotate_strict"), bool):
            self.tenant.grants.rotate_strict = strict
        return {
            "mailbox_concurrency": self.tenant.mailbox_concurrency,
            "concurrency_latency": self.tenant.concurrency_latency,
            "rotate_strict": self.tenant.grants.rotate_strict,
        }

    def _revoke(self, body: Body) -> None:
        self.tenant.grants.revoke(str(body.get("address")))

    def _set_quirks(self, body: Body) -> Body:
        self.tenant.quirks.set(body)
        return self.tenant.quirks.as_json()

    def _migrate(self, body: Body) -> Body:
        box = self._mailbox(body)
        migrate(box)
        return {"mailbox_id": box.mailbox_id}

    def _change_id(self, body: Body) -> Body:
        box, item = self._item(body)
        return _ids(box, change_id(self.tenant, box, item))

    def _copy(self, body: Body) -> Body:
        box, item = self._item(body)
        return _ids(box, duplicate(self.tenant, box, item))

    def _mail(self, body: Body) -> Body:
        box = self._mailbox(body)
        raw = base64.b64decode(str(body.get("mime") or ""), validate=True)
        known = ("receivedDateTime", "isRead", "isDraft", "categories")
        more = {name: body[name] for name in known if name in body}
        folder = str(body.get("folder") or "inbox")
        return _ids(box, deliver_mime(self.tenant, box, folder, raw, more))


def _ids(box: Mailbox, item: Item) -> Body:
    return {
        "id": box.id_of(item, immutable=False),
        "immutable_id": box.id_of(item, immutable=True),
    }
