"""Count and page what is open from its index alone, and find what an agency is asked without reading all it has."""

from django.db import migrations, models

_OPEN = models.Q(("state__in", (3, 8, 10)), _negated=True)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0039_number_words")]

    operations = [
        migrations.RemoveIndex(model_name="involvement", name="involved_open"),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=_OPEN,
                fields=["agency", "listed_at", "dossier"],
                include=("kind", "state", "suspended", "step_role", "holder"),
                name="involved_open",
            ),
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=models.Q(("kind", 3)), fields=["agency", "listed_at", "dossier"], name="involved_asked"
            ),
        ),
    ]
