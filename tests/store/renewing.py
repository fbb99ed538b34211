"""A process that renews a grant when it is told to.

Arguments: the connection, the vault's key, a file that gets a line for each call
of the token endpoint. Says `ready`, waits for a line, then says the new token.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(connection_id: int, key: str, calls: Path) -> None:
    import django

    django.setup()
    from syncline.domain.access.grant import Connection, Grant
    from syncline.store.grants import SqlGrantKeeper
    from syncline.store.vault import Vault

    def refresh(connection: Connection, grant: Grant) -> Grant:
        del connection
        with calls.open("a") as file:
            file.write("called\n")
        return Grant(
            access_token="renewed",
            refresh_token="next",
            generation=grant.generation + 1,
        )

    keeper = SqlGrantKeeper(connection_id, Vault([key]), refresh)
    used = keeper.current()
    print("ready", flush=True)
    sys.stdin.readline()
    print(keeper.renew(used).access_token, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
