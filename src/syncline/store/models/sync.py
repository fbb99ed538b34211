"""What sessions remember: links, watermarks, leases, sessions."""

from django.db import models
from django.db.models import Q

from syncline.store.models.access import MailboxRow

#: Links whose marks were about to be set. The index of these leaves the others
#: out, so a query that uses it must say exactly this.
UNMARKED = ~Q(pending_marks=[])


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
    is_undone = models.BooleanField(default=False)
    is_parted = models.BooleanField(default=False)
    series_key = models.CharField(max_length=64, null=True)
    is_series = models.BooleanField(default=False)
    is_filed = models.BooleanField(default=False)
    is_mirrored = models.BooleanField(default=False)
    swings = models.JSONField(default=list)

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
            models.Index(fields=["mailbox"], condition=UNMARKED, name="link_unmarked"),
            models.Index(
                fields=["mailbox", "series_key"],
                condition=Q(series_key__isnull=False),
                name="link_series",
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
    #: The session whose writes this one took back.
    undoes = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, db_index=False
    )

    class Meta:
        """Table; listed newest first."""

        db_table = "session"
        indexes = (
            models.Index(fields=["mailbox", "-started_at"], name="session_recent"),
        )

    def __str__(self) -> str:
        """When and how it ended."""
        return f"session {self.pk} {self.result}"


class SessionWriteRow(models.Model):
    """One write of a session; see `domain.values.history`."""

    session = models.ForeignKey(SessionRow, on_delete=models.CASCADE)
    link_key = models.CharField(max_length=64, db_collation="C")
    side = models.CharField(max_length=8)
    verb = models.CharField(max_length=8)
    kind = models.CharField(max_length=8)
    target_id = models.TextField(default="", db_collation="C")
    name = models.TextField(default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    version_before = models.TextField(default="")
    version_after = models.TextField(default="")
    is_mark = models.BooleanField(default=False)
    was_there = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)
    refusal = models.CharField(max_length=16, default="")
    detail = models.TextField(default="")

    class Meta:
        """Table; read by session, in the order of ids."""

        db_table = "session_write"

    def __str__(self) -> str:
        """What was done where."""
        return f"{self.verb} {self.kind} {self.side}"


class ErrandRow(models.Model):
    """A person's request that a worker carries out, and its answer."""

    mailbox = models.ForeignKey(MailboxRow, on_delete=models.CASCADE)
    verb = models.CharField(max_length=8)
    #: Whose writes are to be taken back.
    session = models.ForeignKey(SessionRow, null=True, on_delete=models.CASCADE)
    who = models.CharField(max_length=320)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)

    class Meta:
        """Table; open ones are found every second; one of a sort at a time."""

        db_table = "errand"
        constraints = (
            models.UniqueConstraint(
                fields=["mailbox", "verb"],
                condition=Q(finished_at__isnull=True),
                name="errand_open_unique",
            ),
        )

    def __str__(self) -> str:
        """What and since when."""
        return f"{self.verb} for mailbox {self.mailbox_id}"
