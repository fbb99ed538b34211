"""The words of a notice, from the catalog."""

from __future__ import annotations

from dataclasses import dataclass

from syncline.domain.issues import remedy
from syncline.domain.issues.notice import ALL_CLEAR, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A rendered notice."""

    recipient: str
    subject: str
    text: str
    message_id: str


def render(notice: Notice) -> Letter:
    """Subject and text of a notice, with the steps."""
    if notice.code == ALL_CLEAR:
        subject = "All clear: sync is running again"
        lines = ["Your mailbox and Salesforce are being kept in step again."]
    else:
        subject = "Action required - Sync suspended"
        steps = remedy.steps(notice.code, notice.params)
        lines = [
            remedy.explain(notice.code, notice.params),
            "",
            *(f"{number}. {step}" for number, step in enumerate(steps, start=1)),
        ]
    return Letter(
        recipient=notice.recipient,
        subject=subject,
        text="\n".join(lines) + "\n",
        message_id=notice.message_id,
    )
