"""Organizations, profiles, mailboxes, connections and grants."""

from django.db import models
from django.db.models import Q

from syncline.domain.access.mailbox import Standing

#: Standings in which no session runs. The index of due mailboxes leaves them out,
#: so a query that uses it must name exactly these.
STOPPED = [standing.value for standing in Standing if not standing.may_sync]


class OrganizationRow(models.Model):
    """A customer: one Salesforce org and its people."""

    name = models.CharField(max_length=255)
    crm_org_id = models.CharField(max_length=18, unique=True)

    class Meta:
        """Table."""

        db_table = "organization"

    def __str__(self) -> str:
        """Name for people."""
        return self.name


class ProfileRow(models.Model):
    """A group of users with shared settings."""

    organization = models.ForeignKey(OrganizationRow, on_delete=models.CASCADE)
    name = models.CharField(max_length=255)
    #: Deviations from the product's defaults; see `domain.access.policy`.
    policy = models.JSONField(default=dict)

    class Meta:
        """Table; names are unique in an organization."""

        db_table = "profile"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "name"], name="profile_name_unique"
            ),
        )

    def __str__(self) -> str:
        """Name for people."""
        return self.name


class MailboxRow(models.Model):
    """One mail account paired with one Salesforce account."""

    profile = models.ForeignKey(ProfileRow, on_delete=models.PROTECT)
    organization = models.ForeignKey(OrganizationRow, on_delete=models.CASCADE)
    address = models.CharField(max_length=320)
    provider = models.CharField(max_length=32)
    crm_user_id = models.CharField(max_length=18)
    crm_username = models.CharField(max_length=255, default="")
    crm_instance_url = models.CharField(max_length=500, default="")
    standing = models.CharField(max_length=16, default="active")
    streak = models.IntegerField(default=0)
    idle_count = models.IntegerField(default=0)
    confirmed_plan = models.CharField(max_length=64, default="", blank=True)
    next_run_at = models.DateTimeField(null=True)
    last_session_at = models.DateTimeField(null=True)
    #: When an item last really moved.
    last_moved_at = models.DateTimeField(null=True)
    force_asked_at = models.DateTimeField(null=True)
    #: Addresses and domains that the owner keeps out of Salesforce.
    blocklist = models.JSONField(default=list)
    #: When both sides were last compared whole, and under which settings.
    swept_at = models.DateTimeField(null=True)
    swept_policy = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        """Table; an address and a Salesforce user belong to one mailbox."""

        db_table = "mailbox"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "address"], name="mailbox_address_unique"
            ),
            models.UniqueConstraint(
                fields=["organization", "crm_user_id"], name="mailbox_user_unique"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_run_at"],
                condition=~Q(standing__in=STOPPED),
                name="mailbox_due",
            ),
        )

    def __str__(self) -> str:
        """Address."""
        return self.address


class ConnectionRow(models.Model):
    """The tie from a mailbox to one provider's account."""

    mailbox = models.ForeignKey(
        MailboxRow, on_delete=models.CASCADE, related_name="connections"
    )
    side = models.CharField(max_length=8)
    provider = models.CharField(max_length=32)
    base_url = models.CharField(max_length=500)
    token_url = models.CharField(max_length=500)
    account = models.CharField(max_length=320)
    client_id = models.CharField(max_length=255, default="")
    client_secret_sealed = models.BinaryField(default=b"")

    class Meta:
        """Table; one connection a side."""

        db_table = "connection"
        constraints = (
            models.UniqueConstraint(
                fields=["mailbox", "side"], name="connection_side_unique"
            ),
        )

    def __str__(self) -> str:
        """Provider and account."""
        return f"{self.provider}: {self.account}"


class GrantRow(models.Model):
    """The tokens of a connection, sealed by the vault."""

    connection = models.OneToOneField(
        ConnectionRow, on_delete=models.CASCADE, related_name="grant"
    )
    access_token_sealed = models.BinaryField()
    refresh_token_sealed = models.BinaryField()
    expires_at = models.DateTimeField(null=True)
    generation = models.IntegerField(default=0)

    class Meta:
        """Table."""

        db_table = "grant_"

    def __str__(self) -> str:
        """Never a token."""
        return f"grant {self.generation} of connection {self.connection_id}"


class ActivityRow(models.Model):
    """Who did what when; only ever added to, as a trigger sees to."""

    at = models.DateTimeField(auto_now_add=True)
    mailbox = models.ForeignKey(MailboxRow, null=True, on_delete=models.SET_NULL)
    who = models.CharField(max_length=320)
    what = models.CharField(max_length=64)
    details = models.JSONField(default=dict)

    class Meta:
        """Table."""

        db_table = "activity"
        indexes = (models.Index(fields=["mailbox", "-at"], name="activity_recent"),)

    def __str__(self) -> str:
        """One line."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.what}"
