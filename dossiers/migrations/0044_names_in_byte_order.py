"""Lists by the owner's name have the order of the Vietnamese alphabet whatever the server's locale is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0043_indexes_of_folders_and_owners")]

    operations = [
        migrations.AlterField(
            model_name="dossier",
            name="sort_key",
            field=models.CharField(blank=True, db_collation="C", max_length=500),
        ),
    ]
