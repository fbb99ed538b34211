"""A process that runs sessions and kills them: `python -m tests.scenario.driver`.

Reads one JSON line per session: {"mailbox": id, "now": instant, "point": n}.
The session runs in a fork that kills itself with SIGKILL at that point; answers
one line, {"signal": 9} or {"exit": 0} when the session ended before.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from typing import Any

import django


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    # Imported once, here, so that no fork pays for it.
    from tests.scenario import engine  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(_run_in_fork(json.loads(line))), flush=True)


def _run_in_fork(wish: dict[str, Any]) -> dict[str, int]:
    process_id = os.fork()
    if process_id == 0:
        _run_and_exit(wish)
    _, status = os.waitpid(process_id, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return {"exit": os.WEXITSTATUS(status)}


def _run_and_exit(wish: dict[str, Any]) -> None:
    from syncline.domain.values.ids import MailboxId
    from tests.scenario.effects import Effects
    from tests.scenario.engine import run_session

    class Frozen:
        def now(self) -> datetime:
            return datetime.fromisoformat(wish["now"])

    def kill(point: int) -> None:
        if point == wish["point"]:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 0
    try:
        run_session(
            MailboxId(wish["mailbox"]), Frozen(), effects=Effects(at_point=kill)
        )
    except BaseException:
        traceback.print_exc()
        code = 1
    os._exit(code)


if __name__ == "__main__":
    main()
