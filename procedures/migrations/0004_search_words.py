import re
from collections import Counter

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from procedures.spelling import forms


def learn(apps, schema_editor):
    """The words of what is in the catalogue already; later ones come with its editions."""
    counts = Counter()
    for text in apps.get_model("procedures", "Procedure").objects.values_list("search_text", flat=True).iterator():
        counts.update(set(re.findall(r"[a-z0-9]+", text)))
    word = apps.get_model("procedures", "SearchWord")
    word.objects.bulk_create(
        [word(word=one[:60], forms=forms(one[:60]), procedures=count) for one, count in counts.items()], batch_size=2000
    )


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_edition_life")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=60, primary_key=True, serialize=False)),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=61), size=None),
                ),
                ("procedures", models.IntegerField(default=0)),
            ],
        ),
        migrations.RunPython(learn, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="searchword",
            index=django.contrib.postgres.indexes.GinIndex(fields=["forms"], name="searchword_forms"),
        ),
    ]
