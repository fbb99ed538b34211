"""Watermarks in their table."""

from collections.abc import Mapping

from syncline.domain.values.changes import Watermark
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Side
from syncline.store.models import WatermarkRow


class SqlWatermarkBook:
    """`ports.WatermarkBook` on PostgreSQL."""

    def get(self, mailbox_id: MailboxId, side: Side) -> Watermark | None:
        """See the port."""
        row = WatermarkRow.objects.filter(mailbox_id=mailbox_id, side=side).first()
        return Watermark(value=row.value) if row else None


def save_watermarks(
    mailbox_id: MailboxId, watermarks: Mapping[Side, Watermark]
) -> None:
    """Write watermarks, inside the caller's transaction."""
    rows = [
        WatermarkRow(mailbox_id=mailbox_id, side=side, value=watermark.value)
        for side, watermark in watermarks.items()
    ]
    WatermarkRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["mailbox", "side"],
        update_fields=["value"],
    )
