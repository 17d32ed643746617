import re
from collections import Counter

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# As the search read words when this was written: a migration must not change with the code.
_SOUNDS = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("r", "d"), ("x", "s"), ("k", "c"), ("qu", "cu"), ("ph", "f"),
)
_NUMBERS = {"1": "mot", "2": "hai", "3": "ba", "4": "bon", "5": "nam"}


def forms(word):
    found = {word, sound(word)}
    if len(word) >= 3 and word.isalpha():
        found |= {word[:n] + word[n + 1 :] for n in range(len(word))}
    return sorted(found)


def sound(word):
    word = _NUMBERS.get(word, word)
    for written, heard in _SOUNDS:
        if word.startswith(written):
            word = heard + word[len(written) :]
            break
    return "~" + word.replace("y", "i")


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
