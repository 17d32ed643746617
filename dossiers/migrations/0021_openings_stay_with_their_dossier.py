import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0020_deleted_drafts_kept_a_while")]

    operations = [
        migrations.AlterField(
            model_name="caseopening",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="dossiers.dossier"
            ),
        ),
    ]
