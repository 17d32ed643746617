import django.db.models.deletion
from django.db import migrations, models

# What pages kept of themselves stood among the answers. A draft (0) and a supplement that is being answered (5) go on
# where they were; of a dossier that was sent nothing of it is needed.
OUT = """
INSERT INTO dossiers_openpages (dossier_id, done, typed, saves, writers)
SELECT id, coalesce(answers -> 'done', '[]'), coalesce(answers -> 'typed', '{}'), coalesce(answers -> 'saves', '{}'),
       coalesce(answers -> 'writers', '{}')
FROM dossiers_dossier
WHERE state = 0 AND channel = 'online' OR state = 5 AND answers ?| array['typed', 'saves', 'writers'];
UPDATE dossiers_dossier SET answers = answers - array['done', 'typed', 'saves', 'writers']
WHERE answers ?| array['done', 'typed', 'saves', 'writers'];
"""
BACK = """
UPDATE dossiers_dossier AS dossier
SET answers = dossier.answers || jsonb_build_object(
    'done', pages.done, 'typed', pages.typed, 'saves', pages.saves, 'writers', pages.writers)
FROM dossiers_openpages AS pages WHERE pages.dossier_id = dossier.id;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0022_results_signed")]

    operations = [
        migrations.CreateModel(
            name="OpenPages",
            fields=[
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pages",
                        serialize=False,
                        to="dossiers.dossier",
                    ),
                ),
                ("done", models.JSONField(default=list)),
                ("typed", models.JSONField(default=dict)),
                ("saves", models.JSONField(default=dict)),
                ("writers", models.JSONField(default=dict)),
            ],
        ),
        migrations.RunSQL(OUT, BACK),
    ]
