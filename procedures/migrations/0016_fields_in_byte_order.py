"""Fields stand in the order of the Vietnamese alphabet whatever the locale of the server is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0015_words_of_z_j_w_sound_alike")]

    operations = [
        migrations.AlterField(
            model_name="field",
            name="sort_key",
            field=models.CharField(db_collation="C", max_length=600),
        ),
    ]
