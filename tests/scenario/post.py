"""The post: brings people's mail into a mailbox, as the Internet does."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from tests.scenario.people import at

Json = dict[str, Any]
Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Post:
    """Delivers to one mailbox.

    Attributes:
        address: Whose mailbox.
        put: Hands a mail to the server.
    """

    address: str
    put: Callable[[Json], object]

    def deliver(
        self,
        subject: str,
        sender: str,
        *,
        to: str = "",
        folder: str = "inbox",
        files: Files = (),
        **more: object,
    ) -> None:
        """Deliver a mail of yesterday; its id is made from its subject."""
        mail = EmailMessage()
        mail["Subject"] = subject
        mail["From"] = sender
        mail["To"] = to or self.address
        mail["Date"] = format_datetime(at(-1))
        mail["Message-ID"] = f"<{subject.lower().replace(' ', '.')}@post.example>"
        mail.set_content(f"This is about {subject}.\n")
        for name, content in files:
            mail.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        raw = base64.b64encode(mail.as_bytes()).decode()
        self.put({"address": self.address, "folder": folder, "mime": raw, **more})

    def send(self, subject: str, to: str, **more: Any) -> None:
        """Put a mail of the owner's own where sent ones lie."""
        self.deliver(subject, self.address, to=to, folder="sentitems", **more)
