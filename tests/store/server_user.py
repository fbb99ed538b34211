"""A process that uses the server of a data folder until its input ends.

Says the server's process id once it can be used.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path) -> None:
    from syncline.conf.home import socket_folder
    from syncline.store import embedded

    server = embedded.Server(folder=folder, socket=socket_folder(folder))
    embedded.start(server, durable=False)
    print((server.cluster / "postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
