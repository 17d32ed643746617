from django.db import migrations, models

# What a fee is counted by stood among the answers.
OUT = """
UPDATE dossiers_dossier
SET fee_facts = jsonb_build_object('quantities', answers -> 'quantities'), answers = answers - 'quantities'
WHERE jsonb_typeof(answers -> 'quantities') = 'object'
"""
BACK = """
UPDATE dossiers_dossier
SET answers = jsonb_set(answers, '{quantities}', fee_facts -> 'quantities')
WHERE jsonb_typeof(fee_facts -> 'quantities') = 'object'
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_folders_of_papers_and_result")]

    operations = [
        migrations.AddField("dossier", "fee_facts", models.JSONField(default=dict)),
        migrations.RunSQL(OUT, BACK),
    ]
