"""What needs attention."""

from django.db import models

from syncline.store.models.access import MailboxRow


class IssueRow(models.Model):
    """One issue; see `domain.issues.issue`."""

    mailbox = models.ForeignKey(MailboxRow, on_delete=models.CASCADE, db_index=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=16)
    subject = models.TextField()
    params = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    kind = models.CharField(max_length=8, default="")
    side = models.CharField(max_length=8, default="")
    operation = models.CharField(max_length=16, default="")
    name = models.TextField(default="")
    item_id = models.TextField(default="", db_collation="C")
    record_id = models.CharField(max_length=18, default="", db_collation="C")
    web_link = models.TextField(default="")
    state = models.CharField(max_length=10)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    occurrences = models.IntegerField(default=1)
    resolved_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    details = models.JSONField(default=list)

    class Meta:
        """Table; listed newest first."""

        db_table = "issue"
        indexes = (
            models.Index(fields=["mailbox", "state", "-last_seen"], name="issue_list"),
        )

    def __str__(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}"
