"""Keep what sessions write, so that it can be taken back; and people's errands."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0004_series_and_sweeps")]

    operations = [
        migrations.AddField(
            model_name="linkrow",
            name="is_undone",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sessionrow",
            name="undoes",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="store.sessionrow",
            ),
        ),
        migrations.CreateModel(
            name="SessionWriteRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("link_key", models.CharField(db_collation="C", max_length=64)),
                ("side", models.CharField(max_length=8)),
                ("verb", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=8)),
                ("target_id", models.TextField(db_collation="C", default="")),
                ("name", models.TextField(default="")),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("version_before", models.TextField(default="")),
                ("version_after", models.TextField(default="")),
                ("is_mark", models.BooleanField(default=False)),
                ("was_there", models.BooleanField(default=False)),
                ("is_undone", models.BooleanField(default=False)),
                ("refusal", models.CharField(default="", max_length=16)),
                ("detail", models.TextField(default="")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="store.sessionrow",
                    ),
                ),
            ],
            options={"db_table": "session_write"},
        ),
        migrations.CreateModel(
            name="ErrandRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("verb", models.CharField(max_length=8)),
                ("who", models.CharField(max_length=320)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("answer", models.JSONField(default=dict)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="store.mailboxrow",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="store.sessionrow",
                    ),
                ),
            ],
            options={
                "db_table": "errand",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("mailbox", "verb"),
                        name="errand_open_unique",
                    )
                ],
            },
        ),
    ]
