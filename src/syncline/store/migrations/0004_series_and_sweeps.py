"""Series on links, folders, remembered writes; whole comparisons of mailboxes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_pending_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkrow",
            name="series_key",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="linkrow",
            name="is_parted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="linkrow",
            name="is_series",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="linkrow",
            name="is_filed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="linkrow",
            name="swings",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="linkrow",
            index=models.Index(
                fields=["mailbox"],
                condition=models.Q(("pending_marks", []), _negated=True),
                name="link_unmarked",
            ),
        ),
        migrations.AddIndex(
            model_name="linkrow",
            index=models.Index(
                fields=["mailbox", "series_key"],
                condition=models.Q(("series_key__isnull", False)),
                name="link_series",
            ),
        ),
        migrations.AddField(
            model_name="mailboxrow",
            name="blocklist",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="mailboxrow",
            name="swept_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mailboxrow",
            name="swept_policy",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
