"""Pages for people."""

from starlette.routing import Route

from syncline.sandbox.microsoft365.store import Tenant


class Pages:
    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def routes(self) -> list[Route]:
        return []
