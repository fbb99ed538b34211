"""Find due mailboxes by an index of those that may sync; protect the activity log."""

from django.db import migrations, models
from django.db.models import Q

_PROTECT = """
CREATE FUNCTION activity_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'activity is only ever added to';
END $$;
CREATE TRIGGER activity_append_only
    BEFORE DELETE OR UPDATE OF at, who, what, details ON activity
    FOR EACH ROW EXECUTE FUNCTION activity_is_append_only();
"""
_UNPROTECT = """
DROP TRIGGER activity_append_only ON activity;
DROP FUNCTION activity_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="linkrow",
            name="key",
            field=models.CharField(db_collation="C", max_length=64),
        ),
        migrations.AlterField(
            model_name="mailboxrow",
            name="next_run_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="mailboxrow",
            index=models.Index(
                condition=~Q(standing__in=["paused", "disabled"]),
                fields=["next_run_at"],
                name="mailbox_due",
            ),
        ),
        migrations.RunSQL(_PROTECT, _UNPROTECT),
    ]
