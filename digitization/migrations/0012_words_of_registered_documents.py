"""Documents of the register are found by words without accents: their words are folded once for those on record."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from vietnam.text import fold

BATCH = 2_000


def fold_words(apps, schema_editor):
    documents = apps.get_model("digitization", "RegisteredDocument").objects.using(schema_editor.connection.alias)
    last = 0
    while rows := list(documents.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in rows:
            row.words = fold(" ".join((row.name, row.number, row.issuer, row.holder_name)))
        documents.bulk_update(rows, ["words"])
        last = rows[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('digitization', '0011_imports_of_old_results'),
    ]

    operations = [
        migrations.AddField(
            model_name='registereddocument',
            name='words',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(fold_words, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='registereddocument',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('words', config='simple'), name='registered_words'),
        ),
    ]
