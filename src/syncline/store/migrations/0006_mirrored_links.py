"""Links of records of other objects, which only go down."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_session_writes")]

    operations = [
        migrations.AddField(
            model_name="linkrow",
            name="is_mirrored",
            field=models.BooleanField(default=False),
        ),
    ]
