"""Where notices go: a list in memory, or the log of an installation without mail."""

from __future__ import annotations

import structlog

from syncline.domain.issues.notice import Notice
from syncline.notices.render import Letter, render

log = structlog.get_logger()


class MemoryNoticeSender:
    """`ports.NoticeSender` that keeps letters, one for each message id."""

    def __init__(self) -> None:
        """Begin with none."""
        self.letters: dict[str, Letter] = {}

    def send(self, notice: Notice) -> None:
        """See the port."""
        letter = render(notice)
        self.letters[letter.message_id] = letter


class LogNoticeSender:
    """`ports.NoticeSender` that writes who would be told what, without the text."""

    def send(self, notice: Notice) -> None:
        """See the port."""
        letter = render(notice)
        log.info(
            "notice",
            recipient=letter.recipient,
            subject=letter.subject,
            code=notice.code,
            message_id=letter.message_id,
        )
