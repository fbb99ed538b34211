"""What sessions remember: links, watermarks, leases, sessions."""

from django.db import models
from django.db.models import Q

from syncline.store.models.access import MailboxRow


class LinkRow(models.Model):
    """An item, its record, or both; see `domain.values.links`."""

    mailbox = models.ForeignKey(MailboxRow, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=10)
    origin = models.CharField(max_length=8)
    item_id = models.TextField(null=True, db_collation="C")
    record_id = models.CharField(max_length=18, null=True, db_collation="C")
    item_uid = models.TextField(default="", db_collation="C")
    item_version = models.TextField(default="")
    record_version = models.TextField(default="")
    name = models.TextField(default="")
    web_link = models.TextField(default="")
    is_organizer = models.BooleanField(default=True)
    base_item = models.JSONField(null=True)
    base_record = models.JSONField(null=True)
    marks = models.JSONField(default=list)
    pending_marks = models.JSONField(default=list)
    hold = models.JSONField(null=True)
    losers = models.JSONField(default=list)

    class Meta:
        """Table; constraints make a double impossible, whatever the engine does."""

        db_table = "link"
        constraints = (
            models.UniqueConstraint(fields=["mailbox", "key"], name="link_key_unique"),
            models.UniqueConstraint(
                fields=["mailbox", "item_id"],
                condition=~Q(state="tombstone"),
                name="link_item_unique",
            ),
            models.UniqueConstraint(
                fields=["mailbox", "record_id"],
                condition=~Q(state="tombstone"),
                name="link_record_unique",
            ),
        )
        indexes = (
            models.Index(fields=["mailbox", "item_id"], name="link_item"),
            models.Index(fields=["mailbox", "record_id"], name="link_record"),
            models.Index(fields=["mailbox", "kind", "state"], name="link_kind"),
            models.Index(fields=["item_uid"], name="link_uid"),
            models.Index(
                fields=["mailbox"], condition=Q(hold__isnull=False), name="link_held"
            ),
        )

    def __str__(self) -> str:
        """Key and state."""
        return f"{self.key} {self.state}"


class WatermarkRow(models.Model):
    """Where one side's stream was read up to."""

    mailbox = models.ForeignKey(MailboxRow, on_delete=models.CASCADE)
    side = models.CharField(max_length=8)
    value = models.TextField()

    class Meta:
        """Table; one watermark a side."""

        db_table = "watermark"
        constraints = (
            models.UniqueConstraint(
                fields=["mailbox", "side"], name="watermark_side_unique"
            ),
        )

    def __str__(self) -> str:
        """Whose."""
        return f"watermark of mailbox {self.mailbox_id}, {self.side}"


class LeaseRow(models.Model):
    """Who may work on a mailbox; the token grows with every holder."""

    mailbox = models.OneToOneField(
        MailboxRow, on_delete=models.CASCADE, primary_key=True
    )
    token = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=128, default="")
    expires_at = models.DateTimeField(null=True)

    class Meta:
        """Table."""

        db_table = "lease"

    def __str__(self) -> str:
        """Mailbox and token."""
        return f"lease {self.token} of mailbox {self.mailbox_id}"


class SessionRow(models.Model):
    """One session and what it did."""

    mailbox = models.ForeignKey(MailboxRow, on_delete=models.CASCADE, db_index=False)
    lease_token = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_forced = models.BooleanField(default=False)
    result = models.CharField(max_length=8, default="")
    error_code = models.CharField(max_length=16, default="")
    tallies = models.JSONField(default=list)
    requests = models.JSONField(default=dict)
    writes = models.JSONField(default=dict)
    issues_open = models.IntegerField(default=0)
    in_scope = models.JSONField(default=dict)

    class Meta:
        """Table; listed newest first."""

        db_table = "session"
        indexes = (
            models.Index(fields=["mailbox", "-started_at"], name="session_recent"),
        )

    def __str__(self) -> str:
        """When and how it ended."""
        return f"session {self.pk} {self.result}"
